"""The exact engine when pages hang and browsers die."""

import os
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from browsing import Family, command_of

from recap.errors import BrowserError
from recap.render import stage as stage_module
from recap.render.browser import BrowserPath, find_browser
from recap.render.engine import Document, DrawingError, ExactEngine
from recap.render.formats import Format
from recap.render.processes import Process, end

pytestmark = pytest.mark.browser

SHELL = "<!doctype html><style>body{margin:0;background:#fff}</style><main id=stage></main>"
SMALL = Format("small", 40, 30)
FINE = Document(SHELL, "<p>fine</p>", "() => []")
HANGS = Document(SHELL, "<p>never</p>", "() => { while (true) {} }")
WAITS = Document(SHELL, "<p>never</p>", "() => new Promise(() => {})")


def test_a_card_that_hangs_is_an_error_and_the_next_is_drawn(family: Family) -> None:
    """A page that never ends is killed at the limit, with all its processes, and costs only its own card."""
    with ExactEngine(find_browser(os.environ), timeout_seconds=1.0, attempts=1) as engine:
        before = family()
        started = time.monotonic()
        with pytest.raises(DrawingError, match="not finished within 1 s"):
            engine.draw(HANGS, [SMALL])
        # Not how fast it is, but that it ends: the page itself never would.
        assert time.monotonic() - started < 30
        assert not before & family()
        assert engine.draw(FINE, [SMALL])[0].width == 40


def test_a_browser_that_cannot_be_replaced_is_a_browser_error(
    family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no new browser starts the engine says that, not that the card is bad."""
    engine = ExactEngine(find_browser(os.environ), timeout_seconds=1.0)
    with engine:
        engine.draw(FINE, [SMALL])
        monkeypatch.setattr(engine, "_browser", BrowserPath("/no/such/browser", "PATH", "1"))
        with pytest.raises(BrowserError, match="/no/such/browser"):
            engine.draw(WAITS, [SMALL])
    assert family() == frozenset()


def test_a_picture_of_the_wrong_size_is_never_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture whose size is not the format's is drawn again, and refused if it stays so."""
    with ExactEngine(find_browser(os.environ), attempts=1) as engine:
        monkeypatch.setattr(stage_module, "decode", lambda png: _Picture())
        with pytest.raises(DrawingError, match=r"attempts: 1.* a picture of 1 x 1 for small"):
            engine.draw(FINE, [SMALL])


@pytest.fixture(scope="module")
def engine(family: Family) -> Iterator[ExactEngine]:
    with ExactEngine(find_browser(os.environ), timeout_seconds=30) as engine:
        yield engine
    assert family() == frozenset()


@pytest.mark.parametrize("victim", ["browser", "renderer", "driver"])
def test_a_death_while_drawing_costs_nothing(engine: ExactEngine, family: Family, victim: str) -> None:
    """Whichever of its processes is killed in the middle of a card, the card is drawn by a new browser."""
    expected = engine.draw(FINE, [SMALL])
    before = family()
    doomed = [process for process in before if _PARTS[victim](process)]
    assert doomed
    # The first attempt waits until it is killed; the second, in another browser, does not.
    slow = Document(SHELL, FINE.body, _wait_once(engine))
    killer = threading.Timer(0.3, end, [doomed])
    killer.start()
    assert engine.draw(slow, [SMALL]) == expected
    killer.join()
    assert not before & family()


class _Picture:
    size = (1, 1)
    width = height = 1


_PARTS: dict[str, Callable[[Process], bool]] = {
    "driver": lambda process: "run-driver" in command_of(process),
    "renderer": lambda process: "--type=renderer" in command_of(process),
    "browser": lambda process: "remote-debugging-pipe" in command_of(process),
}


def _wait_once(engine: ExactEngine) -> str:
    """A script that never ends in the engine's present browser, and ends at once in another."""
    engine.draw(Document(SHELL, "", "() => { window.old = true; return [] }"), [SMALL])
    return "() => window.old ? new Promise(() => {}) : []"
