"""Every theme bears every hard case, in every layout and format, and both engines draw it alike."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import product

import pytest
from both_engines import Pair, assert_alike

from recap.render.compare import LEVELS
from recap.render.engine import Document
from recap.render.formats import FORMATS
from recap.render.personas import EVERYDAY, PERSONAS
from recap.render.templates import CardTemplates, turn_of
from recap.render.theme import load_theme
from recap.shipped import shipped_folder
from recap.wording.card import Card

DOT = "data:image/gif;base64,R0lGODlhAQABAIAAAMLCwgAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="
FRAMES = {"cover", "fallback"}
TEMPLATES = shipped_folder("templates")
THEMES = [path.parent.name for path in sorted(TEMPLATES.glob("themes/*/theme.yaml"))]


@cache
def templates_of(name: str) -> CardTemplates:
    return CardTemplates(load_theme(name, search=(TEMPLATES,)))


def page_of(theme: str, card: Card) -> Document:
    return templates_of(theme).document(card)


@pytest.fixture(scope="module", params=THEMES)
def name(request: pytest.FixtureRequest) -> str:
    """One theme after the other, so that the pages of each are loaded once."""
    shown: str = request.param
    return shown


def turns_of(card: Card) -> Iterator[tuple[Card, Sequence[str]]]:
    """Give a card in both compositions of its layout, with formats: the second where there is the least room.

    Frames have but one.
    """
    yield card, [*FORMATS]
    if card.layout not in FRAMES:
        yield replace(card, index=card.index + 1), ["square", "link"]


@pytest.mark.browser
def test_every_theme_bears_every_case(pair: Pair, name: str) -> None:
    """No text leaves its place, covers another or lacks a letter; some pictures are drawn both ways."""
    told = {}
    for number, (layout, persona) in enumerate(product(EVERYDAY, PERSONAS)):
        hard = PERSONAS[persona](EVERYDAY[layout])
        if persona != "everyday" and hard == EVERYDAY[layout]:
            continue  # It is not hard for this layout.
        for card, sizes in turns_of(hard):
            document = page_of(name, card)
            problems = pair.exact.inspect(document, [FORMATS[size] for size in sizes])
            found = {
                (layout, persona, turn_of(card), size): said
                for size, said in zip(sizes, problems, strict=True)
            }
            told |= {place: said for place, said in found.items() if said}
        # Of every layout one or two, cases and formats by turns; `benchmarks promise` draws them all.
        if number % 7 == 0:
            size = [*FORMATS.values()][number // 7 % len(FORMATS)]
            within = LEVELS if "<pattern" in document.body else 0
            assert_alike(*pair.draw(document, size), f"{name} {layout} {persona} {size.name}", within=within)
    assert told == {}


# Where in its week each day of the first and of the last week stands.
ROWS = """() => [...document.querySelectorAll(".week")]
  .filter((_, place, all) => [0, all.length - 1].includes(place))
  .map((week) => [...week.querySelectorAll("i")].map((day) => {
    const { top, height } = day.getBoundingClientRect();
    const [head, ...rows] = getComputedStyle(week).gridTemplateRows.split(" ").map(parseFloat);
    return Math.ceil((top + height / 2 - week.getBoundingClientRect().top - head) / rows[0]);
  }).join(" "))"""


@pytest.mark.browser
def test_days_stand_on_their_weekdays(pair: Pair, name: str) -> None:
    """Also those of a first week that begins in its middle; where weeks are walls, and not spokes."""
    card = EVERYDAY["calendar"]
    document = page_of(name, card)
    if 'class="weeks"' in document.body:
        first, last = card.weeks[0], card.weeks[-1]
        rows = [" ".join(str(week.first + n) for n in range(len(week.days))) for week in (first, last)]
        assert first.first > 1 < len(first.days)
        probe = replace(document, script=ROWS)
        assert pair.exact.inspect(probe, [FORMATS["story"]]) == (tuple(rows),)


@pytest.mark.browser
def test_measures_may_change_by_a_tenth(pair: Pair, name: str) -> None:
    """Everyday cards bear smaller and larger texts, spaces and margins, and the pages differ by them."""
    seen = {page_of(name, EVERYDAY["number"]).shell}
    for factor in (0.9, 1.1):
        tokens = {"text": factor, "space": min(factor, 1.0), "margin": factor}
        templates = CardTemplates(load_theme(name, search=(TEMPLATES,), tokens=tokens))
        for layout, card in EVERYDAY.items():
            document = templates.document(card)
            sizes = [FORMATS["story"], FORMATS["link"]]
            assert pair.exact.inspect(document, sizes) == ((), ()), (layout, factor)
        seen.add(document.shell)
    assert len(seen) == 3


@pytest.mark.browser
def test_lists_may_have_pictures(pair: Pair, name: str) -> None:
    """As many as there are rows, and a drawing where one is missing."""
    for persona in ("everyday", "longest", "right-to-left"):
        card = PERSONAS[persona](EVERYDAY["top"])
        rows = tuple(replace(row, picture=DOT if place % 2 else "") for place, row in enumerate(card.rows))
        document = page_of(name, replace(card, rows=rows))
        assert pair.exact.inspect(document, [*FORMATS.values()]) == ((),) * len(FORMATS)


def test_personas_differ_where_it_is_hard() -> None:
    """Each case is another card than the ordinary one, in every layout that can show it."""
    for persona, make in PERSONAS.items():
        differing = [layout for layout, card in EVERYDAY.items() if make(card) != card]
        assert persona == "everyday" or len(differing) >= 3, persona
