"""Which values become cards: gates, families, scores, a total order, and a reason for each."""

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from recap.campaign.choice import Selection
from recap.selection.arrange import arrange
from recap.selection.choose import choose_highlights
from recap.selection.rules import Rule

SCHEMA = {
    "customer_id": pl.String,
    "metric": pl.String,
    "number": pl.Float64,
    "rows": pl.Int64,
    "rank": pl.Int64,
    "cohort": pl.Int64,
    "top_percent": pl.Int32,
    "holders": pl.Int64,
    "alone": pl.Boolean,
}


def rule(metric: str, order: int = 0, **changes: Any) -> Rule:
    defaults: dict[str, Any] = {
        "family": metric,
        "weight": 1.0,
        "layout": "number",
        "number_at_least": 0.0,
        "rows_at_least": 1,
        "top_percent_at_most": None,
        "cohort_at_least": 50,
        "may_claim": True,
        "needs_standing": False,
    }
    return Rule(metric=metric, order=order, **{**defaults, **changes})


def value(metric: str, rank: int | None = 1, cohort: int = 100, **changes: Any) -> dict[str, Any]:
    top = None if rank is None else -(-100 * rank // cohort)
    base = {"customer_id": "c", "metric": metric, "number": 10.0, "rows": 10, "rank": rank, "cohort": cohort}
    return {**base, "top_percent": top, "holders": None if rank is None else 1, "alone": False, **changes}


def judge(values: list[dict[str, Any]], rules: list[Rule], cards: int = 5) -> dict[str, dict[str, Any]]:
    frame = choose_highlights(pl.DataFrame(values, schema=SCHEMA), rules, Selection(cards=cards))
    return {row["metric"]: row for row in frame.iter_rows(named=True)}


def test_the_best_few_are_chosen_by_weight_and_standing() -> None:
    """Score is weight x share of the cohort below; only as many as there are cards are chosen."""
    rules = [rule("a", 0), rule("b", 1, weight=3.0), rule("c", 2)]
    got = judge([value("a", rank=11), value("b", rank=61), value("c", rank=31)], rules, cards=2)
    assert [got[m]["score"] for m in "abc"] == [0.89, 3 * 0.39, 0.69]
    assert [got[m]["chosen"] for m in "abc"] == [True, True, False]
    assert got["c"]["reason"] == "not among the best 2"
    assert got["b"]["reason"] == "weight 3.0 x standing 0.39: ahead of 39 % of 100 customers"


def test_one_of_a_family() -> None:
    """The best of a family stands for it, and the others say so; one held back by a gate does not count."""
    rules = [
        rule("a", 0, family="f"),
        rule("b", 1, family="f"),
        rule("c", 2, family="f", weight=9.0, rows_at_least=11),
    ]
    got = judge([value("a", rank=50), value("b", rank=2), value("c")], rules)
    assert [got[m]["chosen"] for m in "abc"] == [False, True, False]
    assert got["a"]["reason"] == "another of its family was chosen: b"
    assert got["c"]["reason"] == "events it rests on: 10, needed: 11"


def test_gates_hold_back_with_their_reason() -> None:
    """Each gate holds a value back by itself and says which it is."""
    cases = {
        "few": (rule("few", rows_at_least=20), value("few"), "events it rests on: 10, needed: 20"),
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


def test_what_has_no_standing_is_neutral() -> None:
    """A moment or a value over a small cohort scores half its weight and claims nothing."""
    got = judge([value("a", rank=None), value("b", cohort=49)], [rule("a"), rule("b", 1)])
    assert [(got[m]["score"], got[m]["claims"], got[m]["chosen"]) for m in "ab"] == [(0.5, False, True)] * 2


def test_top_percent_is_claimed_only_where_few_have_as_much() -> None:
    """Of a hundred with the same number none is at the top, though none is before them."""
    got = judge(
        [value("a", holders=100), value("b", rank=19, holders=2), value("d", rank=20)],
        [rule(m) for m in "abd"],
    )
    assert [got[m]["claims"] for m in "abd"] == [False, True, True]
    assert got["a"]["score"] == 0


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


@settings(max_examples=60, deadline=None)
@given(values_lists, st.integers(1, 4), st.randoms(use_true_random=False))
def test_selection_is_a_total_order(values: list[dict[str, Any]], cards: int, random: Any) -> None:
    """Whatever the order of the rows: the same choice, within the limits, every value with one reason."""
    rules = [rule(m, i, family="xxyyz"[i], rows_at_least=2) for i, m in enumerate("abcde")]
    frame = pl.DataFrame(values, schema=SCHEMA)
    got = choose_highlights(frame, rules, Selection(cards=cards))
    shuffled = random.sample(values, len(values))
    again = choose_highlights(pl.DataFrame(shuffled, schema=SCHEMA), rules, Selection(cards=cards))
    assert got.equals(again)
    assert len(got) == len(values)
    assert got["reason"].null_count() == 0
    families = {r.metric: r.family for r in rules}
    for customer in got["customer_id"].unique():
        chosen = got.filter((pl.col("customer_id") == customer) & pl.col("chosen"))["metric"].to_list()
        able = {families[v["metric"]] for v in values if v["customer_id"] == customer and v["rows"] >= 2}
        assert len(chosen) == min(cards, len(able))
        assert len({families[m] for m in chosen}) == len(chosen)


def test_a_deck_keeps_the_campaigns_order_but_not_two_alike() -> None:
    """Neighbours with one composition are parted where there is another to put between."""
    deck = [("a", "number"), ("b", "number"), ("c", "chart"), ("d", "number")]
    assert arrange(deck) == ["a", "c", "b", "d"]
    assert arrange([("a", "x"), ("b", "x")]) == ["a", "b"]
    assert arrange([]) == []
