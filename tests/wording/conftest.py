"""Lexicons and the campaign the wording tests share."""

from pathlib import Path

import pytest
from wording_scenes import make_campaign

from recap.campaign import Campaign
from recap.shipped import shipped_folder
from recap.wording import Lexicon, load_lexicons


@pytest.fixture(scope="session")
def wording_folder() -> Path:
    return shipped_folder("templates") / "wording"


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    return make_campaign()


@pytest.fixture(scope="session")
def lexicons(campaign: Campaign, wording_folder: Path) -> dict[str, Lexicon]:
    return load_lexicons(campaign, wording_folder)
