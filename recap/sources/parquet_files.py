"""Parquet files, in one folder or many, read where they lie."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from recap.errors import SourceError
from recap.sources.files import relative
from recap.sources.sql import literals, sentence
from recap.sources.table import Reading, Request, Table


def open_parquet(request: Request, files: Sequence[Path], reading: Reading) -> Table:
    """Read Parquet files as one table, columns united by name.

    Folders such as `year=2026/month=01` become columns of text: as numbers, a partition `card=00042` would
    lose its zeros.
    """
    labels = [relative(file, reading.base) for file in files]
    is_hive = any("=" in folder for label in labels for folder in label.split("/")[:-1])
    relation = (
        f"read_parquet({literals(map(str, files))}, union_by_name=true, "
        f"hive_partitioning={str(is_hive).lower()}, hive_types_autocast=false)"
    )
    return Table(
        name=request.spec.path,
        relation=relation,
        columns=describe(reading.connection, f"SELECT * FROM {relation}", request.spec.path, request.key),
        position=("file_index", "file_row_number"),
        label=f"{literals(labels)}[CAST(file_index AS BIGINT) + 1]",
    )


def describe(connection: duckdb.DuckDBPyConnection, query: str, name: str, key: str) -> dict[str, str]:
    """Column name to DuckDB type; SourceError where the table cannot be read."""
    try:
        rows = connection.execute(f"DESCRIBE {query}").fetchall()
    except duckdb.Error as error:
        raise SourceError(f"{key}.path: {name!r} cannot be read: {sentence(error)}") from error
    return {column: type_ for column, type_, *_ in rows}
