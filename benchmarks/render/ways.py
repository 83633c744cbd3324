"""The ways a card becomes a PNG, each as it works in a process of its own."""

import os
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PIL.Image import Image
from playwright.sync_api import BrowserContext, ViewportSize, sync_playwright

from benchmarks.counting import CountingEngine, Counts
from recap.render.discovery import find_browser
from recap.render.engine import Document, Engine, ExactEngine
from recap.render.formats import Format
from recap.render.isolation import may_sandbox
from recap.render.png import decode, encode

_STAGE = '<main id="stage"></main>'


class Way(ABC):
    """Takes work, does it while it is measured, and hands over the pictures afterwards."""

    def __init__(self) -> None:
        self._work: Sequence[Any] = ()
        self._size = Format("none", 0, 0)
        self._pictures: list[bytes] = []

    def take(self, work: Sequence[Any], size: Format) -> None:
        """Hear what is to be drawn next."""
        self._work, self._size = work, size

    def draw(self) -> None:
        """Draw it: this is measured."""
        self._pictures = [self._draw(piece, self._size) for piece in self._work]

    def hand_over(self) -> list[bytes]:
        """Give what was drawn, and keep none of it."""
        pictures, self._work, self._pictures = self._pictures, (), []
        return pictures

    @abstractmethod
    def _draw(self, piece: Any, size: Format) -> bytes:
        """Draw one card."""

    @abstractmethod
    def close(self) -> None:
        """End what was started."""


class NaiveWay(Way):
    """What comes first to mind: a new page for every card, and its screenshot.

    With Chromium's own flags as Playwright sets them; the sandbox is left out where there can be none.
    """

    def __init__(self) -> None:
        super().__init__()
        self._manager = sync_playwright()
        driver = self._manager.start()
        self._browser = driver.chromium.launch(
            executable_path=find_browser(os.environ).path, chromium_sandbox=may_sandbox()
        )
        self._stop = driver.stop
        self._contexts: dict[Format, BrowserContext] = {}

    def _draw(self, piece: Document, size: Format) -> bytes:
        if size not in self._contexts:
            viewport = ViewportSize(width=size.width, height=size.height)
            self._contexts[size] = self._browser.new_context(viewport=viewport)
        page = self._contexts[size].new_page()
        page.set_content(piece.shell.replace(_STAGE, f'<main id="stage">{piece.body}</main>'))
        page.evaluate(f"async () => {{ await document.fonts.ready; return ({piece.script})(); }}")
        picture = page.screenshot()
        page.close()
        return picture

    def close(self) -> None:
        """End the browser and its driver."""
        self._browser.close()
        self._stop()


class EngineWay(Way):
    """One of recap's engines."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine.__enter__()

    def _draw(self, piece: Document, size: Format) -> bytes:
        return self._engine.draw(piece, [size])[0].png

    def close(self) -> None:
        """End the browser."""
        self._engine.close()


class ExactWay(EngineWay):
    """The exact engine."""

    def __init__(self) -> None:
        super().__init__(ExactEngine(find_browser(os.environ)))


class FastWay(EngineWay):
    """The fast engine as it is: with its checks."""

    def __init__(self) -> None:
        self._counting = CountingEngine(find_browser(os.environ))
        super().__init__(self._counting)

    def take_counts(self) -> Counts:
        """Give what was counted since last asked."""
        return self._counting.take_counts()

    def one_by_one(self, work: Sequence[Document], size: Format) -> list[float]:
        """Measure the seconds that each card takes."""
        seconds = []
        for document in work:
            began = time.perf_counter()
            self._engine.draw(document, [size])
            seconds.append(time.perf_counter() - began)
        return seconds


class EncodeWay(Way):
    """No drawing: what it takes to write pictures as PNG that are there already."""

    def take(self, work: Sequence[bytes], size: Format) -> None:
        """Decode pictures that were drawn before."""
        super().take([decode(png) for png in work], size)

    def _draw(self, piece: Image, size: Format) -> bytes:  # noqa: ARG002 - the picture knows
        return encode(piece)

    def close(self) -> None:
        """Nothing was started."""


WAYS: Mapping[str, Callable[[], Way]] = {
    "naive": NaiveWay,
    "exact": ExactWay,
    "fast": FastWay,
    "encode": EncodeWay,
}
