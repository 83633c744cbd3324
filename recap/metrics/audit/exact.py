"""Exact numbers and their texts, as the published values have them."""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from typing import Any

Exact = int | Decimal | float
"""A number as it was recomputed. Only a single event's own floating-point amount is a float."""

EXACT = Context(prec=150, traps=[InvalidOperation, DivisionByZero, Overflow, Inexact])
"""Wide enough that no sum or product of decimals with 38 digits is rounded; an error if one ever was."""

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - local wall clock, which has no zone here
EPOCH_ORDINAL = EPOCH.date().toordinal()
NANO = 10**9


def quotient(of: Exact, by: Exact) -> Decimal:
    """Give `of / by` with nine digits after the point, the rest cut off toward zero."""
    above, below = nanos(of) * NANO, nanos(by)
    whole = abs(above) // abs(below)
    return from_nanos(whole if (above < 0) == (below < 0) else -whole)


def nanos(number: Exact) -> int:
    """Give a number as a whole number of billionths; beyond nine digits halves are rounded away from zero.

    A float is multiplied as a float first: that is how a DOUBLE becomes a DECIMAL(38, 9), and what makes
    sums of floating point the same in every order.
    """
    if isinstance(number, int):
        return number * NANO
    if isinstance(number, float):
        return int(Decimal(number * 1e9).to_integral_value(ROUND_HALF_UP, EXACT))
    return int(EXACT.scaleb(number, 9).to_integral_value(ROUND_HALF_UP, EXACT))


def from_nanos(number: int) -> Decimal:
    """Give so many billionths as a decimal."""
    return EXACT.scaleb(Decimal(number), -9)


def plain(number: Exact) -> int | Decimal:
    """Give the decimal a number is written as; a float as the shortest that reads back the same."""
    return Decimal(repr(number)) if isinstance(number, float) else number


def date_of(day: int) -> date:
    """Give the date that is so many days after 1970-01-01."""
    return date.fromordinal(day + EPOCH_ORDINAL)


def day_of(when: date) -> int:
    """Count the days from 1970-01-01 to a date."""
    return when.toordinal() - EPOCH_ORDINAL


def date_text(day: int) -> str:
    """Write a day, given in days after 1970-01-01, as 2026-03-14."""
    return date_of(day).isoformat()


def time_text(microseconds: int) -> str:
    """Write a local time, given in microseconds after 1970-01-01, as 2026-03-14 15:09:26.5."""
    text = (EPOCH + timedelta(microseconds=microseconds)).isoformat(sep=" ")
    return text.rstrip("0") if "." in text else text


def text_of(value: Any) -> str | None:
    """Write a field's value as it is grouped by and told."""
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case float():
            return repr(value)
        case datetime():
            return time_text((value - EPOCH) // timedelta(microseconds=1))
        case _:
            return str(value)
