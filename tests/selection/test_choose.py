"""Which values become cards: gates, families, scores, a total order, and a reason for each."""

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from selection_cases import choose, judge, rule, value, weigh

from recap.campaign.choice import Selection
from recap.selection.diversity import measure_factors
from recap.selection.reasons import add_reasons


def test_the_best_few_are_chosen() -> None:
    """Only as many as there are cards are chosen, the best first, and each says why."""
    rules = [rule("a", 0), rule("b", 1, weight=3.0), rule("c", 2, layout="top")]
    got = judge([value("a", rank=11), value("b", rank=61), value("c", rank=16)], rules, cards=2)
    assert [got[m]["place"] for m in "abc"] == [None, 1, 2]
    assert got["a"]["reason"].startswith("not among the best 2: ")
    assert got["b"]["reason"].startswith("weight 3.0 x significance 0.18 x impact 1.0: ahead of 39 % of 100")


def test_one_of_a_family() -> None:
    """The best of a family stands for it, and the others say so; one held back by a gate does not count."""
    rules = [
        rule("a", 0, family="f"),
        rule("b", 1, family="f"),
        rule("c", 2, family="f", weight=9.0, rows_at_least=101),
    ]
    got = judge([value("a", rank=50), value("b", rank=2), value("c")], rules)
    assert [got[m]["chosen"] for m in "abc"] == [False, True, False]
    assert got["a"]["reason"] == "another of its family was chosen: b"
    assert got["c"]["reason"] == "events it rests on: 100, needed: 101"


def test_gates_hold_back_with_their_reason() -> None:
    """Each gate holds a value back by itself and says which it is."""
    cases = {
        "few": (rule("few", rows_at_least=200), value("few"), "events it rests on: 100, needed: 200"),
        "small": (rule("small", number_at_least=11.0), value("small"), "its number: 10.0, needed: 11.0"),
        "loss": (
            rule("loss", number_at_least=-9.0),
            value("loss", number=-1.0),
            "its number -1.0 is not above zero",
        ),
        "behind": (
            rule("behind", top_percent_at_most=5),
            value("behind", rank=6),
            "the customer is not among the top 5 %",
        ),
        "alone": (
            rule("alone", needs_standing=True),
            value("alone", cohort=49),
            "no standing is claimed over fewer than 50",
        ),
        "crowd": (
            rule("crowd", needs_standing=True),
            value("crowd", holders=26),
            "too many of the customers have as much",
        ),
        "only": (rule("only"), value("only", alone=True), "there was nothing to compare it with"),
        "none": (rule("none", weight=0.0), value("none"), "its weight is 0"),
    }
    got = judge([v for _, v, _ in cases.values()], [r for r, _, _ in cases.values()], cards=20)
    for name, (_, _, reason) in cases.items():
        assert not got[name]["chosen"]
        assert got[name]["reason"].startswith(reason), got[name]["reason"]


def test_top_percent_is_claimed_only_where_few_have_as_much() -> None:
    """Of a hundred with the same number none is at the top, though none is before them."""
    got = judge(
        [value("a", holders=100), value("b", rank=19, holders=2), value("d", rank=20)],
        [rule(m) for m in "abd"],
    )
    assert [got[m]["claims"] for m in "abd"] == [False, True, True]


def test_light_customers_get_a_short_deck() -> None:
    """Below so many events three highlights are enough, whatever there is."""
    rules = [rule(m, i) for i, m in enumerate("abcdef")]
    values = [value(m) for m in "abcdef"]
    assert sum(v["chosen"] for v in judge(values, rules, cards=5, events=19).values()) == 3
    assert sum(v["chosen"] for v in judge(values, rules, cards=5, events=20).values()) == 5


def test_wishes_are_obeyed() -> None:
    """What was hidden is not chosen, what was pinned comes first, but through no gate."""
    rules = [
        rule("a", 0, weight=9.0),
        rule("b", 1),
        rule("c", 2, weight=0.1),
        rule("d", 3, rows_at_least=999),
    ]
    wishes = [("c", "hide", None, "a"), ("c", "pin", None, "c"), ("c", "pin", None, "d")]
    got = judge([value(m) for m in "abcd"], rules, cards=1, wishes=wishes)
    assert got["a"]["reason"] == "the customer asked not to be shown it"
    assert [m for m in "abcd" if got[m]["chosen"]] == ["c"]
    assert got["c"]["reason"].startswith("the customer asked for it; ")
    assert got["d"]["reason"].startswith("events it rests on")


