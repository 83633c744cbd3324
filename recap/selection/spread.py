"""How the choice came out over all customers: what is told to whom, and what the tone held back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from recap.selection.rules import Rule

NEARLY_ALL = 0.9
ENOUGH = 20
"""Fewer decks than this say nothing about a spread."""


@dataclass(slots=True)
class Spread:
    """Counts over verdicts, added some customers at a time."""

    rules: Sequence[Rule]
    values: Counter[str] = field(default_factory=Counter)
    """By metric."""
    passed: Counter[str] = field(default_factory=Counter)
    """Values that no gate held back, by metric."""
    chosen: Counter[str] = field(default_factory=Counter)
    held_back: Counter[str] = field(default_factory=Counter)
    """Values by the reason of the policy or the customers."""
    neutral: int = 0
    """Chosen values that are told in plain words."""
    decks: int = 0
    """Customers with anything chosen."""
    reach: Counter[str] = field(default_factory=Counter)
    """Of these, those with a card of a layout that is no opening, by layout."""

    def add(self, verdicts: pl.DataFrame) -> None:
        """Count all verdicts of some customers, none of whom was counted before."""
        counted = verdicts.group_by("metric").agg(
            pl.len(), pl.col("gate").is_null().sum().alias("passed"), pl.col("chosen").sum()
        )
        for metric, values, passed, chosen in counted.iter_rows():
            self.values[metric] += values
            self.passed[metric] += passed
            self.chosen[metric] += chosen
        asked = pl.when(pl.col("gate") == "hidden").then(pl.lit("customers asked not to be shown it"))
        held = verdicts.filter(pl.col("gate").is_in(["hidden", "silent"]))
        reasons = held.select(asked.otherwise("silent").alias("why")).group_by("why").len()
        self.held_back.update(dict(reasons.iter_rows()))
        told = verdicts.filter("chosen").select("customer_id", "metric", "neutral")
        self.neutral += told.filter("neutral").height
        self.decks += told["customer_id"].n_unique()
        # What opens the story is meant for everyone.
        shaped = [(rule.metric, rule.layout) for rule in self.rules if rule.part != "opening"]
        layouts = pl.DataFrame(shaped, schema={"metric": pl.String, "layout": pl.String}, orient="row")
        reach = told.join(layouts, on="metric").group_by("layout").agg(pl.col("customer_id").n_unique())
        self.reach.update(dict(reach.iter_rows()))

    def by_metric(self) -> dict[str, dict[str, int]]:
        """Give `values`, `passed` and `chosen` of every metric, for `run.json`."""
        return {
            name: {"values": self.values[name], "passed": self.passed[name], "chosen": self.chosen[name]}
            for name in (rule.metric for rule in self.rules)
        }

    def warnings(self) -> list[str]:
        """Say what makes decks alike: a shape of card that nearly all get, a metric that no one does."""
        if self.decks < ENOUGH:
            return []
        never = [
            f"metric {name!r} was chosen for nobody, though {self.values[name]} customers have a value; "
            "look at its gates and weight"
            for name in (rule.metric for rule in self.rules if rule.weight > 0)
            if self.values[name] and not self.chosen[name]
        ]
        alike = [
            f"{100 * customers // self.decks} % of the decks hold a card of the shape {layout!r}; "
            "give some of its metrics another layout or a lower weight"
            for layout, customers in sorted(self.reach.items())
            if customers > NEARLY_ALL * self.decks
        ]
        return never + alike
