"""A few pictures as they were agreed on: what a change of theme, fonts or browser does to them is seen.

`UPDATE_GOLDEN=1` agrees on the pictures as they are now.
"""

import os
from pathlib import Path

import pytest
from both_engines import Pair
from test_personas import THEMES, page_of

from recap.render.browser import find_browser
from recap.render.compare import compare
from recap.render.formats import FORMATS
from recap.render.personas import EVERYDAY

pytestmark = pytest.mark.browser
GOLDEN = Path(__file__).parent / "golden_pictures"
BROWSER = GOLDEN / "browser.txt"
SHOWN = {"arcade": "number", "gallery": "chart", "gazette": "top", "poster": "archetype"}


@pytest.mark.parametrize("theme", THEMES)
def test_pictures_are_the_ones_agreed_on(pair: Pair, theme: str) -> None:
    """One card of each theme, as a link picture."""
    browser = find_browser(os.environ)
    path = GOLDEN / f"{theme}.png"
    (drawing,) = pair.fast.draw(page_of(theme, EVERYDAY[SHOWN[theme]]), [FORMATS["link"]])
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(drawing.png)
        BROWSER.write_text(f"{browser.version}\n", encoding="utf-8")
    agreed_with = BROWSER.read_text(encoding="utf-8").strip()
    if browser.version != agreed_with:
        pytest.skip(f"the pictures were agreed on with {agreed_with}, this is {browser.version}")
    assert compare(drawing.png, path.read_bytes()) is None
