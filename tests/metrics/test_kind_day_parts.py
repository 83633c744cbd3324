"""The part of the day with the most."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_events import compute, event, find_alone, make_campaign

from recap.campaign import Period
from recap.errors import CampaignError
from recap.metrics.facts import DayPart, Quantity, Ratio, Several
from recap.metrics.kinds.day_parts import PARTS, TimeOfDayMetric
from recap.metrics.registry import kind_of
from recap.metrics.value import Value

METRIC: dict[str, Any] = {"id": "part", "kind": "time_of_day"}


def told(*hours: str, **keys: Any) -> Value:
    """Compute the kind for a customer with an event at each of these times of one day."""
    return compute([{**METRIC, **keys}], [event("c", f"2026-03-04T{hour}") for hour in hours])["c"]["part"]


@pytest.mark.parametrize(
    ("time", "part"),
    [
        ("00:00", "night"),
        ("05:59:59.999999", "night"),
        ("06:00", "morning"),
        ("11:59", "morning"),
        ("12:00", "afternoon"),
        ("17:59", "afternoon"),
        ("18:00", "evening"),
        ("23:59:59", "evening"),
    ],
)
def test_a_part_begins_with_its_hour(time: str, part: str) -> None:
    """Without other hours the day is cut into four quarters, each with its first moment and not its end."""
    assert told(time).text == part


def test_a_night_may_begin_late() -> None:
    """With the night from 22 the hours before the morning and those from 22 on are one part."""
    value = told("23:00", "22:00", "05:00", "21:59", "07:00", night=22)
    assert (value.text, value.number) == ("night", 3.0)
    assert value.detail["series"] == [
        {"key": "night", "value": 3},
        {"key": "morning", "value": 1},
        {"key": "evening", "value": 1},
    ]


def test_an_evening_may_last_past_midnight() -> None:
    """With the night from 2 the first hours of the day belong to the evening, that began last."""
    value = told("01:59", "19:00", "02:00", night=2)
    assert (value.text, value.number) == ("evening", 2.0)


def test_ties_and_series_are_in_the_order_of_the_day() -> None:
    """Evening, afternoon, morning and night are equal: they are named from the night on, not by letters."""
    value = told("20:00", "13:00", "08:00", "03:00")
    assert value.text == "night"
    assert value.detail["tied"] == ["night", "morning", "afternoon", "evening"]
    assert [entry["key"] for entry in value.detail["series"]] == value.detail["tied"]
    assert value.detail["items"] == [{"label": "night", "value": 1, "rows": 1}]
    assert (value.detail["tied_count"], value.detail["groups"], value.detail["total"]) == (4, 4, 4)


def test_a_sum_decides_where_one_is_asked_for() -> None:
    """One large amount in the evening beats two small ones; events without an amount are in no part."""
    events = [
        event("c", "2026-03-04T08:00", amount="1.10"),
        event("c", "2026-03-05T09:00", amount="1.10"),
        event("c", "2026-03-05T20:00", amount="2.21"),
        event("c", "2026-03-05T03:00"),
    ]
    value = compute([{**METRIC, "of": "amount"}], events)["c"]["part"]
    assert (value.text, value.detail["groups"], value.rows) == ("evening", 2, 3)
    assert value.detail["total"] == Decimal("4.41")


def test_one_part_only_has_nothing_to_lead_before() -> None:
    """Where all events are in one part, the value stands alone."""
    alone = [event("one", "2026-03-04T08:00"), event("one", "2026-03-05T11:00")]
    two = [event("two", "2026-03-04T08:00"), event("two", "2026-03-05T12:00")]
    assert find_alone([METRIC], alone + two) == {("one", "part")}


def test_the_facts_show_all_four_parts() -> None:
    """The chart has all parts in order, empty ones too; tied parts lead together."""
    metric = make_campaign([METRIC]).metrics[0]
    facts = kind_of(metric).facts(
        metric, told("08:00", "09:00", "20:00", "21:00", "13:00"), Period(year=2026)
    )
    parts = (DayPart("morning"), DayPart("evening"))
    assert facts.slots == {
        "part": parts[0],
        "parts": Several(parts),
        "n": Quantity(2),
        "share": Ratio(0.4),
    }
    assert (facts.main, facts.cases) == ("part", ("tied",))
    assert [(entry.name.value, entry.amount.value, entry.leads) for entry in facts.entries] == [
        ("night", 0, False),
        ("morning", 2, True),
        ("afternoon", 1, False),
        ("evening", 2, True),
    ]


@pytest.mark.parametrize(
    "hours", [{"night": 6}, {"night": 18}, {"night": 10}, {"morning": 12}, {"evening": 24}, {"afternoon": 19}]
)
def test_parts_that_do_not_follow_each_other_are_refused(hours: dict[str, int]) -> None:
    """A part that begins with another, in another or at no hour is refused when the campaign is read."""
    with pytest.raises(CampaignError):
        make_campaign([{**METRIC, **hours}])


@given(st.lists(st.integers(0, 23), min_size=4, max_size=4, unique=True), st.booleans())
def test_every_hour_is_in_the_part_that_began_last(starts: list[int], late: bool) -> None:
    """Going back from any hour, the first beginning met is that of its part."""
    night, *others = sorted(starts)
    if late:
        *others, night = sorted(starts)
    begin = dict(zip(PARTS, (night, *others), strict=True))
    metric = TimeOfDayMetric(id="part", kind="time_of_day", **begin)
    for hour in range(24):
        back = {part: (hour - start) % 24 for part, start in begin.items()}
        assert metric.part_at(hour) == min(back, key=lambda part: back[part])
