"""The committed files as the tests read them: customer, wall clock and item, in every business alike."""

from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from sample_data import music, running, shop
from sample_data.edges import EDGES

ROOT = Path(__file__).parents[2] / "sample_data"
BUSINESSES = ("music", "shop", "running")
COLUMNS = {
    "music": ("user_id", "played_at", "track"),
    "shop": ("card", "bought_at", "product"),
    "running": ("runner", "started_at", "place"),
}
IDS = {"music": music.customer_id, "shop": shop.customer_id, "running": running.customer_id}
PLACES = {edge.case: number for number, edge in enumerate(EDGES)}


@cache
def events(business: str) -> pl.DataFrame:
    """Read the committed events with `who` as text, `at` and `item` beside their own columns."""
    who, at, item = COLUMNS[business]
    moment = pl.col(at)
    if business == "running":
        moment = pl.from_epoch(moment, time_unit="ms").dt.replace_time_zone("UTC")
    frame = pl.read_parquet(ROOT / business / "events.parquet")
    return frame.with_columns(
        pl.col(who).cast(pl.String).alias("who"), moment.alias("at"), pl.col(item).alias("item")
    )


@cache
def customers(business: str) -> pl.DataFrame:
    """Read the committed customers with `who` as text."""
    who = COLUMNS[business][0]
    frame = pl.read_parquet(ROOT / business / "customers.parquet")
    return frame.with_columns(pl.col(who).cast(pl.String).alias("who"))


def edge_rows(business: str, case: str) -> list[tuple[datetime, str | None]]:
    """Give what the customer made for a case did: wall clock and item, in order of the file."""
    who = IDS[business](PLACES[case])
    zone = ZoneInfo(EDGES[PLACES[case]].time_zone or "UTC")
    rows = events(business).filter(pl.col("who") == who).select("at", "item").rows()
    return [
        (at if at.tzinfo is None else at.astimezone(zone).replace(tzinfo=None, fold=0), item)
        for at, item in rows
    ]


def in_year(rows: list[tuple[datetime, str | None]]) -> list[tuple[datetime, str | None]]:
    """Keep what happened in 2026 by the wall clock."""
    return [(at, item) for at, item in rows if at.year == 2026]


def streaks(days: set[date]) -> list[tuple[date, date]]:
    """Give the runs of consecutive days, first and last day of each."""
    runs: list[tuple[date, date]] = []
    for day in sorted(days):
        if runs and (day - runs[-1][1]).days == 1:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs
