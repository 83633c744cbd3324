"""The busiest day and what it held."""

from decimal import Decimal

import pytest
from made_up_events import YEAR, compute, event, make_campaign

from recap.campaign import Period
from recap.metrics.facts import Label, Quantity, Several
from recap.metrics.registry import kind_of

DAY = {"id": "day", "kind": "busiest_day", "holding": "item"}


def on(day: str, *items: str | None, amount: str = "1") -> list:
    return [event("c", f"2026-03-{day}", item, amount=amount) for item in items]


def test_it_holds_the_most_frequent_things_of_the_first_leading_day() -> None:
    """Of tied days the first is told; its five commonest things, equal ones by their text; null is none."""
    events = on("02", "f", "e", "d", "c", "b", "a", "b", None)
    events += on("01", "x") + on("05", *"yyyyyyyy")
    detail = compute([DAY], events)["c"]["day"].detail
    assert (detail["tied"], detail["held_groups"]) == (["2026-03-02", "2026-03-05"], 6)
    assert [(e["label"], e["value"], e["rows"]) for e in detail["held"]] == [
        ("b", 2, 2),
        *[(label, 1, 1) for label in "acde"],
    ]


@pytest.mark.parametrize("parts", [1, 3])
def test_the_day_is_led_by_the_sum_and_holds_events(parts: int) -> None:
    """With a field to add up the day is the dearest, what it held is still counted, exact to the cent."""
    metric = {**DAY, "of": "amount", "where": "item <> 'z' -- never"}
    events = on("01", "a", "a", "a", amount="0.10") + on("02", "b", amount="0.70") + on("02", "z", amount="9")
    value = compute([metric], events, parts=parts)["c"]["day"]
    assert value.detail["held"] == [{"label": "b", "value": 1, "rows": 1}]
    assert (value.text, value.detail["total"], value.rows) == ("2026-03-02", Decimal("1.00"), 4)


def test_a_day_of_nothing_named_holds_nothing() -> None:
    """Where the field is null all day the day is told without what it held."""
    value = compute([DAY], on("01", None, None) + on("02", "a"))["c"]["day"]
    assert (value.detail["held"], value.detail["held_groups"]) == ([], 0)
    made = make_campaign([DAY]).metrics[0]
    assert "held" not in kind_of(made).facts(made, value, Period(**YEAR)).cases


def test_the_card_lists_what_it_held() -> None:
    """Held things are entries with their places and a slot that counts those left out; a tie goes first."""
    made = make_campaign([DAY]).metrics[0]
    value = compute([DAY], on("01", *"aabcde") + on("02", *"zzzzzz"))["c"]["day"]
    facts = kind_of(made).facts(made, value, Period(**YEAR))
    assert facts.cases == ("tied", "held")
    assert facts.slots["held"] == Several((Label("a"), Label("b"), Label("c")), more=2)
    first, second = facts.entries[:2]
    assert (first.name, first.amount, first.share, first.leads, first.place) == (
        Label("a"),
        Quantity(2),
        1.0,
        True,
        1,
    )
    assert (second.share, second.leads, [e.place for e in facts.entries]) == (0.5, False, [1, 2, 2, 2, 2])


def test_a_day_led_by_money_holds_events() -> None:
    """Where the metric's own noun is of a sum, what the day held is counted in events."""
    metric = {**DAY, "of": "amount"}
    made = make_campaign([metric]).metrics[0]
    facts = kind_of(made).facts(made, compute([metric], on("01", "a"))["c"]["day"], Period(**YEAR))
    assert [entry.amount for entry in facts.entries] == [Quantity(1, "event")]


def test_without_the_key_nothing_changes() -> None:
    """The busiest day of a campaign that asks for no more has no more."""
    value = compute([{"id": "day", "kind": "busiest_day"}], on("01", "a"))["c"]["day"]
    assert "held" not in value.detail
