"""Tables that are no text files: Parquet, DuckDB, SQLite, and frames handed over from Python."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote as percent_encoded
from urllib.parse import unquote

import duckdb
import polars as pl
import pyarrow as pa

from recap.metrics.audit.raw.table import NotUnderstood, RawTable, numbered, typed

NO_FOLDER = "__HIVE_DEFAULT_PARTITION__"


def read_parquet(file: Path, label: str, *, has_folders: bool, source: str) -> RawTable:
    """Read one file; with `has_folders`, a folder `year=2026` above it becomes a column of text."""
    frame = typed(pl.read_parquet(file, hive_partitioning=False, glob=False))
    if has_folders:
        pairs = [folder.partition("=") for folder in label.split("/")[:-1] if "=" in folder]
        values = {name: None if value == NO_FOLDER else unquote(value) for name, _, value in pairs}
        frame = frame.with_columns(pl.lit(value, pl.String).alias(name) for name, value in values.items())
    return _table(frame, source, is_untyped=False)


def read_duckdb(file: Path, table: str | None, source: str) -> RawTable:
    """Read the rows of a table or view, in its own order; nothing else is asked of DuckDB."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with duckdb.connect(":memory:", config=config) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        path = str(file).replace("'", "''")
        connection.execute(f"ATTACH '{path}' AS activity (TYPE duckdb, READ_ONLY)")
        connection.execute("USE activity")
        found = connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables WHERE table_catalog = 'activity'"
        ).fetchall()
        by_name = {name if schema == "main" else f"{schema}.{name}": (schema, name) for schema, name in found}
        schema, name = (part.replace('"', '""') for part in by_name[_pick(list(by_name), table)])
        rows = connection.sql(f'SELECT * FROM "{schema}"."{name}"').to_arrow_table()
    return _table(_from_arrow(rows), source, is_untyped=False)


def read_sqlite(file: Path, table: str | None, source: str) -> RawTable:
    """Read the rows of a table or view as text: SQLite's values have types of their own, one by one."""
    address = f"file:{percent_encoded(str(file.absolute()))}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as database:
        database.text_factory = bytes
        found = database.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
        names = [name.decode() for (name,) in found if not name.startswith(b"sqlite_")]
        picked = _pick(names, table).replace('"', '""')
        cursor = database.execute(f'SELECT * FROM "{picked}"')
        columns = [description[0] for description in cursor.description]
        rows = cursor.fetchall()
    frame = pl.DataFrame(
        [
            pl.Series(column, [_text(row[index]) for row in rows], dtype=pl.String)
            for index, column in enumerate(columns)
        ]
    )
    return _table(frame, source, is_untyped=True)


def read_frame(frames: Mapping[str, Any], name: str) -> RawTable:
    """Read a Polars, Arrow or pandas table given from Python."""
    frame = frames[name]
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    if hasattr(frame, "scanner"):
        frame = frame.scanner().to_table()  # an Arrow dataset
    if not isinstance(frame, pl.DataFrame):
        frame = _from_arrow(pa.RecordBatchReader.from_stream(frame).read_all())
    return _table(typed(frame), name, is_untyped=False)


def _from_arrow(rows: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(rows.replace_schema_metadata(None))
    if not isinstance(frame, pl.DataFrame):
        raise NotUnderstood("the rows are no table")
    return typed(frame)


def _table(frame: pl.DataFrame, source: str, *, is_untyped: bool) -> RawTable:
    sources = pl.Series("source", [source], dtype=pl.String).new_from_index(0, frame.height)
    return RawTable(frame, sources, numbered(frame.height), is_untyped)


def _pick(names: Sequence[str], wanted: str | None) -> str:
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted in names:
        return str(wanted)
    alike = [name for name in names if wanted is not None and name.casefold() == wanted.casefold()]
    if len(alike) != 1:
        raise NotUnderstood(f"there is no one table {wanted!r} among {', '.join(names)}")
    return alike[0]


def _text(value: bytes | float | None) -> str | None:
    if value is None:
        return None
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
