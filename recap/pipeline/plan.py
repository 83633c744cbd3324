"""What a run would do: customers, cards, time and disk to expect."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from recap.pipeline.options import Options, expected_pictures, output_folder
from recap.pipeline.prepare import CampaignFile, Prepared

SECONDS_A_PICTURE = {"story": 0.22, "portrait": 0.18, "square": 0.16, "link": 0.13}
"""Of one core, measured with the exact engine and the poster theme; see docs/performance.md."""
BYTES_A_PICTURE = {"story": 133_000, "portrait": 110_000, "square": 100_000, "link": 70_000}


@dataclass(frozen=True, slots=True)
class Plan:
    """What to expect of a run over everyone, drawing everything."""

    customers: int
    full: int
    fallback: int
    suppressed: int
    opted_out: int
    cards: int
    pictures: int
    workers: int
    seconds: float
    """With `workers` processes."""
    bytes: int
    measured: bool
    """Whether `bytes` is taken from this campaign's last run; time is always from the table above."""
    folder: Path


def plan_run(prepared: Prepared, options: Options) -> Plan:
    """Estimate a run; writes nothing."""
    campaign, people = prepared.file.campaign, prepared.people
    pictures = expected_pictures(prepared, people)
    each = pictures // len(campaign.formats)
    workers = options.workers or os.cpu_count() or 1
    folder = output_folder(prepared.file, options.out)
    seconds = each * sum(SECONDS_A_PICTURE[name] for name in campaign.formats) / workers
    size = each * sum(BYTES_A_PICTURE[name] for name in campaign.formats)
    last = _last_run(folder, prepared.file)
    if last is not None:
        size = round(last * pictures)
    return Plan(
        customers=len(people),
        full=people.filter(pl.col("deck") == "full").height,
        fallback=people.filter(pl.col("deck") == "fallback").height,
        suppressed=people.filter(pl.col("outcome") == "suppressed").height,
        opted_out=people.filter(pl.col("outcome") == "opted_out").height,
        cards=each,
        pictures=pictures,
        workers=workers,
        seconds=round(seconds, 1),
        bytes=size,
        measured=last is not None,
        folder=folder,
    )


def _last_run(folder: Path, file: CampaignFile) -> float | None:
    """Return the mean size of a picture in the last run of the same campaign and formats, or None."""
    try:
        run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        if run["campaign"] != file.campaign.id or not run["pictures"]:
            return None
        sizes = pl.scan_parquet(folder / "manifest.parquet").select("format", "bytes")
        formats = sizes.select(pl.col("format").unique()).collect()["format"].to_list()
        if sorted(formats) != sorted(file.campaign.formats):
            return None
        return float(sizes.select(pl.col("bytes").mean()).collect().item())
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError):
        return None
