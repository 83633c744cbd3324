"""The report's page for each outcome: who ended so, why, and a link to open each customer's page.

Nobody reads a million names: a page lists some of them, every reason among them. The find box opens the page
of anybody, and outcomes.parquet holds everyone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from recap.delivery.pictures import customer_folder
from recap.delivery.report.figures import count, percent
from recap.delivery.tables import OUTCOMES, OUTCOMES_SCHEMA, read_batches

LISTED = 5_000
"""Customers listed of one outcome at most."""
ON_A_PAGE = 1_000
REASONS_TOLD = 100

_READ = ["customer_id", "token", "outcome", "reason", "cards", "locale"]


@dataclass(frozen=True, slots=True)
class Row:
    """A customer on the page."""

    customer_id: str
    reason: str
    cards: int
    locale: str
    page: str
    """The customer's page, relative to the report's pages; empty where there is none."""


def outcome_pages(folder: Path, names: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield file name and content of every page: at least one for each of `names`, outcome to title.

    `rendered.html`, `rendered-2.html`, ... in the folder `report` of a finished output folder. Outcomes are
    read as a stream, and what is kept of them is bounded. Raises OutputError where they cannot be read.
    """
    listed, counts = _read(folder / OUTCOMES)
    for outcome, title in names.items():
        rows = listed.filter(pl.col("outcome") == outcome)
        reasons = counts.filter(pl.col("outcome") == outcome).sort("len", "reason", descending=[True, False])
        total = int(reasons["len"].sum())
        rows = rows.join(reasons, on=["outcome", "reason"], how="left", nulls_equal=True)
        rows = rows.sort("len", "reason", "token", descending=[True, False, False])
        pages = max(1, -(-rows.height // ON_A_PAGE))
        for number in range(1, pages + 1):
            shown = rows[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
            yield (
                page_name(outcome, number),
                {
                    "outcome": outcome,
                    "title": title,
                    "total": count(total),
                    "number": number,
                    "pages": [page_name(outcome, other) for other in range(1, pages + 1)],
                    "others": [(key, name, page_name(key)) for key, name in names.items()],
                    "reasons": _reasons(reasons, total) if number == 1 else [],
                    "more_reasons": count(max(0, reasons.height - REASONS_TOLD)),
                    "with_reasons": rows["reason"].null_count() < rows.height,
                    "rows": [_row(row) for row in shown.iter_rows(named=True)],
                    "listed": count(rows.height),
                    "unlisted": total - rows.height,
                },
            )


def page_name(outcome: str, number: int = 1) -> str:
    """Return the name of an outcome's page; `number` counts from 1."""
    return f"{outcome}.html" if number == 1 else f"{outcome}-{number}.html"


def _read(outcomes: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read who is listed; and how many customers, `len`, every `outcome` has for every `reason`."""
    listed = pl.DataFrame(schema=dict.fromkeys(_READ, pl.String) | {"cards": pl.Int32})
    counts = pl.DataFrame(schema={"outcome": pl.String, "reason": pl.String, "len": pl.UInt32})
    if not outcomes.exists():
        return listed, counts
    for batch in read_batches([outcomes], OUTCOMES_SCHEMA, _READ):
        rows = pl.DataFrame(pl.from_arrow(batch)).select(_READ)
        fresh = rows.group_by("outcome", "reason").len()
        counts = pl.concat([counts, fresh]).group_by("outcome", "reason").agg(pl.col("len").sum())
        listed = _few(pl.concat([listed, rows]))
    return listed, counts


def _few(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep the first of every reason, then the second of every reason, and so on, as many as are listed.

    Rows come in the order of tokens, so the choice is the same however they are cut: one that was dropped
    came before all later ones of its reason.
    """
    turn = pl.int_range(pl.len()).over("outcome", "reason")
    best = rows.with_columns(turn.alias("turn")).sort("turn", "token", maintain_order=True)
    return best.group_by("outcome", maintain_order=True).head(LISTED).select(_READ).sort("token")


def _reasons(reasons: pl.DataFrame, total: int) -> list[tuple[str, str, str]]:
    told = reasons.head(REASONS_TOLD).select("reason", "len")
    if told["reason"].null_count() == told.height:
        return []
    return [(reason or "no reason given", count(n), percent(n, total)) for reason, n in told.iter_rows()]


def _row(row: Mapping[str, Any]) -> Row:
    page = f"../{customer_folder(row['token'])}/index.html" if row["cards"] else ""
    return Row(row["customer_id"], row["reason"] or "", row["cards"] or 0, row["locale"] or "", page)
