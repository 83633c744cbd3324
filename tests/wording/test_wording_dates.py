"""Days, hours and periods."""

from datetime import date, datetime
from typing import Any

import pytest
from babel import Locale

from recap.campaign import Period
from recap.wording.dates import (
    short_hour,
    short_month,
    short_weekday,
    write_city,
    write_day,
    write_hour,
    write_month,
    write_period,
    write_stretch,
    write_time,
    write_weekday,
)

EN, GB, DE, FR = (Locale.parse(name) for name in ("en", "en_GB", "de", "fr"))


@pytest.mark.parametrize(
    ("period", "shape", "label", "span"),
    [
        ({"year": 2026}, "year", "2026", "Jan 1 – Dec 31, 2026"),
        ({"first_day": "2026-01-01", "last_day": "2026-12-31"}, "year", "2026", "Jan 1 – Dec 31, 2026"),
        ({"year": 2024, "month": 2}, "month", "February 2024", "Feb 1 – 29, 2024"),
        ({"year": 2026, "quarter": 1}, "months", "Jan – Mar 2026", "Jan 1 – Mar 31, 2026"),
        (
            {"first_day": "2025-11-01", "last_day": "2026-01-31"},
            "months",
            "Nov 2025 – Jan 2026",
            "Nov 1, 2025 – Jan 31, 2026",
        ),
        (
            {"first_day": "2026-02-15", "last_day": "2026-03-03"},
            "days",
            "Feb 15 – Mar 3, 2026",
            "Feb 15 – Mar 3, 2026",
        ),
        ({"first_day": "2026-02-15", "last_day": "2026-02-15"}, "day", "Feb 15, 2026", "Feb 15, 2026"),
    ],
)
def test_periods_have_a_short_name_and_exact_ends(
    period: dict[str, Any], shape: str, label: str, span: str
) -> None:
    """A period is named by the largest unit it fills, and its small print always names the days."""
    text = write_period(Period.model_validate(period), EN)
    assert (text.shape, text.label, text.span.replace("\u00a0", " ")) == (shape, label, span)


def test_a_year_is_named_only_where_it_could_be_another() -> None:
    """Inside one year, days go without it."""
    assert write_day(date(2026, 3, 14), EN, year=False) == "March 14"
    assert write_day(date(2026, 3, 14), EN, year=True) == "March 14, 2026"
    assert write_day(date(2026, 3, 14), DE, year=True) == "14. März 2026"
    assert write_month(date(2026, 3, 1), DE, year=True) == "März 2026"
    period = Period.model_validate({"first_day": "2025-11-01", "last_day": "2026-01-31"})
    assert write_period(period, EN).years


@pytest.mark.parametrize(
    ("locale", "hours"),
    [
        (EN, ["12\u00a0AM", "11\u00a0AM", "12\u00a0PM", "8\u00a0PM"]),
        (GB, ["00:00", "11:00", "12:00", "20:00"]),
        (DE, ["0 Uhr", "11 Uhr", "12 Uhr", "20 Uhr"]),
        (FR, ["0 h", "11 h", "12 h", "20 h"]),
    ],
)
def test_hours_are_read_off_the_locale_s_own_clock(locale: Locale, hours: list[str]) -> None:
    """Twelve hours in America, twenty-four elsewhere, and never a bare figure."""
    written = [write_hour(hour, locale).replace("\u00a0", " ") for hour in (0, 11, 12, 20)]
    assert written == [hour.replace("\u00a0", " ") for hour in hours]


def test_times_are_cut_to_the_minute() -> None:
    """A minute is told once it is full."""
    at = datetime(2026, 3, 14, 20, 31, 59)
    assert write_time(at, EN).replace("\u00a0", " ") == "8:31 PM"
    assert write_time(at, DE) == "20:31"


@pytest.mark.parametrize("name", ["en", "de", "fr", "es", "pt_BR", "ar"])
def test_axis_names_are_of_the_language(name: str) -> None:
    """The short names are twelve and seven different ones, without full stops, and not Chinese."""
    locale = Locale.parse(name)
    months = [short_month(date(2026, month, 1), locale) for month in range(1, 13)]
    weekdays = [short_weekday(day, locale) for day in range(1, 8)]
    assert (len(set(months)), len(set(weekdays))) == (12, 7)
    assert not any(text.endswith(".") or "月" in text for text in months + weekdays)


def test_axis_names_in_english_and_german() -> None:
    """Short and known to everyone."""
    assert [short_weekday(day, EN) for day in (1, 7)] == ["Mon", "Sun"]
    assert [short_month(date(2026, month, 1), DE) for month in (1, 3)] == ["Jan", "März"]
    assert [short_hour(hour, DE) for hour in (0, 23)] == ["0", "23"]
    assert write_weekday(7, DE) == "Sonntag"


def test_clocks_are_named_by_their_city_or_true_offset() -> None:
    """The sign in `Etc/GMT+5` is the reverse of what people read, so it is turned."""
    assert write_city("America/New_York", EN) == "New York"
    assert write_city("UTC", DE) == "UTC"
    assert write_city("Etc/GMT+5", EN) == "UTC-5"


@pytest.mark.parametrize(
    ("first", "last", "english", "german"),
    [
        (date(2025, 1, 1), date(2025, 12, 31), "2025", "2025"),
        (date(2025, 3, 1), date(2025, 3, 31), "March 2025", "März 2025"),
        (date(2025, 1, 1), date(2025, 3, 31), "Jan – Mar 2025", "Jan.–März 2025"),
        (date(2025, 1, 1), date(2025, 2, 12), "Jan 1 – Feb 12, 2025", "1. Jan. – 12. Feb. 2025"),
    ],
)
def test_stretches_of_days_are_as_short_as_they_can_be(
    first: date, last: date, english: str, german: str
) -> None:
    """As a period of these days is called."""
    assert (write_stretch(first, last, EN), write_stretch(first, last, DE)) == (english, german)
