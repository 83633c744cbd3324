"""Which values become cards: tone, gates, score, diversity; then the best few.

Vectorised over some thousand customers at a time; every value leaves with a verdict, from which `reasons`
says why, so that `explain` and the batch can never disagree.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from recap.campaign.choice import Selection
from recap.selection.diversity import Factors, pick
from recap.selection.frames import rules_frame
from recap.selection.rules import CLAIM_AT_MOST, Rule
from recap.selection.shares import Shares
from recap.selection.significance import weigh
from recap.selection.silence import judge_tone
from recap.selection.tone import Tone


def weigh_values(
    values: pl.DataFrame,
    customers: pl.DataFrame,
    rules: Sequence[Rule],
    tone: Tone,
    wishes: pl.DataFrame,
    weights: pl.DataFrame,
    shares: Mapping[str, Shares],
) -> pl.DataFrame:
    """Say of every value of some customers what it is worth and what holds it back.

    `values`: as `read_standings` gives them. `customers`: `customer_id`, `events`, `variant`. `wishes`:
    `customer_id`, `wish`, `field`, `value`. `weights`: `variant`, `metric`, `own_weight`. `shares`: of
    everyone. Returns a row a value: what `weigh` gives, and `claims` Boolean (the card may say *top x %*),
    `neutral` Boolean (told in plain words), `pinned` Boolean, `gate` String (the first gate that holds it
    back, by name, or null) and `silent` (the policy's reason, or null).
    """
    moments = [rule.metric for rule in rules if rule.form == "moment"]
    asked = (
        wishes.filter(pl.col("wish").is_in(["hide", "pin"])).select("customer_id", "value", "wish").unique()
    )
    # What is made of a hidden metric would tell it all the same.
    made_of = pl.DataFrame(
        [(rule.metric, below) for rule in rules for below in {rule.metric, *rule.rests_on}],
        schema={"metric": pl.String, "value": pl.String},
        orient="row",
    )
    told = (pl.col("wish") == "hide") | (pl.col("metric") == pl.col("value"))
    wished = (
        asked.join(made_of, on="value")
        .filter(told)
        .group_by("customer_id", "metric")
        .agg(
            (pl.col("wish") == "hide").any().alias("hidden"), (pl.col("wish") == "pin").any().alias("pinned")
        )
    )
    judged = (
        judge_tone(values, rules, tone)
        .join(rules_frame(rules), on="metric", how="inner")
        .join(customers.select("customer_id", "events", "variant"), on="customer_id", how="left")
        .join(wished, on=["customer_id", "metric"], how="left")
        .join(weights, on=["variant", "metric"], how="left")
        .with_columns(
            pl.coalesce("own_weight", "weight").alias("weight"),
            (pl.col("metric").is_in(moments) & (pl.col("rows") == 1)).alias("single"),
            pl.col("events").fill_null(0),
            pl.col("hidden").fill_null(False),
            pl.col("pinned").fill_null(False),
        )
    )
    counts = pl.col("rank").is_not_null() & (pl.col("cohort") >= pl.col("cohort_at_least"))
    stands = counts & ~pl.col("uncompared")
    return (
        weigh(judged, shares)
        .with_columns(stands.alias("stands"))
        .with_columns((pl.col("stands") & pl.col("may_claim") & _claim_holds()).alias("claims"))
        .with_columns(_closed_gate().alias("gate"))
    )


def choose_highlights(
    judged: pl.DataFrame, rules: Sequence[Rule], factors: Factors, selection: Selection
) -> pl.DataFrame:
    """Choose the best few of each customer.

    `judged` is what `weigh_values` gives, `factors` what `measure_factors` found. Returns its rows with
    `limit` (highlights at most for the customer), `chosen` Boolean and `place` (in the order of choice, null
    where not chosen), sorted by customer, then by score, best first, then by the order of the campaign.
    """
    few = pl.col("events") < selection.some_below
    some = min(selection.some_cards, selection.cards)
    judged = judged.with_columns(pl.when(few).then(some).otherwise(selection.cards).alias("limit"))
    told, told_by = _pick_once(judged.filter(pl.col("gate").is_null()), rules, factors, selection.cards)
    return (
        judged.join(told, on=["customer_id", "metric"], how="left")
        .join(told_by, on=["customer_id", "metric"], how="left")
        .with_columns(pl.col("place").is_not_null().alias("chosen"))
        .sort(["customer_id", "score", "order"], descending=[False, True, False])
    )


def _pick_once(
    eligible: pl.DataFrame, rules: Sequence[Rule], factors: Factors, cards: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pick, and where two of a customer's cards would tell one label with one number, pick anew without one.

    Gives what `pick` gives, and what was left out: `customer_id`, `metric`, `told_by`.
    """
    schema = {"customer_id": pl.String, "metric": pl.String, "told_by": pl.String}
    named = [rule.metric for rule in rules if not rule.tells_time]
    key = ["customer_id", "metric"]
    told, left_out = pick(eligible, rules, factors, cards), pl.DataFrame(schema=schema)
    while True:
        alike = (
            told.join(eligible.select(*key, "text", "number"), on=key)
            .filter(
                pl.col("metric").is_in(named), pl.col("text").is_not_null(), pl.col("number").is_not_null()
            )
            .sort("place")
            .with_columns(pl.col("metric").first().over("customer_id", "text", "number").alias("told_by"))
            .filter(pl.col("metric") != pl.col("told_by"))
            .select(*schema)
        )
        if alike.is_empty():
            return told, left_out
        left_out = pl.concat([left_out, alike])
        again = eligible.join(alike.select("customer_id").unique(), on="customer_id", how="semi")
        again = pick(again.join(left_out, on=key, how="anti"), rules, factors, cards)
        told = pl.concat([told.join(alike, on="customer_id", how="anti"), again])


def _percent_at_or_above() -> pl.Expr:
    return (100 * (pl.col("rank") + pl.col("holders") - 1) + pl.col("cohort") - 1) // pl.col("cohort")


def _claim_holds() -> pl.Expr:
    percent = _percent_at_or_above()
    return (percent <= CLAIM_AT_MOST) & (percent <= pl.col("top_percent") + 1)


def _closed_gate() -> pl.Expr:
    """Name the first gate that holds a value back, or null; `reasons` has their sentences."""
    behind = pl.col("top_percent_at_most").is_not_null()
    return (
        pl.when("hidden")
        .then(pl.lit("hidden"))
        .when(pl.col("silent").is_not_null())
        .then(pl.lit("silent"))
        .when(pl.col("rows") < pl.col("rows_at_least"))
        .then(pl.lit("rows"))
        .when(pl.col("number") < pl.col("number_at_least"))
        .then(pl.lit("number"))
        .when("alone")
        .then(pl.lit("alone"))
        .when((pl.col("number") < 0) | (pl.col("number") == 0) & ~pl.col("zero_tells"))
        .then(pl.lit("loss"))
        .when(pl.col("uncompared") & (pl.col("compares") | behind))
        .then(pl.lit("uncompared"))
        .when((pl.col("needs_standing") | behind) & ~pl.col("stands"))
        .then(pl.lit("cohort"))
        .when(pl.col("needs_standing") & ~pl.col("claims"))
        .then(pl.lit("crowd"))
        .when(pl.col("top_percent") > pl.col("top_percent_at_most"))
        .then(pl.lit("behind"))
        .when(pl.col("weight") == 0)
        .then(pl.lit("weight"))
        .otherwise(None)
    )
