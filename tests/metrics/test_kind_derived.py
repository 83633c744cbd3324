"""Ratios and comparisons: numbers made of other metrics, divided exactly."""

from decimal import Decimal
from typing import Any

import pytest
from made_up_events import YEAR, compute, event, find_alone, make_campaign

from recap.campaign import Period
from recap.errors import CampaignError
from recap.metrics.facts import Quantity, Ratio
from recap.metrics.registry import kind_of

SPENT = {"id": "spent", "kind": "sum", "of": "amount"}
VISITS = {"id": "visits", "kind": "distinct", "of": "basket"}
RATIO = {"id": "each", "kind": "ratio", "of": "spent", "to": "visits"}
NOUN = {"en": {"one": "cup", "other": "cups"}}
BIKE = {"en": {"one": "bicycle", "other": "bicycles"}}
COMPARISON = {
    "id": "pictured",
    "kind": "comparison",
    "of": "spent",
    "things": [{"id": "cup", "size": "3.2", "noun": NOUN}, {"id": "bike", "size": 650, "noun": BIKE}],
}


def test_a_ratio_is_cut_off_and_keeps_both_numbers() -> None:
    """Twenty over three ends in sixes; the rows are those of what is divided."""
    events = [
        event("c", "2026-01-01", basket=f"r{n}", amount=a) for n, a in ((1, "10"), (2, "10"), (3, None))
    ]
    value = compute([SPENT, VISITS, RATIO], events)["c"]["each"]
    assert value.detail == {"exact": Decimal("6.666666666"), "part": Decimal("20.00"), "whole": 3}
    assert (value.rows, value.rank, value.cohort) == (2, 1, 1)


def test_no_ratio_without_both_or_over_nothing() -> None:
    """A missing number, a sum of zero and one below it divide nothing; a number below zero may be divided."""
    back = {**RATIO, "of": "visits", "to": "spent"}
    events = [event("none", "2026-01-01", basket="r"), event("zero", "2026-01-01", basket="r", amount="0")]
    events += [
        event("below", "2026-01-01", basket="r", amount="-2"),
        event("no_basket", "2026-01-01", amount="1"),
    ]
    assert not any("each" in got for got in compute([SPENT, VISITS, back], events).values())
    assert compute([SPENT, VISITS, RATIO], events)["below"]["each"].detail["exact"] == Decimal(-2)


def test_a_ratio_is_alone_where_one_of_the_two_is() -> None:
    """What had nothing to be compared with makes no story by being divided."""
    biggest = {"id": "biggest", "kind": "biggest_event", "of": "amount"}
    ratio = {"id": "each", "kind": "ratio", "of": "spent", "to": "biggest"}
    events = [event("one", "2026-01-01", amount="1"), *[event("two", "2026-01-01", amount="1")] * 2]
    found = find_alone([ratio, SPENT, biggest], events)
    assert ("one", "each") in found
    assert ("two", "each") not in found


def test_ratios_of_ratios_are_computed_in_their_order() -> None:
    """A ratio may rest on a ratio, wherever in the file they stand."""
    twice = {"id": "twice", "kind": "ratio", "of": "each", "to": "visits"}
    events = [event("c", "2026-01-01", basket=basket, amount="6") for basket in ("r1", "r2")]
    assert compute([twice, RATIO, VISITS, SPENT], events)["c"]["twice"].detail["exact"] == 3


def test_the_share_of_a_ratio_stays_within_a_whole() -> None:
    """More than the whole is told as a number, and drawn as the whole."""
    made = make_campaign([SPENT, VISITS, RATIO]).metrics[2]
    value = compute([SPENT, VISITS, RATIO], [event("c", "2026-01-01", basket="r", amount="4")])["c"]["each"]
    facts = kind_of(made).facts(made, value, Period(**YEAR))
    assert (facts.slots, facts.main) == ({"n": Quantity(Decimal(4)), "share": Ratio(1.0)}, "n")


def test_the_largest_thing_that_fits_is_told() -> None:
    """A thing of exactly the size fits once; what is smaller than every thing is not told."""
    amounts = {
        "two": "1300.00",
        "just": "650.00",
        "below": "649.99",
        "cup": "3.20",
        "poor": "3.19",
        "debt": "-9",
    }
    events = [event(customer, "2026-01-01", amount=amount) for customer, amount in amounts.items()]
    values = compute([SPENT, COMPARISON], events)
    told = {
        c: (got["pictured"].text, got["pictured"].detail["exact"])
        for c, got in values.items()
        if len(got) == 2
    }
    assert told == {
        "two": ("bike", Decimal(2)),
        "just": ("bike", Decimal(1)),
        "below": ("cup", Decimal("203.121875")),
        "cup": ("cup", Decimal(1)),
    }
    assert values["two"]["pictured"].rank is None


def test_a_comparison_speaks_of_its_own_thing() -> None:
    """The amount carries the thing's noun in every language; the number compared keeps the metric's."""
    made = make_campaign([SPENT, COMPARISON]).metrics[1]
    value = compute([SPENT, COMPARISON], [event("c", "2026-01-01", amount="1300")])["c"]["pictured"]
    facts = kind_of(made).facts(made, value, Period(**YEAR))
    assert facts.slots == {"n": Quantity(Decimal(2), noun=BIKE), "of": Quantity(Decimal("1300.00"))}


@pytest.mark.parametrize(
    ("metric", "message"),
    [
        ({**RATIO, "to": "spent"}, "`of` and `to` are the same metric"),
        ({**COMPARISON, "things": []}, "things"),
        ({**COMPARISON, "things": [{"id": "x", "size": 0, "noun": NOUN}]}, "things.0.size: "),
        ({**COMPARISON, "things": [{"id": "x", "size": "0.0000000001", "noun": NOUN}]}, "things.0.size: "),
        (
            {**COMPARISON, "things": [{"id": "x", "size": n, "noun": NOUN} for n in (1, 2)]},
            "two things are called 'x'",
        ),
        (
            {**COMPARISON, "things": [{"id": f"x{n}", "size": 5, "noun": NOUN} for n in (1, 2)]},
            "'x1' and 'x2' are of one size",
        ),
    ],
)
def test_what_can_never_be_told_is_refused(metric: dict[str, Any], message: str) -> None:
    """A ratio of a metric to itself, things without size, or of one name or size, are mistakes."""
    with pytest.raises(CampaignError) as raised:
        make_campaign([SPENT, VISITS, metric])
    assert message in str(raised.value)
