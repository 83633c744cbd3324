"""Rows that could not be read, with the place where they stand and their own text."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from recap.sources.connection import cursor_beside
from recap.sources.sql import literal, quote
from recap.sources.table import Part, Record, Table

BATCH = 10_000
FOUND = "staging.found"
SCHEMA = pa.schema(
    [("source", pa.string()), ("line", pa.int64()), ("reason", pa.string()), ("raw", pa.string())]
)
Row = tuple[str, int | None, str | None, str]


def make_rejects(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the empty table `rejects(source, line, reason, raw)`."""
    connection.execute(
        "CREATE OR REPLACE TABLE rejects (source VARCHAR, line BIGINT, reason VARCHAR, raw VARCHAR)"
    )


def keep_rejects(connection: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> None:
    """Add rows to `rejects`."""
    if not rows:
        return
    columns = zip(*rows, strict=True)
    connection.register("recap_rejects", pa.table([pa.array(list(c)) for c in columns], schema=SCHEMA))
    connection.execute("INSERT INTO rejects SELECT * FROM recap_rejects")
    connection.unregister("recap_rejects")


def write_rejects(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write `rejects.parquet`, sorted by source and line."""
    rows = "SELECT * FROM rejects ORDER BY source, line, reason"
    connection.execute(f"COPY ({rows}) TO {literal(str(path))} (FORMAT parquet)")


def summarise_rejects(connection: duckdb.DuckDBPyConnection, most: int = 3) -> list[str]:
    """Tell the commonest reasons, how often each, and where the first stands."""
    rows = connection.execute(
        """SELECT reason, count(*) AS times, min((source, coalesce(line, 0)))
FROM rejects GROUP BY reason ORDER BY times DESC, reason LIMIT ?""",
        [most],
    ).fetchall()
    return [f"{reason} ({times}, first at {first[0]}:{first[1]})" for reason, times, first in rows]


def locate_rejects(connection: duckdb.DuckDBPyConnection, table: Table, query: str) -> None:
    """Add the unreadable rows of a table to `rejects`.

    `query` gives a row each: its position's columns (`recap at 0`, ...), `recap label`, `recap why` and
    `recap raw`. Rows of text files are looked up in the file again for their physical line and text; the
    others have their 1-based number in the file or table.
    """
    if not table.parts:
        last = quote(f"recap at {len(table.position) - 1}")
        connection.execute(
            f'INSERT INTO rejects SELECT "recap label", {last} + 1, "recap why", "recap raw" FROM ({query})'
        )
        return
    connection.execute(f"CREATE OR REPLACE TABLE {FOUND} AS {query}")
    for part in table.parts:
        found = _found(connection, table, part)
        while rows := list(islice(found, BATCH)):
            keep_rejects(connection, rows)
    connection.execute(f"DROP TABLE {FOUND}")


def _found(connection: duckdb.DuckDBPyConnection, table: Table, part: Part) -> Iterator[Row]:
    """Find the rejects of one file, in its order, by going through the file beside DuckDB's rows."""
    values = ", ".join(f"r.{quote(name)}" for name in table.columns)
    # A cursor of its own: the connection itself goes on writing while this result is read.
    with cursor_beside(connection) as cursor:
        cursor.execute(
            f'SELECT f."recap at 0" - ?, f."recap why", f."recap raw", {values} FROM {FOUND} f '
            f'JOIN {table.placed()} r ON r."recap at 0" = f."recap at 0" '
            f'WHERE f."recap at 0" >= ? AND f."recap at 0" < ? ORDER BY 1',
            [part.first, part.first, part.first + part.rows],
        )
        records = part.records()
        at = -1
        while row := cursor.fetchone():
            ordinal, why, raw, *fields = row
            record = next(islice(records, ordinal - at - 1, None), None)
            at = ordinal
            yield _row(part, record, why, raw, tuple(fields))


def _row(part: Part, record: Record | None, why: str, raw: str, fields: tuple[str | None, ...]) -> Row:
    # Should the two readings of a file ever disagree, no line is better than a wrong one.
    if record is None or (record.fields is not None and _bare(record.fields) != _bare(fields)):
        return (part.label, None, why, raw)
    return (part.label, record.line, why, record.raw)


def _bare(fields: tuple[str | None, ...]) -> list[str]:
    return [value.strip() for value in fields if value is not None and value.strip()]
