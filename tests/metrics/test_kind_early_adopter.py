"""Early adopters: places among all customers ever, ties at any place, and who may be told of what."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_events import YEAR, Event, compute, event, make_campaign

from recap.campaign import Period
from recap.metrics.facts import Label, Moment, Quantity
from recap.metrics.registry import kind_of


def metric(**keys: Any) -> dict[str, Any]:
    return {"id": "early", "kind": "early_adopter", "by": "item", "customers_at_least": 1, **keys}


def told(values: dict[str, dict[str, Any]]) -> dict[str, tuple[Any, ...]]:
    keys = ("label", "place", "customers", "shared", "found")
    return {c: tuple(got["early"].detail[key] for key in keys) for c, got in values.items() if "early" in got}


def test_who_came_before_the_period_holds_a_place_and_is_not_told() -> None:
    """Places count from the first customer ever; a card is for who first came in the period."""
    events = [
        event("old", "2025-03-01", "song"),
        event("old", "2026-03-01", "song"),
        event("second", "2026-01-01", "song"),
        event("third", "2026-01-02", "song"),
    ]
    assert told(compute([metric(first=2)], events)) == {"second": ("song", 2, 3, False, 1)}


def test_equal_moments_share_the_better_place_also_the_last_one() -> None:
    """Three who came at the second of two places are all second, in one part of the customers or several."""
    events = [event("a", "2026-01-01", "song")]
    events += [event(customer, "2026-01-02", "song") for customer in ("b", "c", "d")]
    events += [event("late", "2026-01-03", "song")]
    for parts in (1, 2, 5):
        assert told(compute([metric(first=2)], events, parts=parts)) == {
            "a": ("song", 1, 5, False, 1),
            **dict.fromkeys("bcd", ("song", 2, 5, True, 1)),
        }


def test_the_most_popular_is_told_and_the_unpopular_never() -> None:
    """Most customers come first, then the better place, then the text; a few customers are no crowd."""
    events = [event("you", "2026-01-05", item) for item in ("z", "big", "alone")]
    events += [event("rival", "2026-01-01", "big"), event("c", "2026-02-01", "big")]
    events += [event("c", "2026-02-02", "z")]
    assert told(compute([metric(customers_at_least=2)], events))["you"] == ("big", 2, 3, False, 2)
    events += [event("d", "2026-02-02", "z"), event("d", "2026-02-03", "a"), event("c", "2026-02-04", "a")]
    events += [event("you", "2026-02-01", "a")]
    assert told(compute([metric(customers_at_least=3)], events))["you"] == ("a", 1, 3, False, 3)


def test_less_is_better_and_the_condition_counts_everywhere() -> None:
    """The first place ranks first; events that miss the condition hold no place, ever."""
    events = [event("old", "2025-01-01", "song", amount="0"), event("a", "2026-01-01", "song", amount="1")]
    events += [event("b", "2026-01-01T12:00", "song", amount="1")]
    values = compute([metric(where="amount > 0")], events)
    assert told(values) == {"a": ("song", 1, 2, False, 1), "b": ("song", 2, 2, False, 1)}
    assert (values["a"]["early"].rank, values["b"]["early"].rank) == (1, 2)
    assert values["a"]["early"].detail["time"] == "2026-01-01 00:00:00"


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.integers(0, 8), st.sampled_from(["x", "y", None])),
        min_size=1,
        max_size=40,
    ),
    st.integers(1, 3),
    st.integers(1, 4),
    st.sampled_from([1, 3]),
)
def test_places_equal_a_plain_recount(
    rows: list[tuple[str, int, str | None]], first: int, least: int, parts: int
) -> None:
    """Whatever the ties and parts, places are what counting everyone by hand gives."""
    start = datetime(2025, 12, 29)
    events: list[Event] = [
        event(customer, (start + timedelta(days=day)).isoformat(), item) for customer, day, item in rows
    ]
    came: dict[str, dict[str, datetime]] = defaultdict(dict)
    for customer, when, item, *_ in events:
        if item is not None:
            came[item][customer] = min(when, came[item].get(customer, when))
    expected: dict[str, tuple[Any, ...]] = {}
    for customer in {e[0] for e in events if e[1].year == 2026}:
        found = []
        for item, firsts in came.items():
            own = firsts.get(customer)
            if own is None or own.year != 2026 or len(firsts) < least:
                continue
            place = 1 + sum(other < own for other in firsts.values())
            if place <= first:
                found.append((-len(firsts), place, item, list(firsts.values()).count(own) > 1))
        if found:
            minus, place, item, shared = min(found)
            expected[customer] = (item, place, -minus, shared, len(found))
    values = compute([metric(first=first, customers_at_least=least)], events, parts=parts)
    assert told(values) == expected


def test_the_card_may_say_first_only_of_one() -> None:
    """A first place that another customer shares is not called the first."""
    made = make_campaign([metric()]).metrics[0]
    events = [event("a", "2026-01-01T09:30", "x"), event("b", "2026-01-01T09:30", "y")]
    value = compute([metric()], events)["a"]["early"]
    facts = kind_of(made).facts(made, value, Period(**YEAR))
    assert (facts.main, facts.cases) == ("n", ("first",))
    assert facts.slots == {
        "label": Label("x"),
        "n": Quantity(1, "customer"),
        "customers": Quantity(1, "customer"),
        "moment": Moment(datetime(2026, 1, 1, 9, 30)),
    }
    shared = compute([metric()], [*events, event("b", "2026-01-01T09:30", "x")])["a"]["early"]
    assert kind_of(made).facts(made, shared, Period(**YEAR)).cases == ()
