"""A card's file is the same whatever was drawn before it, wherever, and whatever is remembered."""

import base64
import multiprocessing
import os
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256

import pytest
from template_cards import EVERYDAY
from test_fast_adversarial import CARD, SIZE, page, picture
from test_personas import THEMES, page_of

from recap.render import canvas
from recap.render.browser import find_browser
from recap.render.canvas import CanvasStage
from recap.render.engine import Document, FastEngine
from recap.render.formats import FORMATS, Format

pytestmark = pytest.mark.browser

SMOOTH = ".smooth .card { background: linear-gradient(#f02, #0af) } .c { left: 61px }"
SQUARE = FORMATS["square"]


def cards() -> list[tuple[Document, Format]]:
    """Flat and smooth cards on one shell and on others, and cards of a shipped theme."""
    bodies = [CARD.replace("second", f"number {n}") for n in range(4)]
    flat = [(page(SMOOTH, body), SIZE) for body in bodies]
    smooth = [(page(SMOOTH, f"<div class=smooth style='height:100%'>{body}</div>"), SIZE) for body in bodies]
    pictures = [(page(f".c {{ background: url({picture(60, 40 + n)}) }}"), SIZE) for n in range(2)]
    shipped = [(page_of("poster", EVERYDAY[name]), SQUARE) for name in ("top", "number", "calendar")]
    turned = [(page_of("poster", replace(EVERYDAY["top"], direction="rtl", locale="ar")), SQUARE)]
    return [*flat, *smooth, *pictures, *shipped, *turned]


def started(**options: int) -> FastEngine:
    return FastEngine(find_browser(os.environ), timeout_seconds=60, **options)


def files(engine: FastEngine, order: Sequence[int]) -> dict[int, str]:
    """Draw the cards in an order, and return digests of their files by number; a card drawn twice is one."""
    all_cards, found = cards(), {}
    for number in order:
        wanted, size = all_cards[number]
        (drawing,) = engine.draw(wanted, [size])
        assert found.setdefault(number, sha256(drawing.png).hexdigest()) == sha256(drawing.png).hexdigest()
    return dict(sorted(found.items()))


def draw_all() -> dict[int, str]:
    """Draw the cards with an engine of its own."""
    with started() as engine:
        return files(engine, range(len(cards())))


@pytest.fixture(scope="module")
def expected() -> dict[int, str]:
    return draw_all()


@pytest.fixture(scope="module")
def engine() -> Iterator[FastEngine]:
    with started() as engine:
        yield engine


@pytest.mark.parametrize("seed", range(2))
def test_whatever_the_order(engine: FastEngine, expected: dict[int, str], seed: int) -> None:
    """Backwards or shuffled, each card twice, flat and smooth ones by turns."""
    order = list(range(len(expected))) * 2
    random.Random(seed).shuffle(order)
    assert files(engine, order[::-1]) == files(engine, order) == expected


@pytest.mark.parametrize("words", [0, 1, 900])
def test_whatever_is_remembered(
    monkeypatch: pytest.MonkeyPatch, expected: dict[int, str], words: int
) -> None:
    """With room for nothing, for a band, or for some: what was dropped is told anew."""
    monkeypatch.setattr(canvas, "MEMORY_WORDS", words)
    with started() as engine:
        assert files(engine, [*range(len(expected)), *range(len(expected))]) == expected
        stages = [stage for stage in _stages(engine) if isinstance(stage, CanvasStage)]
        assert stages
        # A band has one run at least, and those of the last picture are forgotten with the next.
        assert all(len(stage._bands) <= words + stage._size.height // 32 + 1 for stage in stages)


def test_bands_that_came_before_are_reused(engine: FastEngine, expected: dict[int, str]) -> None:
    """The same card again is nothing new, and still the same file."""
    files(engine, range(len(expected)))
    before = sum(stage.reused for stage in _stages(engine) if isinstance(stage, CanvasStage))
    assert files(engine, range(len(expected))) == expected
    after = sum(stage.reused for stage in _stages(engine) if isinstance(stage, CanvasStage))
    bands = sum(-(-size.height // 32) for _, size in cards())
    assert after - before == bands


@pytest.mark.parametrize("options", [{"pictures_per_context": 3}, {"pages": 1}, {"pictures_per_browser": 5}])
def test_whenever_pages_are_renewed(expected: dict[int, str], options: dict[str, int]) -> None:
    """Contexts, pages and browsers come and go."""
    order = list(range(len(expected)))
    random.Random(7).shuffle(order)
    with started(**options) as engine:
        assert files(engine, order) == expected


def test_whoever_draws(expected: dict[int, str]) -> None:
    """Engines in other threads, both at once, and one in another process afterwards."""
    with ThreadPoolExecutor(2) as threads:
        assert [thread.result() for thread in [threads.submit(draw_all) for _ in range(2)]] == [expected] * 2
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as processes:
        assert processes.submit(draw_all).result() == expected


WORDS = {
    "a word with a hyphen": "Παπαδιαμαντόπουλος" * 3,
    "another script with a hyphen": "Достопримечательность" * 3,
    "a cut": "Αλέξανδρος " * 60,
    "letters from the right": "لينا",
    "other letters from the right": "נועה",
    "a greek name": "Αλέξανδρος",
}


@pytest.mark.parametrize("what", WORDS)
@pytest.mark.parametrize("theme", THEMES)
def test_whichever_card_needs_a_font_first(engine: FastEngine, theme: str, what: str) -> None:
    """A font that no letter of a card asks for, but a line's height or a hyphen does, is there as later."""
    direction = "rtl" if "right" in what else "ltr"
    wanted, other = (
        page_of(theme, replace(EVERYDAY["cover"], hero=hero, direction=direction))
        for hero in (WORDS[what], "AWQ 123 -\u2026")
    )
    # A page of its own, that has seen no card.
    wanted, other = (replace(made, shell=f"{made.shell}<!-- {what} -->") for made in (wanted, other))
    first = engine.draw(wanted, [SQUARE])
    engine.draw(other, [SQUARE])
    assert engine.draw(wanted, [SQUARE]) == first


def test_pictures_within_pictures_are_there_the_first_time(engine: FastEngine) -> None:
    """A drawing that is a background, and holds a picture itself, is whole in the first card."""
    inner = f"<image width='120' height='80' href='{picture(90, 60)}'/>"
    drawing = f"<svg xmlns='http://www.w3.org/2000/svg' width='120' height='80'>{inner}</svg>"
    address = "data:image/svg+xml;base64," + base64.b64encode(drawing.encode()).decode()
    styles = {
        f".c {{ background: url({address}) }}": CARD,
        "": CARD.replace("class=c>", f"class=c style='background: url({address})'>"),
        ".d::before { content: '' }": f"<style>.c::after {{ content: url({address}) }}</style>{CARD}",
    }
    for style, body in styles.items():
        first = engine.draw(page(style, body), [SIZE])
        assert engine.draw(page(style, body), [SIZE]) == first


def _stages(engine: FastEngine) -> list[object]:
    assert engine._session is not None
    return list(engine._session._stages.values())
