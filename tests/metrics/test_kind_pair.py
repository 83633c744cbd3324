"""Pairs: what is together in most baskets, counted once a basket."""

from collections import Counter
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_events import YEAR, compute, event, make_campaign

from recap.campaign import Period
from recap.metrics.facts import Label, Quantity
from recap.metrics.registry import kind_of

PAIR = {"id": "pair", "kind": "pair", "by": "item", "within": "basket"}


def bought(customer: str, basket: str | None, *items: str | None) -> list[Any]:
    return [event(customer, "2026-05-01", item, basket) for item in items]


def test_a_pair_counts_once_a_basket_and_baskets_are_a_customers_own() -> None:
    """Thrice bread and twice butter in a basket are one pair; a basket of another customer is not joined."""
    events = bought("c", "r1", "bread", "bread", "butter", "bread", "butter", None)
    events += bought("c", "r2", "butter", "bread", "tea") + bought("c", "r3", "bread")
    events += bought("d", "r3", "butter") + bought("c", None, "bread", "butter")
    value = compute([PAIR], events)["c"]["pair"]
    assert (value.number, value.text, value.rows) == (2, "bread + butter", 8)
    assert value.detail == {"exact": 2, "pair": ["bread", "butter"], "tied_count": 1, "baskets": 2}
    assert set(compute([PAIR], events)["d"]) == set()


def test_huge_baskets_are_left_out() -> None:
    """A basket of more different things than allowed says nothing of what goes together."""
    events = bought("c", "r1", "a", "b", "c") + bought("c", "r2", "b", "c")
    value = compute([{**PAIR, "at_most": 2}], events)["c"]["pair"]
    assert value.detail == {"exact": 1, "pair": ["b", "c"], "tied_count": 1, "baskets": 1}


def test_only_events_that_meet_the_condition_are_in_a_basket() -> None:
    """What was brought back was not bought together."""
    events = [event("c", "2026-05-01", item, "r", amount) for item, amount in (("a", "1"), ("b", "-1"))]
    assert compute([{**PAIR, "where": "amount > 0 -- bought"}], events)["c"] == {}


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("cd"), st.sampled_from(["r1", "r2", "r3", None]), st.sampled_from("abäZ")),
        min_size=1,
        max_size=30,
    ),
    st.integers(2, 4),
)
def test_pairs_equal_a_plain_count(rows: list[tuple[str, str | None, str]], at_most: int) -> None:
    """The commonest pair, its ties, its baskets and rows are what a person with a pencil would find."""
    values = compute([{**PAIR, "at_most": at_most}], [event(c, "2026-01-01", i, b) for c, b, i in rows])
    for customer, got in values.items():
        own = [(b, i) for c, b, i in rows if c == customer and b is not None]
        held = {b: {i for other, i in own if other == b} for b, _ in own}
        held = {b: items for b, items in held.items() if 2 <= len(items) <= at_most}
        pairs = Counter(pair for items in held.values() for pair in combinations(sorted(items), 2))
        assert ("pair" in got) == bool(pairs)
        if pairs:
            most = max(pairs.values())
            leaders = sorted(pair for pair, n in pairs.items() if n == most)
            assert got["pair"].detail == {
                "exact": most,
                "pair": list(leaders[0]),
                "tied_count": len(leaders),
                "baskets": len(held),
            }
            assert got["pair"].rows == sum(b in held for b, _ in own)


def test_the_card_names_both_and_says_when_others_tie() -> None:
    """Both things are the data's own words; a tie is told."""
    made = make_campaign([PAIR]).metrics[0]
    value = compute([PAIR], bought("c", "r1", "a", "b", "z"))["c"]["pair"]
    facts = kind_of(made).facts(made, value, Period(**YEAR))
    assert facts.slots == {
        "first": Label("a"),
        "second": Label("b"),
        "n": Quantity(1),
        "baskets": Quantity(1),
    }
    assert (facts.main, facts.cases) == ("first", ("tied",))
