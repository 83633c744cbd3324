"""The events of a campaign: every declared source, read, understood and put together in DuckDB."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from recap.campaign.models import Campaign, Source, TimeMapping
from recap.errors import SourceError
from recap.sources import fates
from recap.sources.customers import Known, make_customers
from recap.sources.mapping import Mapped, map_source
from recap.sources.opening import opening_table
from recap.sources.rejects import locate_rejects, make_rejects
from recap.sources.sql import listed, nearest, quote
from recap.sources.table import Reading, Request, read_errors

STAGED = "staging.events"
OWN_KEYS = {"customer": "customer_id", "time": "ts"}


@dataclass(frozen=True, slots=True)
class RowCounts:
    """What became of the rows of all sources; `read` is the sum of the others."""

    read: int
    used: int
    no_customer: int
    outside_period: int
    filtered: int
    """Unwanted by `where`, or of customers who opted out."""
    duplicate: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Opened:
    """What the connection holds after `open_events`."""

    fields: Mapping[str, str]
    """The columns of `events` besides `customer_id` and `ts`: name to DuckDB type."""
    rows: RowCounts
    first: datetime | None
    """Local time of the first event used."""
    last: datetime | None
    warnings: tuple[str, ...]


def open_events(
    campaign: Campaign,
    connection: duckdb.DuckDBPyConnection,
    *,
    base: Path,
    frames: Mapping[str, Any] | None = None,
) -> Opened:
    """Read the campaign's sources into the connection's tables.

    - `events(customer_id VARCHAR, ts TIMESTAMP, <fields>)`: the rows that count; `ts` is local time, every
      field has its declared type, and is NULL in rows of sources that do not declare it
    - `customers(customer_id, name, locale, time_zone VARCHAR, opt_out BOOLEAN)`: one row an id, see
      `recap.sources.customers`
    - `rejects(source VARCHAR, line BIGINT, reason VARCHAR, raw VARCHAR)`: what could not be read, where it
      stands (1-based line of a text file, else row of the file or table) and its text

    Every row has one fate, the first that holds: rejected (broken, its time or a number unreadable),
    no_customer, filtered, outside_period, duplicate, used. Of duplicates the first in the order of the
    sources, of their files by path, and of the rows in the file is kept. `base` is the campaign's folder;
    `frames` are the tables that sources of the format `frame` name.

    Raises SourceError: a source missing, unreadable or without rows, a missing column, a field with two
    types, an expression DuckDB does not accept.
    """
    _check_keys(campaign)
    reading = Reading(connection, base, frames or {})
    connection.execute("DROP SCHEMA IF EXISTS staging CASCADE")
    connection.execute("CREATE SCHEMA staging")
    make_rejects(connection)
    try:
        known = make_customers(campaign.customers, reading)
        connection.execute(
            f"CREATE TABLE {STAGED} (customer_id VARCHAR, ts TIMESTAMP, "
            '"recap fate" UTINYINT, "recap source" USMALLINT)'
        )
        fields: dict[str, str] = {}
        rejected = 0
        warnings = list(known.warnings)
        problems: list[str] = []
        for number, source in enumerate(campaign.sources):
            try:
                broken, notes = _stage(
                    source, number, campaign=campaign, known=known, reading=reading, fields=fields
                )
            except SourceError as error:
                problems.append(str(error))
                continue
            rejected += broken
            warnings += notes
        if problems:
            raise SourceError("\n".join(problems))
        return _finish(campaign, connection, fields, rejected, tuple(warnings))
    finally:
        connection.execute("DROP SCHEMA IF EXISTS staging CASCADE")


def _check_keys(campaign: Campaign) -> None:
    names = [*OWN_KEYS, *sorted(campaign.fields)]
    for key in campaign.deduplicate_by:
        if key not in names:
            raise SourceError(
                f"deduplicate_by: there is no field {key!r}.{nearest(key, names)} There are: {listed(names)}."
            )


def _wanted(source: Source) -> tuple[str, ...]:
    """Name the columns a source must have."""
    time = TimeMapping(column=source.time) if isinstance(source.time, str) else source.time
    columns = [source.customer, time.column, time.date_column, time.time_column]
    columns += [mapping if isinstance(mapping, str) else mapping.column for mapping in source.fields.values()]
    return tuple(column for column in columns if column is not None)


def _stage(
    source: Source,
    number: int,
    *,
    campaign: Campaign,
    known: Known,
    reading: Reading,
    fields: dict[str, str],
) -> tuple[int, list[str]]:
    """Stage a source's rows and add its fields to `fields`; count lines broken before, collect warnings."""
    connection = reading.connection
    key = f"sources.{number}"
    request = Request(source, key, _wanted(source), "staging.source")
    with read_errors(source.path, key), opening_table(request, reading) as table:
        mapped = map_source(connection, source, table, key, campaign.time_zone)
        places = table.places if campaign.deduplicate_by else ()
        _add_columns(connection, mapped, key, fields, places)
        names = ["customer_id", "ts", *(field.name for field in mapped.fields), "recap fate", *places]
        try:
            result = connection.execute(
                f"INSERT INTO {STAGED} BY NAME SELECT {', '.join(map(quote, names))}, "
                f'{number} AS "recap source" FROM ({fates.fates_query(mapped, campaign, known)})'
            ).fetchone()
        except (
            duckdb.ConversionException,
            duckdb.OutOfRangeException,
            duckdb.InvalidInputException,
        ) as error:
            raise fates.blame(connection, mapped, error, key) from error
        if (int(result[0]) if result else 0) + table.rejected == 0:
            raise SourceError(f"{key}.path: {source.path!r} holds no rows")
        if _count_rejected(connection, number):
            locate_rejects(connection, table, fates.rejects_query(mapped, campaign, known))
    return table.rejected, [*table.warnings, *mapped.warnings]


