"""Every theme bears every hard case, in every layout and format, without a fault."""

import os
from collections.abc import Iterator
from functools import cache

import pytest

from recap.render.browser import find_browser
from recap.render.engine import Document, FastEngine
from recap.render.formats import FORMATS
from recap.render.personas import EVERYDAY, PERSONAS
from recap.render.templates import CardTemplates
from recap.render.theme import load_theme
from recap.shipped import shipped_folder

TEMPLATES = shipped_folder("templates")
THEMES = [path.parent.name for path in sorted(TEMPLATES.glob("themes/*/theme.yaml"))]


@cache
def templates_of(name: str) -> CardTemplates:
    return CardTemplates(load_theme(name, search=(TEMPLATES,)))


@pytest.fixture(scope="module")
def engine() -> Iterator[FastEngine]:
    with FastEngine(find_browser(os.environ), timeout_seconds=60) as engine:
        yield engine


@pytest.mark.browser
@pytest.mark.parametrize("layout", EVERYDAY)
@pytest.mark.parametrize("name", THEMES)
def test_every_theme_bears_every_case(engine: FastEngine, name: str, layout: str) -> None:
    """No text leaves its place, covers another or lacks a letter, and nothing needs the exact engine."""
    templates, told = templates_of(name), {}
    for persona, make in PERSONAS.items():
        card = make(EVERYDAY[layout])
        shell, script = templates.shell(card.direction), templates.fit_script()
        document = Document(shell, templates.body(card), script, layout)
        for drawing, size in zip(engine.draw(document, list(FORMATS.values())), FORMATS, strict=True):
            if drawing.problems:
                told[persona, size] = drawing.problems
    assert told == {}


def test_personas_differ_where_it_is_hard() -> None:
    """Each case is another card than the ordinary one, in every layout that can show it."""
    for persona, make in PERSONAS.items():
        differing = [layout for layout, card in EVERYDAY.items() if make(card) != card]
        assert persona == "everyday" or len(differing) >= 3, persona
