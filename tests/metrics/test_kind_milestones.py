"""Milestones: which round number was reached in the period, when, and with what."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_events import Event, compute, event, make_campaign
from made_up_zones import compute_in_time

from recap.campaign import Period
from recap.errors import CampaignError
from recap.metrics.facts import Label, Moment, Quantity
from recap.metrics.registry import kind_of
from recap.metrics.value import Value

METRIC: dict[str, Any] = {"id": "round", "kind": "milestone", "at": [2, 3, 5], "label": "item"}


def told(events: list[Event], **keys: Any) -> Value | None:
    """Compute the kind for the customer `c`."""
    return compute([{**METRIC, **keys}], events).get("c", {}).get("round")


def on(*days: str) -> list[Event]:
    """Make an event on each of these days, labelled by the day."""
    return [event("c", day, day) for day in days]


def detail_of(value: Value | None) -> Any:
    """Give the detail of a value that must be there."""
    assert value is not None
    return value.detail


def test_the_largest_number_reached_is_told() -> None:
    """Four events reach two and three: the third is told, with what it was, and both are known."""
    value = told(on("2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"))
    assert value is not None
    assert value.detail == {
        "exact": 3,
        "time": "2026-03-01 00:00:00",
        "label": "2026-03-01",
        "reached": [2, 3],
        "total": 4,
    }
    assert (value.number, value.text, value.rows) == (3.0, "2026-03-01", 3)


def test_events_before_the_period_count() -> None:
    """Two before and one in the period make the third; two was reached before and is not told again."""
    events = on("2024-05-01", "2025-12-31", "2026-06-01")
    assert detail_of(told(events))["reached"] == [3]
    assert told(events, from_before=False) is None


def test_a_milestone_before_the_period_is_no_value() -> None:
    """What was reached before is not told, and what is not yet reached neither; nor without events now."""
    assert told(on("2025-01-01", "2025-02-01", "2025-03-01", "2026-01-01")) is None
    assert told(on("2025-12-30", "2025-12-31")) is None
    assert told(on("2026-01-01")) is None


def test_counting_may_begin_with_the_period() -> None:
    """Without what was before, the second event of the period is the second."""
    value = told(on("2025-01-01", "2025-02-01", "2026-01-05", "2026-01-06"), from_before=False)
    assert (detail_of(value)["exact"], detail_of(value)["label"]) == (2, "2026-01-06")


def test_the_last_event_before_may_be_one_short() -> None:
    """The period's first event can be the one, on its first day; and its last, on its last moment."""
    assert detail_of(told(on("2025-12-31T23:59:59", "2026-01-01")))["time"] == "2026-01-01 00:00:00"
    late = told([*on("2026-01-01", "2026-05-01"), event("c", "2026-12-31T23:59:59.999999", "z")])
    assert detail_of(late)["time"] == "2026-12-31 23:59:59.999999"


def test_within_a_day_events_are_in_the_order_of_time() -> None:
    """The third of a busy day is the third by the clock, whatever the order of the rows."""
    times = {"18:00": "d", "09:00": "a", "12:00": "c", "10:00": "b"}
    events = [event("c", f"2026-03-04T{time}", item) for time, item in times.items()]
    assert detail_of(told(events))["label"] == "c"


def test_equal_moments_are_in_the_order_of_their_labels() -> None:
    """Of events at one instant the labels decide, by their characters, and those without come last."""
    items = ["b", None, "a", "B"]
    assert detail_of(told([event("c", "2026-03-04T09:00", item) for item in items]))["label"] == "b"
    assert detail_of(told([event("c", "2026-03-04T09:00", item) for item in items[:3]]))["label"] is None


def test_within_a_day_time_is_real_time() -> None:
    """When clocks go back, the event at the first 02:50 comes before that at the second 02:10."""
    events = [
        (event("c", "2026-10-25T02:10", "later"), "2026-10-25T01:10"),
        (event("c", "2026-10-25T02:50", "earlier"), "2026-10-25T00:50"),
        (event("c", "2026-10-25T01:00", "first"), "2026-10-24T23:00"),
    ]
    metrics = [METRIC, {**METRIC, "id": "two", "at": [2]}]
    values = compute_in_time(metrics, events)
    assert (values["round"].text, values["two"].text) == ("later", "earlier")


