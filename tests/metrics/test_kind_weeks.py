"""Runs of days and of weeks: over both edges of the period, over New Year, tied."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_events import YEAR, compute, event, make_campaign

from recap.campaign import Period
from recap.metrics.facts import Day, Quantity
from recap.metrics.registry import kind_of
from recap.metrics.value import Value

METRICS = [
    {"id": "days", "kind": "streak"},
    {"id": "days_ever", "kind": "streak", "from_before": True},
    {"id": "weeks", "kind": "weekly_streak"},
    {"id": "weeks_ever", "kind": "weekly_streak", "from_before": True},
]
START, END = date(2026, 1, 1), date(2026, 12, 31)
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def runs(days: Iterable[str], period: dict[str, Any] = YEAR) -> dict[str, Value]:
    """Compute all four for a customer with an event on each of these days."""
    return compute(METRICS, [event("c", day) for day in days], period).get("c", {})


def test_a_run_over_new_year_is_cut_or_counted_whole() -> None:
    """Four days from December 30: two are in the period, and all four count from before."""
    values = runs(["2025-12-30", "2025-12-31", "2026-01-01", "2026-01-02", "2026-01-02"])
    inside, whole = values["days"], values["days_ever"]
    assert (inside.number, inside.detail["first_day"], inside.rows) == (2.0, "2026-01-01", 3)
    assert (whole.number, whole.detail["first_day"], whole.rows) == (4.0, "2025-12-30", 5)
    assert (inside.detail["began_before"], whole.detail["began_before"]) == (False, True)


def test_only_runs_that_reach_into_the_period_compete() -> None:
    """A longer run that ended with the last day before the period is not told."""
    values = runs(["2025-12-29", "2025-12-30", "2025-12-31", "2026-01-02"])
    assert values["days_ever"].detail["first_day"] == "2026-01-02"
    assert (values["days_ever"].number, values["days_ever"].detail["began_before"]) == (1.0, False)


def test_a_run_to_the_last_day_is_running() -> None:
    """What reaches December 31 may go on; in weeks, what reaches the week of that day."""
    values = runs(["2026-12-20", "2026-12-27", "2026-12-28"])
    assert [values[name].detail["running"] for name in ("days", "weeks")] == [False, True]
    assert runs(["2026-12-31"])["days"].detail["running"]
    assert not runs(["2026-12-27"])["weeks"].detail["running"]


def test_a_week_over_new_year_is_one_week() -> None:
    """Monday December 29 to Sunday January 4 is one ISO week, whichever year its events are in."""
    values = runs(["2025-12-29", "2026-01-04", "2026-01-05"])
    inside, whole = values["weeks"], values["weeks_ever"]
    assert [value.detail["first_week"] for value in (inside, whole)] == ["2025-12-29", "2025-12-29"]
    assert [value.detail["last_week"] for value in (inside, whole)] == ["2026-01-05", "2026-01-05"]
    assert (inside.number, whole.number, inside.rows, whole.rows) == (2.0, 2.0, 2, 3)
    assert [value.detail["began_before"] for value in (inside, whole)] == [False, True]


def test_a_week_before_with_its_events_before_the_period_does_not_compete() -> None:
    """An event on December 31 alone is in the first week of the period, and yet not in the period."""
    values = runs(["2025-12-31", "2026-02-02"])
    assert values["weeks_ever"].detail["first_week"] == "2026-02-02"
    assert values["weeks"].number == 1.0


def test_weeks_go_on_over_a_year_of_53() -> None:
    """2026 has a week 53 (from December 28), and January 4, 2027 is a Monday: three weeks in a row."""
    period = {"first_day": "2026-12-01", "last_day": "2027-01-31"}
    weeks = runs(["2026-12-21", "2027-01-03", "2027-01-10"], period)["weeks"]
    assert (weeks.number, weeks.detail["first_week"], weeks.detail["last_week"]) == (
        3.0,
        "2026-12-21",
        "2027-01-04",
    )


def test_leap_day_joins_two_days() -> None:
    """February 28 to March 1 is a run of three days where February 29 exists and has an event."""
    days = ["2028-02-28", "2028-02-29", "2028-03-01"]
    assert runs(days, {"year": 2028})["days"].number == 3.0
    assert runs(days[::2], {"year": 2028})["days"].number == 1.0


def test_of_equal_runs_the_earliest_is_told() -> None:
    """Two runs of two days and of two weeks: the first of each, and that there were two."""
    values = runs(["2026-03-02", "2026-03-09", "2026-03-10", "2026-04-01", "2026-04-02", "2026-04-06"])
    assert (values["days"].detail["first_day"], values["days"].detail["tied_runs"]) == ("2026-03-09", 2)
    assert (values["weeks"].detail["first_week"], values["weeks"].detail["tied_runs"]) == ("2026-03-02", 2)


def test_only_events_that_meet_the_condition_make_a_run() -> None:
    """A day in between that does not meet `where` breaks the run, before the period too."""
    items = {"2025-12-30": "a", "2025-12-31": "b", "2026-01-01": "a", "2026-01-02": "a"}
    metric = {"id": "a", "kind": "streak", "from_before": True, "where": "item = 'a'"}
    value = compute([metric], [event("c", day, item) for day, item in items.items()])["c"]["a"]
    assert (value.number, value.detail["began_before"]) == (2.0, False)


def test_the_facts_end_with_the_period() -> None:
    """A run of weeks goes from a Monday to a Sunday, but not past the period; one of days is as it is."""
    campaign = make_campaign(METRICS)
    period = Period(year=2026)

    def facts(days: list[str], name: str) -> Any:
        metric = next(metric for metric in campaign.metrics if metric.id == name)
        return kind_of(metric).facts(metric, runs(days)[name], period)

    late = facts(["2026-12-24", "2026-12-31"], "weeks")
    assert late.slots == {"n": Quantity(2, "week"), "first": Day(date(2026, 12, 21)), "last": Day(END)}
    assert late.cases == ("running",)
    early = facts(["2026-03-04", "2026-05-06"], "weeks")
    assert (early.slots["first"], early.slots["last"]) == (Day(date(2026, 3, 2)), Day(date(2026, 3, 8)))
    assert early.cases == ("tied",)
    days = facts(["2025-12-31", "2026-01-01"], "days_ever")
    assert days.slots["first"] == Day(date(2025, 12, 31))
    assert (days.slots["n"], days.slots["last"]) == (Quantity(2, "day"), Day(START))
    assert days.cases == ("began_before",)


def longest(steps: dict[date, list[date]], stride: timedelta) -> dict[str, Any] | None:
    """Find the longest run among steps (days or Mondays) with the days of their events."""
    found: list[list[date]] = []
    for step in sorted(steps):
        if found and step - found[-1][-1] == stride:
            found[-1].append(step)
        else:
            found.append([step])
    found = [run for run in found if max(day for step in run for day in steps[step]) >= START]
    if not found:
        return None
    most = max(len(run) for run in found)
    tied = [run for run in found if len(run) == most]
    days = [day for step in tied[0] for day in steps[step]]
    return {
        "exact": most,
        "first": tied[0][0].isoformat(),
        "last": tied[0][-1].isoformat(),
        "tied_runs": len(tied),
        "began_before": min(days) < START,
        "rows": len(days),
    }


@settings(max_examples=40, deadline=None)
@given(st.lists(st.dates(date(2025, 12, 1), date(2026, 2, 10)) | st.just(END), min_size=1, max_size=25))
def test_runs_agree_with_walking_through_the_days(days: list[date]) -> None:
    """Whatever the days, all four kinds find the run that plain Python finds."""
    values = runs(day.isoformat() for day in days)
    for name, value_of in (("days", lambda day: day), ("weeks", lambda day: day - DAY * day.weekday())):
        for suffix, first in (("", START), ("_ever", date.min)):
            steps: dict[date, list[date]] = {}
            for day in days:
                if day >= first:
                    steps.setdefault(value_of(day), []).append(day)
            expected = longest(steps, DAY if name == "days" else WEEK)
            value = values.get(f"{name}{suffix}")
            if value is None:
                assert expected is None
                continue
            found = {**value.detail, "rows": value.rows}
            found["first"], found["last"] = found.pop(f"first_{name[:-1]}"), found.pop(f"last_{name[:-1]}")
            last_step = value_of(END).isoformat()
            assert found.pop("running") == (found["last"] == last_step)
            assert found == expected
