"""The story of a purge: what is older than it may be goes, from the output folder and from its targets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from recap.delivery.assets import ASSETS
from recap.delivery.disk import explaining, remove
from recap.delivery.erasure.retention import before, last_used, personal_files, purge_folder
from recap.delivery.publishing.compare import Change
from recap.delivery.publishing.ledger import PUBLISHED, TargetLedger, recorded_targets
from recap.delivery.publishing.send import Sender, crew
from recap.delivery.publishing.target import WORKERS, open_target
from recap.pipeline.forget import holding_outputs
from recap.pipeline.prepare import CampaignFile


@dataclass(frozen=True, slots=True)
class Purged:
    """What became, or would become, of one output folder."""

    folder: Path
    used: datetime | None
    """When its latest run began."""
    is_due: bool
    files: int = 0
    bytes: int = 0
    published: int = 0
    """Files at targets."""


def purge_campaign(
    file: CampaignFile, age: str, now: datetime, outs: Sequence[Path] = (), *, dry_run: bool = False
) -> list[Purged]:
    """Remove everything personal from the output folders whose latest run is older than `age`.

    What is published from them is taken down. Interrupted, or where a target cannot be reached, the same
    command does the rest. Raises UsageError where `age` is none or a folder is none of this campaign's,
    OutputError where a folder is in use or cannot be written, or a target cannot be reached.
    """
    limit, results = before(now, age), []
    with holding_outputs(file, outs) as folders:
        for folder in folders:
            used = last_used(folder)
            is_due = used is not None and used <= limit
            files = [path.stat().st_size for path in personal_files(folder)] if is_due else []
            published = _count_published(folder) if is_due else 0
            if is_due and not dry_run:
                purge_folder(folder, now)
                _take_down(folder)
            results.append(Purged(folder, used, is_due, len(files), sum(files), published))
    return results


def _count_published(folder: Path) -> int:
    return sum(sum(1 for _ in TargetLedger(folder, url).entries()) for url in recorded_targets(folder))


def _take_down(folder: Path) -> None:
    """Take everything down that a folder knows to be up, pages first, and forget the targets."""
    for url in recorded_targets(folder):
        target, ledger = open_target(url), TargetLedger(folder, url)
        target.probe()
        with crew(WORKERS) as pool:
            Sender(folder, target, ledger, pool).send(_everything(ledger), lambda _: None)
        ledger.settle()
    with explaining(folder):
        remove(folder / PUBLISHED)


def _everything(ledger: TargetLedger) -> Iterator[Change]:
    """Yield all that is up, the assets after the pages that use them."""
    for is_asset in (False, True):
        for name, entries in ledger.places():
            if (name == ASSETS) == is_asset:
                yield Change(removals=tuple(entry.path for entry in entries))
