"""The report: an HTML file beside the pictures, for the person who answers for the run.

It opens from disk and asks no server for anything. Pictures are shown by relative path. A folder beside it
has a page for each outcome, and what its box to find a customer needs; only that box needs a script.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from recap.delivery.disk import write_atomically
from recap.delivery.report.figures import count, duration, percent, period, text
from recap.delivery.report.files import FOLDER, REPORT, Templates, write_pages
from recap.delivery.report.find import count_files
from recap.delivery.report.outcomes import page_name
from recap.delivery.report.sheet import Section, choose_pictures
from recap.delivery.tables import (
    MANIFEST,
    MANIFEST_SCHEMA,
    OUTCOMES,
    OUTCOMES_SCHEMA,
    open_table,
    read_batches,
)

OUTCOME_NAMES = {
    "rendered": "Rendered",
    "fallback": "Fallback deck",
    "suppressed": "Suppressed",
    "opted_out": "Opted out",
    "failed": "Failed",
}
ROW_NAMES = {
    "read": "Read",
    "used": "Used",
    "no_customer": "Without a customer",
    "outside_period": "Outside the period",
    "filtered": "Filtered out",
    "duplicate": "Duplicates",
    "rejected": "Unreadable",
}

_IDS_SHOWN = 12
_REASONS_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a table with a bar: `share` is the bar's length, 0 to 1."""

    key: str
    label: str
    amount: str
    percent: str
    share: float
    link: str = ""
    """Where to read more, relative to the report."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Customers who ended the same way for the same reason."""

    outcome: str
    label: str
    reason: str
    customers: str
    ids: tuple[str, ...]
    """The first few customer ids."""
    more: str
    """How many are not listed; empty where all are."""
    link: str
    """The page of the outcome, relative to the report."""


def write_report(folder: Path, run: Mapping[str, Any], templates: Path) -> None:
    """Write `report.html` and the folder `report` into a finished output folder.

    `run` is the content of `run.json`; `templates` the folder that holds `report.html` and its siblings.
    Manifest and outcomes are read as streams, values.parquet too where it is there. Raises OutputError where
    the folder cannot be read or written, TemplateError where the template is broken.
    """
    sections = _contact_sheet(folder)
    head = {"campaign": text(run.get("campaign", "recap")), "period": period(run.get("period", ""))}
    page = {
        **head,
        "started": text(run.get("started", "")),
        "verdict": _verdict(run),
        "figures": _figures(run),
        "outcomes": _outcome_bars(run.get("outcomes", {}), run.get("customers", 0)),
        "rows": _row_bars(run.get("rows", {})),
        "steps": _step_bars(run.get("seconds", {})),
        "metrics": _metric_bars(folder),
        "held_back": _held_back(run.get("policy", {})),
        "reasons": _reasons(folder),
        "find_files": count_files(folder / OUTCOMES),
        "sections": sections,
        "shown": sum(len(section.pictures) for section in sections),
        "pictures": count(run.get("pictures", 0)),
        "warnings": [text(warning) for warning in run.get("warnings", ())],
        "browser": text(run.get("browser", "")),
        "versions": {name: text(value) for name, value in sorted(dict(run.get("versions", {})).items())},
    }
    opened = Templates(templates)
    report = opened.render(REPORT, page)
    # The folder first: a report must not lead to pages that are not there.
    write_pages(folder, opened, OUTCOME_NAMES, head)
    write_atomically(folder / REPORT, report)


def _verdict(run: Mapping[str, Any]) -> str:
    customers, outcomes = run.get("customers", 0), dict(run.get("outcomes", {}))
    total, failed = sum(outcomes.values()), outcomes.get("failed", 0)
    if not customers:
        return "There were no customers in this run."
    if total != customers:
        return f"The outcomes add up to {count(total)}, but there were {count(customers)} customers."
    whole = "The one customer has" if customers == 1 else f"All {count(customers)} customers have"
    if failed == 1:
        return f"{whole} an outcome; one failed, and the reason is below."
    if failed:
        return f"{whole} an outcome; {count(failed)} failed, and the reasons are below."
    return f"{whole} an outcome, and nobody failed."


def _figures(run: Mapping[str, Any]) -> list[tuple[str, str]]:
    seconds = dict(run.get("seconds", {}))
    figures = [
        ("customers", count(run.get("customers", 0))),
        ("cards", count(run.get("cards", 0))),
        ("pictures", count(run.get("pictures", 0))),
        ("in all", duration(seconds.get("total", sum(seconds.values())))),
    ]
    return [(value, label) for label, value in figures]


def _bars(counts: Mapping[str, int], names: Mapping[str, str], whole: float) -> list[Bar]:
    keys = [*(k for k in names if k in counts), *sorted(k for k in counts if k not in names)]
    return [
        Bar(
            key,
            names.get(key, key.replace("_", " ").capitalize()),
            count(counts[key]),
            percent(counts[key], whole),
            counts[key] / whole if whole else 0,
        )
        for key in keys
    ]


