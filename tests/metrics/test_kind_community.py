"""Community: one total of everyone, and each customer's own part in it."""

from decimal import Decimal

import pytest
from made_up_events import YEAR, compute, event, make_campaign

from recap.campaign import Period
from recap.metrics.facts import Quantity
from recap.metrics.registry import kind_of

COUNTED = {"id": "all", "kind": "community"}
SUMMED = {**COUNTED, "of": "amount", "where": "item = 'a'"}
EVENTS = [
    event("c", "2026-01-01", "a", amount="1.10"),
    event("c", "2026-01-02", "a", amount="-0.20"),
    event("c", "2026-01-03", "b", amount="5"),
    event("d", "2026-01-01", "a", amount="2.05"),
    event("e", "2026-01-01", "a"),
    event("f", "2026-01-01", "b", amount="100"),
    event("before", "2025-01-01", "a", amount="1000"),
]


@pytest.mark.parametrize("parts", [1, 4])
def test_everyone_is_told_the_same_total_and_their_own_part(parts: int) -> None:
    """Only counted events of the period are in it, and only who has one is told, however it is computed."""
    values = compute([SUMMED], EVENTS, parts=parts)
    assert {c: got["all"].detail for c, got in values.items() if got} == {
        "c": {"exact": Decimal("2.95"), "customers": 2, "own": Decimal("0.90")},
        "d": {"exact": Decimal("2.95"), "customers": 2, "own": Decimal("2.05")},
    }
    assert {(v.rows, v.rank, v.cohort) for got in values.values() for v in got.values()} == {(3, None, 2)}
    counted = compute([COUNTED], EVENTS, parts=parts)
    assert {c: (got["all"].number, got["all"].detail["own"]) for c, got in counted.items()} == {
        "c": (6, 3),
        "d": (6, 1),
        "e": (6, 1),
        "f": (6, 1),
    }


def test_the_card_says_how_many_customers() -> None:
    """The total, the customers and the own part are three slots."""
    made = make_campaign([COUNTED]).metrics[0]
    facts = kind_of(made).facts(made, compute([COUNTED], EVENTS)["c"]["all"], Period(**YEAR))
    assert facts.slots == {"n": Quantity(6), "customers": Quantity(4, "customer"), "own": Quantity(3)}
