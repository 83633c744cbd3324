"""Typed expressions: what DuckDB makes of types, said in Polars.

Whole numbers are Int64, decimals Decimal(38, s) and exact: a product has the digits of both factors, a
quotient is a binary number. What DuckDB refuses is Refused here, so that a column can be taken for something
else; what it accepts and this module does not know is NotUnderstood.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal as OneOf

import polars as pl

from recap.metrics.audit.raw.numbers import as_decimal
from recap.metrics.audit.raw.table import NotUnderstood
from recap.metrics.audit.raw.times import iso_walls
from recap.metrics.audit.raw.values import truths

Type = OneOf["text", "integer", "decimal", "number", "boolean", "date", "timestamp", "null"]
NUMBERS: tuple[Type, ...] = ("integer", "decimal", "number")
WIDEST = 38
MOMENT = pl.Datetime("us")


class Refused(NotUnderstood):
    """DuckDB refuses it too."""


@dataclass(frozen=True, slots=True)
class Term:
    """An expression over the columns of a frame, and its type."""

    expr: pl.Expr
    type: Type
    scale: int = 0
    """Digits after the point of a decimal."""
    literal: str | None = None
    """The text, where it is one written out: it takes the type of what it meets."""

    @property
    def dtype(self) -> pl.DataType:
        """How Polars holds it."""
        known: dict[str, pl.DataType] = {
            "text": pl.String(),
            "integer": pl.Int64(),
            "number": pl.Float64(),
            "boolean": pl.Boolean(),
            "date": pl.Date(),
            "timestamp": MOMENT,
            "null": pl.Null(),
        }
        return known.get(self.type) or pl.Decimal(WIDEST, self.scale)


def term_of(dtype: pl.DataType, name: str) -> Term:
    """Take a column for what its type says."""
    column = pl.col(name)
    if dtype.is_decimal():
        return Term(column, "decimal", dtype.scale if isinstance(dtype, pl.Decimal) else 0)
    known: dict[pl.DataType, Type] = {
        pl.String(): "text",
        pl.Int64(): "integer",
        pl.Float64(): "number",
        pl.Boolean(): "boolean",
        pl.Date(): "date",
        MOMENT: "timestamp",
    }
    if dtype not in known:
        raise NotUnderstood(f"a column of the type {dtype} is not read in expressions")
    return Term(column, known[dtype])


def literal_term(value: str | int | Decimal | float | bool | None) -> Term:
    """Take a written value for what DuckDB takes it for."""
    match value:
        case None:
            return Term(pl.lit(None), "null")
        case bool():
            return Term(pl.lit(value), "boolean")
        case str():
            return Term(pl.lit(value, pl.String), "text", literal=value)
        case float():
            return Term(pl.lit(value, pl.Float64), "number")
        case int() if abs(value) < 2**63:
            return Term(pl.lit(value, pl.Int64), "integer")
    number = Decimal(value)
    scale = max(-int(number.as_tuple().exponent), 0)
    if len(number.as_tuple().digits) > WIDEST or scale > WIDEST:
        raise NotUnderstood(f"the number {value} has too many digits")
    return Term(pl.lit(number, pl.Decimal(WIDEST, scale)), "decimal", scale)


def met(terms: list[Term]) -> list[Term]:
    """Bring terms that are compared, or are one another's alternatives, to one type."""
    real = [term for term in terms if term.literal is None and term.type != "null"]
    types = {term.type for term in real}
    if not types:
        return [replace(term, expr=term.expr.cast(pl.String), type="text") for term in terms]
    target = _common(types)
    scale = max((term.scale for term in real if term.type == "decimal"), default=0)
    return [_as(term, target, scale) for term in terms]


def _common(types: set[Type]) -> Type:
    if len(types) == 1:
        return next(iter(types))
    if types <= set(NUMBERS):
        return "number" if "number" in types else "decimal"
    if types == {"date", "timestamp"}:
        return "timestamp"
    if types == {"boolean", "text"}:
        return "boolean"
    if "text" in types and types <= {"text", *NUMBERS}:
        raise Refused(f"{' and '.join(sorted(types))} are not compared")
    raise NotUnderstood(f"{' and '.join(sorted(types))} are not compared here")


def _as(term: Term, target: Type, scale: int) -> Term:
    if term.type == "null":
        return Term(pl.lit(None, Term(term.expr, target, scale).dtype), target, scale)
    if term.literal is not None and target != "text":
        return _read(term.literal, target, scale)
    if term.type == target and target != "decimal":
        return term
    if term.type == "text" and target == "boolean":
        return Term(truth_of(term.expr), "boolean")
    shaped = Term(term.expr, target, scale)
    return replace(shaped, expr=term.expr.cast(shaped.dtype))


def _read(text: str, target: Type, scale: int) -> Term:
    """Read a text written out as what it is compared with."""
    if target in {"integer", "decimal"}:
        value = as_decimal(text.strip(), scale, digits=WIDEST)
        if value is not None:
            return replace(
                literal_term(int(value) if target == "integer" else value), type=target, scale=scale
            )
    elif target == "number" and as_decimal(text.strip(), 20, digits=WIDEST) is not None:
        return literal_term(float(text))
    elif target in {"date", "timestamp"}:
        moment = iso_walls(pl.Series([text]))[0]
        if moment is not None:
            literal = pl.lit(moment, MOMENT)
            return Term(literal.cast(pl.Date) if target == "date" else literal, target)
    elif target == "boolean":
        return Term(truth_of(pl.lit(text)), "boolean")
    raise Refused(f"{text!r} is no {target}")


def truth_of(text: pl.Expr) -> pl.Expr:
    """Read words for true and false; over another word DuckDB stops, and there is nothing to audit."""
    return text.map_batches(truths, return_dtype=pl.Boolean)


def needs(term: Term, *types: Type) -> Term:
    """Make sure that a function gets what it can work with."""
    if term.type == "null":
        return Term(pl.lit(None, Term(term.expr, types[0]).dtype), types[0])
    if term.type not in types:
        raise Refused(f"{term.type} where {' or '.join(types)} is needed")
    return term


def as_floats(term: Term) -> pl.Expr:
    """Take a number for a binary one."""
    return needs(term, "number", "integer", "decimal").expr.cast(pl.Float64)
