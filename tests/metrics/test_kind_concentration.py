"""The share of the leading thing, and the effective number of things."""

from collections import Counter
from decimal import ROUND_DOWN, Decimal, localcontext
from math import floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_events import YEAR, compute, event, find_alone, make_campaign

from recap.campaign import Period
from recap.metrics.facts import Facts, Label, Quantity, Ratio, Several
from recap.metrics.registry import kind_of
from recap.metrics.value import Value

SHARE = {"id": "share", "kind": "top_share", "by": "item"}
MONEY = {"id": "money", "kind": "top_share", "by": "item", "of": "amount"}
VARIETY = {"id": "variety", "kind": "variety", "by": "item"}
METRICS = [SHARE, MONEY, VARIETY]


def facts(metric: dict[str, str], value: Value) -> Facts:
    """Say what a value means."""
    model = make_campaign([metric]).metrics[0]
    return kind_of(model).facts(model, value, Period.model_validate(YEAR))


def cut(of: Decimal | int, by: Decimal | int) -> Decimal:
    """Divide to nine digits after the point."""
    with localcontext() as context:
        context.prec = 60
        return (Decimal(of) / by).quantize(Decimal("1e-9"), rounding=ROUND_DOWN)


def test_the_share_of_a_shared_first_place() -> None:
    """Of tied leaders each has the share; all are named in the order of their bytes, null is none of them."""
    events = [event("c", f"2026-01-0{day}", item) for day, item in enumerate(["ä", "b", "Z", None, None], 1)]
    value = compute([SHARE], events)["c"]["share"]
    assert (value.text, value.rows) == ("Z", 3)
    assert value.detail == {
        "exact": Decimal("0.333333333"),
        "most": 1,
        "tied": ["Z", "b", "ä"],
        "tied_count": 3,
        "groups": 3,
        "total": 3,
    }
    told = facts(SHARE, value)
    assert (told.main, told.cases) == ("share", ("tied",))
    assert told.slots == {
        "share": Ratio(0.333333333),
        "label": Label("Z"),
        "labels": Several((Label("Z"), Label("b")), more=1),
        "n": Quantity(1),
        "total": Quantity(3),
        "groups": Quantity(3, "group"),
    }


def test_no_more_than_twenty_ties_are_listed() -> None:
    """However many are tied, twenty are listed and all are counted."""
    events = [event("c", "2026-01-01", f"{number:02}") for number in range(25)]
    detail = compute([SHARE], events)["c"]["share"].detail
    assert detail["tied"] == [f"{number:02}" for number in range(20)]
    assert (detail["tied_count"], detail["groups"]) == (25, 25)


def test_what_is_not_above_zero_has_no_part_in_the_share() -> None:
    """Returned goods neither lead nor shrink the whole; nulls add nothing to their group."""
    amounts = [("a", "6.00"), ("a", "-2.00"), ("b", "1.00"), ("c", "-50.00"), ("d", "0.00"), ("e", None)]
    events = [event("c", "2026-01-01", item, amount=amount) for item, amount in [*amounts, ("b", None)]]
    value = compute([MONEY], events)["c"]["money"]
    assert value.detail["exact"] == Decimal("0.8")
    assert (value.detail["most"], value.detail["total"]) == (Decimal("4.00"), Decimal("5.00"))
    assert (value.detail["groups"], value.detail["tied"], value.rows) == (2, ["a"], 3)
    assert facts(MONEY, value).cases == ()


@pytest.mark.parametrize("rows", [[(None, "5.00")], [("a", "-1.00"), ("b", "0.00")], [("a", None)]])
def test_no_share_of_nothing(rows: list[tuple[str | None, str | None]]) -> None:
    """Without a value of the field above zero there is no share."""
    assert (
        compute([MONEY], [event("c", "2026-01-01", item, amount=amount) for item, amount in rows])["c"] == {}
    )


