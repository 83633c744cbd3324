"""DuckDB's syntax trees, as `json_serialize_sql` gives them; needs no database to look through them."""

from collections.abc import Iterator
from typing import Any

Tree = dict[str, Any]


def walk(tree: Any) -> Iterator[Tree]:
    """Give every part of a tree, the outer before the inner."""
    if isinstance(tree, dict):
        yield tree
        for child in tree.values():
            yield from walk(child)
    elif isinstance(tree, list):
        for child in tree:
            yield from walk(child)


def is_one_expression(node: Tree) -> bool:
    """Say whether a statement is `SELECT` and one expression, with nothing before or after it."""
    empty = ("where_clause", "group_expressions", "having", "qualify", "sample", "modifiers")
    return (
        node["type"] == "SELECT_NODE"
        and len(node["select_list"]) == 1
        and node["from_table"]["type"] == "EMPTY"
        and not any(node.get(part) for part in empty)
        and not node["cte_map"]["map"]
    )
