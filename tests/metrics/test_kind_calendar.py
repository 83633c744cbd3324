"""The period day by day."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from made_up_events import YEAR, compute, event, find_alone, make_campaign

from recap.campaign import Period
from recap.metrics.facts import Day, Facts, Quantity, Several
from recap.metrics.registry import kind_of
from recap.metrics.value import Value

METRIC: dict[str, Any] = {"id": "days", "kind": "calendar"}


def told(*days: str, period: dict[str, Any] = YEAR) -> Value:
    """Compute the kind for a customer with an event on each of these days."""
    return compute([METRIC], [event("c", day) for day in days], period)["c"]["days"]


def facts_of(value: Value, period: dict[str, Any] = YEAR) -> Facts:
    """Give the facts of a value."""
    metric = make_campaign([METRIC]).metrics[0]
    return kind_of(metric).facts(metric, value, Period(**period))


def test_days_are_counted_from_the_first_of_the_period() -> None:
    """The first day is 0 and the last of a common year 364; days come in order, whatever the rows' order."""
    value = told("2026-12-31", "2026-01-01", "2026-03-01T23:59:59", "2026-01-01", "2025-12-31")
    assert value.detail["days"] == [[0, 2], [59, 1], [364, 1]]
    assert (value.number, value.detail["exact"], value.detail["active"], value.rows) == (4.0, 4, 3, 4)


def test_leap_day_has_its_place() -> None:
    """In 2028 February 29 is day 59, and the last day 365."""
    value = told("2028-02-29", "2028-12-31", period={"year": 2028})
    assert value.detail["days"] == [[59, 1], [365, 1]]
    assert len(facts_of(value, {"year": 2028}).entries) == 366


def test_a_period_may_begin_on_any_day() -> None:
    """A season's first day is 0 too."""
    period = {"first_day": "2025-12-15", "last_day": "2026-03-14"}
    value = told("2025-12-15", "2026-01-01", period=period)
    assert value.detail["days"] == [[0, 1], [17, 1]]


def test_tied_days_are_all_known_but_24_are_kept() -> None:
    """Of thirty equal days the first 24 are listed, in order, and the count is true."""
    days = [(date(2026, 5, 1) + timedelta(days=index)).isoformat() for index in range(30)]
    detail = told(*reversed(days)).detail
    assert (detail["tied"], detail["tied_count"], detail["most"]) == (days[:24], 30, 1)


def test_sums_keep_their_decimals_and_nulls_are_no_days() -> None:
    """Amounts are exact beside the whole numbers of their days; below zero is a value too."""
    events = [
        event("c", "2026-01-02", amount="12345678901234.56"),
        event("c", "2026-01-02", amount="0.01"),
        event("c", "2026-01-03"),
        event("c", "2026-01-04", amount="-5.50"),
    ]
    value = compute([{**METRIC, "of": "amount"}], events)["c"]["days"]
    assert value.detail["days"] == [[1, Decimal("12345678901234.57")], [3, Decimal("-5.50")]]
    assert all(isinstance(day, int) for day, _ in value.detail["days"])
    assert (value.detail["active"], value.rows, value.detail["exact"]) == (2, 3, Decimal("12345678901229.07"))
    assert [entry.share for entry in facts_of(value).entries[:4]] == [0.0, 1.0, 0.0, 0.0]


def test_floats_are_added_as_decimals() -> None:
    """Of a floating-point field the sums are the same in every order of the rows."""
    metric = {**METRIC, "of": "size"}
    events = [event("c", "2026-01-02", size=size) for size in (0.1, 0.2, 1e9, -1e9)]
    details = [compute([metric], rows)["c"]["days"].detail for rows in (events, events[::-1])]
    assert [detail["exact"] for detail in details] == [Decimal("0.3")] * 2


def test_one_active_day_stands_alone() -> None:
    """A heat map of one day compares nothing."""
    events = [event("one", "2026-01-02"), event("one", "2026-01-02")]
    events += [event("two", "2026-01-02"), event("two", "2026-01-03")]
    assert find_alone([METRIC], events) == {("one", "days")}


def test_the_facts_show_every_day() -> None:
    """All 365 days are there; leading ones are named, three of them, and the others counted."""
    days = ["2026-01-01", "2026-01-05", "2026-01-09", "2026-02-01"]
    facts = facts_of(told(*days, *days, "2026-02-02"))
    leading = tuple(Day(date.fromisoformat(day)) for day in days)
    assert facts.slots == {
        "total": Quantity(9),
        "active": Quantity(5, "day"),
        "day": leading[0],
        "days": Several(leading[:3], more=1),
        "n": Quantity(2),
    }
    assert (facts.main, facts.cases, len(facts.entries)) == ("active", ("tied",), 365)
    assert [entry.name for entry in facts.entries if entry.leads] == list(leading)
    assert facts.entries[32].share == 0.5