def test_days_are_counted_before_instants() -> None:
    """Where midnight comes twice, the events of the earlier local day are counted first."""
    events = [
        (event("c", "2026-11-01T00:00", "new day"), "2026-11-01T04:00"),
        (event("c", "2026-10-31T23:30", "old day again"), "2026-11-01T04:30"),
    ]
    assert compute_in_time([METRIC], events)["round"].text == "new day"


def test_only_events_that_meet_the_condition_are_counted() -> None:
    """Others count neither before the period, nor in it, nor on the very day."""
    kinds = [("2025-06-01", "a"), ("2025-07-01", "b"), ("2026-02-01T08:00", "b"), ("2026-02-01T09:00", "a")]
    value = told([event("c", when, item) for when, item in kinds], where="item = 'a' -- only these")
    assert (detail_of(value)["exact"], detail_of(value)["time"]) == (2, "2026-02-01 09:00:00")


def test_customers_are_counted_apart() -> None:
    """Each has an own count and an own event, on the same day too."""
    events = [
        event(customer, f"2026-03-04T{hour:02}:00", customer) for customer in "ab" for hour in (9, 10, 11)
    ]
    values = compute([METRIC], [*events, event("b", "2026-03-04T08:00", "b")])
    assert {customer: got["round"].detail["time"][11:13] for customer, got in values.items()} == {
        "a": "11",
        "b": "10",
    }


def test_the_facts_have_a_label_only_where_there_is_one() -> None:
    """`labelled` is the case of a milestone whose event has a text."""
    metric = make_campaign([METRIC]).metrics[0]
    period = Period(year=2026)
    moment = Moment(datetime.fromisoformat("2026-02-01"))
    named = told(on("2026-01-01", "2026-02-01"))
    assert named is not None
    facts = kind_of(metric).facts(metric, named, period)
    assert facts.slots == {"n": Quantity(2), "moment": moment, "label": Label("2026-02-01")}
    assert (facts.main, facts.cases) == ("n", ("labelled",))
    bare = told(on("2026-01-01", "2026-02-01"), label=None)
    assert bare is not None
    facts = kind_of(metric).facts(metric, bare, period)
    assert (facts.slots, facts.cases) == ({"n": Quantity(2), "moment": moment}, ())


@pytest.mark.parametrize("at", [[], [0], [-1, 5], [5, 5], [10, 5]])
def test_milestones_that_do_not_rise_are_refused(at: list[int]) -> None:
    """None, one below 1, one twice or out of order is refused when the campaign is read."""
    with pytest.raises(CampaignError):
        make_campaign([{**METRIC, "at": at}])


hours = st.sampled_from(["2025-12-31T23:00", "2026-01-01T00:00", "2026-01-01T08:00", "2026-12-31T23:00"])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(hours, st.sampled_from(["a", "ä", "B", None])), min_size=1, max_size=15),
    st.sets(st.integers(1, 16), min_size=1),
    st.booleans(),
)
def test_milestones_agree_with_counting(
    rows: list[tuple[str, str | None]], at: set[int], from_before: bool
) -> None:
    """Whatever the events and numbers, the event told is the one Python counts to."""
    value = told([event("c", when, item) for when, item in rows], at=sorted(at), from_before=from_before)
    ordered = sorted(rows, key=lambda row: (row[0], row[1] is None, row[1] or ""))
    counted = [row for row in ordered if from_before or row[0] >= "2026"]
    reached = [k for k in sorted(at) if k <= len(counted) and counted[k - 1][0] >= "2026"]
    if not reached:
        assert value is None
        return
    when, label = counted[reached[-1] - 1]
    assert detail_of(value) == {
        "exact": reached[-1],
        "time": str(datetime.fromisoformat(when)),
        "label": label,
        "reached": reached,
        "total": len(counted),
    }
