"""Rows that say the same event twice: all but the first of each are taken out of the table again."""

from collections.abc import Sequence

import duckdb

from recap.sources.sql import quote

TWICE = "staging.twice"


def drop_duplicates(
    connection: duckdb.DuckDBPyConnection, table: str, keys: Sequence[str], order: Sequence[str]
) -> None:
    """Delete the rows of a table that are alike in `keys` with a row before them in `order`.

    NULL equals NULL. Next to no row has a double, and sorting all of them to find those is slow: so hashes
    that occur more than once are looked for first, and only their rows are compared.
    """
    named, placed = (", ".join(map(quote, names)) for names in (keys, order))
    connection.execute(
        f"CREATE OR REPLACE TABLE {TWICE} AS "
        f'SELECT "recap key" FROM (SELECT hash({named}) AS "recap key" FROM {table}) '
        'GROUP BY "recap key" HAVING count(*) > 1'
    )
    connection.execute(
        f"DELETE FROM {table} WHERE rowid IN ("
        f"SELECT rowid FROM {table} WHERE hash({named}) IN (FROM {TWICE}) "
        f"QUALIFY row_number() OVER (PARTITION BY {named} ORDER BY {placed}) > 1)"
    )
    connection.execute(f"DROP TABLE {TWICE}")
