"""The hard cases where a card may be made in more than one way: with a picture, in both turns."""

import base64
import io
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from both_engines import Pair, assert_alike
from PIL import Image
from test_personas import DOT, THEMES, page_of

from recap.render.formats import FORMATS
from recap.render.personas import EVERYDAY, NAME_60, PERSONAS
from recap.wording.card import Card

pytestmark = pytest.mark.browser
SIZES = [*FORMATS.values()]
SOUND = ((),) * len(SIZES)


def _photograph() -> str:
    """Make a picture with tones and edges, as a customer's is."""
    across, down = np.meshgrid(np.linspace(0, 255, 168), np.linspace(0, 255, 168))
    edges = 255 * ((across // 16 + down // 16) % 2)
    file = io.BytesIO()
    Image.fromarray(np.stack([across, down, edges], axis=2).astype(np.uint8)).save(file, "JPEG", quality=88)
    return f"data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode()}"


FACE = _photograph()


def further_cards() -> Iterator[Card]:
    """Give covers with a picture, lines and questions in their other turn.

    Lines also of three months, of two years and of none; questions of the least and the most, and with
    pictures of which one is missing.
    """
    for persona in ("longest", "everyday"):
        yield replace(PERSONAS[persona](EVERYDAY["cover"]), avatar=FACE)
    line = replace(EVERYDAY["line"], index=2)
    yield PERSONAS["longest"](line)
    yield from (replace(line, bars=bars) for bars in (line.bars[:3], line.bars * 2, ()))
    asks = replace(EVERYDAY["question"], index=3)
    yield from (PERSONAS[persona](asks) for persona in ("longest", "right-to-left", "tie"))
    rows = PERSONAS["longest"](asks).rows
    yield replace(asks, rows=tuple(replace(row, picture=DOT if row.place != "C" else "") for row in rows))


# One test a theme, so that its pages are loaded once.
@pytest.mark.parametrize("name", THEMES)
def test_every_theme_bears_further_cases(pair: Pair, name: str) -> None:
    """No text leaves its place or covers another in any format; both engines draw a photograph alike."""
    for card in further_cards():
        document = page_of(name, card)
        assert document.body.count(FACE) == (card.avatar is not None)
        assert pair.exact.inspect(document, SIZES) == SOUND, (card.layout, card.locale, len(card.bars))
        if card.avatar and card.customer != NAME_60:
            assert_alike(*pair.draw(document, FORMATS["link"]), name)
