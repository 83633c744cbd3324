"""Operators and conditions of SQL over typed terms."""

import re
from collections.abc import Callable

import polars as pl

from recap.metrics.audit.expressions.terms import (
    NUMBERS,
    WIDEST,
    Refused,
    Term,
    as_floats,
    met,
    needs,
    truth_of,
)
from recap.metrics.audit.raw.table import NotUnderstood, by_distinct
from recap.metrics.audit.raw.values import as_text

Operator = Callable[[Term, Term], Term]


def compare(sign: str) -> Operator:
    """Compare two terms; null where one of them is null."""

    def compared(left: Term, right: Term) -> Term:
        one, other = (term.expr for term in met([left, right]))
        expr = {
            "=": one == other,
            "<>": one != other,
            "<": one < other,
            "<=": one <= other,
            ">": one > other,
            ">=": one >= other,
            "same": one.eq_missing(other),
        }[sign]
        return Term(expr, "boolean")

    return compared


def calculate(sign: str) -> Operator:
    """Add, subtract or multiply: whole numbers and decimals exactly, binary numbers as such."""

    def calculated(left: Term, right: Term) -> Term:
        if left.literal is not None or right.literal is not None:
            raise NotUnderstood(f"a text beside {sign} is not read here")
        left, right = (needs(term, *NUMBERS) for term in (left, right))
        types = {left.type, right.type}
        if "number" in types:
            return Term(_apply(sign, as_floats(left), as_floats(right)), "number")
        if types == {"integer"}:
            return Term(_apply(sign, left.expr, right.expr), "integer")
        if sign != "*":
            one, other = met([left, right])
            return Term(_apply(sign, one.expr, other.expr), "decimal", one.scale)
        scale = left.scale + right.scale
        if scale > WIDEST:
            raise Refused("the product has too many digits after the point")
        # Polars gives a product the larger scale of the two, and would round.
        wide = left.expr.cast(pl.Decimal(WIDEST, scale))
        return Term(wide * right.expr.cast(pl.Decimal(WIDEST, right.scale)), "decimal", scale)

    return calculated


def _apply(sign: str, left: pl.Expr, right: pl.Expr) -> pl.Expr:
    return {"+": left + right, "-": left - right, "*": left * right}[sign]


def divide(left: Term, right: Term) -> Term:
    """Divide: the quotient is a binary number, whatever goes into it."""
    return Term(quotient(as_floats(left), as_floats(right)), "number")


def quotient(above: pl.Expr, below: pl.Expr) -> pl.Expr:
    """Divide binary numbers as every calculator does."""
    # By a single number Polars multiplies with its inverse, which is not the same; by a column it divides.
    return above / pl.when(above.is_not_null()).then(below)


def divide_whole(left: Term, right: Term) -> Term:
    """Divide whole numbers, the rest cut off toward zero."""
    one, other = (needs(term, "integer").expr for term in (left, right))
    return Term((one.abs() // other.abs()) * one.sign() * other.sign(), "integer")


def remainder(left: Term, right: Term) -> Term:
    """Give what a division of whole numbers leaves, with the sign of the dividend."""
    if "decimal" in {left.type, right.type} or "number" in {left.type, right.type}:
        raise NotUnderstood("a remainder of fractions is not read here")
    one, other = (needs(term, "integer").expr for term in (left, right))
    return Term((one.abs() % other.abs()) * one.sign(), "integer")


def negative(term: Term) -> Term:
    """Turn a number's sign."""
    term = needs(term, *NUMBERS)
    return Term(-term.expr, term.type, term.scale)


def combine(word: str) -> Operator:
    """Join two conditions, with SQL's third value for what is not known."""

    def combined(left: Term, right: Term) -> Term:
        one, other = (condition(term) for term in (left, right))
        return Term(one & other if word == "and" else one | other, "boolean")

    return combined


def condition(term: Term) -> pl.Expr:
    """Take a term for a condition."""
    if term.type in NUMBERS or term.literal is not None:
        raise NotUnderstood(f"{term.type} is not taken for a condition here")
    if term.type == "text":
        return truth_of(term.expr)
    if term.type not in {"boolean", "null"}:
        raise NotUnderstood(f"{term.type} is not taken for a condition here")
    return needs(term, "boolean").expr


def negate(term: Term) -> Term:
    """Give the opposite of a condition; not known stays not known."""
    return Term(~condition(term), "boolean")


def is_null(term: Term) -> Term:
    """Ask whether nothing is there."""
    return Term(term.expr.is_null(), "boolean")


def like(*, any_case: bool) -> Operator:
    """Compare a text with a pattern in which % is any text and _ any character."""

    def matched(left: Term, right: Term) -> Term:
        text, pattern = needs(left, "text"), needs(right, "text").literal
        if pattern is None or "\\" in pattern:
            raise NotUnderstood("only a pattern written out, without a backslash, is read here")
        parts = [{"%": ".*", "_": "."}.get(character) or re.escape(character) for character in pattern]
        flags = "(?is)" if any_case else "(?s)"
        return Term(text.expr.str.contains(rf"{flags}\A{''.join(parts)}\z"), "boolean")

    return matched


def join_texts(left: Term, right: Term) -> Term:
    """Put one text behind the other; null where one of them is null."""
    return Term(pl.concat_str(text_of(left), text_of(right)), "text")


def text_of(term: Term) -> pl.Expr:
    """Write a term as text."""
    if term.type == "text":
        return term.expr
    if term.type == "null":
        return pl.lit(None, pl.String)
    if term.type == "number":
        return term.expr.map_batches(_float_texts, return_dtype=pl.String)
    if term.type == "timestamp":
        return term.expr.map_batches(as_text, return_dtype=pl.String)
    return term.expr.cast(pl.String)


def _float_texts(values: pl.Series) -> pl.Series:
    return by_distinct(values, repr, pl.String())


def choose(*parts: Term) -> Term:
    """Give the value of the first condition that holds, else the last value, as in CASE."""
    if len(parts) % 2 == 0:
        raise NotUnderstood("a choice needs something else to choose")
    *pairs, otherwise = parts
    values = met([*pairs[1::2], otherwise])
    expr = values[-1].expr
    for holds, value in reversed(list(zip(pairs[::2], values, strict=False))):
        expr = pl.when(condition(holds)).then(value.expr).otherwise(expr)
    return Term(expr, values[-1].type, values[-1].scale)


def first_known(*terms: Term) -> Term:
    """Give the first value that is not null."""
    alike = met(list(terms))
    return Term(pl.coalesce(term.expr for term in alike), alike[0].type, alike[0].scale)


def unless_equal(left: Term, right: Term) -> Term:
    """Give the first value, or null where it equals the second."""
    if left.literal is not None:
        raise NotUnderstood("nullif of a text written out is not read here")
    equal = compare("=")(left, right).expr
    nothing = pl.lit(None, left.dtype)
    return Term(pl.when(equal).then(nothing).otherwise(left.expr), left.type, left.scale)
