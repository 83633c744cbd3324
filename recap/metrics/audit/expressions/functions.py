"""The functions of SQL that this reading knows, by name; others are not understood, never guessed."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal

import polars as pl

from recap.metrics.audit.expressions import arithmetic
from recap.metrics.audit.expressions.terms import NUMBERS, WIDEST, Term, as_floats, met, needs
from recap.metrics.audit.raw.numbers import as_decimal, decimals
from recap.metrics.audit.raw.table import NotUnderstood, by_distinct
from recap.metrics.audit.raw.times import iso_walls

WHOLE_TYPES = {"tinyint", "smallint", "integer", "int", "bigint", "int4", "int8", "long", "hugeint"}
TEXT_TYPES = {"varchar", "text", "string", "char"}
FLOAT_TYPES = {"double", "float8"}
AWAY: Literal["half_away_from_zero"] = "half_away_from_zero"


def cast(term: Term, to: Term) -> Term:
    """Convert to a type; what cannot be converted is null."""
    name = str(to.literal)
    if name in TEXT_TYPES:
        return Term(arithmetic.text_of(term), "text")
    if name in FLOAT_TYPES and term.type in NUMBERS:
        return Term(as_floats(term), "number")
    if name in {"date", "timestamp"} and term.type in {"text", "date", "timestamp"}:
        expr = term.expr
        if term.type == "text":
            expr = expr.map_batches(iso_walls, return_dtype=pl.Datetime("us"))
        dtype = pl.Date() if name == "date" else pl.Datetime("us")
        return Term(expr.cast(dtype), "date" if name == "date" else "timestamp")
    if name in WHOLE_TYPES and term.type in {*NUMBERS, "text"}:
        return _to_whole(term)
    base, _, digits = name.partition("(")
    if base in {"decimal", "numeric"} and digits:
        width, _, scale = digits.rstrip(")").partition(",")
        return _to_decimal(term, int(width), int(scale or 0))
    raise NotUnderstood(f"CAST from {term.type} to {name} is not read here")


def _to_whole(term: Term) -> Term:
    expr = term.expr
    if term.type == "text":
        read = partial(as_decimal, scale=0, digits=19)
        expr = expr.str.strip_chars().map_batches(
            lambda texts: by_distinct(texts, read, pl.Decimal(WIDEST, 0)), return_dtype=pl.Decimal(WIDEST, 0)
        )
    elif term.type == "decimal":
        expr = expr.round(0, AWAY)
    elif term.type == "number":
        expr = expr.round(0, "half_to_even")
    return Term(expr.cast(pl.Int64, strict=False), "integer")


def _to_decimal(term: Term, width: int, scale: int) -> Term:
    dtype = pl.Decimal(WIDEST, scale)
    expr = needs(term, *NUMBERS, "text").expr
    if term.type == "text":
        read = partial(as_decimal, scale=scale, digits=width)
        texts = expr.str.strip_chars()
        expr = texts.map_batches(lambda values: by_distinct(values, read, dtype), return_dtype=dtype)
    else:
        expr = expr.map_batches(lambda values: decimals(values, scale, digits=width), return_dtype=dtype)
    return Term(expr, "decimal", scale)


def _simple_case(change: Callable[[str], str], special: Mapping[str, str]) -> Callable[[Term], Term]:
    """Change a text's case character by character, never one into several."""

    def character(old: str) -> str:
        new = special.get(old) or change(old)
        return new if len(new) == 1 else old

    def changed(text: str) -> str:
        return change(text) if text.isascii() else "".join(map(character, text))

    def whole(term: Term) -> Term:
        expr = needs(term, "text").expr.map_batches(
            lambda texts: by_distinct(texts, changed, pl.String()), return_dtype=pl.String
        )
        return Term(expr, "text")

    return whole


