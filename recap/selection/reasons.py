"""Why a value was told or not, in English, for `explain`."""

import polars as pl


def add_reasons(verdicts: pl.DataFrame) -> pl.DataFrame:
    """Add `reason` to verdicts of `choose_highlights`: all of some customers' values."""
    told = verdicts.filter("chosen").select("customer_id", "family", pl.col("metric").alias("best_of_family"))
    return verdicts.join(told, on=["customer_id", "family"], how="left").with_columns(
        _reason().alias("reason")
    )


def _reason() -> pl.Expr:
    return (
        pl.when(pl.col("gate").is_not_null())
        .then(_held_back())
        .when("chosen")
        .then(_why_chosen())
        .when(pl.col("told_by").is_not_null())
        .then(pl.format("{} tells the same label with the same number", "told_by"))
        .when(pl.col("best_of_family").is_not_null())
        .then(pl.format("another of its family was chosen: {}", "best_of_family"))
        .otherwise(
            pl.format(
                "not among the best {}: {} of its own, and less beside what was chosen",
                "limit",
                _two("score"),
            )
        )
    )


def _held_back() -> pl.Expr:
    few = "events it rests on: {}, needed: {}"
    sentences = {
        "hidden": pl.lit("the customer asked not to be shown it"),
        "silent": pl.col("silent"),
        "rows": pl.format(few, "rows", "rows_at_least"),
        "number": pl.format("its number: {}, needed: {}", "number", "number_at_least"),
        "alone": pl.lit("there was nothing to compare it with"),
        "loss": pl.format("its number {} is not above zero, and losses are not celebrated", "number"),
        "uncompared": pl.lit("policy: it sets side by side what is never compared"),
        "cohort": pl.format("no standing is claimed over fewer than {} customers", "cohort_at_least"),
        "crowd": pl.lit("too many of the customers have as much"),
        "behind": pl.format("the customer is not among the top {} %", "top_percent_at_most"),
        "weight": pl.lit("its weight is 0"),
    }
    return pl.coalesce(pl.when(pl.col("gate") == gate).then(text) for gate, text in sentences.items())


def _why_chosen() -> pl.Expr:
    percent = (100 * pl.col("below")).floor().cast(pl.Int64)
    by_share = pl.format(
        "a larger part of their own than {} % of the customers have, allowing for few events", percent
    )
    by_number = pl.format("ahead of {} % of {} customers", percent, "cohort")
    why = (
        pl.when(~pl.col("known"))
        .then(pl.lit("compared with nobody"))
        .when("by_share")
        .then(by_share)
        .otherwise(by_number)
    )
    score = pl.format(
        "weight {} x significance {} x impact {}: {}", "weight", _two("significance"), _two("impact"), why
    )
    return pl.when("pinned").then(pl.format("the customer asked for it; {}", score)).otherwise(score)


def _two(name: str) -> pl.Expr:
    return pl.col(name).round(2)
