"""Numbers, rounded so that no card claims more than is true, and written as the language writes them."""

from decimal import (
    MAX_EMAX,
    MIN_EMIN,
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    localcontext,
)
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.numbers import (
    NumberPattern,
    format_compact_decimal,
    get_currency_precision,
    parse_pattern,
)

from recap.errors import RecapError

Number = int | float | Decimal

# Wide enough for any double and any DECIMAL(38) to be divided and cut without loss.
_WIDE = Context(prec=420, rounding=ROUND_DOWN, Emax=MAX_EMAX, Emin=MIN_EMIN)
# A double that misses a step by one part in 10^12 missed it in the adding up: 2.9999999999999996 is 3.
_SLACK = Decimal("1e-12")
_LEAST_PART = Decimal("1e-3")
_PERCENT = Decimal("0.01")


def exact(value: Number) -> Decimal:
    """Give a number as the decimal it is written as. RecapError where it is not finite."""
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        message = f"a value is {value}, which no card can say; look at the metric's field and expression"
        raise RecapError(message)
    return number


def round_down(
    value: Number, *, divide_by: Decimal = Decimal(1), decimals: int = 0, rounding: str = ROUND_DOWN
) -> Decimal:
    """Divide, and cut toward zero to `decimals` digits, or as `rounding` says.

    RecapError where the value is not finite.
    """
    quotient = _WIDE.divide(exact(value), divide_by)
    step = Decimal(1).scaleb(-decimals)
    cut = quotient.quantize(step, rounding=rounding, context=_WIDE)
    if isinstance(value, float):
        with localcontext(_WIDE):
            nearest = quotient.quantize(step, rounding=ROUND_HALF_EVEN)
            slack = min(abs(quotient) * _SLACK, step * _LEAST_PART)
            cut = nearest if abs(nearest - quotient) <= slack else cut
    return cut.copy_abs() if cut.is_zero() else cut


def floor_percent(share: float) -> int:
    """Give whole percent, rounded down: 100 only for the whole."""
    return int(round_down(share, divide_by=_PERCENT))


def ceil_percent(share: float) -> int:
    """Give whole percent, rounded up: for *top x %*, where less would claim more."""
    percent = round_down(share, divide_by=_PERCENT, decimals=9)
    return int(percent.to_integral_value(rounding=ROUND_CEILING))


def narrow_spaces(text: str) -> str:
    """Turn CLDR's thin spaces, which display fonts lack, into their common sisters."""
    return text.replace("\u202f", "\u00a0").replace("\u2009", " ")


@lru_cache(maxsize=256)
def _decimal_pattern(locale: Locale, decimals: int) -> NumberPattern:
    whole = locale.decimal_formats[None].pattern.split(";")[0].split(".")[0]
    return parse_pattern(f"{whole}.{'0' * decimals}" if decimals else whole)


def _apply(pattern: NumberPattern, value: Decimal, locale: Locale, currency: str | None = None) -> str:
    # Babel quantizes in the caller's context, whose 28 digits a DECIMAL(38) outgrows.
    with localcontext(_WIDE):
        text = pattern.apply(value, locale, currency=currency, decimal_quantization=False)
    return narrow_spaces(text)


@lru_cache(maxsize=65536)
def write_number(value: Decimal, decimals: int, locale: Locale) -> str:
    """Write a number with exactly `decimals` digits after the point."""
    return _apply(_decimal_pattern(locale, decimals), value, locale)


@lru_cache(maxsize=4096)
def write_compact(value: Decimal, locale: Locale) -> tuple[Decimal, str]:
    """Cut a number to its first three figures, and write these in words of the language: *12.3 million*."""
    cut = round_down(value.scaleb(2 - value.adjusted())).scaleb(value.adjusted() - 2)
    form: Literal["long", "short"] = "long" if "long" in locale.compact_decimal_formats else "short"
    text = format_compact_decimal(cut, format_type=form, locale=locale, fraction_digits=2)
    return cut, narrow_spaces(text)


@lru_cache(maxsize=65536)
def write_money(value: Decimal, currency: str, locale: Locale) -> str:
    """Write an amount with its currency's sign and digits."""
    return _apply(_money_pattern(currency, locale), value, locale, currency)


@lru_cache(maxsize=256)
def _money_pattern(currency: str, locale: Locale) -> NumberPattern:
    digits = currency_digits(currency)
    pattern = locale.currency_formats["standard"].pattern
    return parse_pattern(pattern.replace("0.00", f"0.{'0' * digits}" if digits else "0"))


def currency_digits(currency: str) -> int:
    """Tell how many digits after the point a currency has."""
    return get_currency_precision(currency)


@lru_cache(maxsize=1024)
def write_percent(percent: int, locale: Locale) -> str:
    """Write whole percent, with the language's sign and blank."""
    return _apply(locale.percent_formats[None], Decimal(percent).scaleb(-2), locale)
