"""What a run has left, seen to be finished and this campaign's before anything is made of it."""

from pathlib import Path

from recap.delivery.tables import MANIFEST, OUTCOMES, RUN, read_run
from recap.errors import UsageError
from recap.pipeline.prepare import CampaignFile


def check_finished(file: CampaignFile, output: Path, then: str) -> None:
    """Raise UsageError unless a folder holds a run of the campaign, made for its `base_url`.

    `then` is what is to be done with it, in a word: `publish`. Of another campaign's customers nobody here
    knows who wants to be left out. Raises OutputError where `run.json` cannot be read.
    """
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
