"""The moment of an event, as SQL: what the source wrote -> an instant, or a wall clock's reading."""

from dataclasses import dataclass, replace

import duckdb

from recap.campaign.models import TimeMapping
from recap.errors import SourceError
from recap.sources.conversions import number_text, trimmed_text
from recap.sources.sql import is_number, is_text, literal, quote, sentence, trimmed
from recap.sources.steps import Steps
from recap.sources.table import Table

ISO = (
    r"^(\d{4}[-/]\d{1,2}[-/]\d{1,2})"
    r"(?:[Tt ]\s*(\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)"
    r"\s*(Z|z|UTC|GMT|[+-](?:0\d|1[0-8])(?::?[0-5]\d)?)?)?$"
)
"""Year first, so that day and month cannot be mistaken for each other; a blank or T; an offset or none."""
PER_SECOND = {"seconds": 1_000_000, "milliseconds": 1_000, "microseconds": 1}
EARLIEST, LATEST = "TIMESTAMP '0001-01-02 00:00:00'", "TIMESTAMP '9999-12-30 00:00:00'"
"""One day inside of what a calendar of four-digit years holds, so that no time zone leads out of it."""
NO_WALL = "CAST(NULL AS TIMESTAMP)"
NO_INSTANT = "CAST(NULL AS TIMESTAMPTZ)"


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as SQL over the source's columns and the steps before."""

    given: str
    """Something is there."""
    wall: str
    """TIMESTAMP in local time; NULL where an instant is known, or nothing."""
    instant: str
    """TIMESTAMPTZ; NULL where only the wall clock is known, or nothing."""
    problem: str
    """What to say where something is there and gives neither."""
    is_parsed: bool = False
    """Text has to be taken apart for it."""
    local: str | None = None
    """A column that is `wall` wherever that is not NULL. It is what conditions on the period should be about:
    DuckDB passes over whole parts of a Parquet file by a column, and by nothing else."""

    @property
    def may_be_instant(self) -> bool:
        """Whether any row can be an instant."""
        return self.instant != NO_INSTANT


def read_moment(
    connection: duckdb.DuckDBPyConnection, steps: Steps, table: Table, mapping: TimeMapping, key: str
) -> Moment:
    """Understand how the table writes the time; SourceError where its columns cannot hold one."""
    if mapping.date_column is not None:
        text, called = _date_and_time(steps, table, mapping, key)
        if mapping.time_column is None:
            mapping = mapping.model_copy(update={"zone": None})  # a day is no instant
        return _text(connection, steps, text, mapping, called=called, key=key)
    column = table.column(mapping.column or "", f"{key}.column")
    type_, name = table.columns[column], quote(column)
    if mapping.unit is not None:
        return _epoch(steps, column, type_, mapping.unit, key)
    if is_text(type_):
        text = trimmed_text(steps, name)
        return _text(connection, steps, text, mapping, called=f"`{column}`", key=key)
    given, odd = f"({name} IS NOT NULL)", f"`{column}` is no time of these ten thousand years"
    if type_ == "DATE":
        return _naive(steps, given, f"CAST({name} AS TIMESTAMP)", None, odd)
    if type_ == "TIMESTAMP WITH TIME ZONE":
        return Moment(given, NO_WALL, _bounded_instant(steps, name), odd)
    if type_.startswith("TIMESTAMP"):
        return _naive(steps, given, f"CAST({name} AS TIMESTAMP)", mapping.zone, odd)
    if is_number(type_):
        raise SourceError(
            f"{key}: {column!r} in {table.name} is a number; "
            "say what it counts with `unit: seconds`, `milliseconds` or `microseconds`"
        )
    raise SourceError(f"{key}: {column!r} in {table.name} holds no time, but {type_}")


def iso_wall(steps: Steps, text: str) -> str:
    """Compute a trimmed ISO 8601 text's own wall clock, whatever its offset; NULL where it is none."""
    parts = _iso_parts(steps, text)
    return _bounded(steps.add(f"TRY_CAST({_iso_local(parts)} AS TIMESTAMP)"))


def _iso_parts(steps: Steps, text: str) -> str:
    return steps.add(f"regexp_extract({text}, {literal(ISO)}, ['date', 'time', 'offset'])")


def _iso_local(parts: str) -> str:
    # A comma is ISO's other decimal sign; a date alone must not end in a blank.
    return f"rtrim({parts}.date || ' ' || replace({parts}.time, ',', '.'))"


def _bounded(value: str) -> str:
    return f"(CASE WHEN {value} BETWEEN {EARLIEST} AND {LATEST} THEN {value} END)"


