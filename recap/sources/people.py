"""What is known of customers without reading their events: who is to be left out, and how one is called."""

from pathlib import Path

import duckdb

from recap.campaign.models import Campaign
from recap.sources.customers import make_customers
from recap.sources.forgotten import Forgotten, IsForgotten
from recap.sources.opt_outs import TABLE as OPTED_OUT
from recap.sources.opt_outs import make_opt_outs
from recap.sources.staging import staging
from recap.sources.table import Reading
from recap.sources.wishes import make_wishes


def read_left_out(
    campaign: Campaign,
    connection: duckdb.DuckDBPyConnection,
    *,
    base: Path,
    is_forgotten: IsForgotten | None = None,
) -> frozenset[str]:
    """Read who is to be left out now, of the customers table and the list of opt-outs; no events are read.

    Raises SourceError as `open_events` does of these two.
    """
    with staging(connection):
        forgotten = None if is_forgotten is None else Forgotten(connection, is_forgotten)
        reading = Reading(connection, base, {}, forgotten)
        make_customers(campaign.customers, reading)
        make_opt_outs(campaign.opt_outs, reading)
        rows = connection.execute(f"SELECT customer_id FROM {OPTED_OUT}").fetchall()
    return frozenset(name for (name,) in rows) | (forgotten.met if forgotten else frozenset())


def read_names(
    campaign: Campaign, connection: duckdb.DuckDBPyConnection, customer_id: str, *, base: Path
) -> tuple[frozenset[str], frozenset[str]]:
    """Read how a customer is called, in the customers table and by wish, and which of that others are too."""
    with staging(connection):
        reading = Reading(connection, base, {})
        make_customers(campaign.customers, reading)
        make_wishes(campaign.wishes, campaign, reading)
        called = (
            "(SELECT customer_id, name FROM customers "
            "UNION ALL SELECT customer_id, value FROM wishes WHERE wish = 'name')"
        )
        own = connection.execute(
            f"SELECT DISTINCT name FROM {called} WHERE customer_id = ? AND name IS NOT NULL", [customer_id]
        ).fetchall()
        shared = connection.execute(
            f"SELECT DISTINCT name FROM {called} WHERE customer_id <> ? AND name IN "
            f"(SELECT name FROM {called} WHERE customer_id = ?)",
            [customer_id, customer_id],
        ).fetchall()
    return frozenset(name for (name,) in own), frozenset(name for (name,) in shared)