def test_one_thing_alone_has_no_share_worth_telling() -> None:
    """All of one thing is 1, of variety 1, and marked as having had nothing beside it."""
    events = [event("c", "2026-01-01", "a", amount="2.00") for _ in range(3)]
    got = compute(METRICS, events)["c"]
    assert {value.detail["exact"] for value in got.values()} == {Decimal(1)}
    assert find_alone(METRICS, events) == {("c", "share"), ("c", "money"), ("c", "variety")}
    assert find_alone(METRICS, [*events, event("c", "2026-01-01", "b", amount="-1.00")]) == {("c", "money")}


def test_variety_is_the_number_of_equally_frequent_things() -> None:
    """Four things once each are four; one thing often and three once are fewer, and no longer even."""
    even = [event("even", "2026-01-01", item) for item in "abcd"]
    uneven = [event("uneven", "2026-01-01", item) for item in "aaaaaaabcd"]
    values = {customer: got["variety"] for customer, got in compute([VARIETY], even + uneven).items()}
    assert values["even"].detail == {"exact": 4, "groups": 4, "concentration": Decimal("0.25"), "total": 4}
    assert values["uneven"].detail == {
        "exact": Decimal("1.923076923"),
        "groups": 4,
        "concentration": Decimal("0.52"),
        "total": 10,
    }
    assert (values["even"].rank, values["uneven"].rank, values["uneven"].rows) == (1, 2, 10)
    told = facts(VARIETY, values["uneven"])
    assert told.slots == {"groups": Quantity(4), "even": Quantity(1), "n": Quantity(10, "event")}
    assert (told.main, told.cases) == ("groups", ())
    assert facts(VARIETY, values["even"]).cases == ("even",)


def test_even_begins_at_exactly_half() -> None:
    """An effective number of half the things is even enough; a hair below it is not."""
    half = Value("variety", 2.0, None, {"exact": Decimal("2.000000000"), "groups": 4, "total": 9}, 9)
    below = Value("variety", 2.0, None, {"exact": Decimal("1.999999999"), "groups": 4, "total": 9}, 9)
    assert (facts(VARIETY, half).cases, facts(VARIETY, below).cases) == (("even",), ())


def test_variety_looks_at_the_period_and_the_condition_only() -> None:
    """Null is no thing; neither is what was before the period or does not meet the condition."""
    events = [event("c", "2025-12-31", "x"), event("c", "2026-01-01", None), event("c", "2026-01-01", "a")]
    events += [event("c", "2026-01-02", "b", amount="1.00"), event("d", "2026-01-02", None)]
    metrics = [VARIETY, {**VARIETY, "id": "paid", "where": "amount > 0"}]
    values = compute(metrics, events)
    assert (values["c"]["variety"].detail["groups"], values["c"]["paid"].detail["groups"]) == (2, 1)
    assert values["d"] == {}


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "ä", "Z", None]),
            st.none() | st.decimals(min_value=-50, max_value=99, places=2).map(str),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_shares_and_variety_equal_a_plain_recomputation(rows: list[tuple[str | None, str | None]]) -> None:
    """Shares and effective numbers are exact quotients of whole numbers and decimals."""
    got = compute(METRICS, [event("c", "2026-06-01", item, amount=amount) for item, amount in rows])["c"]
    counts = Counter(item for item, _ in rows if item is not None)
    sums: dict[str, Decimal] = {}
    for item, amount in rows:
        if item is not None and amount is not None:
            sums[item] = sums.get(item, Decimal(0)) + Decimal(amount)
    above = {item: amount for item, amount in sums.items() if amount > 0}
    assert set(got) == ({"share", "variety"} if counts else set()) | ({"money"} if above else set())
    if counts:
        squares = sum(count * count for count in counts.values())
        exact = cut(counts.total() ** 2, squares)
        assert got["share"].detail["exact"] == cut(max(counts.values()), counts.total())
        assert got["variety"].detail["exact"] == exact
        assert got["variety"].detail["concentration"] == cut(squares, counts.total() ** 2)
        assert 1 <= floor(exact) <= len(counts)
    if above:
        tied = sorted(item for item, amount in above.items() if amount == max(above.values()))
        assert got["money"].detail["exact"] == cut(max(above.values()), sum(above.values()))
        assert (got["money"].detail["tied"], got["money"].text) == (tied, tied[0])
