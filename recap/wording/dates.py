"""Days, hours and periods as a language writes them, by CLDR's skeletons."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.dates import DateTimePattern, format_interval, get_timezone_location, match_skeleton, parse_pattern

from recap.campaign.period import Period
from recap.wording.numerals import narrow_spaces

Shape = Literal["year", "month", "months", "days", "day"]


@dataclass(frozen=True, slots=True)
class PeriodText:
    """A period in words."""

    shape: Shape
    """Which of the language's ways of saying *in ...* fits."""
    label: str
    """`2026`, `March 2026`, `Jan - Mar 2026`."""
    first: str
    last: str
    """The ends, as a sentence names them; the same text twice where there is but one."""
    span: str
    """From the first day to the last, short, always with days: `Jan 1 - Dec 31, 2026`."""
    years: bool
    """Whether a day or month inside needs its year to be told from another."""


@lru_cache(maxsize=512)
def _pattern(locale: Locale, skeleton: str) -> DateTimePattern:
    skeletons = locale.datetime_skeletons
    matched = match_skeleton(skeleton, skeletons)
    return skeletons[matched] if matched else parse_pattern(skeleton)


def _write(locale: Locale, skeleton: str, moment: date | time) -> str:
    return narrow_spaces(_pattern(locale, skeleton).apply(moment, locale))


def write_day(day: date, locale: Locale, *, year: bool) -> str:
    """Write a day: `March 14`, or `March 14, 2026`."""
    # The skeleton with a year is answered with a short month; the locale's own long date is not.
    text = locale.date_formats["long"].apply(day, locale) if year else _write(locale, "MMMMd", day)
    return _first_of_month(narrow_spaces(text), locale)


_ORDINAL_FIRST = {"fr": "1er", "pt": "1º"}
"""How the first day of a month is written where CLDR's patterns have a plain figure."""


def _first_of_month(text: str, locale: Locale) -> str:
    """Write the first of a month as the language does, wherever a text names it."""
    ordinal = _ORDINAL_FIRST.get(locale.language)
    return re.sub(r"(?<!\S)1(?=[ \u00a0]\D)", ordinal, text) if ordinal else text


def write_month(month: date, locale: Locale, *, year: bool) -> str:
    """Write a month: `March`, or `March 2026`."""
    return _write(locale, "yMMMM", month) if year else str(locale.months["format"]["wide"][month.month])


def write_weekday(weekday: int, locale: Locale) -> str:
    """Write an ISO weekday: `Monday`."""
    return str(locale.days["format"]["wide"][weekday - 1])


def write_time(moment: datetime, locale: Locale) -> str:
    """Write the time of day on the locale's 12- or 24-hour clock: `8:31 PM`, `20:31`."""
    return _write(locale, "hm" if _twelve_hours(locale) else "Hm", moment.time())


def write_hour(hour: int, locale: Locale) -> str:
    """Write the hour that begins at `hour`: `8 PM`, `20 Uhr`, `20:00`."""
    if _twelve_hours(locale):
        return _write(locale, "h", time(hour))
    pattern = _pattern(locale, "H").pattern.replace("HH", "H")
    if pattern == "H":  # a bare figure says nothing of being an hour
        return _write(locale, "Hm", time(hour))
    return narrow_spaces(_plain(pattern).apply(time(hour), locale))


@lru_cache(maxsize=64)
def _plain(pattern: str) -> DateTimePattern:
    return parse_pattern(pattern)


@lru_cache(maxsize=64)
def _twelve_hours(locale: Locale) -> bool:
    return any(letter in locale.time_formats["short"].pattern for letter in "hK")


def short_month(month: date, locale: Locale, *, year: bool = False) -> str:
    """Write a month for an axis: `Jan`, or `Jan 2026`."""
    if year:
        return _write(locale, "yMMM", month)
    # Not CLDR's stand-alone names: Babel resolves their aliases to Chinese ones in several languages.
    return str(locale.months["format"]["abbreviated"][month.month]).rstrip(".")


def short_weekday(weekday: int, locale: Locale) -> str:
    """Write a weekday for an axis: `Mon`."""
    return str(locale.days["format"]["abbreviated"][weekday - 1]).rstrip(".")


def short_hour(hour: int, locale: Locale) -> str:
    """Write an hour for an axis: `8 PM`, `20`."""
    return write_hour(hour, locale) if _twelve_hours(locale) else str(hour)


def short_day(day: date, locale: Locale) -> str:
    """Write a day for an axis: `Mar 14`."""
    return _write(locale, "MMMd", day)


def write_stretch(first: date, last: date, locale: Locale) -> str:
    """Write from one day to another, as short as it gets: `2025`, `March 2025`, `Jan 1 - Feb 12, 2025`."""
    return _write_days(first, last, locale).label


@lru_cache(maxsize=64)
def write_period(period: Period, locale: Locale) -> PeriodText:
    """Put a period into words."""
    return _write_days(period.start, period.end, locale)


def _write_days(start: date, end: date, locale: Locale) -> PeriodText:
    shape = _shape(start, end)
    years = start.year != end.year
    span = _interval(start, end, "yMMMd", locale)
    if shape == "year":
        label = first = last = _write(locale, "y", start)
    elif shape == "month":
        label = first = last = write_month(start, locale, year=True)
    elif shape == "months":
        label = _interval(start, end, "yMMM", locale)
        first, last = write_month(start, locale, year=years), write_month(end, locale, year=True)
    else:
        label = span
        first, last = write_day(start, locale, year=years), write_day(end, locale, year=True)
        first = last if shape == "day" else first
    return PeriodText(shape, label, first, last, _unbroken(span), years)


def _unbroken(span: str) -> str:
    """Keep each date in one line; between the two a line may end, after the dash."""
    return re.sub(r"\s+", "\u00a0", span).replace("\u2013\u00a0", "\u2013 ")


def _interval(start: date, end: date, skeleton: str, locale: Locale) -> str:
    return _first_of_month(narrow_spaces(format_interval(start, end, skeleton, locale=locale)), locale)


def _shape(start: date, end: date) -> Shape:
    if start == end:
        return "day"
    if start.day != 1 or (end + timedelta(days=1)).day != 1:
        return "days"
    if (start.year, start.month) == (end.year, end.month):
        return "month"
    return "year" if start.year == end.year and (start.month, end.month) == (1, 12) else "months"


@lru_cache(maxsize=1024)
def write_city(zone: str, locale: Locale) -> str:
    """Name the city a time zone goes by: `Berlin`; an offset where it has none: `UTC+5`."""
    if offset := re.fullmatch(r"(?:Etc/)?GMT([+-])(\d{1,2})", zone):
        # The sign of these names is the reverse of what everyone reads in it.
        return f"UTC{'-' if offset[1] == '+' else '+'}{offset[2]}"
    return get_timezone_location(zone, locale=locale, return_city=True)
