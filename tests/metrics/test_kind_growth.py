"""Growth: like for like, over days that the data cover on both sides."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_events import Event, compute, event, find_alone, make_campaign

from recap.campaign import Period
from recap.campaign.period import Against
from recap.metrics.facts import Day, Days, Entry, Facts, Quantity, Ratio
from recap.metrics.kinds.growth import Stretches, like_for_like
from recap.metrics.registry import kind_of
from recap.metrics.value import Value

EVENTS: dict[str, Any] = {"id": "events", "kind": "growth"}
MONEY: dict[str, Any] = {"id": "money", "kind": "growth", "of": "amount", "against": "last_year"}
MARCH = {"year": 2026, "month": 3}

# Somebody else, whose events only say which days the data cover: all of 2025 and 2026.
COVER = [event("cover", "2025-01-01"), event("cover", "2026-12-31")]


def facts(metric: Mapping[str, Any], value: Value, period: Mapping[str, Any]) -> Facts:
    """Say what a value means."""
    model = make_campaign([metric], period).metrics[0]
    return kind_of(model).facts(model, value, Period.model_validate(period))


def days(customer: str, *when: str, amount: str | None = None) -> list[Event]:
    """Make an event on each day."""
    return [event(customer, day, amount=amount) for day in when]


@pytest.mark.parametrize(
    ("keys", "against", "data", "compared"),
    [
        # The whole period: a shorter month against all of the longer one, and the other way round.
        (MARCH, "previous", "2025-05-05 2026-03-31", "2026-03-01 2026-03-31 2026-02-01 2026-02-28 whole"),
        (
            {"year": 2026, "month": 2},
            "previous",
            "2026-01-01 2026-02-28",
            "2026-02-01 2026-02-28 2026-01-01 2026-01-31 whole",
        ),
        (
            {"year": 2025, "month": 2},
            "last_year",
            "2024-01-01 2025-02-28",
            "2025-02-01 2025-02-28 2024-02-01 2024-02-29 whole",
        ),
        (
            {"year": 2026},
            "previous",
            "2025-01-01 2026-12-31",
            "2026-01-01 2026-12-31 2025-01-01 2025-12-31 whole",
        ),
        # The data begin or end inside: both sides are cut alike.
        ({"year": 2026}, "previous", "2025-10-15 2026-12-31", "2026-10-15 2026-12-31 2025-10-15 2025-12-31"),
        ({"year": 2026}, "previous", "2024-01-01 2026-06-30", "2026-01-01 2026-06-30 2025-01-01 2025-06-30"),
        (MARCH, "previous", "2026-02-28 2026-03-30", "2026-03-28 2026-03-30 2026-02-28 2026-02-28"),
        (MARCH, "previous", "2026-01-01 2026-03-30", "2026-03-01 2026-03-30 2026-02-01 2026-02-28"),
        (
            {"year": 2024},
            "last_year",
            "2022-01-01 2024-02-29",
            "2024-01-01 2024-02-29 2023-01-01 2023-02-28",
        ),
        # Days, not months.
        (
            {"first_day": "2026-03-11", "last_day": "2026-03-20"},
            "previous",
            "2026-03-03 2026-03-19",
            "2026-03-13 2026-03-19 2026-03-03 2026-03-09",
        ),
        # Longer than a year: the earlier period runs into this one.
        (
            {"first_day": "2025-01-01", "last_day": "2026-06-30"},
            "last_year",
            "2024-01-01 2026-06-30",
            "2025-01-01 2026-06-30 2024-01-01 2025-06-30 whole",
        ),
        # Nothing in common.
        ({"year": 2026}, "previous", "2026-01-01 2026-12-31", None),
        (MARCH, "previous", "2026-03-01 2026-03-31", None),
        ({"year": 2026}, "last_year", "2025-12-31 2026-12-30", None),
    ],
)
def test_which_days_are_compared(
    keys: dict[str, Any], against: Against, data: str, compared: str | None
) -> None:
    """The whole period is compared with the whole earlier one; what the data lack on one side, on neither."""
    first, last = map(date.fromisoformat, data.split())
    got = like_for_like(Period.model_validate(keys), against, first, last)
    if compared is None:
        assert got is None
    else:
        words = compared.split()
        assert got == Stretches(*map(date.fromisoformat, words[:4]), whole=len(words) == 5)


@given(
    st.dates(date(2019, 1, 1), date(2025, 1, 1)),
    st.integers(0, 800),
    st.integers(-900, 900),
    st.integers(0, 900),
    st.sampled_from(get_args(Against)),
)
def test_compared_days_are_covered_on_both_sides(
    start: date, length: int, ago: int, ahead: int, against: Against
) -> None:
    """Every compared day lies in the data, as does the day it is compared with, and none is left out."""
    period = Period(first_day=start, last_day=start + timedelta(days=length))
    data_last = start + timedelta(days=min(ahead, length))
    data_first = min(start + timedelta(days=ago), data_last)
    covered = [
        day
        for day in (start + timedelta(days=offset) for offset in range(length + 1))
        if day <= data_last and period.matching(day, against) >= data_first
    ]
    got = like_for_like(period, against, data_first, data_last)
    assert (got is None) == (not covered)
    if got is not None:
        assert (got.first, got.last, got.whole) == (covered[0], covered[-1], len(covered) == length + 1)
        assert data_first <= got.before_first <= got.before_last


def test_growth_is_an_exact_share_of_what_was() -> None:
    """Three after two is a half more, two after three a third less, the rest cut off; one and one is none."""
    two, three = ("2025-12-31", "2025-01-01"), ("2026-01-01", "2026-05-05", "2026-12-31T23:59:59")
    events = [*COVER, *days("up", *two, *three)]
    events += days("down", "2025-01-01", "2025-01-01", "2025-02-02", "2026-06-01", "2026-06-02")
    values = compute([EVENTS], events)
    assert values["up"]["events"].detail == {
        "exact": Decimal("0.5"),
        "now": 3,
        "before": 2,
        "first_day": "2026-01-01",
        "last_day": "2026-12-31",
        "before_first_day": "2025-01-01",
        "before_last_day": "2025-12-31",
        "whole": True,
        "joined": None,
    }
    assert values["down"]["events"].detail["exact"] == Decimal("-0.333333333")
    assert [values[customer]["events"].rank for customer in ("up", "cover", "down")] == [1, 2, 3]
    assert values["up"]["events"].rows == 5
    assert not find_alone([EVENTS], events)


def test_what_lies_before_the_earlier_period_is_not_compared() -> None:
    """Of all history only the matching days count."""
    events = [*COVER, *days("c", "2024-12-31", "2025-06-01", "2026-06-01", "2026-06-02")]
    value = compute([EVENTS], events)["c"]["events"]
    assert (value.number, value.rows, value.detail["joined"]) == (1, 3, None)


def test_the_leap_day_is_compared_with_the_day_before_it() -> None:
    """A February of 29 days is compared with all 28 of the one before, and the other way round."""
    ends = [event("cover", "2023-01-01"), event("cover", "2024-02-29")]
    february: dict[str, Any] = {**EVENTS, "against": "last_year"}
    events = [*ends, *days("c", "2023-02-28", "2024-02-28", "2024-02-29")]
    assert compute([february], events, {"year": 2024, "month": 2})["c"]["events"].detail["exact"] == 1
    events = [event("cover", "2024-01-01"), event("cover", "2025-02-28")]
    events += days("c", "2024-02-28", "2024-02-29", "2025-02-28")
    value = compute([february], events, {"year": 2025, "month": 2})["c"]["events"]
    assert (value.detail["exact"], value.detail["before_last_day"]) == (Decimal("-0.5"), "2024-02-29")


def test_money_grows_to_the_cent() -> None:
    """Sums are exact; they may fall below zero now, but not before; nulls are no amounts."""
    events = [*COVER, *days("c", "2025-03-01", amount="0.30"), *days("c", "2026-03-01", amount="0.10")]
    events += days("c", "2025-04-01", "2026-04-01")
    events += [*days("debt", "2025-03-01", amount="4.00"), *days("debt", "2026-03-01", amount="-1.00")]
    events += [*days("from_debt", "2025-03-01", amount="-4.00"), *days("from_debt", "2026-03-01", amount="1")]
    events += [*days("from_zero", "2025-03-01", amount="0.00"), *days("from_zero", "2026-03-01", amount="1")]
    events += [*days("from_null", "2025-03-01"), *days("from_null", "2026-03-01", amount="1")]
    events += [*days("to_null", "2025-03-01", amount="1"), *days("to_null", "2026-03-01")]
    values = compute([MONEY], events)
    assert {customer for customer, got in values.items() if got} == {"c", "debt"}
    value = values["c"]["money"]
    assert (value.detail["exact"], value.detail["now"], value.detail["before"], value.rows) == (
        Decimal("-0.666666666"),
        Decimal("0.10"),
        Decimal("0.30"),
        2,
    )
    assert values["debt"]["money"].detail["exact"] == Decimal("-1.25")
    assert facts(MONEY, values["debt"]["money"], {"year": 2026}).slots["change"] == Ratio(0.0)


def test_without_something_on_both_sides_there_is_no_growth() -> None:
    """Newcomers, the lost, and everyone where the data know nothing before the period have no growth."""
    events = [*COVER, *days("new", "2026-01-01"), *days("lost", "2025-01-01")]
    assert set(compute([EVENTS], events)["new"]) == set()
    assert "lost" not in compute([EVENTS], events)
    assert compute([EVENTS], days("c", "2026-01-01", "2026-12-31")) == {"c": {}}


def test_a_customer_who_joined_midway_is_known_as_such() -> None:
    """The first day ever is told where it is after the earlier period began, whatever its amount."""
    events = [
        *COVER,
        *days("first_day", "2025-01-01", "2026-06-01"),
        *days("later", "2025-01-02", "2026-06-01"),
    ]
    values = compute([EVENTS], events)
    assert [values[customer]["events"].detail["joined"] for customer in ("first_day", "later")] == [
        None,
        "2025-01-02",
    ]
    events = [*COVER, *days("c", "2025-01-01"), *days("c", "2025-05-01", "2026-06-01", amount="1.00")]
    paid = {**MONEY, "id": "paid", "where": "amount > 0"}
    got = compute([MONEY, paid], events)["c"]
    assert (got["money"].detail["joined"], got["paid"].detail["joined"]) == (None, "2025-05-01")


def test_facts_of_a_part_and_of_one_who_joined() -> None:
    """What is compared is told by its days; the cases say that somebody joined, and that it is a part."""
    events = [event("cover", "2025-01-01"), event("cover", "2026-06-30")]
    events += days("c", "2025-02-01", "2025-07-01", "2026-02-01", "2026-03-01", "2026-04-01")
    value = compute([EVENTS], events)["c"]["events"]
    assert (value.rows, value.detail["whole"], value.detail["before_last_day"]) == (4, False, "2025-06-30")
    told = facts(EVENTS, value, {"year": 2026})
    assert told.slots == {
        "change": Ratio(2.0),
        "now": Quantity(3),
        "before": Quantity(1),
        "first": Day(date(2026, 1, 1)),
        "last": Day(date(2026, 6, 30)),
        "joined": Day(date(2025, 2, 1)),
    }
    assert (told.main, told.cases) == ("change", ("joined", "part"))
    assert told.entries == (
        Entry(Days(date(2025, 1, 1), date(2025, 6, 30)), Quantity(1), share=1 / 3),
        Entry(Days(date(2026, 1, 1), date(2026, 6, 30)), Quantity(3), share=1.0, leads=True),
    )


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["c", "d"]),
            st.dates(date(2026, 1, 1), date(2026, 3, 31)) | st.sampled_from([date(2026, 1, 31)]),
            st.none() | st.decimals(min_value=-2, max_value=9, places=2).map(str),
        ),
        min_size=1,
        max_size=40,
    ),
    st.sampled_from([None, "amount"]),
    st.sampled_from([MARCH, {"first_day": "2026-02-20", "last_day": "2026-03-31"}]),
)
def test_growth_equals_a_plain_recomputation(
    rows: list[tuple[str, date, str | None]], of: str | None, period: dict[str, Any]
) -> None:
    """Both sides are what a person with a calendar would add up."""
    metric = {**EVENTS, **({"of": of} if of else {})}
    compared = like_for_like(
        Period.model_validate(period),
        "previous",
        min(day for _, day, _ in rows),
        max(day for _, day, _ in rows),
    )
    values = compute([metric], [event(owner, str(day), amount=amount) for owner, day, amount in rows], period)
    for customer, got in values.items():
        amounts = [
            (day, Decimal(amount or 0) if of else Decimal(1))
            for owner, day, amount in rows
            if owner == customer and (amount is not None or not of)
        ]
        if compared is None:
            assert got == {}
            continue
        now = [amount for day, amount in amounts if compared.first <= day <= compared.last]
        before = [amount for day, amount in amounts if compared.before_first <= day <= compared.before_last]
        assert bool(got) == bool(now and sum(before) > 0)
        if got:
            exact = (sum(now) - sum(before)) / sum(before)
            assert got["events"].detail["exact"] == exact.quantize(Decimal("1e-9"), rounding=ROUND_DOWN)
            assert got["events"].rows == len(now) + len(before)
