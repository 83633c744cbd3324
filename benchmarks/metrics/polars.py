"""The same metrics as one lazy Polars plan over the file, collected together by the streaming engine."""

from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.metrics.process import Steps, measure

CUSTOMER = "customer_id"
N = pl.len().alias("n")
DAY = pl.col("ts").dt.date()
NO_TEXT = pl.lit(None, pl.String).alias("text")


def events(folder: Path) -> pl.LazyFrame:
    """Scan the events of the period."""
    amount = pl.col("quantity").cast(pl.Decimal(18, 2)) * pl.col("price")
    return (
        pl.scan_parquet(folder / "events.parquet")
        .rename({"card": CUSTOMER, "bought_at": "ts"})
        .filter(
            pl.col("ts").dt.year() == 2026,
            pl.col(CUSTOMER).is_not_null(),
        )
        .with_columns(amount.cast(pl.Decimal(18, 2)).alias("amount"))
    )


def simple(frame: pl.LazyFrame, number: pl.Expr) -> pl.LazyFrame:
    """Aggregate over all events of a customer."""
    return frame.group_by(CUSTOMER).agg(number.alias("number"), N.alias("rows")).with_columns(NO_TEXT)


def groups(frame: pl.LazyFrame, key: pl.Expr, value: pl.Expr) -> pl.LazyFrame:
    """Aggregate by customer and key."""
    return frame.group_by(CUSTOMER, key.alias("key")).agg(N, value.alias("value"))


def leader(frame: pl.LazyFrame, key: pl.Expr, value: pl.Expr) -> pl.LazyFrame:
    """Find the leading group of each customer, how many tie with it, and its share."""
    most = pl.col("value").max()
    return (
        groups(frame, key, value)
        .group_by(CUSTOMER)
        .agg(
            most.alias("number"),
            pl.col("key").filter(pl.col("value") == most).min().cast(pl.String).alias("text"),
            (pl.col("value") == most).sum().alias("tied"),
            pl.col("value").sum().alias("total"),
            pl.col("n").sum().alias("rows"),
        )
    )


def run_of(frame: pl.LazyFrame, unit: pl.Expr, days: int) -> pl.LazyFrame:
    """Find the longest run of days or weeks."""
    at = groups(frame, unit, pl.len()).sort(CUSTOMER, "key")
    number = pl.col("key").to_physical() - days * pl.int_range(pl.len()).over(CUSTOMER)
    runs = at.with_columns(number.alias("run")).group_by(CUSTOMER, "run")
    length = pl.len().alias("number")
    return runs.agg(length, pl.col("n").sum().alias("rows")).group_by(CUSTOMER).agg(pl.all().max())


def event(frame: pl.LazyFrame, by: list[str], *, descending: list[bool], number: pl.Expr) -> pl.LazyFrame:
    """Find one event of each customer."""
    first = pl.struct("ts", "product", "amount").sort_by(by, descending=descending).first().alias("event")
    found = frame.group_by(CUSTOMER).agg(first).unnest("event")
    return found.select(CUSTOMER, number.alias("number"), pl.col("product").alias("text"), "ts")


def plans(frame: pl.LazyFrame) -> dict[str, pl.LazyFrame]:
    """Write the 25 metrics."""
    amount, bought = pl.col("amount").sum(), frame.filter(pl.col("quantity") > 0)
    product, month = pl.col("product"), pl.col("ts").dt.truncate("1mo")
    favourite = leader(frame, product, pl.len())
    days = groups(frame, DAY, pl.len()).sort(CUSTOMER, "key")
    square = pl.col("n").cast(pl.Int64).pow(2).sum()
    return {
        "lines": simple(frame, pl.len()),
        "visits": simple(bought, pl.col("receipt").n_unique()),
        "spent": simple(frame, amount),
        "pieces": simple(bought, pl.col("quantity").sum()),
        "products": simple(frame, product.n_unique()),
        "categories": simple(frame, pl.col("category").n_unique()),
        "active_days": simple(frame, DAY.n_unique()),
        "favourite": favourite,
        "dearest": leader(frame, product, amount),
        "shelf": leader(frame, pl.col("category"), amount),
        "loyalty": favourite.with_columns(pl.col("number") / pl.col("total")),
        "variety": groups(frame, product, pl.len())
        .group_by(CUSTOMER)
        .agg((pl.col("n").cast(pl.Int64).sum().pow(2) / square).alias("number")),
        "streak": run_of(frame, DAY, 1),
        "weeks": run_of(frame, DAY.dt.truncate("1w"), 7),
        "hour": leader(frame, pl.col("ts").dt.hour(), pl.len()),
        "weekday": leader(frame, pl.col("ts").dt.weekday(), pl.len()),
        "month": leader(frame, month, amount),
        "day": leader(frame, DAY, pl.len()),
        "months": groups(frame, month, amount)
        .group_by(CUSTOMER)
        .agg(pl.col("value").sum().alias("number"), pl.struct("key", "value").alias("series")),
        "first": event(frame, ["ts", "product"], descending=[False, False], number=pl.lit(None, pl.Int64)),
        "last": event(frame, ["ts", "product"], descending=[True, False], number=pl.lit(None, pl.Int64)),
        "biggest": event(
            frame, ["amount", "ts", "product"], descending=[True, False, False], number=pl.col("amount")
        ),
        "average": simple(frame, pl.col("amount").mean()),
        "gap": days.group_by(CUSTOMER, maintain_order=True).agg(
            (pl.col("key").diff().max().dt.total_days() - 1).alias("number")
        ),
        "among": simple(frame, amount),
    }


def compute(folder: Path, _memory_limit: str, _steps: Steps) -> dict[str, Any]:
    """Collect everything at once; Polars knows no limit of memory."""
    rank = pl.col("number").rank("min", descending=True).alias("place")
    lazy = [plan.with_columns(rank) for plan in plans(events(folder)).values()]
    made = pl.collect_all(lazy, engine="streaming")
    return {"metrics": len(made), "values": sum(frame.height for frame in made)}


if __name__ == "__main__":
    measure(compute)