def _count(term: Term) -> int:
    """Take a whole number written out."""
    value = (
        pl.select(term.expr).item() if term.type == "integer" and not term.expr.meta.root_names() else None
    )
    if not isinstance(value, int):
        raise NotUnderstood("only a number written out is read here")
    return value


def left(text: Term, count: Term) -> Term:
    """Give the first characters; with a number below zero, all but the last so many."""
    return Term(needs(text, "text").expr.str.head(_count(count)), "text")


def right(text: Term, count: Term) -> Term:
    """Give the last characters; with a number below zero, all but the first so many."""
    return Term(needs(text, "text").expr.str.tail(_count(count)), "text")


def substring(text: Term, start: Term, count: Term | None = None) -> Term:
    """Give characters from the 1-based start on."""
    first, length = _count(start), None if count is None else _count(count)
    if first < 1 or (length is not None and length < 0):
        raise NotUnderstood("only characters counted from the beginning are read here")
    return Term(needs(text, "text").expr.str.slice(first - 1, length), "text")


def _text_to_text(method: Callable[..., pl.Expr]) -> Callable[..., Term]:
    return lambda *terms: Term(method(*(needs(term, "text").expr for term in terms)), "text")


def _text_to_truth(method: Callable[..., pl.Expr]) -> Callable[..., Term]:
    return lambda *terms: Term(method(*(needs(term, "text").expr for term in terms)), "boolean")


def _strip(method: Callable[[pl.Expr, str], pl.Expr]) -> Callable[..., Term]:
    def stripped(text: Term, characters: Term | None = None) -> Term:
        if characters is not None and characters.literal is None:
            raise NotUnderstood("only characters written out are read here")
        marks = " " if characters is None else str(characters.literal)
        return Term(method(needs(text, "text").expr, marks), "text")

    return stripped


def concatenate(*terms: Term) -> Term:
    """Put texts behind each other; null is nothing."""
    return Term(pl.concat_str([arithmetic.text_of(t).fill_null("") for t in terms]), "text")


def length(text: Term) -> Term:
    """Count characters (code points)."""
    return Term(needs(text, "text").expr.str.len_chars().cast(pl.Int64), "integer")


def rounded(term: Term, digits: Term | None = None) -> Term:
    """Round halves away from zero."""
    places = 0 if digits is None else _count(digits)
    term = needs(term, *NUMBERS)
    if places < 0:
        raise NotUnderstood("rounding before the point is not read here")
    if term.type == "number":
        unit = float(10**places)
        whole = (term.expr * unit).round(0, AWAY)
        return Term(arithmetic.quotient(whole, pl.lit(unit)), "number")
    scale = min(places, term.scale)
    if term.scale == scale:
        return term
    return Term(term.expr.round(scale, AWAY).cast(pl.Decimal(WIDEST, scale)), "decimal", scale)


def _next_whole(method: Callable[[pl.Expr], pl.Expr]) -> Callable[[Term], Term]:
    def moved(term: Term) -> Term:
        term = needs(term, *NUMBERS)
        if term.type == "integer":
            return term
        expr = method(term.expr)
        return Term(expr.cast(pl.Decimal(WIDEST, 0)) if term.type == "decimal" else expr, term.type)

    return moved


def absolute(term: Term) -> Term:
    """Give a number without its sign."""
    term = needs(term, *NUMBERS)
    return Term(term.expr.abs(), term.type, term.scale)


def _extreme(method: Callable[..., pl.Expr]) -> Callable[..., Term]:
    def found(*terms: Term) -> Term:
        alike = met(list(terms))
        if alike[0].type not in NUMBERS:
            raise NotUnderstood(f"the extreme of {alike[0].type} is not read here")
        return Term(method(*(term.expr for term in alike)), alike[0].type, alike[0].scale)

    return found


