"""Pauses: the longest one of the period, and the return after the longest one ever."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_events import compute, event, make_campaign

from recap.campaign import Period
from recap.metrics.facts import Day, Quantity
from recap.metrics.registry import kind_of
from recap.metrics.value import Value

GAP = {"id": "gap", "kind": "longest_gap"}
BACK = {"id": "back", "kind": "comeback"}
START, END = date(2026, 1, 1), date(2026, 12, 31)


def pauses(*days: str) -> dict[str, Value]:
    """Compute both kinds for a customer with an event on each of these days."""
    return compute([GAP, BACK], [event("c", day) for day in days]).get("c", {})


def test_the_gap_is_the_days_between_and_both_days_are_told() -> None:
    """From March 2 to March 10 seven days were empty; the value rests on the events of the two days."""
    gap = pauses("2026-03-01", "2026-03-02T10:00", "2026-03-02T20:00", "2026-03-10", "2026-03-12")["gap"]
    told = {"exact": 7, "last_day": "2026-03-02", "back_day": "2026-03-10", "tied_gaps": 1}
    assert (gap.number, gap.detail, gap.rows) == (7.0, told, 3)


def test_neighbouring_days_and_single_days_have_no_gap() -> None:
    """Without an empty day between two active ones there is no value; the edges of the period are no gaps."""
    assert pauses("2026-03-01", "2026-03-02", "2026-03-03") == {}
    assert pauses("2026-06-15") == {}
    assert pauses("2026-01-01", "2026-12-31")["gap"].number == 363.0


def test_of_equal_gaps_the_earliest_is_told() -> None:
    """Two pauses of three days: the one in February is told, and that there were two is known."""
    days = ("2026-02-01", "2026-02-05", "2026-02-07", "2026-02-11")
    for value in pauses(*days).values():
        assert value.detail == {
            "exact": 3,
            "last_day": "2026-02-01",
            "back_day": "2026-02-05",
            "tied_gaps": 2,
        }


def test_leap_day_is_a_day() -> None:
    """From February 28 to March 1 one day lies between in 2028, and none in 2026."""
    leap = [event("c", "2028-02-28"), event("c", "2028-03-01")]
    assert compute([GAP], leap, {"year": 2028})["c"]["gap"].number == 1.0
    assert pauses("2026-02-28", "2026-03-01") == {}


def test_a_comeback_counts_from_before_the_period() -> None:
    """Away since 2024, back in February: longer than any pause inside; all events since then are its rows."""
    values = pauses("2024-06-01", "2026-02-01", "2026-02-01", "2026-05-01", "2026-12-31")
    assert values["back"].detail == {
        "exact": (date(2026, 2, 1) - date(2024, 6, 1)).days - 1,
        "last_day": "2024-06-01",
        "back_day": "2026-02-01",
        "tied_gaps": 1,
    }
    assert values["back"].rows == 4
    assert values["gap"].detail["last_day"] == "2026-05-01"


def test_a_comeback_is_in_the_period() -> None:
    """A longer pause that ended before the period is not told; the first event ever ends none."""
    values = pauses("2020-01-01", "2025-12-30", "2026-01-02")
    assert (values["back"].number, values["back"].detail["back_day"]) == (2.0, "2026-01-02")
    assert pauses("2020-01-01", "2025-06-01", "2025-12-31", "2026-01-01") == {}


def test_a_condition_holds_before_the_period_too() -> None:
    """Events that do not meet `where` neither end a pause nor begin one."""
    events = [
        event("c", "2025-12-01", "a"),
        event("c", "2025-12-30", "b"),
        event("c", "2026-01-05", None),
        event("c", "2026-01-10", "a"),
    ]
    back = compute([{**BACK, "where": "item = 'a'"}], events)["c"]["back"]
    assert (back.detail["last_day"], back.detail["back_day"], back.rows) == ("2025-12-01", "2026-01-10", 1)


def test_the_facts_name_both_days() -> None:
    """The pause tells its length, the return its day and what came after; only the pause says it was tied."""
    values = pauses("2026-02-01", "2026-02-05", "2026-02-07", "2026-02-11")
    period = Period(year=2026)
    gap, back = (
        kind_of(metric).facts(metric, values[metric.id], period)
        for metric in make_campaign([GAP, BACK]).metrics
    )
    both = {"n": Quantity(3, "day"), "last": Day(date(2026, 2, 1)), "back": Day(date(2026, 2, 5))}
    assert (gap.slots, gap.main, gap.cases) == (both, "n", ("tied",))
    assert (back.slots, back.main, back.cases) == ({**both, "since": Quantity(3, "event")}, "back", ())


@settings(max_examples=40, deadline=None)
@given(st.sets(st.dates(date(2025, 12, 1), date(2026, 1, 31)) | st.just(END), min_size=1, max_size=12))
def test_gaps_agree_with_counting(days: set[date]) -> None:
    """Whatever the days, both kinds tell the longest gap that Python finds between neighbours."""

    def longest(active: list[date]) -> dict[str, Any] | None:
        gaps = [
            ((later - earlier).days - 1, earlier, later)
            for earlier, later in pairwise(active)
            if later - earlier > timedelta(days=1) and later >= START
        ]
        if not gaps:
            return None
        most = max(length for length, *_ in gaps)
        tied = [gap for gap in gaps if gap[0] == most]
        first, back = (day.isoformat() for day in tied[0][1:])
        return {"exact": most, "last_day": first, "back_day": back, "tied_gaps": len(tied)}

    ordered = sorted(days)
    inside = [day for day in ordered if day >= START]
    values = pauses(*(day.isoformat() for day in ordered))
    details = {name: value.detail for name, value in values.items()}
    expected = {"gap": longest(inside), "back": longest(ordered)}
    assert details == {name: detail for name, detail in expected.items() if detail is not None}
