"""Choosing for millions: some thousand customers at a time, against what was seen of everyone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from recap.campaign import Campaign
from recap.metrics.results import read_shares, read_standings
from recap.selection.choose import choose_highlights, weigh_values
from recap.selection.diversity import Factors, measure_factors
from recap.selection.frames import weights_frame
from recap.selection.reasons import add_reasons
from recap.selection.rules import Rule
from recap.selection.shares import Shares, survey_shares
from recap.selection.tone import Tone

AT_A_TIME = 40_000
"""Customers judged together: a few hundred MB at most."""
SAMPLE = 5_000
"""Customers over whom metrics are correlated."""


@dataclass(frozen=True, slots=True)
class Choosing:
    """All that a verdict rests on; the same for `explain` and for the batch."""

    campaign: Campaign
    connection: Any
    """The DuckDB connection that holds `values`."""
    people: pl.DataFrame
    """`customer_id`, `events` and `variant` of everyone, sorted by the first."""
    wishes: pl.DataFrame
    weights: pl.DataFrame
    """Of the variants there are, as `weights_frame` gives them."""
    rules: tuple[Rule, ...]
    tone: Tone
    shares: Mapping[str, Shares]
    factors: Factors

    def verdicts(self, first: str, last: str) -> pl.DataFrame:
        """Judge and choose for the customers between two ids, as `choose_highlights` gives it."""
        judged = _weigh(self, between=(first, last))
        return choose_highlights(judged, self.rules, self.factors, self.campaign.selection)

    def everyone(self) -> Iterator[pl.DataFrame]:
        """Give the verdicts of all customers with a value, some thousand customers after the other."""
        ids = self.people["customer_id"]
        for start in range(0, len(ids), AT_A_TIME):
            some = ids.slice(start, AT_A_TIME)
            yield self.verdicts(some[0], some[-1])

    def explained(self, customer_id: str) -> pl.DataFrame:
        """Give the verdicts of one customer, with their reasons."""
        return add_reasons(self.verdicts(customer_id, customer_id))


def prepare_choosing(
    campaign: Campaign,
    connection: Any,
    people: pl.DataFrame,
    wishes: pl.DataFrame,
    rules: tuple[Rule, ...],
    tone: Tone,
) -> Choosing:
    """Look at everyone: their shares, and which metrics tell the same."""
    people = people.select("customer_id", "events", "variant")
    shares = survey_shares(read_shares(connection))
    weights = weights_frame(campaign, people["variant"].unique().sort())
    choosing = Choosing(campaign, connection, people, wishes, weights, rules, tone, shares, {})
    sample = _weigh(choosing, one_in=max(1, len(people) // SAMPLE))
    return replace(choosing, factors=measure_factors(sample, rules))


def _weigh(choosing: Choosing, *, between: tuple[str, str] | None = None, one_in: int = 1) -> pl.DataFrame:
    campaign, tone = choosing.campaign, choosing.tone
    values = read_standings(
        choosing.connection, campaign.metrics, tone.quiet_days(), between=between, one_in=one_in
    )
    among = pl.col("customer_id").is_in(values["customer_id"].unique().implode())
    return weigh_values(
        values,
        choosing.people.filter(among),
        choosing.rules,
        tone,
        choosing.wishes.filter(among),
        choosing.weights,
        choosing.shares,
    )
