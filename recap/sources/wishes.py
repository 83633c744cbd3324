"""What customers asked for: what to hide or to pin, what was never theirs, and how to call them."""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from recap.campaign.choice import WishesTable
from recap.campaign.models import Campaign
from recap.sources.conversions import as_text
from recap.sources.identities import identify
from recap.sources.opening import opening_table
from recap.sources.rejects import locate_rejects
from recap.sources.sql import literal, literals, quote, trimmed
from recap.sources.steps import Steps
from recap.sources.table import Reading, Request, Table, read_errors

KEY = "wishes"
ASKED = "staging.asked"
WISHES = ("hide", "pin", "not_me", "name", "anonymous")


@dataclass(frozen=True, slots=True)
class Wished:
    """What the events need to know of the table `wishes`."""

    not_me: frozenset[str] = frozenset()
    """The campaign's fields of which somebody said that a value is not theirs."""
    warnings: tuple[str, ...] = ()


def make_wishes(spec: WishesTable | None, campaign: Campaign, reading: Reading) -> Wished:
    """Create the table `wishes(customer_id, wish, field, value)`, all VARCHAR: what is obeyed, each once.

    `field` is there for `not_me` only, `value` for all but `anonymous`; of several names of one customer the
    last is kept. Rows without a customer or of an unknown wish, those that lack what the wish needs, and
    those that name a metric or a field which the campaign does not have are passed over and counted in the
    warnings, as are lines that cannot be read, which are kept in `rejects`. Without a spec it is empty.
    """
    connection = reading.connection
    connection.execute(
        "CREATE OR REPLACE TABLE wishes (customer_id VARCHAR, wish VARCHAR, field VARCHAR, value VARCHAR)"
    )
    if spec is None:
        return Wished()
    wanted = [name for name in (spec.customer, spec.wish, spec.field, spec.value) if name]
    with (
        read_errors(spec.path, KEY),
        opening_table(Request(spec, KEY, tuple(wanted), "staging.wishes"), reading) as table,
    ):
        warnings = _fill(spec, campaign, table, reading)
    fields = connection.execute("SELECT DISTINCT field FROM wishes WHERE wish = 'not_me'").fetchall()
    return Wished(frozenset(field for (field,) in fields), warnings)


def _fill(spec: WishesTable, campaign: Campaign, table: Table, reading: Reading) -> tuple[str, ...]:
    """Fill `wishes`; the warnings."""
    connection, forgotten = reading.connection, reading.forgotten
    steps = Steps()
    customer, warnings = identify(connection, steps, table, table.column(spec.customer, f"{KEY}.customer"))
    values = {
        "customer_id": customer,
        "wish": f"lower({_text(steps, table, spec.wish, 'wish')})",
        "field": _text(steps, table, spec.field, "field"),
        "value": _text(steps, table, spec.value, "value"),
        "recap broken": f"coalesce({table.broken}, false)" if table.broken else "false",
    } | {place: quote(place) for place in table.places}
    columns = ", ".join(f"{sql} AS {quote(name)}" for name, sql in values.items())
    faults = _faults(campaign)
    cases = " ".join(f"WHEN {sql} THEN {number}" for number, sql in enumerate(faults.values()))
    connection.execute(
        f'CREATE OR REPLACE TABLE {ASKED} AS SELECT *, CASE WHEN "recap broken" THEN -1 {cases} END AS fault '
        f"FROM (SELECT {columns} FROM {steps.wrap(table.placed())})"
    )
    if forgotten:
        forgotten.delete_from(ASKED)
    latest = ", ".join(f"{quote(place)} DESC" for place in table.places)
    connection.execute(
        "INSERT INTO wishes SELECT DISTINCT customer_id, wish, CASE WHEN wish = 'not_me' THEN field END, "
        f"CASE WHEN wish <> 'anonymous' THEN value END FROM {ASKED} WHERE fault IS NULL "
        f"QUALIFY wish <> 'name' OR row_number() OVER (PARTITION BY customer_id, wish ORDER BY {latest}) = 1"
    )
    counted = connection.execute(f"SELECT fault, count(*) FROM {ASKED} GROUP BY fault").fetchall()
    rows: dict[int | None, int] = dict(counted)
    if rows.get(-1):
        locate_rejects(
            connection,
            table,
            f'SELECT *, {literal(table.broken_problem)} AS "recap why" '
            f"FROM {table.placed(with_text=True)} WHERE {table.broken}",
        )
    connection.execute(f"DROP TABLE {ASKED}")
    unread = rows.get(-1, 0) + table.rejected - (forgotten.delete_rejects() if forgotten else 0)
    return (*table.warnings, *warnings, *_warn(table, unread, rows, list(faults)))


def warn_of_strangers(spec: WishesTable | None, connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Warn of wishes of customers whom neither the events nor the customers table know."""
    if spec is None:
        return ()
    known = " UNION ALL ".join(
        f"SELECT customer_id FROM {name}" for name in ("events", "history", "customers")
    )
    strangers = f"SELECT count(DISTINCT customer_id) FROM wishes WHERE customer_id NOT IN ({known})"
    (number,) = connection.execute(strangers).fetchall()[0]
    if not number:
        return ()
    warning = (
        f"{spec.path}: the wishes of {number} customers change nothing, as neither the events nor the "
        "customers table know them; see that ids are written alike (00029 is not 29)"
    )
    return (warning,)


def _faults(campaign: Campaign) -> dict[str, str]:
    """Say why a row is not obeyed, and when, as SQL over the columns of `wishes`; the first one counts."""
    metrics = literals(metric.id for metric in campaign.metrics)
    return {
        "have no customer": "customer_id IS NULL",
        f"wish for none of {', '.join(WISHES)}": (
            f"wish IS NULL OR NOT list_contains({literals(WISHES)}, wish)"
        ),
        "lack the value or the field that their wish needs": (
            "wish <> 'anonymous' AND value IS NULL OR wish = 'not_me' AND field IS NULL"
        ),
        "hide or pin a metric that the campaign does not have": (
            f"wish IN ('hide', 'pin') AND NOT list_contains({metrics}, value)"
        ),
        "are `not_me` for a field that no source declares": (
            f"wish = 'not_me' AND NOT list_contains({literals(sorted(campaign.fields))}::VARCHAR[], field)"
        ),
    }


def _warn(table: Table, unread: int, rows: dict[int | None, int], faults: list[str]) -> Iterator[str]:
    if unread:
        yield f"{table.name}: {unread} rows cannot be read; see the rejects"
    for number, fault in enumerate(faults):
        if number in rows:
            yield f"{table.name}: {rows[number]} rows {fault}; they are not obeyed"


def _text(steps: Steps, table: Table, column: str | None, key: str) -> str:
    if column is None:
        return "CAST(NULL AS VARCHAR)"
    name = table.column(column, f"{KEY}.{key}")
    return steps.add(trimmed(as_text(steps, quote(name), table.columns[name])))
