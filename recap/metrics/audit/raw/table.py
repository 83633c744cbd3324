"""A table as it stands in its file: columns, and where every row comes from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from recap.errors import RecapError

BLANKS = "".join(
    map(chr, (9, 10, 11, 12, 13, 32, 0xA0, 0x1680, *range(0x2000, 0x200C), 0x202F, 0x205F, 0x3000))
)
BLANKS += "\ufeff"
"""What may surround a text without being part of it, zero-width spaces too."""


class NotUnderstood(RecapError):  # noqa: N818 - nothing is wrong, it is only not known here
    """Something the campaign may say and the independent reading does not know; never a wrong result."""


@dataclass(frozen=True, slots=True)
class RawTable:
    """The rows of one table in the order of its files, by path, and of the rows in each."""

    frame: pl.DataFrame
    """Text as it is written; typed columns as Int64, Float32, Float64, Decimal(38, s), Boolean, Date, Time,
    Datetime[us] with or without the zone UTC."""
    source: pl.Series
    """The path as the campaign writes it, or of several files each one's path from the campaign's folder."""
    line: pl.Series
    """Int64, 1-based: the physical line of a text file, else the row in the file or table."""
    is_untyped: bool
    """The format knows text only (CSV), or mixes it with numbers (JSON, SQLite)."""

    def find(self, name: str) -> str:
        """Find a column's name as the table writes it; NotUnderstood where there is none, or several."""
        if name in self.frame.columns:
            return name
        alike = [other for other in self.frame.columns if other.strip().casefold() == name.strip().casefold()]
        if len(alike) == 1:
            return alike[0]
        raise NotUnderstood(f"there is no one column {name!r} among {', '.join(self.frame.columns)}")


def bare(texts: pl.Series) -> pl.Series:
    """Take the blanks around texts away; what is nothing else becomes null."""
    frame = texts.to_frame("text").select(pl.col("text").str.strip_chars(BLANKS))
    return frame.select(pl.when(pl.col("text") != "").then(pl.col("text")))["text"].rename(texts.name)


def by_distinct(values: pl.Series, function: Callable[[Any], Any], dtype: pl.DataType) -> pl.Series:
    """Apply a function once to every different value; null stays null."""
    distinct = values.drop_nulls().unique()
    if distinct.is_empty():
        return pl.Series(values.name, [None] * len(values), dtype=dtype)
    results = pl.Series("result", [function(value) for value in distinct], dtype=dtype)
    names = pl.DataFrame({"value": distinct, "result": results})
    joined = values.to_frame("value").join(names, on="value", how="left", maintain_order="left")
    return joined["result"].rename(values.name)


def typed(frame: pl.DataFrame) -> pl.DataFrame:
    """Bring what a reader gave to the few types that RawTable promises; others stay as they are."""
    return frame.select(_plain(frame[name]) for name in frame.columns)


def _plain(column: pl.Series) -> pl.Series:
    dtype = column.dtype
    if isinstance(dtype, pl.Categorical | pl.Enum | pl.Null):
        return column.cast(pl.String)
    if dtype.is_integer():
        if dtype in {pl.UInt64, pl.Int128, pl.UInt128} and not _fits(column):
            return column.cast(pl.Decimal(38, 0))
        return column.cast(pl.Int64)
    if isinstance(dtype, pl.Decimal):
        return column.cast(pl.Decimal(38, dtype.scale))
    if isinstance(dtype, pl.Datetime) and dtype.time_unit != "us":
        return _microseconds(column, dtype)
    return column


def _fits(column: pl.Series) -> bool:
    return column.cast(pl.Int64, strict=False).null_count() == column.null_count()


def _microseconds(column: pl.Series, dtype: pl.Datetime) -> pl.Series:
    """Bring times to microseconds, the nearest one, as it is for DuckDB."""
    target = pl.Datetime("us", dtype.time_zone)
    if dtype.time_unit == "ms":
        return column.cast(target)
    nanoseconds = column.to_physical().to_frame("at")
    return nanoseconds.select(((pl.col("at") + 500) // 1000).cast(target).alias(column.name)).to_series()


def numbered(rows: int) -> pl.Series:
    """Count rows from 1."""
    return pl.int_range(1, rows + 1, eager=True, dtype=pl.Int64).rename("line")


def together(tables: Iterable[RawTable]) -> RawTable:
    """Put the files of one table under each other, columns united by name, whatever their case."""
    parts = list(tables)
    known: dict[str, str] = {}
    frames = []
    for part in parts:
        columns = part.frame.columns
        alike = {
            name for name in columns if sum(name.casefold() == other.casefold() for other in columns) > 1
        }
        renamed = {name: known.setdefault(name.casefold(), name) for name in columns if name not in alike}
        frames.append(part.frame.rename(renamed))
    return RawTable(
        frame=pl.concat(frames, how="diagonal_relaxed") if len(frames) > 1 else frames[0],
        source=pl.concat(part.source for part in parts),
        line=pl.concat(part.line for part in parts),
        is_untyped=parts[0].is_untyped,
    )
