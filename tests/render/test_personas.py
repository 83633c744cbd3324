"""Every theme bears every hard case, in every layout and format, and both engines draw it alike."""

from collections.abc import Iterator
from functools import cache
from itertools import product

import pytest
from both_engines import Pair, assert_alike

from recap.render.engine import Document
from recap.render.formats import FORMATS
from recap.render.personas import EVERYDAY, PERSONAS
from recap.render.templates import CardTemplates
from recap.render.theme import load_theme
from recap.shipped import shipped_folder
from recap.wording.card import Card

TEMPLATES = shipped_folder("templates")
THEMES = [path.parent.name for path in sorted(TEMPLATES.glob("themes/*/theme.yaml"))]


@cache
def templates_of(name: str) -> CardTemplates:
    return CardTemplates(load_theme(name, search=(TEMPLATES,)))


def page_of(theme: str, card: Card) -> Document:
    templates = templates_of(theme)
    return Document(
        templates.shell(card.direction), templates.body(card), templates.fit_script(), card.layout
    )


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with Pair() as pair:
        yield pair


# One test a theme, so that its pages are loaded once.
@pytest.mark.browser
@pytest.mark.parametrize("name", THEMES)
def test_every_theme_bears_every_case(pair: Pair, name: str) -> None:
    """No text leaves its place, covers another or lacks a letter; some pictures are drawn both ways."""
    told = {}
    for number, (layout, persona) in enumerate(product(EVERYDAY, PERSONAS)):
        document = page_of(name, PERSONAS[persona](EVERYDAY[layout]))
        drawings = pair.fast.draw(document, [*FORMATS.values()])
        for drawing, size in zip(drawings, FORMATS, strict=True):
            if drawing.problems:
                told[layout, persona, size] = drawing.problems
        compared = slice(number % len(FORMATS), None, len(FORMATS))
        exact = pair.exact.draw(document, [*FORMATS.values()][compared])
        for one, other in zip(drawings[compared], exact, strict=True):
            assert_alike(one, other, f"{name} {layout} {persona} {one.width} x {one.height}")
    assert told == {}


def test_personas_differ_where_it_is_hard() -> None:
    """Each case is another card than the ordinary one, in every layout that can show it."""
    for persona, make in PERSONAS.items():
        differing = [layout for layout, card in EVERYDAY.items() if make(card) != card]
        assert persona == "everyday" or len(differing) >= 3, persona
