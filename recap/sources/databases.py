"""Tables in DuckDB and SQLite files, opened for reading only."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import quote as percent_encoded

import duckdb
import pyarrow as pa

from recap.campaign.tables import TableFile
from recap.errors import SourceError
from recap.sources.connection import in_file_order
from recap.sources.files import relative
from recap.sources.parquet_files import describe
from recap.sources.sql import listed, literal, nearest, quote, sentence
from recap.sources.table import Reading, Request, Table

ATTACHED = "recap_attached"
BATCH = 20_000


def open_duckdb(request: Request, file: Path, reading: Reading) -> Table:
    """Read a table or view of a DuckDB file; `schema.table` names one outside of `main`.

    A table is read where it lies. A view is copied into the table `request.raw`: only while the file is the
    current database do the names in it mean the file's own tables.
    """
    connection, spec, key = reading.connection, request.spec, request.key
    try:
        connection.execute(f"ATTACH {literal(str(file))} AS {ATTACHED} (TYPE duckdb, READ_ONLY)")
    except duckdb.Error as error:
        raise SourceError(
            f"{key}.path: {spec.path!r} cannot be opened as a DuckDB file: {sentence(error)}"
        ) from error
    release = (f"DROP TABLE IF EXISTS {request.raw}", f"DETACH {ATTACHED}")
    try:
        relation, is_view = _find_table(connection, spec, key)
        if is_view:
            _copy_view(request, relation, connection)
            relation = request.raw
        columns = describe(connection, f"SELECT * FROM {relation}", spec.path, key)
    except SourceError:
        for statement in release:
            connection.execute(statement)
        raise
    return Table(
        name=spec.path,
        relation=relation,
        columns=columns,
        position=("rowid",),
        label=literal(relative(file, reading.base)),
        release=release,
    )


def _find_table(connection: duckdb.DuckDBPyConnection, spec: TableFile, key: str) -> tuple[str, bool]:
    """Find the full name of the table the campaign means, and whether it is a view."""
    rows = connection.execute(
        "SELECT CASE WHEN table_schema = 'main' THEN '' ELSE table_schema || '.' END || table_name, "
        "table_schema, table_name, table_type = 'VIEW' FROM information_schema.tables "
        "WHERE table_catalog = ? ORDER BY 1",
        [ATTACHED],
    ).fetchall()
    name = _pick_table([row[0] for row in rows], spec, key)
    _, schema, table, is_view = next(row for row in rows if row[0] == name)
    return f"{ATTACHED}.{quote(schema)}.{quote(table)}", is_view


def _copy_view(request: Request, relation: str, connection: duckdb.DuckDBPyConnection) -> None:
    current = connection.execute("SELECT current_database(), current_schema()").fetchall()[0]
    home = quote(current[0])
    connection.execute(f"USE {ATTACHED}")
    try:
        with in_file_order(connection):
            connection.execute(f"CREATE TABLE {home}.{request.raw} AS SELECT * FROM {relation}")
    except duckdb.Error as error:
        raise SourceError(
            f"{request.key}.table: the view {request.spec.table!r} cannot be read: {sentence(error)}"
        ) from error
    finally:
        connection.execute(f"USE {home}.{quote(current[1])}")


def open_sqlite(request: Request, file: Path, reading: Reading) -> Table:
    """Load a table or view of a SQLite file into the table `request.raw`.

    SQLite's values have types of their own, whatever the column says; as text they lose nothing.
    """
    spec, raw, key = request.spec, request.raw, request.key
    address = f"file:{percent_encoded(str(file.absolute()))}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True, check_same_thread=False)) as database:
            database.text_factory = lambda text: text.decode("utf-8", "replace")
            names = database.execute(
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
                "AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name"
            ).fetchall()
            table = _pick_table([name for (name,) in names], spec, key)
            columns = _load(database, table, reading, raw)
    except sqlite3.Error as error:
        raise SourceError(f"{key}.path: {spec.path!r} cannot be read as a SQLite file: {error}") from error
    return Table(
        name=spec.path,
        relation=raw,
        columns=dict.fromkeys(columns, "VARCHAR"),
        position=("rowid",),
        label=literal(relative(file, reading.base)),
        untyped=True,
        release=(f"DROP TABLE IF EXISTS {raw}",),
    )


def _pick_table(names: Sequence[str], spec: TableFile, key: str) -> str:
    """Find the table the campaign names, or the only one there is."""
    if spec.table is None and len(names) == 1:
        return names[0]
    tables = f"{spec.path!r} holds: {listed(names)}." if names else f"{spec.path!r} holds no table."
    if spec.table is None:
        raise SourceError(f"{key}.table: say which table to read. {tables}")
    alike = [name for name in names if name.casefold() == spec.table.casefold()]
    if spec.table in names:
        return spec.table
    if len(alike) == 1:
        return alike[0]
    raise SourceError(f"{key}.table: there is no table {spec.table!r}.{nearest(spec.table, names)} {tables}")


def _load(database: sqlite3.Connection, table: str, reading: Reading, raw: str) -> list[str]:
    rows = database.execute(f"SELECT * FROM {quote(table)}")
    columns = [description[0] for description in rows.description]
    schema = pa.schema([(name, pa.string()) for name in columns])

    def batches() -> Iterator[pa.RecordBatch]:
        while values := rows.fetchmany(BATCH):
            arrays = [
                pa.array([_text(value) for value in column], pa.string())
                for column in zip(*values, strict=True)
            ]
            yield pa.record_batch(arrays, schema=schema)

    reader = pa.RecordBatchReader.from_batches(schema, batches())
    with in_file_order(reading.connection):
        reading.connection.register("recap_batch", reader)
        reading.connection.execute(f"CREATE TABLE {raw} AS SELECT * FROM recap_batch")
        reading.connection.unregister("recap_batch")
    return columns


def _text(value: str | float | bytes | None) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
