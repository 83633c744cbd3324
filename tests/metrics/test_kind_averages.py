"""Averages and extremes: exact, over the events that have an amount."""

from decimal import ROUND_DOWN, Decimal, localcontext

from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_events import YEAR, compute, event, find_alone, make_campaign

from recap.campaign import Period
from recap.metrics.facts import Quantity
from recap.metrics.registry import kind_of

METRICS = [
    {"id": "average", "kind": "average", "of": "amount"},
    {"id": "least", "kind": "minimum", "of": "amount"},
    {"id": "most", "kind": "maximum", "of": "amount"},
]


def cut(of: Decimal | int, by: Decimal | int) -> Decimal:
    """Divide to nine digits after the point."""
    with localcontext() as context:
        context.prec = 60
        return (Decimal(of) / by).quantize(Decimal("1e-9"), rounding=ROUND_DOWN)


def test_an_average_is_cut_off_and_never_rounded_up() -> None:
    """Two thirds end in a six, above zero as below; nulls count neither above nor below the line."""
    events = [event("up", f"2026-03-0{day}", amount=amount) for day, amount in ((1, "1"), (2, "1"), (3, "0"))]
    events += [event("down", f"2026-03-0{day}", amount=f"-{day}.00") for day in (1, 2, 2)]
    events += [event("up", "2026-03-04"), event("down", "2026-03-04")]
    values = {customer: got["average"] for customer, got in compute(METRICS, events).items()}
    assert values["up"].detail == {"exact": Decimal("0.666666666"), "total": Decimal("2.00")}
    assert values["down"].detail == {"exact": Decimal("-1.666666666"), "total": Decimal("-5.00")}
    assert (values["up"].rows, values["up"].rank, values["down"].rank) == (3, 1, 2)


def test_equal_averages_of_other_sums_are_equal() -> None:
    """One third, two sixths and three ninths share a rank: they are not compared as floating point."""
    events = [
        event(customer, f"2026-01-01T00:{minute:02}", amount="0.10" if minute < tenths else "0.00")
        for customer, tenths, of in (("a", 1, 3), ("b", 2, 6), ("c", 3, 9))
        for minute in range(of)
    ]
    values = [got["average"] for got in compute(METRICS, events).values()]
    assert {(v.detail["exact"], v.rank, v.holders) for v in values} == {(Decimal("0.033333333"), 1, 3)}


def test_floats_average_the_same_in_every_order() -> None:
    """A floating-point field is added up as decimals, whatever the order of the rows."""
    own = [event("c", "2026-01-01", size=size) for size in (0.1, 1e15, 0.2, -1e15, 0.3, None)]
    metrics = [{"id": "size", "kind": "average", "of": "size"}]
    details = [compute(metrics, order)["c"]["size"].detail for order in (own, own[::-1])]
    assert details == [{"exact": Decimal("0.12"), "total": Decimal("0.6")}] * 2


def test_extremes_know_what_is_below_zero() -> None:
    """The least may be negative, the most too; of one amount there is nothing to compare; less is better."""
    events = [event("c", "2026-01-01", amount=amount) for amount in ("-3.50", "-0.01", None)]
    events += [event("d", "2026-01-01", amount="-9.00")]
    values = compute(METRICS, events)
    assert values["c"]["least"].detail == {"exact": Decimal("-3.50")}
    assert values["c"]["most"].detail == {"exact": Decimal("-0.01")}
    assert [values["c"][metric].rows for metric in ("least", "most")] == [2, 2]
    assert [values["d"][metric].rank for metric in ("least", "most")] == [1, 2]
    assert values["d"]["most"].rows == 1


def test_a_single_amount_is_alone() -> None:
    """The only amount is the least and the most of nothing else, and marked so; an average is not."""
    events = [event("c", "2026-01-01", amount="1"), event("c", "2026-01-01")]
    assert find_alone(METRICS, events) == {("c", "least"), ("c", "most")}
    assert find_alone(METRICS, [*events, event("c", "2026-01-02", amount="1")]) == set()


def test_without_amounts_there_is_no_value() -> None:
    """Nulls alone make no value, and a condition that nothing meets neither."""
    metrics = [*METRICS, {"id": "paid", "kind": "average", "of": "amount", "where": "amount > 5"}]
    values = compute(metrics, [event("c", "2026-01-01"), event("d", "2026-01-01", amount="5.00")])
    assert values["c"] == {}
    assert set(values["d"]) == {"average", "least", "most"}


def test_only_the_period_counts() -> None:
    """What was before the period is in no average and in no extreme."""
    events = [event("c", "2025-12-31T23:59:59", amount="99.00"), event("c", "2026-01-01", amount="1.00")]
    got = compute(METRICS, events)["c"]
    assert {value.detail["exact"] for value in got.values()} == {Decimal(1)}


def test_a_direction_may_be_given() -> None:
    """A minimum is better when less, unless the campaign says otherwise."""
    metrics = [{**METRICS[1], "direction": "more"}]
    values = compute(metrics, [event("c", "2026-01-01", amount="1"), event("d", "2026-01-01", amount="2")])
    assert values["d"]["least"].rank == 1


def test_facts() -> None:
    """The average tells its sum and its events, the extremes their amount."""
    campaign = make_campaign(METRICS)
    got = compute(METRICS, [event("c", "2026-01-01", amount=amount) for amount in ("1.00", "2.00")])["c"]
    told = [kind_of(m).facts(m, got[m.id], Period.model_validate(YEAR)) for m in campaign.metrics]
    assert told[0].slots == {
        "n": Quantity(Decimal("1.5")),
        "total": Quantity(Decimal(3)),
        "events": Quantity(2, "event"),
    }
    assert [facts.slots["n"] for facts in told[1:]] == [Quantity(Decimal(1)), Quantity(Decimal(2))]
    assert {facts.main for facts in told} == {"n"}


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("ab"),
            st.none() | st.decimals(min_value=-(10**12), max_value=10**12, places=2).map(str),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_averages_and_extremes_equal_a_plain_recomputation(rows: list[tuple[str, str | None]]) -> None:
    """Sums are exact, quotients cut off toward zero, extremes among the amounts themselves."""
    values = compute(METRICS, [event(customer, "2026-06-01", amount=amount) for customer, amount in rows])
    for customer, got in values.items():
        amounts = [Decimal(amount) for owner, amount in rows if owner == customer and amount is not None]
        assert bool(got) == bool(amounts)
        if amounts:
            exact = cut(sum(amounts), len(amounts))
            assert got["average"].detail == {"exact": exact, "total": sum(amounts)}
            assert got["least"].detail["exact"] == min(amounts)
            assert got["most"].detail["exact"] == max(amounts)
            assert {value.rows for value in got.values()} == {len(amounts)}
