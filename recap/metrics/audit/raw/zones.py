"""Between instants and wall clocks, by Python's `zoneinfo`."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

import polars as pl

HOUR = "1h"
LAST_MOMENT = timedelta(hours=1) - timedelta(microseconds=1)
Offset = Callable[[datetime, ZoneInfo], timedelta | None]
"""How far local time is from UTC; None where that depends on more than the moment given."""


def local_times(instants: pl.Series, zones: str | pl.Series) -> pl.Series:
    """Tell what clocks show at instants (Datetime[us], UTC without a zone), in one zone or one each."""
    frame = _with_offset(instants, zones, _at_instant)
    return frame.select((pl.col("at") + pl.col("offset")).alias(instants.name)).to_series()


def instants_of(walls: pl.Series, zone: str) -> pl.Series:
    """Tell when a zone's clocks show what is written (Datetime[us]).

    What clocks show twice is the later of the two; what they never show is told by the clock before.
    """
    frame = _with_offset(walls, zone, _at_wall)
    return frame.select((pl.col("at") - pl.col("offset")).alias(walls.name)).to_series()


def _with_offset(times: pl.Series, zones: str | pl.Series, offset: Offset) -> pl.DataFrame:
    """Put `at` and `offset` beside each other.

    Offsets are looked up once an hour: where they are the same at its two ends they are the same within (no
    zone has ever moved its clocks twice in an hour). In other hours each moment is looked up by itself.
    """
    frame = pl.DataFrame({"at": times}).with_columns(
        (pl.lit(zones) if isinstance(zones, str) else zones).alias("zone"),
        pl.col("at").dt.truncate(HOUR).alias("hour"),
    )
    hours = frame.select("zone", "hour").unique().drop_nulls()
    known = hours.with_columns(_offsets(hours, "hour", lambda at, zone: _throughout(at, zone, offset)))
    frame = frame.join(known, on=["zone", "hour"], how="left", maintain_order="left")
    if known["offset"].null_count() == 0:
        return frame
    odd = frame.filter(pl.col("offset").is_null()).select("zone", "at").unique().drop_nulls()
    single = odd.with_columns(_offsets(odd, "at", offset).rename("single"))
    frame = frame.join(single, on=["zone", "at"], how="left", maintain_order="left")
    return frame.with_columns(pl.coalesce("offset", "single").alias("offset"))


def _offsets(frame: pl.DataFrame, column: str, offset: Offset) -> pl.Series:
    zones = {name: _zone(name) for name in frame["zone"].unique()}
    pairs = zip(frame[column], frame["zone"], strict=True)
    return pl.Series("offset", [offset(at, zones[zone]) for at, zone in pairs], dtype=pl.Duration("us"))


def _zone(name: str) -> ZoneInfo:
    """Take a zone from the package `tzdata`: the machine's own tables may be years behind DuckDB's."""
    try:
        with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as rules:
            return ZoneInfo.from_file(rules, key=name)
    except FileNotFoundError:
        return ZoneInfo(name)


def _throughout(hour: datetime, zone: ZoneInfo, offset: Offset) -> timedelta | None:
    first, last = offset(hour, zone), offset(hour + LAST_MOMENT, zone)
    is_plain = hour.replace(tzinfo=zone).utcoffset() == hour.replace(tzinfo=zone, fold=1).utcoffset()
    return first if first == last and is_plain else None


def _at_instant(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.replace(tzinfo=UTC).astimezone(zone).utcoffset()


def _at_wall(at: datetime, zone: ZoneInfo) -> timedelta | None:
    offsets = (at.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return min(offset for offset in offsets if offset is not None)
