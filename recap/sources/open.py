"""The events of a campaign: every declared source, read, understood and put together in DuckDB."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from recap.campaign.models import Campaign
from recap.errors import SourceError
from recap.sources import fates
from recap.sources.customers import make_customers
from recap.sources.events import EVENTS, EventTables
from recap.sources.forgotten import Forgotten, IsForgotten
from recap.sources.loading import Loader
from recap.sources.opt_outs import TABLE as OPTED_OUT
from recap.sources.opt_outs import admit_met, make_opt_outs
from recap.sources.rates import make_rates
from recap.sources.sql import listed, nearest
from recap.sources.staging import staging
from recap.sources.table import Reading
from recap.sources.wishes import make_wishes, warn_of_strangers

OWN_KEYS = {"customer": "customer_id", "time": "ts"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the events is wanted besides those of the period."""

    history: bool = False
    """Fill the table `history` too."""
    instants: bool = False
    """Give both tables the column `_utc`, where any source knows instants."""
    fields: frozenset[str] | None = None
    """The fields to keep; None keeps all. Others are still read, and a row is still rejected for them."""


@dataclass(frozen=True, slots=True)
class RowCounts:
    """What became of the rows of all sources; `read` is the sum of the others."""

    read: int
    used: int
    no_customer: int
    outside_period: int
    filtered: int
    """Unwanted by `where`, of customers who opted out, or said by the customer not to be theirs."""
    duplicate: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Opened:
    """What the connection holds after `open_events`."""

    fields: Mapping[str, str]
    """The campaign's fields that `events` and `history` hold: name to DuckDB type."""
    rows: RowCounts
    first: datetime | None
    """Local time of the first event used."""
    last: datetime | None
    warnings: tuple[str, ...]
    declared: Mapping[str, str]
    """All of the campaign's fields, also those that `Wanted.fields` left out: name to DuckDB type."""
    forgotten: int = 0
    """Customers who were in the data and are left out of everything, also of `rows`."""


def open_events(
    campaign: Campaign,
    connection: duckdb.DuckDBPyConnection,
    *,
    base: Path,
    frames: Mapping[str, Any] | None = None,
    wanted: Wanted = Wanted(),
    is_forgotten: IsForgotten | None = None,
) -> Opened:
    """Read the campaign's sources into the connection's tables.

    - `events(customer_id VARCHAR, ts TIMESTAMP, <fields>)`: the rows that count; `ts` is local time, every
      field has its declared type, and is NULL in rows of sources that do not declare it. Decimals have 18
      digits where all values fit, else 28
    - `history`: what would count but is from before the period, in the same columns; empty unless wanted
    - `customers(customer_id, name, locale, time_zone VARCHAR, opt_out BOOLEAN)`: one row an id, see
      `recap.sources.customers`
    - `wishes(customer_id, wish, field, value VARCHAR)`: what customers asked for and is obeyed, see
      `recap.sources.wishes`
    - `rejects(source VARCHAR, line BIGINT, reason VARCHAR, raw VARCHAR)`: what could not be read, where it
      stands (1-based line of a text file, else row of the file or table) and its text

    Where instants are wanted, and rows of any source can be such, `events` and `history` have `_utc`
    TIMESTAMP: the instant in UTC, or the local time where that is all that is known.

    Every row has one fate, the first that holds: rejected (broken, its time or a number unreadable, an amount
    not to be converted), no_customer, filtered, outside_period, duplicate, used. Of duplicates among the rows
    of the period the first in the order of the sources, of their files by path, and of the rows in the file
    is kept, and so among those before it, where none is counted. `base` is the campaign's folder; `frames`
    are the tables that sources of the format `frame` name.

    Customers of whom `is_forgotten` holds are in no table, and their rows have no fate: it is all as if they
    were not in the data. Customers who opted out, by the customers table or by the list `opt_outs`, are in
    `customers` only.

    With `campaign.money`, money whose field names its currency is converted, after it was rounded to the
    field's scale: the exact product with the rate is rounded to the scale again, halves away from zero.
    Without it, the field of the currency is kept wherever that of the amount is.

    Raises SourceError: a source missing, unreadable or without rows, a missing column, a field with two
    types, an expression DuckDB does not accept, rates that are none.
    """
    _check_keys(campaign)
    keys = tuple(OWN_KEYS.get(key, key) for key in campaign.deduplicate_by)
    tables = EventTables(connection, _kept(campaign, wanted), keys)
    with staging(connection):
        forgotten = None if is_forgotten is None else Forgotten(connection, is_forgotten)
        reading = Reading(connection, base, frames or {}, forgotten)
        known = make_customers(campaign.customers, reading)
        wished = make_wishes(campaign.wishes, campaign, reading)
        left_out = make_opt_outs(campaign.opt_outs, reading)
        known = replace(
            known,
            not_me=wished.not_me,
            some_opted_out=_some(connection, OPTED_OUT),
            some_forgotten=forgotten is not None,
        )
        if campaign.money is not None:
            make_rates(campaign.money, reading)
        loader = Loader(campaign, known, reading, tables, wanted.history, wanted.instants)
        rows: Counter[int] = Counter()
        warnings = [*known.warnings, *wished.warnings, *left_out]
        problems: list[str] = []
        for number, source in enumerate(campaign.sources):
            try:
                by_fate, notes = loader.load(source, number)
            except SourceError as error:
                problems.append(str(error))
                continue
            rows += by_fate
            warnings += notes
        if problems:
            raise SourceError("\n".join(problems))
        tables.finish()
        warnings += admit_met(campaign.opt_outs, connection)
        warnings += warn_of_strangers(campaign.wishes, connection)
    row = connection.execute(f"SELECT count(*), min(ts), max(ts) FROM {EVENTS}").fetchone()
    used, first, last = row or (0, None, None)
    declared = {**tables.declared, **tables.fields}
    return Opened(
        tables.fields,
        _counts(rows, used),
        first,
        last,
        tuple(warnings),
        declared,
        len(forgotten.met) if forgotten else 0,
    )


def _some(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None


def _check_keys(campaign: Campaign) -> None:
    names = [*OWN_KEYS, *sorted(campaign.fields)]
    for key in campaign.deduplicate_by:
        if key not in names:
            raise SourceError(
                f"deduplicate_by: there is no field {key!r}.{nearest(key, names)} There are: {listed(names)}."
            )


def _kept(campaign: Campaign, wanted: Wanted) -> frozenset[str]:
    """Name the fields to keep; a currency that is not converted is what makes its amounts tell something."""
    fields = campaign.fields if wanted.fields is None else campaign.fields & wanted.fields
    if campaign.money is not None:
        return fields
    return fields | {code for name, code in campaign.currencies.items() if name in fields}


def _counts(rows: Counter[int], used: int) -> RowCounts:
    return RowCounts(
        read=rows.total(),
        used=used,
        no_customer=rows[fates.NO_CUSTOMER],
        outside_period=rows[fates.BEFORE] + rows[fates.AFTER],
        filtered=rows[fates.FILTERED],
        duplicate=rows[fates.USED] - used,
        rejected=rows[fates.REJECTED],
    )
