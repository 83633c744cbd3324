"""The contact sheet: which of a run's pictures to look at, the extreme ones first.

Millions of pictures are read as a stream. Each pick keeps the few rows it wants out of those it has and the
next batch, so a pick must give the same whichever way the rows are cut.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from recap.delivery.tables import MANIFEST, MANIFEST_SCHEMA, read_batches

VALUES = "values.parquet"
MOST_PICTURES = 120

_CANDIDATES = 100
_DECKS = 6


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on the sheet."""

    path: str
    """Relative to the report."""
    width: int
    height: int
    alt_text: str
    headline: str
    metric: str
    """Empty on cover, summary and fallback."""
    template: str
    format: str
    locale: str
    notes: tuple[str, ...]
    """Why it is shown, such as `longest word, 44 letters`."""


@dataclass(frozen=True, slots=True)
class Section:
    """Pictures shown for one reason."""

    title: str
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class _Pick:
    """`keep` takes the best few out of a table of pictures; `note` says of a row why it is one of them."""

    title: str
    keep: Callable[[pl.DataFrame], pl.DataFrame]
    note: Callable[[Mapping[str, Any]], str] = lambda _: ""


def choose_pictures(folder: Path, main_format: str) -> tuple[Section, ...]:
    """Choose at most 120 of the pictures in a finished output folder's manifest.

    Extremes are looked for in `main_format`; every layout is shown once in each format. Extreme numbers are
    those of `values.parquet`, where it is there: for every metric among its 100 largest and 100 smallest
    values, as not every value is on a card. Always the same pictures for the same run.
    """
    numbers = _extreme_numbers(folder / VALUES)
    picks = _picks(main_format)
    kept = [pl.DataFrame() for _ in picks]
    for batch in read_batches([folder / MANIFEST], MANIFEST_SCHEMA):
        frame = _described(batch, numbers)
        kept = [
            pick.keep(pl.concat([rows, frame]) if rows.width else frame)
            for pick, rows in zip(picks, kept, strict=True)
        ]
    return tuple(_sections(picks, kept))


def _picks(main_format: str) -> tuple[_Pick, ...]:
    main = pl.col("format") == main_format

    def first(order: list[str], *, descending: bool, by: list[str], few: int) -> Callable[..., pl.DataFrame]:
        """Keep the best row of every group, and of these the best few."""
        directions = [descending, *(False for _ in order[1:])]

        def keep(rows: pl.DataFrame) -> pl.DataFrame:
            best = rows.filter(main & pl.col(order[0]).is_not_null()).sort(order, descending=directions)
            return best.unique(by, keep="first", maintain_order=True).head(few)

        return keep

    def every(by: list[str], few: int) -> Callable[..., pl.DataFrame]:
        """Keep one of every kind, the first by path."""

        def keep(rows: pl.DataFrame) -> pl.DataFrame:
            return rows.sort("path").unique(by, keep="first", maintain_order=True).sort(by).head(few)

        return keep

    def decks(rows: pl.DataFrame) -> pl.DataFrame:
        # Tokens are pseudo-random, so the first few are a fair sample that is the same every time.
        tokens = rows["token"].unique().sort().head(_DECKS)
        return rows.filter(main & pl.col("token").is_in(tokens.implode())).sort("path")

    return (
        _Pick(
            "The longest word of every layout",
            first(["longest_word", "path"], descending=True, by=["template"], few=10),
            lambda row: f"longest word: {row['longest_word']} letters",
        ),
        _Pick(
            "The longest sentence of every layout",
            first(["sentence", "path"], descending=True, by=["template"], few=10),
            lambda row: f"longest sentence: {row['sentence']} letters",
        ),
        _Pick(
            "The largest number of every metric",
            first(["number", "path"], descending=True, by=["metric"], few=12),
            lambda row: f"largest {row['metric']}: {row['number']:,.12g}",
        ),
        _Pick(
            "The smallest number of every metric",
            first(["number", "path"], descending=False, by=["metric"], few=12),
            lambda row: f"smallest {row['metric']}: {row['number']:,.12g}",
        ),
        _Pick("For those with little to say", lambda rows: _fallbacks(rows.filter(main))),
        _Pick(
            "The lightest files",
            first(["bytes", "path"], descending=False, by=["template"], few=4),
            lambda row: f"lightest: {row['bytes'] / 1024:,.1f} KiB",
        ),
        _Pick(
            "The heaviest files",
            first(["bytes", "path"], descending=True, by=["template"], few=4),
            lambda row: f"heaviest: {row['bytes'] / 1024:,.1f} KiB",
        ),
        _Pick("Every layout in every format", every(["template", "format"], few=40)),
        _Pick("Every language", every(["locale"], few=10)),
        _Pick("Whole decks, picked by chance", decks),
    )


def _fallbacks(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("template") == "fallback").sort("path").head(6)


def _described(batch: pa.Table, numbers: pl.DataFrame) -> pl.DataFrame:
    """Add what the picks compare to a piece of the manifest: lengths in characters, the value's number."""
    frame = pl.DataFrame(pl.from_arrow(batch))
    words = pl.col("headline").str.split(" ").list.eval(pl.element().str.len_chars())
    return frame.with_columns(
        words.list.max().fill_null(0).alias("longest_word"),
        pl.col("headline").str.len_chars().fill_null(0).alias("sentence"),
    ).join(numbers, on=["customer_id", "metric"], how="left", maintain_order="left")


def _extreme_numbers(values: Path) -> pl.DataFrame:
    """Find each metric's largest and smallest values; columns customer_id, metric, number."""
    best = pl.DataFrame(schema={"customer_id": pl.String, "metric": pl.String, "number": pl.Float64})
    paths = sorted(values.rglob("*.parquet")) if values.is_dir() else [values] if values.exists() else []
    for path in paths:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=131_072, columns=best.columns):
                rows = pl.DataFrame(pl.from_arrow(batch)).cast(best.schema)
                rows = pl.concat([best, rows.filter(pl.col("number").is_finite())])
                groups = rows.sort("number", "customer_id").group_by("metric", maintain_order=True)
                best = (
                    pl.concat([groups.head(_CANDIDATES), groups.tail(_CANDIDATES)])
                    .unique()
                    .select(best.columns)
                )
    return best


def _sections(picks: tuple[_Pick, ...], kept: list[pl.DataFrame]) -> Iterator[Section]:
    notes: dict[str, list[str]] = {}
    for pick, rows in zip(picks, kept, strict=True):
        for row in rows.iter_rows(named=True):
            notes.setdefault(row["path"], []).append(pick.note(row))
    shown: set[str] = set()
    for pick, rows in zip(picks, kept, strict=True):
        fresh = [row for row in rows.iter_rows(named=True) if row["path"] not in shown]
        fresh = fresh[: MOST_PICTURES - len(shown)]
        shown |= {row["path"] for row in fresh}
        if fresh:
            yield Section(pick.title, tuple(_picture(row, notes[row["path"]]) for row in fresh))


def _picture(row: Mapping[str, Any], notes: list[str]) -> Picture:
    return Picture(
        path=row["path"],
        width=row["width"],
        height=row["height"],
        alt_text=row["alt_text"] or "",
        headline=row["headline"] or "",
        metric=row["metric"] or "",
        template=row["template"] or "",
        format=row["format"],
        locale=row["locale"] or "",
        notes=tuple(note for note in notes if note),
    )
