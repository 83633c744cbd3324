"""Where a customer's share stands among everyone's, after few events have been pulled toward the mean."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

CREDIBLE_EVENTS = 10.0
"""k of the credibility n / (n + k): as many events count for half."""


_NOWHERE = (
    pl.lit(None, pl.Float64).alias("share_tail"),
    pl.lit(None, pl.Float64).alias("share_below"),
    pl.lit(None, pl.Int64).alias("share_cohort"),
)
"""Of a value without a share."""


@dataclass(frozen=True, slots=True)
class Shares:
    """One metric's shares over all customers."""

    mean: float
    ordered: pl.Series
    """Pulled toward the mean, ascending."""


def survey_shares(shares: pl.DataFrame) -> dict[str, Shares]:
    """Look at everyone's shares; `shares` has `metric`, `share` Float64 and `rows`, without nulls."""
    found = {}
    for (metric,), own in shares.group_by("metric"):
        # In order, so that the mean does not depend on how the rows came.
        mean = own.select(pl.col("share").sort().mean()).item()
        found[str(metric)] = Shares(mean, own.select(_shrunk(mean)).to_series().sort())
    return found


def place_shares(values: pl.DataFrame, shares: Mapping[str, Shares]) -> pl.DataFrame:
    """Add `share_tail` (the part of the customers at or above, ties by half), `share_below`, `share_cohort`.

    All are null where a value has no share.
    """
    parts = []
    for (metric,), own in values.group_by("metric", maintain_order=True):
        known = shares.get(str(metric))
        if known is None:
            parts.append(own.with_columns(_NOWHERE))
            continue
        cohort = len(known.ordered)
        shrunk = own.select(_shrunk(known.mean)).to_series()
        below = known.ordered.search_sorted(shrunk, "left").cast(pl.Float64)
        up_to = known.ordered.search_sorted(shrunk, "right").cast(pl.Float64)
        has = shrunk.is_not_null()
        placed = pl.DataFrame({"below": below, "up_to": up_to, "has": has}).select(
            pl.when("has").then(1 - (pl.col("below") + pl.col("up_to")) / (2 * cohort)).alias("share_tail"),
            pl.when("has").then(pl.col("below") / cohort).alias("share_below"),
            pl.when("has").then(pl.lit(cohort, pl.Int64)).alias("share_cohort"),
        )
        parts.append(pl.concat([own, placed], how="horizontal"))
    return pl.concat(parts) if parts else values.with_columns(_NOWHERE)


def _shrunk(mean: float) -> pl.Expr:
    rows = pl.col("rows").cast(pl.Float64)
    pulled = (pl.col("share") * rows + CREDIBLE_EVENTS * mean) / (rows + CREDIBLE_EVENTS)
    return pulled.alias("shrunk")
