"""Customers who were forgotten: nothing of them gets in, as if they were not in the data.

Who they are is known only as a question that can be asked of an id, for no list of their ids is kept.
"""

from collections.abc import Callable

import duckdb
import pyarrow as pa

IsForgotten = Callable[[str], bool]

TABLE = "staging.forgotten"
BATCH = 100_000
_BETWEEN = r"[,;|\t\s\"'`<>(){}\[\]:=]+"
"""What parts the values of a line that could not be taken apart."""


class Forgotten:
    """Finds the forgotten among the ids of each table, and collects them in `staging.forgotten`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, is_forgotten: IsForgotten) -> None:
        self._connection = connection
        self._is_forgotten = is_forgotten
        self.met: set[str] = set()
        """Those who are in the data."""
        connection.execute(f"CREATE OR REPLACE TABLE {TABLE} (customer_id VARCHAR)")

    def look(self, relation: str) -> None:
        """Ask of every id in the column `customer_id` of what stands behind FROM."""
        # Who is in the customers table was asked before, and not forgotten.
        self._ask(
            f"SELECT DISTINCT customer_id FROM {relation} WHERE customer_id IS NOT NULL "
            "AND customer_id NOT IN (SELECT customer_id FROM customers)"
        )

    def delete_from(self, table: str) -> int:
        """Take the forgotten out of a table with a column `customer_id`; how many rows went."""
        self.look(table)
        return self._delete(f"{table} WHERE {is_one('customer_id')}")

    def delete_rejects(self) -> int:
        """Take out the rows that cannot be read and hold a forgotten id as one of their values; how many."""
        pieces = f"list_distinct(string_split_regex(raw, '{_BETWEEN.replace(chr(39), chr(39) * 2)}'))"
        # An id that the tables know as 17850 may stand in the text as 17850.0.
        bare = f"list_transform({pieces}, lambda piece: regexp_replace(piece, '\\.0+$', ''))"
        both = f"list_concat({pieces}, {bare})"
        self._ask(f"SELECT DISTINCT unnest({both}) FROM rejects")
        found = f"(SELECT coalesce(list(customer_id), []) FROM {TABLE})"
        return self._delete(f"rejects WHERE list_has_any({both}, {found})")

    def _ask(self, query: str) -> None:
        self._connection.execute(query)
        found: set[str] = set()
        while rows := self._connection.fetchmany(BATCH):
            found.update(name for (name,) in rows if name and self._is_forgotten(name))
        if new := sorted(found - self.met):
            self._connection.register("recap_forgotten", pa.table({"customer_id": new}))
            self._connection.execute(f"INSERT INTO {TABLE} SELECT customer_id FROM recap_forgotten")
            self._connection.unregister("recap_forgotten")
            self.met.update(new)

    def _delete(self, what: str) -> int:
        if not self.met:
            return 0
        row = self._connection.execute(f"DELETE FROM {what}").fetchone()
        return int(row[0]) if row else 0


def is_one(customer: str) -> str:
    """Write whether an id, given as SQL, is one of the forgotten that were met; NULL for no id."""
    return f"{customer} IN (SELECT customer_id FROM {TABLE})"
