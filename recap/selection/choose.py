"""Which values become cards: gates, then score, then one of a family, then the best few.

Vectorised over all customers; every value leaves with a verdict and its reason, so that `explain` and the
batch can never disagree.

score = weight x standing, where standing is the share of the cohort strictly below the customer. Equal values
count as nothing gained: where all have the same, no one stands out. Where no standing is known (a moment, a
small cohort) it is 0.5: neither remarkable nor dull.
"""

from collections.abc import Sequence

import polars as pl

from recap.campaign.choice import Selection
from recap.selection.rules import CLAIM_AT_MOST, Rule, rules_frame

NEUTRAL = 0.5


def choose_highlights(values: pl.DataFrame, rules: Sequence[Rule], selection: Selection) -> pl.DataFrame:
    """Judge every value.

    `values`: `customer_id`, `metric`, `number`, `rows`, `rank`, `cohort`, `top_percent`, `holders`,
    `alone`.
    Returns a row for each of them: `customer_id`, `metric`, `order`, `score` Float64, `claims` Boolean (the
    card may say *top x %*), `chosen` Boolean, `reason` String; sorted by customer, then by score, best first,
    then by the order of the campaign.
    """
    judged = (
        values.join(rules_frame(rules), on="metric", how="inner")
        .with_columns(_known_standing().alias("known"))
        .with_columns(
            pl.when("known").then(_share_below()).otherwise(NEUTRAL).alias("standing"),
            (pl.col("known") & pl.col("may_claim") & _claim_holds()).alias("claims"),
        )
        .with_columns((pl.col("weight") * pl.col("standing")).alias("score"))
        .with_columns(_closed_gate().alias("gate"))
        .sort(["customer_id", "score", "order"], descending=[False, True, False])
    )
    passed = pl.col("gate").is_null()
    # Values that a gate holds back must not take their family's place: each side is counted by itself.
    judged = judged.with_columns(passed.alias("passed")).with_columns(
        pl.col("metric").first().over("customer_id", "family", "passed").alias("best_of_family")
    )
    leads = pl.col("passed") & (pl.col("metric") == pl.col("best_of_family"))
    judged = judged.with_columns(leads.alias("leads")).with_columns(
        pl.col("leads").cum_sum().over("customer_id").alias("place")
    )
    chosen = pl.col("leads") & (pl.col("place") <= selection.cards)
    return judged.with_columns(chosen.alias("chosen")).select(
        "customer_id",
        "metric",
        "order",
        "score",
        "claims",
        "chosen",
        _reason(selection.cards).alias("reason"),
    )


def _known_standing() -> pl.Expr:
    return pl.col("rank").is_not_null() & (pl.col("cohort") >= pl.col("cohort_at_least"))


def _share_below() -> pl.Expr:
    return (pl.col("cohort") - pl.col("rank") - pl.col("holders") + 1) / pl.col("cohort")


def _percent_at_or_above() -> pl.Expr:
    return (100 * (pl.col("rank") + pl.col("holders") - 1) + pl.col("cohort") - 1) // pl.col("cohort")


def _claim_holds() -> pl.Expr:
    percent = _percent_at_or_above()
    return (percent <= CLAIM_AT_MOST) & (percent <= pl.col("top_percent") + 1)


def _closed_gate() -> pl.Expr:
    """Name the first gate that holds a value back, or null."""
    few = "events it rests on: {}, needed: {}"
    small = "its number: {}, needed: {}"
    behind = "the customer is not among the top {} %"
    return (
        pl.when(pl.col("rows") < pl.col("rows_at_least"))
        .then(pl.format(few, "rows", "rows_at_least"))
        .when(pl.col("number") < pl.col("number_at_least"))
        .then(pl.format(small, "number", "number_at_least"))
        .when("alone")
        .then(pl.lit("there was nothing to compare it with"))
        .when(pl.col("number") <= 0)
        .then(pl.format("its number {} is not above zero, and losses are not celebrated", "number"))
        .when(pl.col("needs_standing") & ~pl.col("known"))
        .then(pl.format("no standing is claimed over fewer than {} customers", "cohort_at_least"))
        .when(pl.col("needs_standing") & ~pl.col("claims"))
        .then(pl.lit("too many of the customers have as much"))
        .when(pl.col("top_percent_at_most").is_not_null() & ~pl.col("known"))
        .then(pl.format("no standing is claimed over fewer than {} customers", "cohort_at_least"))
        .when(pl.col("top_percent") > pl.col("top_percent_at_most"))
        .then(pl.format(behind, "top_percent_at_most"))
        .when(pl.col("weight") == 0)
        .then(pl.lit("its weight is 0"))
        .otherwise(None)
    )


def _reason(cards: int) -> pl.Expr:
    standing = pl.format("ahead of {} % of {} customers", _percent("standing"), "cohort")
    why = pl.when("known").then(standing).otherwise(pl.lit("its standing is not counted"))
    return (
        pl.when(pl.col("gate").is_not_null())
        .then("gate")
        .when(~pl.col("leads"))
        .then(pl.format("another of its family was chosen: {}", "best_of_family"))
        .when(~pl.col("chosen"))
        .then(pl.lit(f"not among the best {cards}"))
        .otherwise(pl.format("weight {} x standing {}: {}", "weight", _two_digits("standing"), why))
    )


def _percent(name: str) -> pl.Expr:
    return (100 * pl.col(name)).floor().cast(pl.Int64)


def _two_digits(name: str) -> pl.Expr:
    return pl.col(name).round(2)
