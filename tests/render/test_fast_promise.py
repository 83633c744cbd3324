"""The fast engine's promise, over a thousand cards: every theme, layout and format, and real decks.

What comes out is what Chromium would have drawn. The sample is off here: what it would catch counts too.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from types import TracebackType
from typing import Self

import numpy as np
import pytest
from PIL import Image
from template_cards import EVERYDAY, FOREIGN_HEROES, HARDEST_HEROES, stretch

from recap.metrics.results import read_values
from recap.pipeline.decks import make_deck
from recap.pipeline.look import load_look
from recap.pipeline.prepare import open_campaign, prepare
from recap.pipeline.progress import Clock, Silence
from recap.render.browser import find_browser
from recap.render.engine import Document, Drawing, ExactEngine, FastEngine
from recap.render.formats import FORMATS, Format
from recap.render.png import decode, encode
from recap.render.sample import Sample
from recap.render.templates import CardTemplates
from recap.render.theme import load_theme
from recap.shipped import shipped_folder
from recap.wording.card import Card

pytestmark = pytest.mark.browser

LEVELS = 2
GROSS = 8
SHARE = 1e-4
MATRIX = 8
"""Gradients are dithered by a matrix of so many rows and columns, over which the noise evens out."""

THEMES = sorted(file.parent.name for file in shipped_folder("templates").glob("themes/*/theme.yaml"))
WITH_SMOOTH_GRADIENTS: frozenset[str] = frozenset()
"""Shipped themes whose pictures are as the promise says; those of all others are equal, bit for bit."""
SPECKS = 1e-4
"""The share of pixels that may differ by a little, on the edges of large letters that lean."""
EXAMPLES = ("music", "shop", "running")
DECKS = 28
"""Of each example: some 170 cards."""
LANGUAGES = 'languages=["en", "de", "es", "fr", "pt_BR", "ja", "ar"]'
TONGUES = (("en", "ltr"), ("ja", "ltr"), ("ar", "rtl"))


class Unchecked(Sample):
    """A sample that never takes."""

    def takes(self, template: tuple[str, str], body: str) -> bool:
        """Never."""
        return False


class Pair:
    """Both engines, side by side."""

    def __init__(self) -> None:
        browser = find_browser(os.environ)
        self.fast = FastEngine(browser, timeout_seconds=60)
        self.fast._sample = Unchecked()
        self.exact = ExactEngine(browser, timeout_seconds=60)

    def __enter__(self) -> Self:
        self.fast.__enter__()
        self.exact.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.fast.close()
        self.exact.close()

    def draw(self, document: Document, size: Format) -> tuple[Drawing, Drawing]:
        """Draw one picture fast, and exactly."""
        return self.fast.draw(document, [size])[0], self.exact.draw(document, [size])[0]


def broken_promise(fast: Drawing, exact: Drawing) -> str:
    """Say how a fast picture breaks the promise; nothing where it keeps it.

    A difference of more than `LEVELS` is dithering alone where it evens out over every square of the matrix.
    """
    apart = differences(fast, exact)
    gross = int((np.abs(apart).max(axis=2) > GROSS).sum())
    if gross >= SHARE * apart[..., 0].size:
        return f"{gross} pixels differ by more than {GROSS} levels"
    if np.abs(apart).max() <= LEVELS:
        return ""
    odd = np.abs(_means(apart)).max(axis=2) > LEVELS
    if odd.any():
        top, left = np.argwhere(odd)[0]
        return f"at {left}, {top} they differ by more than {LEVELS} levels, and not by dithering"
    return ""


def differences(fast: Drawing, exact: Drawing) -> np.ndarray:
    """Return by how many levels each channel differs, with its sign."""
    first, second = (np.asarray(decode(drawing.png), np.int16) for drawing in (fast, exact))
    return first - second


def _means(levels: np.ndarray) -> np.ndarray:
    """The mean of every square as large as the matrix, or as large as the picture is."""
    sums = levels.astype(np.float64)
    for axis in (0, 1):
        size = min(MATRIX, sums.shape[axis])
        total = np.cumsum(np.insert(sums, 0, 0, axis=axis), axis=axis)
        ends, starts = np.arange(size, total.shape[axis]), np.arange(total.shape[axis] - size)
        sums = (total.take(ends, axis) - total.take(starts, axis)) / size
    return sums


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with Pair() as pair:
        yield pair


@cache
def templates(theme: str) -> CardTemplates:
    return CardTemplates(load_theme(theme, search=[shipped_folder("templates")]))


def document(theme: str, card: Card) -> Document:
    made = templates(theme)
    return Document(made.shell(card.direction), made.body(card), made.fit_script(), card.layout)


def assert_kept(pair: Pair, theme: str, page: Document, size: Format) -> None:
    """The picture is the exact one, and the fast engine drew it itself."""
    fast, exact = pair.draw(page, size)
    place = f"{theme} {page.template} {size.name}"
    assert fast.problems == exact.problems, place
    if fast.png == exact.png:
        return
    assert broken_promise(fast, exact) == "", place
    if theme not in WITH_SMOOTH_GRADIENTS:
        apart = np.abs(differences(fast, exact)).max(axis=2)
        assert 'dir="rtl"' in page.shell, f"{place}: {int((apart > 0).sum())} pixels differ"
        assert (apart > 0).mean() < SPECKS, place
        assert apart.max() <= GROSS, place


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("theme", THEMES)
def test_everyday_cards_keep_the_promise(pair: Pair, theme: str, name: str) -> None:
    """Every layout in every format, by turns in three languages that run both ways."""
    for number, card in enumerate(EVERYDAY.values(), [*FORMATS].index(name)):
        locale, direction = TONGUES[number % len(TONGUES)]
        page = document(theme, replace(card, locale=locale, direction=direction))
        assert_kept(pair, theme, page, FORMATS[name])


@pytest.mark.parametrize("what", [*HARDEST_HEROES, *FOREIGN_HEROES])
@pytest.mark.parametrize("theme", THEMES)
def test_extreme_cards_keep_the_promise(pair: Pair, theme: str, what: str) -> None:
    """The longest of everything, by turns in the layouts and formats and in both directions."""
    heroes = {**HARDEST_HEROES, **FOREIGN_HEROES}
    first = [*heroes].index(what)
    for number, card in enumerate(list(EVERYDAY.values())[first % 2 :: 2], first):
        hard = replace(stretch(card, heroes[what]), direction="rtl" if number % 3 == 0 else "ltr")
        assert_kept(pair, theme, document(theme, hard), [*FORMATS.values()][number % len(FORMATS)])


@cache
def deck_pages(example: str) -> tuple[tuple[str, Document], ...]:
    """The theme and page of every card of some customers, spread from the lightest to the heaviest."""
    file = open_campaign(shipped_folder("examples") / example, [LANGUAGES])
    look = load_look(file.campaign, file.folder)
    pages = []
    with prepare(file, Clock(Silence()), Silence()) as prepared:
        drawn = prepared.people.filter(prepared.people["deck"].is_not_null()).sort("events", "customer_id")
        for person in drawn.gather_every(max(1, len(drawn) // DECKS)).iter_rows(named=True):
            own = prepared.chosen["customer_id"] == person["customer_id"]
            values = read_values(prepared.connection, person["customer_id"])
            chosen = prepared.chosen.filter(own).to_dicts()
            deck = make_deck(person, chosen, values, prepared.rules, file.campaign.selection.order)
            pages += [(look.templates.theme.name, look.document(card)) for card in look.cards(deck)]
    return tuple(pages)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("example", EXAMPLES)
def test_cards_of_real_decks_keep_the_promise(pair: Pair, example: str, name: str) -> None:
    """Every card of some customers of the examples, by turns in the formats."""
    pages = deck_pages(example)[[*FORMATS].index(name) :: len(FORMATS)]
    assert len(pages) > 30
    for theme, page in pages:
        assert_kept(pair, theme, page, FORMATS[name])


FLAT = np.full((64, 96, 3), 100, np.int16)
CHECKS = np.indices(FLAT.shape).sum(axis=0) % 2
COLUMN = np.indices(FLAT.shape)[1] == 50


@pytest.mark.parametrize(
    ("pixels", "reason"),
    [
        (FLAT, ""),
        (FLAT + 2, ""),
        (FLAT + 6 * CHECKS - 3, ""),
        (FLAT + 3, "not by dithering"),
        (FLAT + 8 * COLUMN, ""),
        (FLAT + 9 * COLUMN, "64 pixels differ by more than 8 levels"),
    ],
)
def test_the_promise_is_measured(pixels: np.ndarray, reason: str) -> None:
    """Noise that evens out is dithering; what stays is a difference, and so is what is gross."""
    spoilt, flat = (
        Drawing(encode(Image.fromarray(array.astype(np.uint8))), 96, 64, ()) for array in (pixels, FLAT)
    )
    said = broken_promise(spoilt, flat)
    assert reason in said
    assert bool(reason) == bool(said)
