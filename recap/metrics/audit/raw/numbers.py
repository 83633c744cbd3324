"""Numbers: from text and from other numbers, exactly or not at all.

Halves are rounded away from zero. A float is multiplied by ten for every digit of the scale and rounded as a
float: its digits beyond the scale are noise of its binary form, 3 * 0.1 is 0.3.
"""

import re
import struct
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import partial

import polars as pl

from recap.metrics.audit.raw.table import by_distinct

DIGITS = 28
"""Of a decimal or money field, those after the point among them."""
TOO_LARGE = 1e20
"""Floats from here on are no numbers anyone meant, and cannot be added up exactly."""
WHOLE_FLOATS = 9e15
"""Below it a float that is whole is written without a point."""
INTEGERS = range(-(2**63), 2**63)
WIDE = Context(prec=100, Emax=10**6, Emin=-(10**6))

_POINT = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:(?:,[0-9]{3})+\.[0-9]+|(?:,[0-9]{3}){2,})")
"""`1,234.50` and `1,234,567`, but not `1,234`, which elsewhere is one and a bit."""
_COMMA = re.compile(r"[+-]?[0-9]+(?:,[0-9]*)?")
_COMMA_GROUPED = re.compile("[+-]?[0-9]{1,3}(?:[. \u00a0\u202f'][0-9]{3})+(?:,[0-9]+)?")


def plain(text: str, *, decimal_comma: bool) -> str | None:
    """Write a number as Python does, without marks between thousands; None where the text is none."""
    if decimal_comma:
        if _COMMA.fullmatch(text):
            return text.replace(",", ".")
        if _COMMA_GROUPED.fullmatch(text):
            return re.sub(r"[^0-9,+-]", "", text).replace(",", ".")
        return None
    if _POINT.fullmatch(text):
        return text
    return text.replace(",", "") if _GROUPED.fullmatch(text) else None


def as_decimal(text: str, scale: int, *, decimal_comma: bool = False, digits: int = DIGITS) -> Decimal | None:
    """Read a number of at most `digits` digits, rounded to `scale`."""
    number = plain(text, decimal_comma=decimal_comma)
    if number is None:
        return None
    try:
        value = Decimal(number).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP, WIDE)
    except InvalidOperation:
        return None
    return value if abs(value) < 10 ** (digits - scale) else None


def as_integer(text: str, *, decimal_comma: bool = False) -> int | None:
    """Read a whole number; `5.0` is one, `5e0` is none."""
    number = plain(text, decimal_comma=decimal_comma)
    if number is None or not re.fullmatch(r"[+-]?[0-9]+(?:\.0*)?", number):
        return None
    value = int(number.partition(".")[0])
    return value if value in INTEGERS else None


def as_float(text: str, *, decimal_comma: bool = False) -> float | None:
    """Read a binary number; None where it is too large to be one."""
    number = plain(text, decimal_comma=decimal_comma)
    value = None if number is None else float(number)
    return value if value is not None and abs(value) < TOO_LARGE else None


def decimals_of_text(texts: pl.Series, scale: int, *, decimal_comma: bool) -> pl.Series:
    """Read texts without blanks around them as Decimal(38, scale); null where one is no such number."""
    read = partial(as_decimal, scale=scale, decimal_comma=decimal_comma)
    return by_distinct(texts, read, pl.Decimal(38, scale))


def decimals(numbers: pl.Series, scale: int, *, digits: int = DIGITS) -> pl.Series:
    """Bring numbers of any type to Decimal(38, scale); null where one has more than `digits` digits."""
    if numbers.dtype.is_float():
        scaled = numbers.cast(pl.Float64) * float(10**scale)
        small = pl.when(scaled.abs() < float(10**digits)).then(scaled.round(0, "half_away_from_zero"))
        whole = pl.select(small.cast(pl.Int128).cast(pl.Decimal(38, 0))).to_series()
        result = whole * pl.Series([Decimal(1).scaleb(-scale)], dtype=pl.Decimal(38, scale))
    else:
        if numbers.dtype == pl.Boolean:
            numbers = numbers.cast(pl.Int64)
        elif numbers.dtype.is_decimal():
            numbers = numbers.round(scale, "half_away_from_zero")
        result = numbers.cast(pl.Decimal(38, scale), strict=False)
    limit = Decimal(10) ** (digits - scale)
    frame = result.to_frame("n").select(pl.when(pl.col("n").abs() < limit).then(pl.col("n")))
    return frame["n"].rename(numbers.name)


def whole_numbers(numbers: pl.Series) -> pl.Series:
    """Bring numbers of any type to Int64; null where one is not whole or does not fit."""
    if numbers.dtype.is_integer() or numbers.dtype == pl.Boolean:
        return numbers.cast(pl.Int64)
    frame = numbers.to_frame("n")
    n = pl.col("n")
    return frame.select(pl.when(n == n.floor()).then(n.cast(pl.Int64, strict=False)))["n"].rename(
        numbers.name
    )


def floats(numbers: pl.Series) -> pl.Series:
    """Bring numbers of any type to Float64; null where one is too large."""
    frame = numbers.cast(pl.Float64).to_frame("n")
    return frame.select(pl.when(pl.col("n").abs() < TOO_LARGE).then(pl.col("n")))["n"].rename(numbers.name)


def float_text(value: float) -> str:
    """Write a DOUBLE as shortly as it can be read back."""
    return repr(value)


def single_text(value: float) -> str:
    """Write a FLOAT, widened, as shortly as it can be read back."""
    short = (f"{value:.{digits}g}" for digits in range(1, 10))
    text = next((t for t in short if struct.unpack("f", struct.pack("f", float(t)))[0] == value), repr(value))
    return repr(float(text))


def texts_of_floats(numbers: pl.Series, *, whole_bare: bool) -> pl.Series:
    """Write floats as text, NaN as null; with `whole_bare`, 17850.0 is `17850`."""
    write = single_text if numbers.dtype == pl.Float32 else float_text

    def text(value: float) -> str:
        is_whole = abs(value) < WHOLE_FLOATS and value == int(value)
        return str(int(value)) if whole_bare and is_whole else write(value)

    known = numbers.cast(pl.Float64).fill_nan(None)
    return by_distinct(known, text, pl.String())
