"""Reading what was computed: by customer, in bulk, and as one sorted stream of chosen values."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa

from recap.campaign import Metric
from recap.metrics.registry import kind_of
from recap.metrics.value import Value
from recap.sources.connection import cursor_beside
from recap.sources.sql import literal

CONTRACT_COLUMNS = 'customer_id, metric, number, text, detail, "rows", "rank", cohort, top_percent'
STREAM_ROWS = 50_000


def read_people(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Read everyone who is known or did something.

    Columns `customer_id`, `name` (the one wished for, else as the customers table has it; null for who wishes
    to be anonymous), `locale` (as the customers table has it, or null), `opt_out` BOOLEAN, `events` BIGINT (0
    for none), `joined` DATE (the first day of who was not there before the period; null for others, and where
    nothing is known of before), `avatar` (as the customers table has it; null for the anonymous), sorted by
    `customer_id`.
    """
    return _frame(
        connection,
        """WITH people AS (
  SELECT coalesce(c.customer_id, a.customer_id::VARCHAR) AS customer_id, c.name, c.locale,
    coalesce(c.opt_out, false) AS opt_out, coalesce(a.events, 0) AS events, a.joined,
    c.avatar
  FROM customers c FULL JOIN activity a ON c.customer_id = a.customer_id::VARCHAR
), wished AS (
  SELECT customer_id, bool_or(wish = 'anonymous') AS anonymous,
    any_value(value) FILTER (wish = 'name') AS name
  FROM wishes WHERE wish IN ('anonymous', 'name') GROUP BY customer_id
)
SELECT customer_id, CASE WHEN NOT coalesce(w.anonymous, false) THEN coalesce(w.name, p.name) END AS name,
  locale, opt_out, events, joined, CASE WHEN NOT coalesce(w.anonymous, false) THEN p.avatar END AS avatar
FROM people p LEFT JOIN wished w USING (customer_id) ORDER BY 1""",
    )


