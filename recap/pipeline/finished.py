"""What a run has left, seen to be finished and this campaign's before anything is made of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from recap.delivery.folder import WORK
from recap.delivery.lock import acquire_folder
from recap.delivery.tables import MANIFEST, OUTCOMES, RUN, read_run
from recap.errors import OutputError, UsageError
from recap.pipeline.prepare import CampaignFile


@contextmanager
def finished_run(file: CampaignFile, output: Path, then: str) -> Iterator[None]:
    """Hold a folder with a whole run of the campaign, made for its `base_url`: no other run may change it.

    `then` is what is to be done with it, in a word: `publish`. Raises UsageError where there is no such run,
    and OutputError where one is at work or was not finished, or `run.json` cannot be read.
    """
    _check_made(file, output, then)
    lock = acquire_folder(output)
    try:
        for stage in ("committed", "parts", "finished"):
            folder = output / WORK / stage
            if folder.is_dir() and any(folder.iterdir()):
                raise OutputError(f"a run in {output} was not finished: run again to finish it, then {then}")
        yield
    finally:
        os.close(lock)


def _check_made(file: CampaignFile, output: Path, then: str) -> None:
    """See whose run it is: of another campaign's customers nobody here knows who wants to be left out."""
    if not all((output / name).exists() for name in (RUN, OUTCOMES, MANIFEST)):
        raise UsageError(f"there is no finished run in {output}: `recap run` makes one; then {then}")
    campaign, run = file.campaign, read_run(output)
    made_by, made_for = run.get("campaign"), run.get("base_url", campaign.base_url)
    if made_by != campaign.id:
        raise UsageError(
            f"{output} is of the campaign {made_by}, not of {campaign.id}: give its folder with --out"
        )
    if made_for != campaign.base_url:
        raise UsageError(
            f"the pages in {output} were made for {made_for or 'no base_url'}, not for {campaign.base_url}: "
            f"run again, then {then}"
        )
