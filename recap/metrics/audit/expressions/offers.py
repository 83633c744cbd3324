"""What a column of text can be taken for in an expression."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from math import isinf
from typing import Literal

import polars as pl

from recap.metrics.audit.raw.numbers import as_decimal, plain
from recap.metrics.audit.raw.table import bare, by_distinct
from recap.metrics.audit.raw.times import iso_walls
from recap.metrics.audit.raw.values import truths

WIDEST = 38
MOST_WHOLE_DIGITS = 18
Kind = Literal["text", "number", "float", "time", "truth"]


@dataclass(frozen=True, slots=True)
class Offer:
    """A column of text, taken for something."""

    kind: Kind
    dtype: pl.DataType
    texts: pl.Series
    """Without blanks around them, null where nothing is left."""
    read: Callable[[pl.Series], pl.Series]

    def values(self) -> pl.Series:
        """Read the column so; null where a text is not what it is taken for."""
        return self.read(self.texts)

    def failed(self) -> pl.Series:
        """Tell where a text is not what it is taken for."""
        return self.texts.is_not_null() & self.values().is_null()


def offers(column: pl.Series, *, is_untyped: bool, decimal_comma: bool) -> list[Offer]:
    """List what a column of text can be taken for, the likeliest first.

    It is first a number where all its values are, exact if its digits allow, and the format knows only text;
    else first text. Then a time; and true or false where all its values are words for that.
    """
    texts = bare(column)
    distinct = texts.drop_nulls().unique()
    numbers = [n for text in distinct if (n := plain(text, decimal_comma=decimal_comma)) is not None]
    as_float = partial(_float, decimal_comma=decimal_comma)
    as_numbers = [
        *_exact(texts, numbers, decimal_comma=decimal_comma),
        Offer("float", pl.Float64(), texts, lambda t: by_distinct(t, as_float, pl.Float64())),
    ]
    as_text = [Offer("text", pl.String(), texts, lambda t: t)]
    others = [Offer("time", pl.Datetime("us"), texts, iso_walls)]
    if truths(distinct).null_count() == 0:
        others.append(Offer("truth", pl.Boolean(), texts, truths))
    if is_untyped and len(distinct) and len(numbers) == len(distinct):
        return as_numbers + as_text + others
    return as_text + as_numbers + others


def _exact(texts: pl.Series, numbers: list[str], *, decimal_comma: bool) -> list[Offer]:
    """Offer the exact type that holds all the numbers there are, if there is one."""
    if not numbers or any("e" in number.lower() for number in numbers):
        return []
    parts = [number.lstrip("+-").partition(".") for number in numbers]
    whole = max(len(before.lstrip("0")) for before, _, _ in parts)
    scale = max(len(after) for _, _, after in parts)
    read = partial(as_decimal, scale=scale, decimal_comma=decimal_comma, digits=WIDEST)
    if scale == 0 and whole <= MOST_WHOLE_DIGITS:
        as_int = partial(_whole, read=read)
        return [Offer("number", pl.Int64(), texts, lambda t: by_distinct(t, as_int, pl.Int64()))]
    if max(whole, 1) + scale > WIDEST:
        return []
    dtype = pl.Decimal(WIDEST, scale)
    return [Offer("number", dtype, texts, lambda t: by_distinct(t, read, dtype))]


def _whole(text: str, read: Callable[[str], Decimal | None]) -> int | None:
    value = read(text)
    return None if value is None else int(value)


def _float(text: str, *, decimal_comma: bool) -> float | None:
    number = plain(text, decimal_comma=decimal_comma)
    value = None if number is None else float(number)
    return None if value is None or isinf(value) else value