def read_wishes(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Read what customers asked for: `customer_id`, `wish`, `field`, `value`, all text, each once, sorted."""
    return _frame(connection, "SELECT DISTINCT customer_id, wish, field, value FROM wishes ORDER BY ALL")


BETWEEN_LABELS = "\x1f"
"""Between the labels of one value, in the column `text` of `read_standings`."""


def read_standings(
    connection: duckdb.DuckDBPyConnection,
    metrics: Sequence[Metric] = (),
    quiet: Sequence[tuple[date, date]] = (),
    *,
    between: tuple[str, str] | None = None,
    one_in: int = 1,
) -> pl.DataFrame:
    """Read what selection decides on: of all customers, of those `between` two ids, or of `one_in` so many.

    Columns `customer_id`, `metric`, `number` Float64, `text` (the labels that the card names; several are
    parted by `BETWEEN_LABELS`), `rows`, `rank`, `cohort`, `top_percent`, `holders`, `alone`, `share` Float64
    (of the customer's own total, null where a kind has none), `quiet` Boolean: the value is of one of
    `metrics`, and names a day in one of the stretches `quiet`, first and last day included.
    """
    return _frame(
        connection,
        f"""SELECT customer_id, metric, number, {_labels(metrics)} AS text, "rows", "rank", cohort,
  top_percent, holders, alone, share, {_names_a_day(metrics, quiet)} AS quiet
FROM "values" WHERE {_only(between, one_in)}""",
    )


def read_shares(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Read everyone's shares of their own totals: `metric`, `share` Float64, `rows`."""
    return _frame(connection, 'SELECT metric, share, "rows" FROM "values" WHERE share IS NOT NULL')


def _only(between: tuple[str, str] | None, one_in: int) -> str:
    """Write the condition for some customers; a range of ids needs no join of all values."""
    some = f"hash(customer_id) % {one_in} = 0" if one_in > 1 else "true"
    if between is None:
        return some
    first, last = map(literal, between)
    return f"{some} AND customer_id BETWEEN {first} AND {last}"


def _labels(metrics: Sequence[Metric]) -> str:
    """Write the labels of a value: its text, or what its kind says they are."""
    cases = []
    for metric in metrics:
        if paths := kind_of(metric).labels:
            found = ", ".join(f"json_extract_string(detail, {literal(path)})" for path in paths)
            cases.append(
                f"WHEN {literal(metric.id)} THEN concat_ws({literal(BETWEEN_LABELS)}, text, {found})"
            )
    return f"CASE metric {' '.join(cases)} ELSE text END" if cases else "text"


def _names_a_day(metrics: Sequence[Metric], quiet: Sequence[tuple[date, date]]) -> str:
    """Write whether a value names a day in one of some stretches."""
    named = {metric.id: kind_of(metric).days for metric in metrics if quiet and kind_of(metric).days}
    cases = [
        f"WHEN {literal(name)} THEN {' OR '.join(_is_among(path, quiet) for path in paths)}"
        for name, paths in named.items()
    ]
    return f"coalesce(CASE metric {' '.join(cases)} ELSE false END, false)" if cases else "false"


def _is_among(path: str, quiet: Sequence[tuple[date, date]]) -> str:
    path, _, later = path.partition("+")
    found = f"json_extract_string(detail, {literal(path)})"
    if path.endswith("[*]"):
        return f"coalesce(len(list_filter({found}, lambda d: {_within('d', quiet)})) > 0, false)"
    day = f"left({found}, 10)"
    if later:
        day = f"(({day}::DATE + {int(later)})::DATE)::VARCHAR"
    return f"coalesce({_within(day, quiet)}, false)"


def _within(day: str, quiet: Sequence[tuple[date, date]]) -> str:
    stretches = (f"{day} BETWEEN {literal(str(first))} AND {literal(str(last))}" for first, last in quiet)
    return f"({' OR '.join(stretches)})"


def read_values(connection: duckdb.DuckDBPyConnection, customer_id: str) -> dict[str, Value]:
    """Read one customer's values, by metric."""
    rows = connection.execute(
        f'SELECT {CONTRACT_COLUMNS}, holders FROM "values" WHERE customer_id = ? ORDER BY metric',
        [customer_id],
    ).fetchall()
    return {row[1]: _value(row[1:]) for row in rows}


def stream_chosen(
    connection: duckdb.DuckDBPyConnection, chosen: pl.DataFrame
) -> Iterator[tuple[str, dict[str, Value]]]:
    """Give each customer's chosen values as (token, by metric), in the order of the tokens.

    `chosen` has columns `token`, `customer_id`, `metric`. The sort spills to disk where it must.
    """
    cursor = cursor_beside(connection)
    cursor.register("chosen", chosen.select("token", "customer_id", "metric").to_arrow())
    reader: pa.RecordBatchReader = cursor.sql(
        """SELECT token, v.metric, number, text, detail, "rows", "rank", cohort, top_percent, holders
FROM chosen JOIN "values" v USING (customer_id, metric) ORDER BY token, v.metric"""
    ).to_arrow_reader(STREAM_ROWS)
    at: str | None = None
    values: dict[str, Value] = {}
    for batch in reader:
        for token, *row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            if token != at:
                if at is not None:
                    yield at, values
                at, values = token, {}
            values[row[0]] = _value(row)
    if at is not None:
        yield at, values
    cursor.close()


def write_values(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write `values.parquet`, sorted by customer and metric."""
    connection.execute(
        f"""COPY (SELECT {CONTRACT_COLUMNS} FROM "values" ORDER BY customer_id, metric)
TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)"""
    )


def _value(row: Sequence[Any]) -> Value:
    """Make a Value of the contract's columns but the customer, and `holders`.

    Fractions in its detail are read as `Decimal`, so that they stay exact.
    """
    metric, number, text, detail, rows, rank, cohort, top_percent, holders = row
    parsed = json.loads(detail or "{}", parse_float=Decimal)
    return Value(metric, number, text, parsed, rows, rank, cohort, holders, top_percent)


def _frame(
    connection: duckdb.DuckDBPyConnection, sql: str, arguments: list[Any] | None = None
) -> pl.DataFrame:
    table: pa.Table = connection.sql(sql, params=arguments or []).to_arrow_table()
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table is never a series; this is for the type checker
    return frame
