"""SQL that the campaign's author wrote: one expression over a row, understood before it is run.

Columns of text that hold numbers must work in it as in Parquet (`Quantity > 0`), while codes (`85123A`,
`00004`) stay text. So a text column is offered as numbers where every value it holds is one, or where the
expression makes no sense with text; else as text; and as times, or as true and false, where only that makes
sense. The first offer DuckDB accepts is taken. Values that are not what a column is taken for make their row
unreadable. Text comes without the blanks around it, and blank text is NULL, as in fields.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any, Literal

import duckdb

from recap.errors import SourceError
from recap.sources.conversions import number_text, trimmed_text, truth
from recap.sources.sql import is_text, nearest, quote, sentence
from recap.sources.steps import Steps
from recap.sources.syntax import parse_expression, references, renamed, shown
from recap.sources.table import Table
from recap.sources.times import iso_wall

MOST_WAYS = 400
Kind = Literal["text", "number", "float", "time", "truth"]
NOUNS: Mapping[Kind, str] = {"text": "text", "number": "number", "float": "number", "time": "time"}


@dataclass(frozen=True, slots=True)
class Taken:
    """What a text column is taken for."""

    column: str
    kind: Kind
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
        if self.kind == "truth":
            return f"`{self.column}` is neither true nor false"
        return f"`{self.column}` is no {NOUNS[self.kind]}"


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that DuckDB accepts."""

    sql: str
    type: str
    taken: tuple[Taken, ...]
    """The columns it needs besides the table's own."""


Way = Mapping[str, str | Taken]
"""What each column an expression refers to is taken for; those of other types than text are as they are."""


def compute_taken(steps: Steps, taken: Taken) -> str:
    """Add the column an expression needs; the SQL that says whether something is there."""
    text = trimmed_text(steps, quote(taken.column))
    if taken.kind == "text":
        value = text
    elif taken.kind == "time":
        value = iso_wall(steps, text)
    elif taken.kind == "truth":
        value = truth(steps, text)
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
    comma_columns: frozenset[str],
    is_condition: bool,
) -> Expression:
    """Check an expression and find out how its text columns are meant; SourceError names `key`.

    `comma_columns` are the text columns whose numbers have a decimal comma; a condition must give BOOLEAN.
    """
    select = parse_expression(connection, text, table, key)
    by_fold = {name.casefold(): name for name in table.columns}
    used = sorted({by_fold[name.casefold()] for name in references(select) if name.casefold() in by_fold})
    texts = [name for name in used if is_text(table.columns[name])]
    as_is = {name: table.columns[name] for name in used}
    first_error: duckdb.Error | None = None
    first_type: str | None = None
    for way in _ways(connection, table, as_is, texts, comma_columns):
        try:
            expression = _try(connection, select, way)
        except duckdb.Error as error:
            first_error = first_error or error
            continue
        if expression.type == "BOOLEAN" or not is_condition:
            return expression
        first_type = first_type or expression.type
    if first_type is not None:
        raise SourceError(
            f"{key}: `{shown(text)}` is no condition, but gives {first_type}; "
            "compare it with something, as in `kind = 'sale'`"
        )
    unknown = sorted({name for name in references(select) if name.casefold() not in by_fold})
    hint = nearest(unknown[0], table.columns) if unknown else ""
    raise SourceError(f"{key}: {sentence(first_error or Exception(text))}{hint} (in `{shown(text)}`)")


def _try(connection: duckdb.DuckDBPyConnection, select: dict[str, Any], way: Way) -> Expression:
    """Run the expression once over a row of NULLs of the types it is given; duckdb.Error if that fails."""
    names = {name.casefold(): offer.name for name, offer in way.items() if isinstance(offer, Taken)}
    sql = renamed(connection, select, names)
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


def _ways(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    as_is: Mapping[str, str],
    texts: Sequence[str],
    comma_columns: frozenset[str],
) -> Iterator[Way]:
    """List the ways to take all columns together, the likeliest first."""
    if not table.untyped or not texts:
        # Typed text is meant as text; looking through its values can wait.
        yield {**as_is, **{name: Taken(name, "text", "VARCHAR", False) for name in texts}}
    choices = [_offers(connection, table, name, name in comma_columns) for name in texts]
    orders = sorted(product(*(range(len(choice)) for choice in choices)), key=sum)
    for order in islice(orders, MOST_WAYS):
        yield {**as_is, **{name: choice[at] for name, choice, at in zip(texts, choices, order, strict=True)}}


def _offers(
    connection: duckdb.DuckDBPyConnection, table: Table, column: str, decimal_comma: bool
) -> list[Taken]:
    """List the ways to take a text column, the likeliest first."""
    steps = Steps()
    text = trimmed_text(steps, quote(column))
    number = steps.add(number_text(text, decimal_comma=decimal_comma))
    values, numbers, truths, whole, fraction, has_exponent = connection.execute(
        f"SELECT count({text}), count({number}), count({truth(steps, text)}), "
        f"max(length(ltrim(split_part(ltrim({number}, '+-'), '.', 1), '0'))), "
        f"max(length(split_part({number}, '.', 2))), "
        f"coalesce(bool_or(contains(lower({number}), 'e')), false) "
        f"FROM {steps.wrap(table.relation)}"
    ).fetchall()[0]

    def take(kind: Kind, type_: str) -> Taken:
        return Taken(column, kind, type_, decimal_comma)

    exact = _exact_type(whole or 0, fraction or 0) if numbers and not has_exponent else None
    as_numbers = [*([take("number", exact)] if exact else []), take("float", "DOUBLE")]
    as_text, others = [take("text", "VARCHAR")], [take("time", "TIMESTAMP")]
    if values == truths:
        others.append(take("truth", "BOOLEAN"))
    if table.untyped and values and values == numbers:
        return as_numbers + as_text + others
    return as_text + as_numbers + others


def _exact_type(whole: int, fraction: int) -> str | None:
    """Find the exact type with so many digits before and after the point, if there is one."""
    if fraction == 0 and whole <= 18:
        return "BIGINT"
    width = max(whole, 1) + fraction
    return f"DECIMAL({width},{fraction})" if width <= 38 else None
