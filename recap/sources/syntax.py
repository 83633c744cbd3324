"""The syntax of an author's expression: that it is one, which columns it names, and naming others instead."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb

from recap.errors import SourceError
from recap.sources.sql import quote, words_of
from recap.sources.table import Table
from recap.sources.trees import is_one_expression, walk

VOLATILE = {"random", "setseed", "nextval", "currval", "uuid", "gen_random_uuid", "uuidv4", "uuidv7"}
"""Functions that give another value each time: a row would not have the same fate twice."""
FORBIDDEN = {"SUBQUERY": "a query inside", "WINDOW": "a window", "STAR": "`*`"}


def parse_expression(
    connection: duckdb.DuckDBPyConnection, text: str, table: Table, key: str
) -> dict[str, Any]:
    """Get the syntax tree of `SELECT (text)`, which must be that and nothing else."""
    row = connection.execute("SELECT json_serialize_sql(?)", [f"SELECT (\n{text}\n)"]).fetchone()
    tree: dict[str, Any] = json.loads(row[0]) if row else {}
    if tree.get("error"):
        hint = _reserved_hint(connection, text, table)
        raise SourceError(f"{key}: {tree.get('error_message')}{hint} (in `{shown(text)}`)")
    statements = tree["statements"]
    node = statements[0]["node"]
    if len(statements) != 1 or not is_one_expression(node):
        raise SourceError(
            f"{key}: give one expression over the source's columns, not a query (in `{shown(text)}`)"
        )
    for part in walk(node["select_list"]):
        if part.get("class") in FORBIDDEN:
            raise SourceError(
                f"{key}: an expression may not hold {FORBIDDEN[part['class']]} (in `{shown(text)}`)"
            )
        if part.get("class") == "FUNCTION" and part["function_name"] in VOLATILE:
            raise SourceError(
                f"{key}: {part['function_name']}() gives another value every time (in `{shown(text)}`)"
            )
    return tree


def _reserved_hint(connection: duckdb.DuckDBPyConnection, text: str, table: Table) -> str:
    """Say which column's name has to be quoted because it is a word of SQL, such as `order`."""
    keywords = connection.execute(
        "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category IN ('reserved', 'type_function')"
    ).fetchall()
    reserved = words_of(text) & {keyword for (keyword,) in keywords}
    taken = [quote(column) for column in table.columns if column.casefold() in reserved]
    return f"; put {' and '.join(taken)} in double quotes, as it is a word of SQL too" if taken else ""


def shown(text: str) -> str:
    """Put an expression on one line, for messages."""
    return " ".join(text.split())


def references(tree: Any) -> Iterator[str]:
    """Give the names of columns (and of lambdas' own variables) that an expression writes."""
    for part in walk(tree):
        if part.get("class") == "COLUMN_REF":
            yield part["column_names"][0]


def renamed(connection: duckdb.DuckDBPyConnection, select: dict[str, Any], names: Mapping[str, str]) -> str:
    """Write the expression with other columns in the place of some, named in lower case."""
    tree = json.loads(json.dumps(select))
    for part in walk(tree):
        if part.get("class") == "COLUMN_REF" and len(part["column_names"]) == 1:
            name = part["column_names"][0]
            part["column_names"] = [names.get(name.casefold(), name)]
    row = connection.execute("SELECT json_deserialize_sql(CAST(? AS JSON))", [json.dumps(tree)]).fetchone()
    return str(row[0]).removeprefix("SELECT ") if row else ""
