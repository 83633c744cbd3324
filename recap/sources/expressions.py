"""SQL that the campaign's author wrote: one expression over a row, understood before it is run.

Columns of text that hold numbers must work in it as in Parquet (`Quantity > 0`), while codes (`85123A`,
`00004`) stay text. So a text column is offered as numbers where every value it holds is one, or where the
expression makes no sense with text; else as text; and as times where only that makes sense. The first offer
DuckDB accepts is taken. Values that are no numbers in a column taken as numbers make their row unreadable.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any, Literal

import duckdb

from recap.errors import SourceError
from recap.sources.conversions import number_text, trimmed_text
from recap.sources.sql import is_text, nearest, quote, sentence
from recap.sources.steps import Steps
from recap.sources.table import Table
from recap.sources.times import iso_wall

MOST_WAYS = 400
FORBIDDEN = {"SUBQUERY": "a query inside", "WINDOW": "a window", "STAR": "`*`"}


@dataclass(frozen=True, slots=True)
class Taken:
    """A text column taken as something else."""

    column: str
    kind: Literal["number", "float", "time"]
    type: str
    """DuckDB's."""
    decimal_comma: bool

    @property
    def name(self) -> str:
        """The name of the column that holds it, which `compute_taken` adds."""
        return f"recap {self.kind} {self.column}"

    @property
    def problem(self) -> str:
        """What to say of a value that is none."""
        return f"`{self.column}` is no {'time' if self.kind == 'time' else 'number'}"


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that DuckDB accepts."""

    sql: str
    type: str
    taken: tuple[Taken, ...]
    """The columns it needs besides the table's own."""


Way = Mapping[str, str | Taken]
"""How each column an expression refers to is taken: its own type, or as something else."""


def compute_taken(steps: Steps, taken: Taken) -> str:
    """Add the column an expression needs; the SQL that says whether something is there."""
    text = trimmed_text(steps, quote(taken.column))
    if taken.kind == "time":
        value = iso_wall(steps, text)
    else:
        number = steps.add(number_text(text, decimal_comma=taken.decimal_comma))
        value = f"TRY_CAST({number} AS {taken.type})"
    steps.add(value, taken.name)
    return f"({text} IS NOT NULL)"


def bind(
    connection: duckdb.DuckDBPyConnection,
    text: str,
    table: Table,
    key: str,
    *,
    comma_columns: frozenset[str] = frozenset(),
) -> Expression:
    """Check an expression and find out how its text columns are meant; SourceError names `key`.

    `comma_columns` are the text columns whose numbers have a decimal comma.
    """
    select = _parse(connection, text, key)
    by_fold = {name.casefold(): name for name in table.columns}
    used = sorted({by_fold[name.casefold()] for name in _references(select) if name.casefold() in by_fold})
    texts = [name for name in used if is_text(table.columns[name])]
    as_is = {name: table.columns[name] for name in used}
    first_error: duckdb.Error | None = None
    for way in _ways(connection, table, as_is, texts, comma_columns):
        try:
            return _try(connection, select, way)
        except duckdb.Error as error:
            first_error = first_error or error
    unknown = sorted({name for name in _references(select) if name.casefold() not in by_fold})
    hint = nearest(unknown[0], table.columns) if unknown else ""
    raise SourceError(f"{key}: {sentence(first_error or Exception(text))}{hint} (in `{text}`)")


def referenced_columns(connection: duckdb.DuckDBPyConnection, text: str, key: str) -> frozenset[str]:
    """List the names an expression refers to, as it writes them."""
    return frozenset(_references(_parse(connection, text, key)))


def _parse(connection: duckdb.DuckDBPyConnection, text: str, key: str) -> dict[str, Any]:
    """Get the syntax tree of `SELECT (text)`, which must be that and nothing else."""
    row = connection.execute("SELECT json_serialize_sql(?)", [f"SELECT (\n{text}\n)"]).fetchone()
    tree: dict[str, Any] = json.loads(row[0]) if row else {}
    if tree.get("error"):
        raise SourceError(f"{key}: {tree.get('error_message')} (in `{text}`)")
    statements = tree["statements"]
    node = statements[0]["node"]
    plain = (
        len(statements) == 1
        and node["type"] == "SELECT_NODE"
        and len(node["select_list"]) == 1
        and node["from_table"]["type"] == "EMPTY"
        and not any(
            node.get(part) for part in ("where_clause", "group_expressions", "having", "qualify", "sample")
        )
        and not node["modifiers"]
    )
    if not plain:
        raise SourceError(f"{key}: give one expression over the source's columns, not a query (in `{text}`)")
    for part in _walk(node["select_list"]):
        if part.get("class") in FORBIDDEN:
            raise SourceError(f"{key}: an expression may not hold {FORBIDDEN[part['class']]} (in `{text}`)")
    return tree


