"""The DuckDB connection of a run: bounded, deterministic, and never on the network."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from recap.errors import UsageError
from recap.sources.sql import first_line


def connect(
    memory_limit: str | None, temp_directory: Path, threads: int | None = None
) -> duckdb.DuckDBPyConnection:
    """Open an in-memory database that spills to `temp_directory`.

    `memory_limit` is DuckDB's notation (`2GB`; None leaves its default, 80 % of the machine), `threads` None
    leaves it one for each core. The session's time zone is UTC whatever the machine's, and insertion order is
    not kept unless asked for (`in_file_order`).
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "preserve_insertion_order": False,
        "temp_directory": str(temp_directory),
    }
    if memory_limit is not None:
        config["memory_limit"] = memory_limit
    if threads is not None:
        config["threads"] = threads
    try:
        connection = duckdb.connect(":memory:", config=config)
    except duckdb.Error as error:
        raise UsageError(
            f"the memory limit {memory_limit!r} is not understood, write 2GB or 500MB: {first_line(error)}"
        ) from error
    connection.execute("SET TimeZone = 'UTC'")
    return connection


@contextmanager
def in_file_order(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Keep the order of the rows that are loaded meanwhile, so that a table's rowid follows the file."""
    row = connection.execute("SELECT current_setting('preserve_insertion_order')").fetchone()
    kept = bool(row and row[0])
    connection.execute("SET preserve_insertion_order = true")
    try:
        yield
    finally:
        connection.execute(f"SET preserve_insertion_order = {str(kept).lower()}")