def test_variants_have_their_own_weights() -> None:
    """A weight of an experiment's alternative counts for its customers only."""
    rules = [rule("a", 0), rule("b", 1)]
    values = [value(m, customer_id=c) for c in ("c1", "c2") for m in "ab"]
    judged = weigh(values, rules, variants={"c2": "x=y"}, weights=[("x=y", "b", 5.0)])
    verdicts = choose(judged, rules, Selection(cards=1))
    chosen = verdicts.filter("chosen")
    assert dict(zip(chosen["customer_id"], chosen["metric"], strict=True)) == {"c1": "a", "c2": "b"}


def test_one_label_with_one_number_is_told_once() -> None:
    """The favourite that is the biggest purchase too has one card, that which is worth more."""
    rules = [rule("a", 0), rule("b", 1, weight=2.0), rule("d", 2), rule("e", 3, tells_time=True)]
    same = {"text": "Soap", "number": 24.0}
    got = judge(
        [value("a", **same), value("b", **same), value("d", text="Soap", number=25.0), value("e", **same)],
        rules,
    )
    assert [got[m]["chosen"] for m in "abde"] == [False, True, True, True]
    assert got["a"]["reason"] == "b tells the same label with the same number"


def test_two_cards_with_one_total_are_one_fact() -> None:
    """The sum, and the sum month by month, are not both told; another field's total is."""
    rules = [
        rule("sum", 0, total=("amount", None)),
        rule("months", 1, total=("amount", None), layout="chart"),
        rule("pieces", 2, total=("quantity", None)),
    ]
    got = judge([value("sum", rank=2), value("months"), value("pieces")], rules)
    assert [got[m]["chosen"] for m in ("sum", "months", "pieces")] == [False, True, True]


def crowd(metric: str, order: list[int]) -> list[dict[str, Any]]:
    """Give everyone a value, ranked in some order."""
    return [
        value(metric, rank=rank + 1, cohort=len(order), customer_id=f"c{i:03}")
        for i, rank in enumerate(order)
    ]


def test_what_tells_the_same_takes_from_the_other() -> None:
    """Two metrics that rank all customers alike are nearly one; unrelated ones stay what they are."""
    up = list(range(100))
    other = [(37 * i) % 100 for i in up]
    rules = [rule("spent", 0), rule("visits", 1), rule("hours", 2)]
    values = [*crowd("spent", up), *crowd("visits", up), *crowd("hours", other)]
    factors = measure_factors(weigh(values, rules), rules)
    assert factors["spent", "visits"] < 0.01
    assert factors["spent", "hours"] > 0.6
    assert factors["spent", "spent"] == 0
    verdicts = choose(weigh(values, rules), rules, Selection(cards=2))
    best = verdicts.filter(pl.col("customer_id") == "c002", "chosen").sort("place")["metric"].to_list()
    assert best == ["spent", "hours"]


values_lists = st.lists(
    st.builds(
        lambda customer, metric, rank, rows: value(metric, rank, customer_id=customer, rows=rows),
        st.sampled_from(["c1", "c2", "c3"]),
        st.sampled_from("abcde"),
        st.none() | st.integers(1, 100),
        st.integers(0, 4),
    ),
    unique_by=lambda v: (v["customer_id"], v["metric"]),
)


@settings(max_examples=30, deadline=None)
@given(values_lists, st.integers(1, 4), st.randoms(use_true_random=False))
def test_selection_is_a_total_order(values: list[dict[str, Any]], cards: int, random: Any) -> None:
    """Whatever the order of the rows: the same choice, within the limits, every value with one reason."""
    rules = [rule(m, i, family="xxyyz"[i], rows_at_least=2) for i, m in enumerate("abcde")]
    selection = Selection(cards=cards)
    got = add_reasons(choose(weigh(values, rules), rules, selection))
    shuffled = random.sample(values, len(values))
    again = add_reasons(choose(weigh(shuffled, rules), rules, selection))
    assert got.equals(again)
    assert len(got) == len(values)
    assert got["reason"].null_count() == 0
    families = {r.metric: r.family for r in rules}
    for customer in got["customer_id"].unique():
        chosen = got.filter((pl.col("customer_id") == customer) & pl.col("chosen"))["metric"].to_list()
        able = {families[v["metric"]] for v in values if v["customer_id"] == customer and v["rows"] >= 2}
        assert len(chosen) == min(cards, len(able))
        assert len({families[m] for m in chosen}) == len(chosen)
