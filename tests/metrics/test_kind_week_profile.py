"""The weekend's share, and the seven days of the week."""

from decimal import ROUND_DOWN, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_events import compute, event, make_campaign

from recap.campaign import Period
from recap.errors import CampaignError
from recap.metrics.facts import Facts, Quantity, Ratio
from recap.metrics.registry import kind_of
from recap.metrics.value import Value

METRIC: dict[str, Any] = {"id": "week", "kind": "weekday_profile"}
WEEK = ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-07", "2026-03-08"]
"""Monday to Sunday."""


def told(*days: str, **keys: Any) -> Value:
    """Compute the kind for a customer with an event on each of these days."""
    return compute([{**METRIC, **keys}], [event("c", day) for day in days])["c"]["week"]


def facts_of(value: Value) -> Facts:
    """Give the facts of a value."""
    metric = make_campaign([METRIC]).metrics[0]
    return kind_of(metric).facts(metric, value, Period(year=2026))


def test_two_of_seven_days_are_the_weekend() -> None:
    """An event a day makes two sevenths, cut off after nine digits, and seven days in order."""
    value = told(*WEEK)
    assert value.detail["exact"] == (Decimal(2) / 7).quantize(Decimal("1e-9"), rounding=ROUND_DOWN)
    assert (value.detail["weekend"], value.detail["total"], value.rows) == (2, 7, 7)
    assert value.detail["series"] == [{"key": day, "value": 1} for day in range(1, 8)]


def test_a_weekend_may_be_other_days() -> None:
    """Where Friday and Saturday are the weekend, Sunday is not."""
    assert told(*WEEK[4:], weekend=[6, 5]).detail["weekend"] == 2
    assert told(WEEK[6], weekend=[5, 6]).number == 0.0
    assert told(WEEK[2], weekend=[3]).number == 1.0


def test_days_without_events_are_not_in_the_series() -> None:
    """A day of the week that never had one is left out, and is zero on the chart."""
    value = told("2026-03-02", "2026-03-09", "2026-03-08")
    assert value.detail["series"] == [{"key": 1, "value": 2}, {"key": 7, "value": 1}]
    facts = facts_of(value)
    assert [entry.amount.value for entry in facts.entries] == [2, 0, 0, 0, 0, 0, 1]
    assert [entry.leads for entry in facts.entries] == [True] * 5 + [False] * 2


def test_the_side_with_more_is_told_and_the_weekend_where_equal() -> None:
    """Three events: two on weekdays are told; one and one are told of the weekend."""
    weekdays = facts_of(told(WEEK[0], WEEK[1], WEEK[5]))
    assert weekdays.cases == ("weekdays",)
    assert weekdays.slots == {"share": Ratio(2 / 3), "n": Quantity(2), "total": Quantity(3)}
    equal = facts_of(told(WEEK[0], WEEK[5]))
    assert (equal.cases, equal.slots["share"], equal.slots["n"]) == (("weekend",), Ratio(0.5), Quantity(1))


def test_without_anything_above_zero_there_is_no_share() -> None:
    """Amounts that add up to nothing or less have no value; nulls are no events here."""
    events = [
        event("zero", WEEK[0], amount="2.00"),
        event("zero", WEEK[5], amount="-2.00"),
        event("null", WEEK[5]),
        event("some", WEEK[5], amount="-1.00"),
        event("some", WEEK[0], amount="5.00"),
        event("some", WEEK[6]),
    ]
    values = compute([{**METRIC, "of": "amount"}], events)
    assert [customer for customer, got in values.items() if got] == ["some"]
    some = values["some"]["week"]
    assert (some.detail["exact"], some.rows) == (Decimal("-0.25"), 2)
    assert facts_of(some).slots["share"] == Ratio(1.0)


@pytest.mark.parametrize("weekend", [[], [0], [8], [6, 6], [1, 2, 3, 4, 5, 6, 7]])
def test_a_weekend_that_is_none_is_refused(weekend: list[int]) -> None:
    """No day, every day, a day twice or one that does not exist is refused when the campaign is read."""
    with pytest.raises(CampaignError):
        make_campaign([{**METRIC, "weekend": weekend}])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=20))
def test_shares_agree_with_counting(days: list[int]) -> None:
    """The share is the weekend's count over all, cut off, whatever the days."""
    exact = told(*(WEEK[day] for day in days)).detail["exact"]
    share = Decimal(sum(day >= 5 for day in days)) / len(days)
    assert exact == share.quantize(Decimal("1e-9"), rounding=ROUND_DOWN)