def _outcome_bars(outcomes: Mapping[str, int], customers: int) -> list[Bar]:
    bars = _bars(outcomes, OUTCOME_NAMES, customers)
    return [replace(bar, link=_page(bar.key)) if bar.key in OUTCOME_NAMES else bar for bar in bars]


def _page(outcome: str) -> str:
    return f"{FOLDER}/{page_name(outcome)}"


def _row_bars(rows: Mapping[str, int]) -> list[Bar]:
    return _bars(rows, ROW_NAMES, rows.get("read", 0))


def _step_bars(seconds: Mapping[str, float]) -> list[Bar]:
    steps = {name: value for name, value in seconds.items() if name != "total"}
    longest, total = max(steps.values(), default=0), sum(steps.values())
    return [
        Bar(
            name,
            name.replace("_", " ").capitalize(),
            duration(value),
            percent(value, total),
            value / longest if longest else 0,
        )
        for name, value in steps.items()
    ]


def _metric_bars(folder: Path) -> list[Bar]:
    if not (folder / MANIFEST).exists():
        return []
    cards = _scan(folder / MANIFEST, MANIFEST_SCHEMA).filter(
        pl.col("metric").is_not_null(), pl.col("format") == _main_format(folder)
    )
    table = cards.group_by("metric").len().sort("len", "metric", descending=[True, False]).collect()
    decks = (
        _scan(folder / OUTCOMES, OUTCOMES_SCHEMA)
        .filter(pl.col("outcome") == "rendered")
        .select(pl.len())
        .collect()
        .item()
    )
    return [
        Bar(metric, metric, count(number), percent(number, decks), min(1.0, number / decks) if decks else 0)
        for metric, number in table.iter_rows()
    ]


def _held_back(policy: Mapping[str, Any]) -> list[Bar]:
    held = dict(policy.get("held_back", {}))
    total = sum(held.values())
    return [
        Bar("held", reason.removeprefix("policy: "), count(number), percent(number, total), number / total)
        for reason, number in held.items()
    ]


def _reasons(folder: Path) -> list[Reason]:
    """Who got no full deck, and why: the commonest reasons, with the first customers by token."""
    if not (folder / OUTCOMES).exists():
        return []
    key = ["outcome", "reason"]
    others = pl.col("outcome") != "rendered"
    counts = _scan(folder / OUTCOMES, OUTCOMES_SCHEMA).filter(others).group_by(key).len().collect()
    counts = counts.sort("len", *key, descending=[True, False, False]).head(_REASONS_SHOWN)
    first = pl.DataFrame()
    for batch in read_batches([folder / OUTCOMES], OUTCOMES_SCHEMA):
        rows = pl.DataFrame(pl.from_arrow(batch)).filter(others)
        rows = rows.join(counts, on=key, how="semi", nulls_equal=True, maintain_order="left")
        rows = pl.concat([first, rows]) if first.width else rows
        first = rows.group_by(key, maintain_order=True).head(_IDS_SHOWN).select(OUTCOMES_SCHEMA.names)
    order = {name: index for index, name in enumerate(reversed(OUTCOME_NAMES))}
    found = [
        _reason(outcome, reason, number, _ids(first, outcome, reason))
        for outcome, reason, number in counts.iter_rows()
    ]
    return sorted(found, key=lambda reason: order.get(reason.outcome, len(order)))


def _ids(first: pl.DataFrame, outcome: str, reason: str | None) -> list[str]:
    same = pl.col("outcome").eq_missing(outcome) & pl.col("reason").eq_missing(pl.lit(reason, pl.String))
    return first.filter(same)["customer_id"].to_list()


def _reason(outcome: str, reason: str | None, number: int, ids: Sequence[str]) -> Reason:
    rest = number - len(ids)
    return Reason(
        outcome=outcome,
        label=OUTCOME_NAMES.get(outcome, outcome),
        reason=reason or "no reason given",
        customers=count(number),
        ids=tuple(ids),
        more=count(rest) if rest else "",
        link=_page(outcome),
    )


def _contact_sheet(folder: Path) -> tuple[Section, ...]:
    if not (folder / MANIFEST).exists():
        return ()
    main_format = _main_format(folder)
    return choose_pictures(folder, main_format) if main_format else ()


def _main_format(folder: Path) -> str:
    """Return the format with the most pictures, of several the tallest; empty where there are none."""
    formats = (
        _scan(folder / MANIFEST, MANIFEST_SCHEMA)
        .group_by("format")
        .agg(pl.len(), pl.col("height").max())
        .collect()
    )
    ranked = formats.sort("len", "height", "format", descending=[True, True, False])
    return str(ranked["format"][0]) if ranked.height else ""


def _scan(path: Path, schema: pa.Schema) -> pl.LazyFrame:
    open_table(path, schema).close()
    return pl.scan_parquet(path, hive_partitioning=False, glob=False)
