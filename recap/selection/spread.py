"""How the choice came out over all customers: what is told to whom, and what the tone held back."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from recap.selection.rules import Rule

NEARLY_ALL = 0.9
ENOUGH = 20
"""Fewer decks than this say nothing about a spread."""


def summarise(verdicts: pl.DataFrame, rules: Sequence[Rule]) -> dict[str, Any]:
    """Count, for `run.json`, what was chosen of each metric, and what was held back.

    Gives `metrics`: by metric `values`, `passed` (the gates) and `chosen`; `held_back`: values by reason, of
    the policy or the customers; `neutral`: values told in plain words.
    """
    counted = verdicts.group_by("metric").agg(
        pl.len().alias("values"),
        pl.col("gate").is_null().sum().alias("passed"),
        pl.col("chosen").sum().alias("chosen"),
    )
    found = {row.pop("metric"): row for row in counted.to_dicts()}
    nothing = {"values": 0, "passed": 0, "chosen": 0}
    asked = pl.when(pl.col("gate") == "hidden").then(pl.lit("customers asked not to be shown it"))
    held = verdicts.filter(pl.col("gate").is_in(["hidden", "silent"])).select(
        asked.otherwise("silent").alias("why")
    )
    reasons = held.group_by("why").len().sort("len", "why", descending=[True, False])
    return {
        "metrics": {rule.metric: found.get(rule.metric, nothing) for rule in rules},
        "held_back": dict(reasons.iter_rows()),
        "neutral": int(verdicts.filter("chosen", "neutral").height),
    }


def warn(verdicts: pl.DataFrame, rules: Sequence[Rule], summary: Mapping[str, Any]) -> list[str]:
    """Say what makes decks alike: a shape of card that nearly everyone gets, a metric that no one does."""
    chosen = verdicts.filter("chosen").select("customer_id", "metric")
    decks = chosen["customer_id"].n_unique()
    if decks < ENOUGH:
        return []
    warnings = [
        f"metric {rule.metric!r} was chosen for nobody, though {summary['metrics'][rule.metric]['values']} "
        "customers have a value; look at its gates and weight"
        for rule in rules
        if rule.weight > 0
        and not summary["metrics"][rule.metric]["chosen"]
        and summary["metrics"][rule.metric]["values"]
    ]
    # What opens the story is meant for everyone.
    shaped = [(rule.metric, rule.layout) for rule in rules if rule.part != "opening"]
    shapes = pl.DataFrame(shaped, schema={"metric": pl.String, "layout": pl.String}, orient="row")
    reach = chosen.join(shapes, on="metric").group_by("layout").agg(pl.col("customer_id").n_unique())
    for layout, customers in reach.sort("layout").iter_rows():
        if customers > NEARLY_ALL * decks:
            warnings.append(
                f"{100 * customers // decks} % of the decks hold a card of the shape {layout!r}; "
                "give some of its metrics another layout or a lower weight"
            )
    return warnings
