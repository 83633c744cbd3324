"""What an author's SQL may do: read the campaign's own events, and give the same answer tomorrow.

Checked on the syntax tree of DuckDB's own parser, against lists of what is allowed: what nobody thought of is
refused, and not let through.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recap.campaign import did_you_mean
from recap.metrics.kinds.pure_functions import ROWS, function_faults, known_functions, not_the_same
from recap.sources.trees import Tree, is_one_expression, walk

if TYPE_CHECKING:
    import duckdb  # drawing workers know the kinds, and need no database

TABLES = frozenset({"events", "history", "customers"})
_QUERIES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
_PLACES = frozenset({"BASE_TABLE", "SUBQUERY", "JOIN", "EMPTY", "EXPRESSION_LIST", "TABLE_FUNCTION"})
_ORDERS = frozenset({"ORDER_DEFAULT", "ASCENDING", "DESCENDING"})
_MODIFIERS = frozenset({"ORDER_MODIFIER", "LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER", "DISTINCT_MODIFIER"})
_TREE = _QUERIES | _PLACES | _ORDERS | _MODIFIERS
_CLASSES = frozenset(
    {
        "BETWEEN",
        "CASE",
        "CAST",
        "COLLATE",
        "COLUMN_REF",
        "COMPARISON",
        "CONJUNCTION",
        "CONSTANT",
        "FUNCTION",
        "LAMBDA",
        "LAMBDA_REF",
        "OPERATOR",
        "POSITIONAL_REFERENCE",
        "STAR",
        "SUBQUERY",
        "TYPE",
        "WINDOW",
    }
)
_CLOCKS = frozenset(
    {"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "rowid"}
)
"""Names that mean the clock, or a row's place, where no column is called so."""
_MANY = frozenset({"generate_subscripts", "regexp_split_to_table", "unnest"})


def query_faults(connection: "duckdb.DuckDBPyConnection", text: str) -> Iterator[str]:
    """Find what a query may not do; nothing where it only reads the campaign's tables.

    It can then stand in parentheses, if they are on lines of their own.
    """
    alone = _parse(connection, text)
    if alone.problem:
        yield alone.problem
        return
    if len(alone.statements) != 1:
        yield "give one query, not several" if alone.statements else "this is no query, but nothing"
        return
    inside = _parse(connection, f"SELECT * FROM (\n{text}\n) AS own")
    place = inside.statements[0]["node"]["from_table"] if inside.statements else {}
    if place.get("type") != "SUBQUERY" or place["subquery"]["node"]["type"] not in _QUERIES:
        yield "give one SELECT that can stand in parentheses, without a semicolon"
        return
    yield from _faults(connection, alone.statements[0])


def expression_faults(connection: "duckdb.DuckDBPyConnection", text: str) -> Iterator[str]:
    """Find what an expression over one customer's events may not do.

    It can then stand in parentheses, if they are on lines of their own.
    """
    several = "give one expression, not a query; a whole query goes under `query`"
    parsed = _parse_expression(connection, text, several)
    for part in walk([statement["node"]["select_list"] for statement in parsed.statements]):
        name = _called(part)
        if part.get("class") == "SUBQUERY":
            yield "an expression sees one customer's events, and may hold no query; use `query`"
        elif part.get("class") == "WINDOW":
            yield "an expression gives one value a customer, and may hold no window; use `query`"
        elif part.get("class") == "STAR" or name in _MANY:
            yield f"an expression gives one value a customer, and `{name or '*'}` gives several"
    yield from _faults_of(connection, parsed)


def condition_faults(connection: "duckdb.DuckDBPyConnection", text: str) -> Iterator[str]:
    """Find what a condition on single events may not do.

    It can then stand in parentheses, if they are on lines of their own.
    """
    parsed = _parse_expression(connection, text, "this is more than one condition")
    if any(part.get("class") == "SUBQUERY" for part in walk(parsed.statements)):
        yield "a condition looks at one event, and may hold no query"
    yield from _faults_of(connection, parsed)


def _parse_expression(connection: "duckdb.DuckDBPyConnection", text: str, several: str) -> "_Parsed":
    """Parse one expression; `several` is what is wrong where it is not one."""
    parsed = _parse(connection, f"SELECT (\n{text}\n)")
    if parsed.problem is None and (
        len(parsed.statements) != 1 or not is_one_expression(parsed.statements[0]["node"])
    ):
        return _Parsed([], several)
    return parsed


def _faults_of(connection: "duckdb.DuckDBPyConnection", parsed: "_Parsed") -> Iterator[str]:
    if parsed.problem is not None:
        yield parsed.problem
    for statement in parsed.statements:
        yield from _faults(connection, statement)


@dataclass(frozen=True, slots=True)
class _Parsed:
    statements: list[Tree]
    problem: str | None = None


