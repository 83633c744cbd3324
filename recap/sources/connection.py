"""The DuckDB connection of a run: bounded, deterministic, and never on the network."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from recap.errors import UsageError
from recap.sources.sql import literal

DATABASE = "recap"
ROW_GROUP = 30_720
"""Rows after which a table's are compressed and written: fewer than DuckDB's own 122,880, so that the values
of a part of the customers leave the memory too."""
SHARE_OF_LIMIT = 0.8
"""What DuckDB may take of the memory limit: it bounds its buffers only, and more is needed beside them."""
LEAST_LIMIT = 100_000_000
_PREFIXES = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}


def connect(memory_limit: str | None, scratch: Path, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """Open a database in a file of `scratch`, an existing folder of its own, where what spills goes too.

    In a file tables are compressed, and what is not in use takes no memory: read part by part, they are read
    three times faster than tables that were kept in memory and had to be spilled.

    `memory_limit` is what the whole process may take, as in `2GB` or `1.5 GiB` (None: 80 % of the machine for
    DuckDB), `threads` None leaves it one for each core. The session's time zone is UTC whatever the
    machine's, and insertion order is not kept unless asked for (`in_file_order`).

    Raises UsageError where the limit is none, or too small to work with.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "preserve_insertion_order": False,
        "temp_directory": str(scratch / "spilled"),
        # The file is gone with the run, so nothing has to survive a crash; and a checkpoint would write the
        # thousands of names of an ENUM once more for each table that uses it.
        "fsync_mode": "NONE",
        "checkpoint_threshold": "1000TB",
    }
    if memory_limit is not None:
        config["memory_limit"] = f"{int(SHARE_OF_LIMIT * _bytes_of(memory_limit))}B"
    if threads is not None:
        config["threads"] = threads
    connection = duckdb.connect(":memory:", config=config)
    file = literal(str(scratch / "recap.duckdb"))
    options = f"RECOVERY_MODE no_wal_writes, ROW_GROUP_SIZE {ROW_GROUP}"
    connection.execute(f"ATTACH {file} AS {DATABASE} ({options})")
    connection.execute(f"USE {DATABASE}")
    connection.execute("PRAGMA disable_checkpoint_on_shutdown")
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def cursor_beside(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Open a second cursor over the tables of `connect`, for a result that is read while others are made."""
    cursor = connection.cursor()
    cursor.execute(f"USE {DATABASE}")
    return cursor


def buffer_limit(connection: duckdb.DuckDBPyConnection) -> int:
    """Tell how many bytes DuckDB's buffers may take, as closely as it says itself."""
    (text,) = connection.execute("SELECT current_setting('memory_limit')").fetchall()[0]
    return _bytes_of(str(text).replace("bytes", "B"))


def _bytes_of(text: str) -> int:
    """Read `2GB` (of 1,000 MB) or `2GiB` (of 1,024 MiB)."""
    size = re.fullmatch(r"(\d+(?:\.\d+)?) ?([kmgt]?)(i?)b", text.strip().lower())
    if size is None:
        raise UsageError(f"the memory limit {text!r} is not understood, write 2GB or 500MB")
    number, prefix, binary = size.groups()
    limit = int(float(number) * (1024 if binary else 1000) ** _PREFIXES[prefix])
    if limit < LEAST_LIMIT:
        raise UsageError(f"a memory limit of {text} is too small to work with; give 100MB or more")
    return limit


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
