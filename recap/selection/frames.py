"""Rules and variants as frames, to be joined to values; apart, as drawing workers load no Polars."""

from collections.abc import Iterable, Sequence

import polars as pl

from recap.campaign import Campaign
from recap.selection.rules import Rule
from recap.selection.variants import alternatives_of


def rules_frame(rules: Sequence[Rule]) -> pl.DataFrame:
    """Give the rules as a frame, a row a metric, to be joined to values."""
    schema = {
        "metric": pl.String,
        "family": pl.String,
        "order": pl.UInt16,
        "weight": pl.Float64,
        "number_at_least": pl.Float64,
        "rows_at_least": pl.Int64,
        "top_percent_at_most": pl.Int64,
        "cohort_at_least": pl.Int64,
        "may_claim": pl.Boolean,
        "needs_standing": pl.Boolean,
        "by_share": pl.Boolean,
        "compares": pl.Boolean,
        "zero_tells": pl.Boolean,
    }
    return pl.DataFrame([{name: getattr(rule, name) for name in schema} for rule in rules], schema=schema)


def weights_frame(campaign: Campaign, variants: Iterable[str]) -> pl.DataFrame:
    """Give the weights that some variants change: `variant`, `metric`, `own_weight`."""
    schema = {"variant": pl.String, "metric": pl.String, "own_weight": pl.Float64}
    rows = []
    for variant in variants:
        weights: dict[str, float] = {}
        for alternative in alternatives_of(campaign, variant):
            weights |= alternative.weights
        rows += [(variant, metric, weight) for metric, weight in weights.items()]
    return pl.DataFrame(rows, schema=schema, orient="row")
