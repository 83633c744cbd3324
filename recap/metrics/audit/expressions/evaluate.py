"""From an author's expression to its value in every row."""

from collections.abc import Mapping
from dataclasses import dataclass
from inspect import signature
from itertools import islice, product

import polars as pl

from recap.metrics.audit.expressions.functions import FUNCTIONS
from recap.metrics.audit.expressions.offers import Offer, offers
from recap.metrics.audit.expressions.syntax import Call, Column, Node, columns_of, parse
from recap.metrics.audit.expressions.terms import Refused, Term, literal_term, term_of
from recap.metrics.audit.raw.table import NotUnderstood, RawTable

MOST_WAYS = 400


@dataclass(frozen=True, slots=True)
class Evaluated:
    """An expression's value in every row, and the rows in which a text is not what it is taken for."""

    values: pl.Series
    failed: pl.Series
    """Boolean, never null."""


def evaluate_condition(text: str, frame: pl.DataFrame) -> pl.Series:
    """Ask in which rows a condition over typed columns holds; where it is not known it does not.

    NotUnderstood where the condition has something this reading does not know.
    """
    values = _values(_term(parse(text), {name.casefold(): name for name in frame.columns}, frame), frame)
    if values.dtype != pl.Boolean:
        raise NotUnderstood(f"`{text}` is no condition")
    return values.fill_null(value=False)


def evaluate(text: str, table: RawTable, commas: frozenset[str], *, is_condition: bool) -> Evaluated:
    """Compute an expression over a source's columns.

    A column of text is offered as numbers where all its values are numbers in a format that knows only text,
    else first as text; the first offer that makes sense to all operators is taken, as `recap.sources` has it.
    `commas` are the columns, in lower case, whose numbers are written with a decimal comma.
    """
    node = parse(text)
    names = {name.casefold(): name for name in table.frame.columns}
    used = {names[key] for name in columns_of(node) if (key := name.casefold()) in names}
    choices = {
        name: offers(table.frame[name], is_untyped=table.is_untyped, decimal_comma=name.casefold() in commas)
        for name in sorted(used)
        if table.frame.schema[name] == pl.String
    }
    refused: NotUnderstood = NotUnderstood(f"no column of `{text}` can be taken for what it needs")
    for taken in _ways(choices, is_untyped=table.is_untyped):
        frame = table.frame.select(sorted(used)).clear()
        frame = frame.with_columns(pl.Series(name, [], dtype=offer.dtype) for name, offer in taken.items())
        try:
            term = _term(node, names, frame)
        except Refused as error:
            refused = error
            continue
        if is_condition and term.type != "boolean":
            continue
        return _evaluated(term, table, taken)
    raise refused


def _ways(choices: Mapping[str, list[Offer]], *, is_untyped: bool) -> "list[dict[str, Offer]]":
    """List what all text columns together can be taken for, the likeliest first."""
    ways = []
    if not is_untyped and choices:
        ways.append({n: next(o for o in offered if o.kind == "text") for n, offered in choices.items()})
    orders = sorted(product(*(range(len(offered)) for offered in choices.values())), key=sum)
    for order in islice(orders, MOST_WAYS):
        picked = zip(choices.items(), order, strict=True)
        ways.append({name: offered[at] for (name, offered), at in picked})
    return ways


def _evaluated(term: Term, table: RawTable, taken: Mapping[str, Offer]) -> Evaluated:
    used = [name for name in table.frame.columns if name not in taken]
    frame = table.frame.select(used).with_columns(
        offer.values().rename(name) for name, offer in taken.items()
    )
    failed = pl.Series("failed", [False], dtype=pl.Boolean).new_from_index(0, table.frame.height)
    for offer in taken.values():
        failed |= offer.failed()
    return Evaluated(_values(term, frame), failed)


def _values(term: Term, frame: pl.DataFrame) -> pl.Series:
    try:
        values = frame.select(term.expr.cast(term.dtype).alias("recap value")).to_series()
        return values if len(values) == frame.height else values.new_from_index(0, frame.height)
    except pl.exceptions.PolarsError as error:
        raise NotUnderstood(f"it cannot be computed here: {str(error).splitlines()[0]}") from error


def _term(node: Node, names: Mapping[str, str], frame: pl.DataFrame) -> Term:
    if isinstance(node, Call):
        function = FUNCTIONS.get(node.name)
        if function is None:
            raise NotUnderstood(f"the function {node.name!r} is not read here")
        terms = [_term(argument, names, frame) for argument in node.arguments]
        try:
            signature(function).bind(*terms)
        except TypeError as error:
            raise NotUnderstood(f"{node.name!r} is not read with {len(terms)} arguments") from error
        result: Term = function(*terms)
        return result
    if isinstance(node, Column):
        if node.name.casefold() not in names:
            raise NotUnderstood(f"there is no column {node.name!r}")
        name = names[node.name.casefold()]
        return term_of(frame.schema[name], name)
    return literal_term(node.value)
