"""Customers computed part by part, so that memory stays bounded, and codes in place of their long ids.

Aggregates are made by customer a dozen times over: codes instead of texts make each of them several times
faster, and smaller. The same goes for the values of text fields that are few (products, not receipts).
"""

from collections.abc import Mapping
from math import ceil

import duckdb

from recap.campaign import Campaign
from recap.metrics.rollups import PART_EVENTS, PART_HISTORY
from recap.sources.connection import buffer_limit
from recap.sources.events import EVENTS, HISTORY
from recap.sources.sql import quote, words_of

BYTES_PER_EVENT = 240
"""What computing takes at most for each event of a part: its row, and its share of the rollups and values."""
MOST_CUSTOMERS, MOST_WORDS = 10_000_000, 100_000
"""More customers than this are not coded, nor is a field with more different values: codes are in memory."""
WORDS = "words_to_code"


def count_parts(connection: duckdb.DuckDBPyConnection, rows: int) -> int:
    """Choose how many parts of the customers let each fit into the memory limit."""
    return max(1, ceil(rows * BYTES_PER_EVENT / buffer_limit(connection)))


def code_texts(campaign: Campaign, connection: duckdb.DuckDBPyConnection) -> Mapping[str, str]:
    """Make ENUM types for customers' ids, and for text fields that are grouped by and have few values.

    Their order is that of the texts. A field that a condition or own SQL reads stays as it is: there, text is
    expected. Gives the types' names by column.
    """
    own = ("where", "expression", "query")
    texts = [text for m in campaign.metrics for key in own if (text := getattr(m, key, None)) is not None]
    read = words_of(" ".join(texts))
    keys = {str(getattr(m, key, None)) for m in campaign.metrics for key in ("by", "of", "label", "within")}
    types = {name: type_ for name, type_, *_ in connection.execute(f"DESCRIBE {EVENTS}").fetchall()}
    fields = [name for name, type_ in types.items() if type_ == "VARCHAR" and name in keys - read]
    most = {"customer_id": MOST_CUSTOMERS, **dict.fromkeys(fields, MOST_WORDS)}
    coded = {column: _make_type(connection, column, limit) for column, limit in most.items()}
    return {column: type_ for column, type_ in coded.items() if type_ is not None}


def _make_type(connection: duckdb.DuckDBPyConnection, column: str, most: int) -> str | None:
    """Make the ENUM of a column's texts; None where they are too many."""
    name, type_ = quote(column), quote(f"codes of {column}")
    if column != "customer_id" and _looks_unique(connection, name):
        return None
    both = " UNION ".join(
        f"SELECT {name} AS word FROM {table} WHERE {name} IS NOT NULL" for table in (EVENTS, HISTORY)
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {WORDS} AS SELECT * FROM ({both}) LIMIT {most + 1}")
    (words,) = connection.execute(f"SELECT count(*) FROM {WORDS}").fetchall()[0]
    is_coded = 0 < int(words) <= most
    if is_coded:
        connection.execute(f"DROP TYPE IF EXISTS {type_}")
        connection.execute(f"CREATE TYPE {type_} AS ENUM (SELECT word FROM {WORDS} ORDER BY word)")
    connection.execute(f"DROP TABLE {WORDS}")
    return type_ if is_coded else None


def _looks_unique(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Tell from some rows whether nearly every row has a value of its own, as receipts do."""
    some = f"SELECT {name} AS word FROM {EVENTS} WHERE {name} IS NOT NULL LIMIT {MOST_WORDS}"
    words, rows = connection.execute(f"SELECT count(DISTINCT word), count(*) FROM ({some})").fetchall()[0]
    return bool(rows == MOST_WORDS and 4 * words > rows)


def take_part(connection: duckdb.DuckDBPyConnection, part: int, parts: int, coded: Mapping[str, str]) -> None:
    """Copy the events of the customers whom a hash of their id puts here: `part_events`, `part_history`."""
    codes = ", ".join(f"{quote(name)}::{type_} AS {quote(name)}" for name, type_ in coded.items())
    columns = f"* REPLACE ({codes})" if codes else "*"
    here = f" WHERE hash(customer_id) % {parts} = {part}" if parts > 1 else ""
    for table, source in ((PART_EVENTS, EVENTS), (PART_HISTORY, HISTORY)):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {columns} FROM {source}{here}")


def drop_part(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the room of the last part back."""
    for table in (PART_EVENTS, PART_HISTORY):
        connection.execute(f"DROP TABLE {table}")