def _walk(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        for child in tree.values():
            yield from _walk(child)
    elif isinstance(tree, list):
        for child in tree:
            yield from _walk(child)


def _references(tree: Any) -> Iterator[str]:
    for part in _walk(tree):
        if part.get("class") == "COLUMN_REF":
            yield part["column_names"][0]


def _try(connection: duckdb.DuckDBPyConnection, select: dict[str, Any], way: Way) -> Expression:
    """Run the expression once over a row of NULLs of the types it is given; duckdb.Error if that fails."""
    names = {name.casefold(): offer.name for name, offer in way.items() if isinstance(offer, Taken)}
    sql = _renamed(connection, select, names)
    columns = {
        names.get(name.casefold(), name): offer.type if isinstance(offer, Taken) else offer
        for name, offer in way.items()
    }
    nulls = ", ".join(f"CAST(NULL AS {type_})" for type_ in columns.values()) or "NULL"
    relation = f"(VALUES ({nulls})) AS t({', '.join(map(quote, columns)) or 'nothing'})"
    # In WHERE, because there an aggregate is refused; run, because some mismatches show only then.
    connection.execute(f"SELECT 1 FROM {relation} WHERE ({sql}) IS NULL").fetchall()
    row = connection.execute(f"DESCRIBE SELECT {sql} AS value FROM {relation}").fetchone()
    taken = tuple(offer for offer in way.values() if isinstance(offer, Taken))
    return Expression(f"({sql})", str(row[1]) if row else "VARCHAR", taken)


def _renamed(connection: duckdb.DuckDBPyConnection, select: dict[str, Any], names: Mapping[str, str]) -> str:
    tree = json.loads(json.dumps(select))
    for part in _walk(tree):
        if part.get("class") == "COLUMN_REF" and len(part["column_names"]) == 1:
            name = part["column_names"][0]
            part["column_names"] = [names.get(name.casefold(), name)]
    row = connection.execute("SELECT json_deserialize_sql(CAST(? AS JSON))", [json.dumps(tree)]).fetchone()
    return str(row[0]).removeprefix("SELECT ") if row else ""


def _ways(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    as_is: Mapping[str, str],
    texts: Sequence[str],
    comma_columns: frozenset[str],
) -> Iterator[Way]:
    """List the ways to take all columns together, the likeliest first."""
    if not table.untyped or not texts:
        yield as_is  # typed text is meant as text; looking through its values can wait
    choices = [_offers(connection, table, name, name in comma_columns) for name in texts]
    orders = sorted(product(*(range(len(choice)) for choice in choices)), key=sum)
    for order in islice(orders, MOST_WAYS):
        yield {**as_is, **{name: choice[at] for name, choice, at in zip(texts, choices, order, strict=True)}}


def _offers(
    connection: duckdb.DuckDBPyConnection, table: Table, column: str, decimal_comma: bool
) -> list[str | Taken]:
    """List the ways to take a text column, the likeliest first."""
    steps = Steps()
    text = trimmed_text(steps, quote(column))
    number = steps.add(number_text(text, decimal_comma=decimal_comma))
    row = connection.execute(
        f"SELECT count({text}), count({number}), "
        f"max(length(ltrim(split_part(ltrim({number}, '+-'), '.', 1), '0'))), "
        f"max(length(split_part({number}, '.', 2))), "
        f"coalesce(bool_or(contains(lower({number}), 'e')), false) "
        f"FROM {steps.wrap(table.relation)}"
    ).fetchone()
    values, numbers, whole, fraction, has_exponent = row or (0, 0, 0, 0, False)
    exact = _exact_type(whole or 0, fraction or 0) if numbers and not has_exponent else None
    as_numbers: list[str | Taken] = [Taken(column, "float", "DOUBLE", decimal_comma)]
    if exact is not None:
        as_numbers.insert(0, Taken(column, "number", exact, decimal_comma))
    as_text: list[str | Taken] = [table.columns[column]]
    as_time: list[str | Taken] = [Taken(column, "time", "TIMESTAMP", decimal_comma)]
    if table.untyped and values and values == numbers:
        return as_numbers + as_text + as_time
    return as_text + as_numbers + as_time


def _exact_type(whole: int, fraction: int) -> str | None:
    """Find the exact type with so many digits before and after the point, if there is one."""
    if fraction == 0 and whole <= 18:
        return "BIGINT"
    width = max(whole, 1) + fraction
    return f"DECIMAL({width},{fraction})" if width <= 38 else None
