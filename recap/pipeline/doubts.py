"""What a campaign may do, and is likely not meant to: warnings of `check` and `run`."""

from datetime import date

from recap.campaign import Campaign
from recap.pipeline.look import Looks
from recap.wording.gaps import find_gaps


def find_doubts(campaign: Campaign, looks: Looks, today: date) -> list[str]:
    """Name texts that lack a language, colours that cannot be read, and pages that will disappoint.

    `looks` are those that were loaded. Nothing here is an error: the campaign can be run.
    """
    return [*find_gaps(campaign), *looks.warnings(), *_page_doubts(campaign, today)]


def _page_doubts(campaign: Campaign, today: date) -> list[str]:
    expires = campaign.page.expires
    doubts = []
    if campaign.base_url and "link" not in campaign.formats:
        doubts.append("formats: without `link` there is no picture for link previews; add it")
    if campaign.base_url and campaign.base_url.startswith("http:"):
        doubts.append("base_url: phones share and copy only from pages with https; write https://...")
    if expires is not None and expires < today:
        doubts.append(f"page.expires: {expires} is over, so every page says that it has ended")
    return doubts
