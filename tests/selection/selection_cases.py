"""What the tests of selection share: rules and values, and judging them."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from recap.campaign.choice import Policy, Selection
from recap.selection.choose import choose_highlights, weigh_values
from recap.selection.diversity import measure_factors
from recap.selection.reasons import add_reasons
from recap.selection.rules import Rule
from recap.selection.shares import survey_shares
from recap.selection.tone import Tone, Topics

SCHEMA = {
    "customer_id": pl.String,
    "metric": pl.String,
    "number": pl.Float64,
    "text": pl.String,
    "rows": pl.Int64,
    "rank": pl.Int64,
    "cohort": pl.Int64,
    "top_percent": pl.Int32,
    "holders": pl.Int64,
    "alone": pl.Boolean,
    "share": pl.Float64,
    "quiet": pl.Boolean,
}
TOPICS = Topics(1, {"health": ("pharmac*", "薬局"), "alcohol": ("wine",)})
USUAL = Policy()
WISHES = {"customer_id": pl.String, "wish": pl.String, "field": pl.String, "value": pl.String}
WEIGHTS = {"variant": pl.String, "metric": pl.String, "own_weight": pl.Float64}


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
    holders = None if rank is None else 1
    base = {"customer_id": "c", "metric": metric, "number": 10.0, "text": None, "rows": 100, "rank": rank}
    rest = {"cohort": cohort, "top_percent": top, "holders": holders, "alone": False, "share": None}
    return {**base, **rest, "quiet": False, **changes}


def weigh(
    values: Sequence[Mapping[str, Any]],
    rules: Sequence[Rule],
    *,
    events: int = 100,
    policy: Policy = USUAL,
    wishes: Sequence[tuple[str, str, str | None, str | None]] = (),
    variants: Mapping[str, str] | None = None,
    weights: Sequence[tuple[str, str, float]] = (),
) -> pl.DataFrame:
    """Say what values are worth; all customers have so many `events`."""
    frame = pl.DataFrame(list(values), schema=SCHEMA)
    customers = frame["customer_id"].unique().sort()
    known = pl.DataFrame({"customer_id": customers}, schema={"customer_id": pl.String}).with_columns(
        pl.lit(events, pl.Int64).alias("events"),
        pl.col("customer_id").replace_strict(variants or {}, default="").alias("variant"),
    )
    return weigh_values(
        frame,
        known,
        rules,
        Tone(policy, TOPICS),
        pl.DataFrame(list(wishes), schema=WISHES, orient="row"),
        pl.DataFrame(list(weights), schema=WEIGHTS, orient="row"),
        survey_shares(frame.filter(pl.col("share").is_not_null()).select("metric", "share", "rows")),
    )


def choose(judged: pl.DataFrame, rules: Sequence[Rule], selection: Selection) -> pl.DataFrame:
    """Choose, these customers being everyone."""
    return choose_highlights(judged, rules, measure_factors(judged, rules), selection)


def judge(
    values: Sequence[Mapping[str, Any]], rules: Sequence[Rule], *, cards: int = 5, **more: Any
) -> dict[str, dict[str, Any]]:
    """Choose for one customer; by metric, with reasons."""
    verdicts = choose(weigh(values, rules, **more), rules, Selection(cards=cards))
    return {row["metric"]: row for row in add_reasons(verdicts).iter_rows(named=True)}
