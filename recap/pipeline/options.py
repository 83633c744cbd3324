"""What may be asked of a run, and what follows from it before it starts."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from recap.errors import UsageError
from recap.pipeline.prepare import CampaignFile, Prepared


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line may ask of a run."""

    out: Path | None = None
    limit: int | None = None
    """Only the first so many customers who get cards, by id."""
    customers: Sequence[str] = ()
    """Only these customers."""
    workers: int | None = None
    """Processes with a browser each; None is one for each core."""
    engine: str = "fast"
    fresh: bool = False
    """Draw everything anew, whatever is there."""
    fail_fast: bool = False
    memory_limit: str | None = None
    audit: int | None = None
    """Recompute so many customers by other means first, and draw nothing on a difference."""

    @property
    def partial(self) -> bool:
        """Whether the run leaves out customers on purpose, so that what others have is to stay."""
        return self.limit is not None or bool(self.customers)


def output_folder(file: CampaignFile, out: Path | None) -> Path:
    """Tell where a campaign's results go.

    Raises UsageError where that is the campaign's own folder: it is locked while its lists are written, and
    the output folder all the time.
    """
    folder = out or Path("build") / file.campaign.id
    if out is None and file.campaign.output.folder is not None:
        folder = file.folder / file.campaign.output.folder
    if folder.resolve() == file.folder.resolve():
        raise UsageError(
            f"{folder} is the folder of the campaign itself: give the results one of their own, "
            f"with --out or `output.folder`"
        )
    return folder


def expected_pictures(prepared: Prepared, people: pl.DataFrame) -> int:
    """Count the pictures that are due: cover and summary beside the highlights, one card in a fallback."""
    full = people.filter(pl.col("deck") == "full")
    cards = int(full["highlights"].sum()) + 2 * len(full) + people.filter(pl.col("deck") == "fallback").height
    return cards * len(prepared.file.campaign.formats)