def _add_columns(
    connection: duckdb.DuckDBPyConnection,
    mapped: Mapped,
    key: str,
    fields: dict[str, str],
    places: Sequence[str],
) -> None:
    """Give the staged table the columns that this source is the first to have."""
    for field in mapped.fields:
        if field.name not in fields:
            fields[field.name] = field.type
            connection.execute(f"ALTER TABLE {STAGED} ADD COLUMN {quote(field.name)} {field.type}")
        elif fields[field.name] != field.type:
            raise SourceError(
                f"{key}.fields.{field.name}: is {field.type} here, but {fields[field.name]} in a source "
                "above; give both the same `type`"
            )
    for place in places:
        connection.execute(f"ALTER TABLE {STAGED} ADD COLUMN IF NOT EXISTS {quote(place)} BIGINT")


def _count_rejected(connection: duckdb.DuckDBPyConnection, source: int) -> int:
    row = connection.execute(
        f'SELECT count(*) FROM {STAGED} WHERE "recap source" = ? AND "recap fate" = ?',
        [source, fates.REJECTED],
    ).fetchone()
    return int(row[0]) if row else 0


def _finish(
    campaign: Campaign,
    connection: duckdb.DuckDBPyConnection,
    fields: Mapping[str, str],
    broken: int,
    warnings: tuple[str, ...],
) -> Opened:
    """Make `events` of the staged rows that count, and the count of all."""
    by_fate: dict[int, int] = dict(
        connection.execute(f'SELECT "recap fate", count(*) FROM {STAGED} GROUP BY 1').fetchall()
    )
    names = ", ".join(map(quote, ["customer_id", "ts", *fields]))
    query = f'SELECT {names} FROM {STAGED} WHERE "recap fate" = {fates.USED}'
    if campaign.deduplicate_by:
        keys = ", ".join(quote(OWN_KEYS.get(key, key)) for key in campaign.deduplicate_by)
        query += f" QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY {_order(connection)}) = 1"
    connection.execute(f"CREATE OR REPLACE TABLE events AS {query}")
    row = connection.execute("SELECT count(*), min(ts), max(ts) FROM events").fetchone()
    used, first, last = row or (0, None, None)
    counts = RowCounts(
        read=sum(by_fate.values()) + broken,
        used=used,
        no_customer=by_fate.get(fates.NO_CUSTOMER, 0),
        outside_period=by_fate.get(fates.OUTSIDE_PERIOD, 0),
        filtered=by_fate.get(fates.FILTERED, 0),
        duplicate=by_fate.get(fates.USED, 0) - used,
        rejected=by_fate.get(fates.REJECTED, 0) + broken,
    )
    return Opened(dict(fields), counts, first, last, warnings)


def _order(connection: duckdb.DuckDBPyConnection) -> str:
    names = [name for name, *_ in connection.execute(f"DESCRIBE {STAGED}").fetchall()]
    return ", ".join(['"recap source"', *(quote(name) for name in names if name.startswith("recap at "))])
