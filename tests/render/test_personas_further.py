"""Hard cases beside the personas: with pictures, and lines of few points and many."""

import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from both_engines import Pair, assert_alike
from PIL import Image
from test_personas import DOT, THEMES, page_of

from recap.render import avatars, pictures
from recap.render.formats import FORMATS
from recap.render.personas import EVERYDAY, NAME_60, PERSONAS
from recap.render.pictures import picture_address
from recap.wording.card import Card

pytestmark = pytest.mark.browser
SIZES = [*FORMATS.values()]
SOUND = ((),) * len(SIZES)


def _photograph(side: int) -> str:
    """Make a picture with tones and edges, as a customer's is."""
    across, down = np.meshgrid(np.linspace(0, 255, side), np.linspace(0, 255, side))
    edges = 255 * ((across // 16 + down // 16) % 2)
    file = io.BytesIO()
    Image.fromarray(np.stack([across, down, edges], axis=2).astype(np.uint8)).save(file, "PNG")
    return picture_address(file, side)


FACE = _photograph(avatars.SIDE)
THING = _photograph(pictures.SIDE)


def further_cards() -> Iterator[Card]:
    """Give covers with a picture, lists of pictures, lines of three months, of two years and of none, and a
    question with pictures of which one is missing.
    """
    for persona in ("longest", "everyday"):
        yield replace(PERSONAS[persona](EVERYDAY["cover"]), avatar=FACE)
    top = EVERYDAY["top"]
    yield replace(top, rows=tuple(replace(row, picture=THING) for row in top.rows))
    line = replace(EVERYDAY["line"], index=2)
    yield from (replace(line, bars=bars) for bars in (line.bars[:3], line.bars * 2, ()))
    asks = replace(EVERYDAY["question"], index=3)
    rows = PERSONAS["longest"](asks).rows
    yield replace(asks, rows=tuple(replace(row, picture=DOT if row.place != "C" else "") for row in rows))


TOLD = "You kept going for 23 days in a row, from March 3 to March 25, and more than once in 2026, all along."


def wordy_cards() -> Iterator[Card]:
    """Give each layout sentences as long as real ones, in both compositions."""
    for layout, card in EVERYDAY.items():
        if layout != "question":
            for words, turn in product((8, 13, 19, 22), (0, 1)):
                headline = " ".join(TOLD.split()[:words])
                yield replace(
                    card, index=card.index + turn, headline=headline, support=card.support or "And again."
                )


@pytest.mark.parametrize("name", THEMES)
def test_every_theme_bears_sentences_of_any_length(pair: Pair, name: str) -> None:
    """No sentence covers another or is covered, however many lines it takes."""
    told = {}
    for card in wordy_cards():
        sizes = ["link", "square"] if len(card.headline) < 60 else ["link", "portrait"]
        problems = pair.exact.inspect(page_of(name, card), [FORMATS[size] for size in sizes])
        said = {size: each for size, each in zip(sizes, problems, strict=True) if each}
        if said:
            told[card.layout, card.index, card.headline] = said
    assert told == {}


# One test a theme, so that its pages are loaded once.
@pytest.mark.parametrize("name", THEMES)
def test_every_theme_bears_further_cases(pair: Pair, name: str) -> None:
    """No text leaves its place or covers another in any format; both engines draw a photograph alike."""
    for card in further_cards():
        document = page_of(name, card)
        assert document.body.count(FACE) == (card.avatar is not None)
        assert pair.exact.inspect(document, SIZES) == SOUND, (card.layout, card.locale, len(card.bars))
        if THING in document.body or (card.avatar and card.customer != NAME_60):
            # At less than half their size, where decoders take short cuts.
            assert_alike(*pair.draw(document, FORMATS["link"]), name)