def _parse(connection: "duckdb.DuckDBPyConnection", text: str) -> _Parsed:
    row = connection.execute("SELECT json_serialize_sql(?)", [text]).fetchone()
    tree: Tree = json.loads(row[0]) if row else {}
    if tree.get("error_type") == "not implemented":
        return _Parsed([], "only a SELECT may be given: a metric reads, and changes nothing")
    if tree.get("error"):
        return _Parsed([], f"DuckDB does not understand it: {tree['error_message']}")
    return _Parsed(tree["statements"])


def _faults(connection: "duckdb.DuckDBPyConnection", tree: Tree) -> Iterator[str]:
    columns = {name.casefold() for table in sorted(TABLES) for name in _columns(connection, table)}
    functions = known_functions(connection)
    found = [*_foreign_tables(tree, frozenset())]
    for part in walk(tree):
        found += [*_unknown_parts(part), *_unordered(part)]
        name = _called(part)
        if name is not None and part.get("type") != "TABLE_FUNCTION":
            found += function_faults(name, part, functions)
        names = part.get("column_names", [])
        if part.get("class") == "COLUMN_REF" and len(names) == 1 and names[0].casefold() in _CLOCKS - columns:
            found.append(not_the_same(names[0]))
    yield from dict.fromkeys(found)


def _foreign_tables(tree: Any, known: frozenset[str]) -> Iterator[str]:
    """Find tables that are neither the campaign's nor named by the query itself before they are read."""
    if isinstance(tree, list):
        for child in tree:
            yield from _foreign_tables(child, known)
    if not isinstance(tree, dict):
        return
    if tree.get("type") == "BASE_TABLE":
        yield from _foreign_table(tree, known)
    elif tree.get("type") == "TABLE_FUNCTION":
        name = str(tree["function"]["function_name"]).casefold()
        if name not in ROWS:
            yield f"`{name}()` may not be read from; there is {', '.join(sorted(TABLES))}"
    if tree.get("type") == "RECURSIVE_CTE_NODE":
        known |= {str(tree["cte_name"]).casefold()}
    for entry in tree.get("cte_map", {}).get("map", []):
        # A name means the query's own table only after it was given; inside itself it is the database's.
        yield from _foreign_tables(entry["value"], known)
        known |= {str(entry["key"]).casefold()}
    for key, child in tree.items():
        if key != "cte_map":
            yield from _foreign_tables(child, known)


def _foreign_table(table: Tree, known: frozenset[str]) -> Iterator[str]:
    name = str(table["table_name"])
    if table.get("schema_name") or table.get("catalog_name") or len(table["qualified_name"]["path"]) != 1:
        path = ".".join([*table["qualified_name"]["path"]])
        yield f"{path!r} may not be read: name a table without a schema, as in `events`"
    elif name.casefold() not in known | TABLES:
        yield f"the table {name!r} may not be read{did_you_mean(name, TABLES | known)}"
    elif table.get("at_clause"):
        yield f"the table {name!r} has no earlier versions; leave out `AT`"


def _unknown_parts(part: Tree) -> Iterator[str]:
    if "class" in part:
        if part["class"] not in _CLASSES:
            yield f"{_spoken(part['class'])} may not be used in a metric"
    elif isinstance(part.get("type"), str) and part["type"] not in _TREE:
        yield f"{_spoken(part['type'])} may not be used: a metric reads events, and changes nothing"


def _spoken(word: object) -> str:
    """Write `INSERT_QUERY_NODE` as `INSERT`."""
    return str(word).removesuffix("_NODE").removesuffix("_QUERY").removesuffix("_REF").replace("_", " ")


def _unordered(part: Tree) -> Iterator[str]:
    """Find what takes some rows, and does not say which."""
    modifiers = {m["type"]: m for m in part.get("modifiers") or ()}
    limited = modifiers.keys() & {"LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER"}
    distinct = modifiers.get("DISTINCT_MODIFIER", {}).get("distinct_on_targets")
    if (limited or distinct) and "ORDER_MODIFIER" not in modifiers:
        yield f"{'LIMIT' if limited else 'DISTINCT ON'} without ORDER BY takes other rows every time"
    if part.get("sample"):
        yield "a sample is another one every time; leave it out"
    if part.get("ref_type") == "POSITIONAL":
        yield "rows come in no order, and cannot be joined by their position"


def _called(part: Tree) -> str | None:
    name = part.get("function_name")
    return name.casefold() if isinstance(name, str) else None


def _columns(connection: "duckdb.DuckDBPyConnection", table: str) -> list[str]:
    return [str(name) for name, *_ in connection.execute(f"DESCRIBE {table}").fetchall()]


def known_columns(connection: "duckdb.DuckDBPyConnection", tables: Collection[str]) -> list[str]:
    """Name every column of some tables, for suggestions; recap's own begin with `_` and are left out."""
    names = (name for table in sorted(tables) for name in _columns(connection, table))
    return [name for name in dict.fromkeys(names) if not name.startswith("_")]
