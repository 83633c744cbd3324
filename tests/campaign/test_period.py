"""Periods: whole local days, both ends included."""

from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from recap.campaign import Period
from recap.campaign.period import Against, months_before


@pytest.mark.parametrize(
    ("keys", "start", "end", "days", "months"),
    [
        ({"year": 2024}, date(2024, 1, 1), date(2024, 12, 31), 366, 12),
        ({"year": 2026, "quarter": 4}, date(2026, 10, 1), date(2026, 12, 31), 92, 3),
        ({"year": 2024, "month": 2}, date(2024, 2, 1), date(2024, 2, 29), 29, 1),
        ({"first_day": "2026-08-15", "last_day": "2027-07-01"}, date(2026, 8, 15), date(2027, 7, 1), 321, 12),
    ],
)
def test_periods(keys: dict[str, object], start: date, end: date, days: int, months: int) -> None:
    """Years, quarters, months and runs of days begin and end where people expect."""
    period = Period.model_validate(keys)
    assert (period.start, period.end, period.days, len(period.months)) == (start, end, days, months)


@given(st.dates(date(1970, 1, 1), date(2190, 1, 1)), st.integers(0, 3000))
def test_months_cover_the_period(first: date, length: int) -> None:
    """Every day of a period lies in one of its months, and no month lies outside."""
    period = Period(first_day=first, last_day=first + timedelta(days=length))
    assert period.days == length + 1
    assert period.months[0] == first.replace(day=1)
    assert period.months[-1] == period.end.replace(day=1)
    assert list(period.months) == sorted(set(period.months))


@pytest.mark.parametrize(
    ("keys", "against", "first", "last"),
    [
        ({"year": 2025}, "previous", date(2024, 1, 1), date(2024, 12, 31)),
        ({"year": 2026, "month": 3}, "previous", date(2026, 2, 1), date(2026, 2, 28)),
        ({"year": 2026, "quarter": 1}, "previous", date(2025, 10, 1), date(2025, 12, 31)),
        ({"first_day": "2026-02-01", "last_day": "2026-03-31"}, "previous", "2025-12-01", "2026-01-31"),
        ({"first_day": "2026-01-02", "last_day": "2026-01-31"}, "previous", "2025-12-03", "2026-01-01"),
        ({"first_day": "2026-01-01", "last_day": "2026-03-30"}, "previous", "2025-10-04", "2025-12-31"),
        ({"first_day": "2024-02-29", "last_day": "2024-02-29"}, "previous", "2024-02-28", "2024-02-28"),
        ({"year": 2025, "month": 2}, "last_year", date(2024, 2, 1), date(2024, 2, 29)),
        ({"year": 2024, "month": 2}, "last_year", date(2023, 2, 1), date(2023, 2, 28)),
        ({"first_day": "2024-02-29", "last_day": "2024-03-30"}, "last_year", "2023-02-28", "2023-03-30"),
        ({"first_day": "2023-09-15", "last_day": "2024-02-28"}, "last_year", "2022-09-15", "2023-02-28"),
        ({"first_day": "2024-09-15", "last_day": "2025-02-28"}, "last_year", "2023-09-15", "2024-02-29"),
        ({"first_day": "1970-01-01", "last_day": "1972-12-31"}, "previous", "1967-01-01", "1969-12-31"),
    ],
)
def test_what_a_period_is_compared_with(
    keys: dict[str, object], against: Against, first: date | str, last: date | str
) -> None:
    """Whole months have months before them, other periods days; a year before, months end where they end."""
    assert tuple(map(str, Period.model_validate(keys).earlier(against))) == (str(first), str(last))


@given(st.dates(date(1970, 1, 1), date(2190, 1, 1)), st.integers(0, 900), st.sampled_from(get_args(Against)))
def test_days_match_days_of_the_earlier_period(first: date, length: int, against: Against) -> None:
    """Matching days keep their order and lie in the earlier period, the first on its first day."""
    period = Period(first_day=first, last_day=first + timedelta(days=length))
    earlier = period.earlier(against)
    days = [period.matching(first + timedelta(days=offset), against) for offset in range(length + 1)]
    assert days == sorted(days)
    assert earlier[0] == days[0] <= days[-1] <= earlier[1]


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(0, 3000))
def test_months_before_keep_the_day_of_the_month(day: date, months: int) -> None:
    """The day of the month stays, unless the month is too short: then it is its last."""
    earlier = months_before(day, months)
    assert (day.year - earlier.year) * 12 + day.month - earlier.month == months
    assert earlier.day == day.day or (earlier.day < day.day and (earlier + timedelta(days=1)).day == 1)


@given(st.dates(date(2000, 1, 1), date(2190, 1, 1)), st.integers(1, 4000))
def test_rolling_days_end_with_the_last(last: date, days: int) -> None:
    """So many days up to one are the period that its first and its last day make."""
    rolling = Period.model_validate({"last_day": last, "days": days})
    assert (rolling.days, rolling.end) == (days, last)
    first = last - timedelta(days=days - 1)
    assert (rolling.start, rolling.stop) == (first, Period(first_day=first, last_day=last).stop)
    assert rolling.model_dump(mode="json", exclude_unset=True) == {"last_day": last.isoformat(), "days": days}


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"days": 90}, "give either `year`"),
        ({"last_day": "2026-11-21"}, "give either `year`"),
        ({"first_day": "2026-11-21"}, "give either `year`"),
        ({"first_day": "2026-11-21", "days": 90}, "give either `year`"),
        ({"year": 2026, "days": 90}, "give either `year`"),
        ({"year": 2026, "last_day": "2026-11-21"}, "give either `year`"),
        ({"year": 2026, "last_day": "2026-11-21", "days": 90}, "give either `year`"),
        ({"first_day": "2026-08-24", "last_day": "2026-11-21", "days": 90}, "give either `year`"),
        ({"last_day": "2026-11-21", "days": 90, "month": 3}, "`month` and `quarter` go with `year`"),
        ({"last_day": "2026-11-21", "days": 0}, "greater than or equal to 1"),
        ({"last_day": "1970-02-01", "days": 33}, "so many days reach back to 1969-12-31"),
        ({"first_day": "2026-11-22", "last_day": "2026-11-21"}, "is before first_day"),
        ({"last_day": "2026-11-21", "rolling_days": 90}, "Extra inputs"),
    ],
)
def test_a_period_is_told_in_one_way(keys: dict[str, object], message: str) -> None:
    """Ways to tell a period are not mixed, and none is told by half."""
    with pytest.raises(ValidationError, match=message):
        Period.model_validate(keys)
