"""Periods: whole local days, both ends included."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recap.campaign import Period


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
