"""Columns computed one after another, so that each is computed once."""

from recap.sources.sql import quote


class Steps:
    """Collects intermediate results as columns in layers of subqueries.

    DuckDB computes an SQL text as often as it is written; a long chain (trim, match, take apart, cast, check)
    written into itself is computed dozens of times for every row.
    """

    def __init__(self) -> None:
        self._sql: dict[str, str] = {}
        self._depth: dict[str, int] = {}

    def add(self, sql: str, name: str | None = None) -> str:
        """Compute `sql`, over the table and earlier steps, and give the column's quoted name.

        The same SQL is the same column, unless a `name` is asked for.
        """
        if name is None:
            same = next((column for column, other in self._sql.items() if other == sql), None)
            if same is not None:
                return same
        column = quote(name or f"recap step {len(self._sql)}")
        if column not in self._sql:
            earlier = (depth for other, depth in self._depth.items() if other in sql)
            self._depth[column] = 1 + max(earlier, default=-1)
            self._sql[column] = sql
        return column

    def wrap(self, relation: str) -> str:
        """Write the relation with all steps' columns added."""
        for depth in sorted(set(self._depth.values())):
            layer = [
                f"{sql} AS {column}" for column, sql in self._sql.items() if self._depth[column] == depth
            ]
            relation = f"(SELECT *, {', '.join(layer)} FROM {relation})"
        return relation
