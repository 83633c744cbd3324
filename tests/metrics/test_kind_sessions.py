"""Sessions: how many, and the longest."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_events import compute, event, find_alone, make_campaign
from made_up_zones import compute_in_time

from recap.campaign import Period
from recap.errors import CampaignError
from recap.metrics.facts import Moment, Quantity
from recap.metrics.registry import kind_of
from recap.metrics.value import Value

METRICS: list[dict[str, Any]] = [
    {"id": "sessions", "kind": "sessions"},
    {"id": "longest", "kind": "longest_session"},
]
DAY = "2026-03-04T"


def told(*times: str, **keys: Any) -> dict[str, Value]:
    """Compute both kinds for a customer with an event at each of these times of one day."""
    return compute([{**m, **keys} for m in METRICS], [event("c", DAY + time) for time in times])["c"]


def test_a_pause_as_long_as_the_gap_does_not_end_a_session() -> None:
    """Thirty minutes are not more than thirty; a microsecond more is."""
    assert told("10:00", "10:30")["sessions"].number == 1.0
    assert told("10:00", "10:30:00.000001")["sessions"].number == 2.0
    assert told("10:00", "10:30:00.000001", gap=31)["sessions"].detail == {"exact": 1, "gap": 31}


def test_a_session_goes_on_as_long_as_pauses_are_short() -> None:
    """Many short pauses make one long session; rows are all events, or those of the longest."""
    values = told("10:00", "10:25", "10:50", "11:15:30.999999", "15:00", "15:10")
    assert (values["sessions"].number, values["sessions"].rows) == (2.0, 6)
    longest = values["longest"]
    told_of = {"exact": 4530, "time": "2026-03-04 10:00:00", "events": 4, "tied_sessions": 1}
    assert (longest.detail, longest.number, longest.rows) == (told_of, 4530.0, 4)


def test_one_moment_is_a_session_of_no_length() -> None:
    """Single events and several at one instant are sessions, but none of them is a longest one."""
    values = told("10:00", "10:00", "12:00", "12:00:00.9")
    assert values["sessions"].number == 2.0
    assert "longest" not in values
    assert told("10:00")["sessions"].number == 1.0


def test_of_equal_sessions_the_earliest_is_told() -> None:
    """Two sessions of ten minutes: the earlier is told, with its own events, and that there were two."""
    longest = told("18:00", "18:10", "10:00", "10:05", "10:10", "14:00")["longest"]
    assert longest.detail == {"exact": 600, "time": "2026-03-04 10:00:00", "events": 3, "tied_sessions": 2}


def test_sessions_pass_midnight_and_end_with_the_period() -> None:
    """A night is one session; what was before the period is not part of its first."""
    events = [event("c", f"2026-03-0{day}") for day in ("4T23:50", "5T00:10")]
    assert compute(METRICS, events)["c"]["longest"].detail["exact"] == 1200
    edge = [event("c", "2025-12-31T23:59"), event("c", "2026-01-01T00:05"), event("c", "2026-01-01T00:15")]
    assert compute(METRICS, edge)["c"]["longest"].detail["exact"] == 600


def test_an_hour_that_comes_twice_is_two_hours() -> None:
    """When clocks go back, 02:50 and the later 02:10 are 20 minutes apart; when forward, 01:50 and 03:10."""
    back = [
        (event("c", "2026-10-25T02:50"), "2026-10-25T00:50"),
        (event("c", "2026-10-25T02:10"), "2026-10-25T01:10"),
        (event("c", "2026-10-25T02:55"), "2026-10-25T01:55"),
    ]
    values = compute_in_time(METRICS, back)
    assert values["sessions"].number == 2.0
    assert values["longest"].detail == {
        "exact": 1200,
        "time": "2026-10-25 02:50:00",
        "events": 2,
        "tied_sessions": 1,
    }
    forward = [
        (event("c", "2026-03-29T01:50"), "2026-03-29T00:50"),
        (event("c", "2026-03-29T03:10"), "2026-03-29T01:10"),
    ]
    assert compute_in_time(METRICS, forward)["longest"].detail["exact"] == 1200


def test_the_earliest_of_equal_sessions_is_the_earliest_in_time() -> None:
    """A session that began later on the clock but before it was put back comes first."""
    twice = [
        (event("c", "2026-10-25T02:10"), "2026-10-25T01:10"),
        (event("c", "2026-10-25T02:11"), "2026-10-25T01:11"),
        (event("c", "2026-10-25T02:20"), "2026-10-25T00:20"),
        (event("c", "2026-10-25T02:21"), "2026-10-25T00:21"),
    ]
    assert compute_in_time(METRICS, twice)["longest"].detail["time"] == "2026-10-25 02:20:00"


def test_the_longest_of_one_session_stands_alone() -> None:
    """With one session there is no other to be longer than."""
    events = [event(customer, f"{DAY}10:{minute}") for customer in ("one", "two") for minute in ("00", "10")]
    assert find_alone(METRICS, [*events, event("two", DAY + "20:00")]) == {("one", "longest")}


def test_events_without_the_condition_do_not_hold_a_session_together() -> None:
    """What does not meet `where` is not there: the pause between the others counts."""
    events = [
        event("c", f"{DAY}10:{minute}", item) for minute, item in (("00", "a"), ("20", "b"), ("40", "a"))
    ]
    metrics = [*METRICS, {"id": "of_a", "kind": "sessions", "where": "item = 'a'"}]
    values = compute(metrics, events)["c"]
    assert (values["sessions"].number, values["of_a"].number, values["of_a"].rows) == (1.0, 2.0, 2)


def test_the_facts_tell_whole_minutes() -> None:
    """Ten minutes and 59 seconds are ten minutes on a card."""
    values = told("10:00", "10:10:59", "18:00")
    sessions, longest = (
        kind_of(metric).facts(metric, values[metric.id], Period(year=2026))
        for metric in make_campaign(METRICS).metrics
    )
    assert (sessions.slots, sessions.main) == ({"n": Quantity(2, "session")}, "n")
    assert longest.slots == {
        "n": Quantity(10, "minute"),
        "moment": Moment(datetime.fromisoformat("2026-03-04T10:00")),
        "events": Quantity(2, "event"),
    }


@pytest.mark.parametrize("gap", [0, -1, 1441])
def test_a_gap_is_between_a_minute_and_a_day(gap: int) -> None:
    """Other gaps are refused when the campaign is read."""
    with pytest.raises(CampaignError):
        make_campaign([{**METRICS[0], "gap": gap}])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=25), st.sampled_from([1, 10, 30]))
def test_sessions_agree_with_walking_through_the_events(minutes: list[int], gap: int) -> None:
    """Whatever the moments, both kinds find the sessions that plain Python finds."""
    start = datetime.fromisoformat("2026-03-04T21:00")
    moments = sorted(start + timedelta(minutes=minute) for minute in minutes)
    sessions: list[list[datetime]] = []
    for moment in moments:
        if sessions and moment - sessions[-1][-1] <= timedelta(minutes=gap):
            sessions[-1].append(moment)
        else:
            sessions.append([moment])
    lengths = [int((session[-1] - session[0]).total_seconds()) for session in sessions]
    values = compute([{**m, "gap": gap} for m in METRICS], [event("c", m.isoformat()) for m in moments])["c"]
    assert values["sessions"].detail["exact"] == len(sessions)
    if max(lengths) == 0:
        assert "longest" not in values
        return
    told_of = sessions[lengths.index(max(lengths))]
    assert values["longest"].detail == {
        "exact": max(lengths),
        "time": str(told_of[0]),
        "events": len(told_of),
        "tied_sessions": lengths.count(max(lengths)),
    }