def _bounded_instant(steps: Steps, sql: str) -> str:
    value = steps.add(sql)
    low, high = (f"timezone('UTC', {bound})" for bound in (EARLIEST, LATEST))
    return f"(CASE WHEN {value} BETWEEN {low} AND {high} THEN {value} END)"


def _naive(steps: Steps, given: str, sql: str, zone: str | None, problem: str) -> Moment:
    local = steps.add(sql)
    wall = _bounded(local)
    if zone is None:
        return Moment(given, wall, NO_INSTANT, problem, local=local)
    return Moment(given, NO_WALL, f"timezone({literal(zone)}, {wall})", problem)


def _epoch(steps: Steps, column: str, type_: str, unit: str, key: str) -> Moment:
    """Read counts since 1970; a DOUBLE holds every microsecond until the year 2255."""
    if is_text(type_):
        source = trimmed_text(steps, quote(column))
        number = f"TRY_CAST({steps.add(number_text(source, decimal_comma=False))} AS DOUBLE)"
    elif is_number(type_):
        source = quote(column)
        number = f"CAST({source} AS DOUBLE)"
    else:
        raise SourceError(f"{key}: `unit` is for numbers, but {column!r} is {type_}")
    micros = steps.add(f"TRY_CAST(round({number} * {PER_SECOND[unit]}) AS BIGINT)")
    instant = _bounded_instant(steps, f"timezone('UTC', TRY(make_timestamp({micros})))")
    problem = f"`{column}` is no number of {unit} since 1970"
    return Moment(f"({source} IS NOT NULL)", NO_WALL, instant, problem)


def _text(
    connection: duckdb.DuckDBPyConnection,
    steps: Steps,
    text: str,
    mapping: TimeMapping,
    *,
    called: str,
    key: str,
) -> Moment:
    given = f"({text} IS NOT NULL)"
    if mapping.format is not None:
        value = f"try_strptime({text}, {literal(mapping.format)})"
        problem = f"{called} is not written as {mapping.format}"
        if _has_offset(connection, mapping.format, key):
            return Moment(given, NO_WALL, _bounded_instant(steps, value), problem, is_parsed=True)
        return replace(_naive(steps, given, value, mapping.zone, problem), is_parsed=True)
    problem = f"{called} cannot be read as a time beyond doubt; say how it is written with `format`"
    parts = _iso_parts(steps, text)
    local = _iso_local(parts)
    naive = _naive(steps, given, f"TRY_CAST({local} AS TIMESTAMP)", mapping.zone, problem)
    offset = f"CASE WHEN {parts}.offset IN ('Z', 'z', 'UTC', 'GMT') THEN '+00' ELSE {parts}.offset END"
    instant = f"CASE WHEN {parts}.offset <> '' THEN TRY_CAST({local} || {offset} AS TIMESTAMPTZ) END"
    return Moment(
        given,
        f"(CASE WHEN {parts}.offset = '' THEN {naive.wall} END)",
        f"(CASE WHEN {parts}.offset <> '' THEN {_bounded_instant(steps, instant)} ELSE {naive.instant} END)",
        problem,
        is_parsed=True,
    )


def _has_offset(connection: duckdb.DuckDBPyConnection, format_: str, key: str) -> bool:
    try:
        row = connection.execute(f"SELECT typeof(try_strptime('', {literal(format_)}))").fetchone()
    except duckdb.Error as error:
        raise SourceError(f"{key}.format: {format_!r} is no time format: {sentence(error)}") from error
    return row is not None and row[0] == "TIMESTAMP WITH TIME ZONE"


def _date_and_time(steps: Steps, table: Table, mapping: TimeMapping, key: str) -> tuple[str, str]:
    """Join a date and a time of day by a blank, and say how to call the two.

    A typed date is written as 2024-03-01 and a typed time as 10:15:00 before `format` is applied to both.
    """
    column = table.column(mapping.date_column or "", f"{key}.date_column")
    day = _day(quote(column), table.columns[column])
    if mapping.time_column is None:
        return steps.add(day), f"`{column}`"
    clock_column = table.column(mapping.time_column, f"{key}.time_column")
    clock = trimmed(f"CAST({quote(clock_column)} AS VARCHAR)")
    return steps.add(f"{day} || ' ' || {clock}"), f"`{column}` with `{clock_column}`"


def _day(name: str, type_: str) -> str:
    if not is_text(type_):
        return f"CAST(CAST({name} AS DATE) AS VARCHAR)"
    # A date that went through a spreadsheet often drags an empty time of day along.
    return f"regexp_replace({trimmed(f'CAST({name} AS VARCHAR)')}, '[T ]0?0:00(:00(\\.0+)?)?$', '')"
