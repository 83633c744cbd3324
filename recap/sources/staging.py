"""Room for the tables that are needed only while the campaign's files are read."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from recap.sources.rejects import make_rejects


@contextmanager
def staging(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Make the schema `staging` and an empty table `rejects`; the schema goes in the end."""
    connection.execute("DROP SCHEMA IF EXISTS staging CASCADE")
    connection.execute("CREATE SCHEMA staging")
    make_rejects(connection)
    try:
        yield
    finally:
        connection.execute("DROP SCHEMA IF EXISTS staging CASCADE")
