"""The functions an author's SQL may call: the same every time, and about nothing but rows."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from recap.campaign import did_you_mean

if TYPE_CHECKING:
    import duckdb  # drawing workers know the kinds, and need no database

ROWS = frozenset({"range", "generate_series", "unnest"})
"""Functions that make rows, and may be read from like a table."""
_NOT_THE_SAME = frozenset({"ago", "current_localtime", "current_localtimestamp", "version"})
"""What changes though DuckDB says that it is constant; the others it knows itself."""
_MACHINE = frozenset(
    {
        "assert_true",
        "current_catalog",
        "current_role",
        "current_user",
        "get_block_size",
        "json_serialize_plan",
        "parse_duckdb_log_message",
        "session_user",
        "user",
    }
)
_ESTIMATES = frozenset({"approx_count_distinct", "approx_quantile", "approx_top_k", "reservoir_quantile"})
_FIRST_COMES = frozenset(
    {
        "any_value",
        "arbitrary",
        "arg_max",
        "arg_max_null",
        "arg_max_nulls_last",
        "arg_min",
        "arg_min_null",
        "arg_min_nulls_last",
        "argmax",
        "argmin",
        "array_agg",
        "first",
        "group_concat",
        "json_group_array",
        "json_group_object",
        "json_group_structure",
        "last",
        "list",
        "listagg",
        "lttb",
        "max_by",
        "min_by",
        "mode",
        "string_agg",
        "variant_group_array",
        "variant_group_object",
    }
)
"""Aggregates whose result depends on the order of the rows, unless they are given one."""
_PLACED = frozenset(
    {
        "first_value",
        "fill",
        "lag",
        "last_value",
        "lead",
        "nth_value",
        "ntile",
        "row_number",
    }
)
"""Functions of a window that mean nothing without an order."""


def known_functions(connection: "duckdb.DuckDBPyConnection") -> dict[str, bool]:
    """Give every function a row's values can be made with, and whether DuckDB says that it is volatile."""
    rows = connection.execute(
        """SELECT lower(function_name), bool_or(coalesce(stability, 'CONSISTENT') <> 'CONSISTENT')
FROM duckdb_functions()
WHERE internal AND schema_name = 'main' AND function_type IN ('scalar', 'aggregate', 'window', 'macro')
GROUP BY ALL"""
    ).fetchall()
    return {**dict.fromkeys(ROWS, False), **dict(rows)}


def function_faults(name: str, part: Mapping[str, Any], functions: Mapping[str, bool]) -> Iterator[str]:
    """Say what is wrong with calling a function.

    `part` is the call in DuckDB's syntax tree, `functions` as `known_functions` gives them.
    """
    if name not in functions:
        yield f"there is no function {name!r}{did_you_mean(name, functions)}"
    elif name in _MACHINE or name.startswith("__internal"):
        yield f"`{name}` may not be used in a metric: it tells of the machine, not of events"
    elif name in _NOT_THE_SAME or functions[name]:
        yield not_the_same(name)
    elif name in _ESTIMATES:
        yield f"`{name}` estimates, and metrics are exact; use `count(DISTINCT ...)`, `median` or `quantile`"
    elif part["class"] == "WINDOW":
        if name in _PLACED | _FIRST_COMES and not (part.get("orders") or part.get("arg_orders")):
            yield f"`{name}` needs an order: `{name}(...) OVER (... ORDER BY ...)`"
    elif name in _FIRST_COMES and not part["order_bys"]["orders"]:
        yield f"`{name}` takes rows as they come, in no order; give it one: `{name}(... ORDER BY ...)`"


def not_the_same(name: str) -> str:
    """Refuse what is another value every time."""
    return f"`{name}` is not the same every time, and a metric must be"