PARTS: Mapping[str, Callable[[pl.Expr], pl.Expr]] = {
    "year": lambda at: at.dt.year(),
    "quarter": lambda at: at.dt.quarter(),
    "month": lambda at: at.dt.month(),
    "week": lambda at: at.dt.week(),
    "day": lambda at: at.dt.day(),
    "dayofmonth": lambda at: at.dt.day(),
    "dayofyear": lambda at: at.dt.ordinal_day(),
    "isodow": lambda at: at.dt.weekday(),
    "dayofweek": lambda at: at.dt.weekday() % 7,
    "hour": lambda at: at.cast(pl.Datetime("us")).dt.hour(),
    "minute": lambda at: at.cast(pl.Datetime("us")).dt.minute(),
    "second": lambda at: at.cast(pl.Datetime("us")).dt.second(),
}
"""Parts of dates and times; weeks and `isodow` are ISO 8601's, `dayofweek` has Sunday as 0."""


def date_part(name: Term, at: Term) -> Term:
    """Give a part of a date or time by its name."""
    part = PARTS.get(str(name.literal).lower())
    if part is None:
        raise NotUnderstood(f"the part {name.literal!r} of a time is not read here")
    return Term(part(needs(at, "timestamp", "date").expr).cast(pl.Int64), "integer")


def _part(name: str) -> Callable[[Term], Term]:
    return lambda at: date_part(Term(pl.lit(name), "text", literal=name), at)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{sign: arithmetic.compare(sign) for sign in ("=", "<>", "<", "<=", ">", ">=", "same")},
    **{sign: arithmetic.calculate(sign) for sign in ("+", "-", "*")},
    **{word: arithmetic.combine(word) for word in ("and", "or")},
    **{part: _part(part) for part in PARTS},
    "/": arithmetic.divide,
    "//": arithmetic.divide_whole,
    "%": arithmetic.remainder,
    "mod": arithmetic.remainder,
    "negative": arithmetic.negative,
    "not": arithmetic.negate,
    "is null": arithmetic.is_null,
    "like": arithmetic.like(any_case=False),
    "ilike": arithmetic.like(any_case=True),
    "||": arithmetic.join_texts,
    "case": arithmetic.choose,
    "if": arithmetic.choose,
    "coalesce": arithmetic.first_known,
    "ifnull": arithmetic.first_known,
    "nullif": arithmetic.unless_equal,
    "cast": cast,
    "upper": _simple_case(str.upper, {"ß": "ẞ"}),
    "lower": _simple_case(str.lower, {"İ": "i"}),
    "left": left,
    "right": right,
    "substr": substring,
    "substring": substring,
    "length": length,
    "len": length,
    "trim": _strip(lambda text, marks: text.str.strip_chars(marks)),
    "ltrim": _strip(lambda text, marks: text.str.strip_chars_start(marks)),
    "rtrim": _strip(lambda text, marks: text.str.strip_chars_end(marks)),
    "replace": _text_to_text(lambda text, old, new: text.str.replace_all(old, new, literal=True)),
    "starts_with": _text_to_truth(lambda text, start: text.str.starts_with(start)),
    "prefix": _text_to_truth(lambda text, start: text.str.starts_with(start)),
    "ends_with": _text_to_truth(lambda text, end: text.str.ends_with(end)),
    "suffix": _text_to_truth(lambda text, end: text.str.ends_with(end)),
    "contains": _text_to_truth(lambda text, part: text.str.contains(part, literal=True)),
    "concat": concatenate,
    "round": rounded,
    "floor": _next_whole(lambda number: number.floor()),
    "ceil": _next_whole(lambda number: number.ceil()),
    "abs": absolute,
    "greatest": _extreme(pl.max_horizontal),
    "least": _extreme(pl.min_horizontal),
    "date_part": date_part,
    "datepart": date_part,
    "weekday": _part("dayofweek"),
    "ceiling": _next_whole(lambda number: number.ceil()),
    "ucase": _simple_case(str.upper, {"ß": "ẞ"}),
    "lcase": _simple_case(str.lower, {"İ": "i"}),
}
