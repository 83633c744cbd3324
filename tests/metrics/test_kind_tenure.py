"""Tenure: days and years since the first event ever, and the anniversary."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_events import YEAR, compute, event, find_alone, make_campaign

from recap.campaign import Period
from recap.metrics.facts import Day, Facts, Quantity
from recap.metrics.registry import kind_of
from recap.metrics.value import Value

TENURE: dict[str, Any] = {"id": "tenure", "kind": "tenure"}


def facts(value: Value) -> Facts:
    """Say what a value means."""
    model = make_campaign([TENURE]).metrics[0]
    return kind_of(model).facts(model, value, Period.model_validate(YEAR))


def tenure(first: str, period: dict[str, Any] = YEAR) -> Value:
    """Compute the tenure of a customer with this first event, and one on the period's last day."""
    last = str(Period.model_validate(period).end)
    return compute([TENURE], [event("c", first), event("c", f"{last}T23:59:59.9")], period)["c"]["tenure"]


@pytest.mark.parametrize(
    ("first", "period", "exact", "years", "anniversary"),
    [
        ("2025-01-01T00:00:00", YEAR, 729, 1, "2026-01-01"),
        ("2024-12-31T23:59:59", YEAR, 730, 2, "2026-12-31"),
        ("2026-01-01T00:00:00", YEAR, 364, 0, None),
        ("2026-12-31T23:59:59", YEAR, 0, 0, None),
        # A leap day turns a year on February 28 where there is no other, and not a day before.
        ("2024-02-29T12:00:00", YEAR, 1036, 2, "2026-02-28"),
        ("2024-02-29T12:00:00", {"year": 2028}, 1767, 4, "2028-02-29"),
        ("2024-02-29T12:00:00", {"year": 2028, "month": 1}, 1432, 3, None),
        ("2024-02-29T12:00:00", {"first_day": "2025-02-01", "last_day": "2025-02-27"}, 364, 0, None),
        ("2024-02-29T12:00:00", {"first_day": "2025-02-28", "last_day": "2025-02-28"}, 365, 1, "2025-02-28"),
        ("2024-02-29T12:00:00", {"first_day": "2028-02-01", "last_day": "2028-02-28"}, 1460, 3, None),
        # Not in the period; and of several the last.
        ("2024-05-05T08:00:00", {"year": 2026, "month": 6}, 786, 2, None),
        ("2024-05-05T08:00:00", {"first_day": "2025-01-01", "last_day": "2027-05-04"}, 1094, 2, "2026-05-05"),
        ("2025-05-05T08:00:00", {"first_day": "2025-01-01", "last_day": "2026-05-05"}, 365, 1, "2026-05-05"),
    ],
)
def test_days_years_and_anniversaries(
    first: str, period: dict[str, Any], exact: int, years: int, anniversary: str | None
) -> None:
    """Years are complete on their day, at both edges of the period."""
    value = tenure(first, period)
    assert value.detail == {
        "exact": exact,
        "time": first.replace("T", " "),
        "years": years,
        "anniversary": anniversary,
        "new": first >= str(Period.model_validate(period).start),
    }
    assert (value.number, value.text, value.rows) == (exact, None, 1)


def test_only_customers_of_the_period_have_a_tenure() -> None:
    """Who was last there before the period is not compared with; the longer there, the better."""
    events = [event("gone", "2020-01-01"), event("old", "2024-01-01"), event("old", "2026-05-05")]
    events += [event("new", "2026-05-05"), event("new", "2026-05-06")]
    values = compute([TENURE], events)
    assert "gone" not in values
    assert [(values[c]["tenure"].rank, values[c]["tenure"].cohort) for c in ("old", "new")] == [
        (1, 2),
        (2, 2),
    ]
    assert not find_alone([TENURE], events)


def test_the_condition_decides_what_came_first() -> None:
    """Only events that meet it begin a tenure, and one in the period must."""
    events = [
        event("c", "2024-01-01"),
        event("c", "2025-01-01", amount="1"),
        event("c", "2026-01-01", amount="2"),
    ]
    events += [event("d", "2025-01-01", amount="1"), event("d", "2026-01-01")]
    values = compute([{**TENURE, "where": "amount > 0"}], events)
    assert values["c"]["tenure"].detail["time"] == "2025-01-01 00:00:00"
    assert values["d"] == {}


def test_facts() -> None:
    """The first day is the story; the cases say new, an anniversary and complete years."""
    told = facts(tenure("2024-02-29T23:30:00.5"))
    assert told.slots == {
        "n": Quantity(1036, "day"),
        "years": Quantity(2, "year"),
        "first": Day(date(2024, 2, 29)),
        "day": Day(date(2026, 2, 28)),
    }
    assert (told.main, told.cases) == ("first", ("anniversary", "years"))
    new = facts(tenure("2026-02-28"))
    assert (new.cases, "day" in new.slots) == (("new",), False)


def turns(first: date, year: int) -> date:
    """Give the day on which a year is complete."""
    return date(year, 2, 28) if (first.month, first.day) == (2, 29) and year % 4 else first.replace(year=year)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sampled_from([date(2024, 2, 29)]) | st.dates(date(2021, 1, 1), date(2025, 12, 31)), min_size=1
    ),
    st.dates(date(2024, 2, 27), date(2026, 1, 1)),
    st.integers(0, 800),
)
def test_tenure_equals_a_plain_recomputation(days: list[date], start: date, length: int) -> None:
    """For any first day and period, years and anniversary are those of a calendar."""
    end = start + timedelta(days=length)
    period = {"first_day": str(start), "last_day": str(end)}
    own = sorted(day for day in [*days, end] if day <= end)
    value = compute([TENURE], [event("c", str(day)) for day in own], period)["c"]["tenure"]
    first = own[0]
    complete = [
        turns(first, year) for year in range(first.year + 1, end.year + 1) if turns(first, year) <= end
    ]
    inside = [str(day) for day in complete if day >= start]
    assert value.detail["exact"] == (end - first).days
    assert (value.detail["years"], value.detail["anniversary"]) == (
        len(complete),
        inside[-1] if inside else None,
    )
    assert value.detail["new"] == (first >= start)
