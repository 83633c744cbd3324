"""The days of a period as a calendar: weeks with their months' names, and what each month came to."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby

from recap.metrics.facts import Day, Entry, Month, Quantity
from recap.wording.card import Cell, Week
from recap.wording.dates import short_month
from recap.wording.lexicon import Lexicon
from recap.wording.locales import first_weekday
from recap.wording.numerals import exact

_WEEK = 7
_ROOM = 3
"""Weeks a month's name takes, so that it does not run into the next."""

Days = list[tuple[date, Entry]]


def add_up_months(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Make one entry a month of entries that are days, in order; other entries stay as they are."""
    days = _days(entries)
    if not days:
        return tuple(entries)
    sums = {
        month: sum((exact(entry.amount.value) for _, entry in group), Decimal(0))
        for month, group in groupby(days, lambda day: day[0].replace(day=1))
    }
    most = max(sums.values())
    return tuple(
        Entry(
            name=Month(month),
            amount=Quantity(amount),
            share=float(amount / most) if amount > 0 else 0.0,
            leads=amount == most and most > 0,
        )
        for month, amount in sums.items()
    )


def lay_out_weeks(entries: Sequence[Entry], lexicon: Lexicon, *, years: bool) -> tuple[Week, ...]:
    """Put days, all of the period in order, into weeks; nothing where entries are no days.

    With `years`, the first name and those of Januaries carry their year.
    """
    days = _days(entries)
    begins = first_weekday(lexicon.language)
    weeks: list[Days] = []
    for day, entry in days:
        if not weeks or _place(day, begins) == 1:
            weeks.append([])
        weeks[-1].append((day, entry))
    names = _name_weeks(weeks, lexicon, years=years)
    return tuple(
        Week(
            name,
            _place(week[0][0], begins),
            tuple(Cell(entry.share, entry.leads) for _, entry in week),
        )
        for name, week in zip(names, weeks, strict=True)
    )


def _name_weeks(weeks: Sequence[Days], lexicon: Lexicon, *, years: bool) -> list[str]:
    starts = [next((day for day, _ in week if day.day == 1), None) for week in weeks]
    # A period that begins late in a month names it only where its name has room before the next one's.
    if weeks and not any(starts[:_ROOM]):
        starts[0] = weeks[0][0][0]
    named = [start for start in starts if start is not None]
    return [
        ""
        if start is None
        else short_month(start, lexicon.language, year=years and (start.month == 1 or start == named[0]))
        for start in starts
    ]


def _days(entries: Sequence[Entry]) -> Days:
    days = [(entry.name.value, entry) for entry in entries if isinstance(entry.name, Day)]
    return days if len(days) == len(entries) else []


def _place(day: date, week_begins: int) -> int:
    return (day.isoweekday() - week_begins) % _WEEK + 1
