"""How much a value deserves to be told: weight x significance x impact.

**Significance** says how unusual a value is, in bits: -log2 of the share of the cohort at or above it, ties
counted by half (the mid-p-value). The middle customer has 1 bit, one in a hundred 6.6: percentiles crowd all
that is remarkable between 90 and 100, bits tell it apart. A kind with a share (top, busiest_hour, ...) is
judged by the share of the customer's *own* total, so that whoever does much of everything is not remarkable
in everything; where its number may be claimed too (top), by the more unusual of the two. Few events say
little: a share is first pulled toward the mean of all customers, and all bits toward none, by the credibility
n / (n + k) of n events (H. Bühlmann 1967, ASTIN Bulletin 4:199-207; for a share the same is the mean of a
beta prior). Bits become 0 to 1 by b / (b + 3).

**Impact** is the part of the customer's activity that the value rests on (B. Tang et al. 2017, *Extracting
Top-K Insights from Multi-dimensional Data*, SIGMOD), brought to 0.5 to 1: a moment rests on one event.

docs/selection.md has the reasons at length, and picks beside those by percentile.
"""

from collections.abc import Mapping

import polars as pl

from recap.selection.shares import CREDIBLE_EVENTS, Shares, place_shares

ORDINARY_BITS = 1.0
"""Of the middle customer, and of what is compared with nobody."""
HALF_BITS = 3.0
"""So unusual that the significance is one half: one customer in eight."""


def weigh(values: pl.DataFrame, shares: Mapping[str, Shares]) -> pl.DataFrame:
    """Add what a value is worth, `shares` being everyone's.

    `values` has beside what `read_standings` gives the columns of `rules_frame`, `single` Boolean (it rests
    on one event by nature), `uncompared` Boolean, and the customer's `events`. Added: `known` Boolean (there
    is a standing), `by_share` Boolean (now: whether the share decided), `below` Float64 (the part of the
    cohort strictly below), `evidence` Float64 in bits, `significance`, `impact` and `score` Float64.
    """
    has_share = pl.col("by_share") & (pl.col("share_cohort") >= pl.col("cohort_at_least")).fill_null(False)
    # Where the number may be claimed too, the story is told by whichever is the more unusual.
    has_number = pl.col("rank").is_not_null() & (pl.col("cohort") >= pl.col("cohort_at_least"))
    has_number = has_number & (pl.col("may_claim") | ~pl.col("by_share"))
    number_tail = (pl.col("rank") - 1 + pl.col("holders") / 2) / pl.col("cohort")
    number_below = 1 - (pl.col("rank") + pl.col("holders") - 1) / pl.col("cohort")
    base = pl.when("single").then("events").otherwise("rows").cast(pl.Float64)
    credibility = base / (base + CREDIBLE_EVENTS)
    part = pl.min_horizontal(pl.col("rows") / pl.max_horizontal("events", pl.lit(1)), pl.lit(1.0))
    return (
        place_shares(values, shares)
        .with_columns(
            pl.when(has_number).then(credibility * -number_tail.log(2.0)).alias("number_bits"),
            pl.when(has_share).then(credibility * -pl.col("share_tail").log(2.0)).alias("share_bits"),
            (0.5 + 0.5 * part).alias("impact"),
        )
        .with_columns(
            ((has_number | has_share) & ~pl.col("uncompared")).alias("known"),
            (pl.col("share_bits").fill_null(-1) > pl.col("number_bits").fill_null(-1)).alias("by_share"),
        )
        .with_columns(
            pl.when("by_share").then(pl.col("share_below")).otherwise(number_below).alias("below"),
            pl.when("known")
            .then(pl.max_horizontal("number_bits", "share_bits"))
            .otherwise(ORDINARY_BITS)
            .alias("evidence"),
        )
        .with_columns((pl.col("evidence") / (pl.col("evidence") + HALF_BITS)).alias("significance"))
        .with_columns((pl.col("weight") * pl.col("significance") * pl.col("impact")).alias("score"))
        .drop("share_tail", "share_below", "share_cohort", "number_bits", "share_bits")
    )
