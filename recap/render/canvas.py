"""The fast stage: cards drawn into a canvas within the page, and told as runs of one colour.

The picture is Chromium's own - the same display list, drawn by the same rasteriser - but it is neither
composed with other layers nor encoded by Chromium, nor does it pass between its processes. What comes over is
small, and a band of rows that came before does not come again. See docs/rendering.md.
"""

import base64
import itertools
from typing import Any

import numpy as np

from recap.errors import RecapError
from recap.render.browser import Tab
from recap.render.compare import LEVELS
from recap.render.formats import Format
from recap.render.png import BAND_ROWS, Band, Pixels, compress_band, join_bands
from recap.render.stage import Document, Drawing, Stage, page_script

MEMORY_WORDS = 4_000_000
"""Runs a page remembers, to name a band it has given before: 16 MB."""


class UnfitError(RecapError):
    """A page or a card that a canvas would not show as the browser does; the message says why."""


class CanvasStage(Stage):
    """Draws the card into a canvas of its page."""

    def __init__(self, tab: Tab, size: Format) -> None:
        super().__init__(tab, size)
        self._bands: dict[int, Band] = {}
        self.reused = 0
        """Bands that had been seen before."""
        self._why_unfit = ""

    async def set_up(self, shell: str) -> None:
        """Load the shell, as `Stage.set_up`."""
        await super().set_up(shell)
        size = f"{self._size.width}, {self._size.height}, {BAND_ROWS}, {MEMORY_WORDS}, {LEVELS}"
        await self._evaluate(page_script("unfit.js"), "the theme's page")
        self._why_unfit = await self._evaluate(f"{page_script('canvas.js')}({size})", "the theme's page")

    async def draw(self, document: Document) -> Drawing:
        """Show a card and give its picture, as `Stage.draw`. Raises UnfitError where another stage must."""
        if self._why_unfit:
            raise UnfitError(self._why_unfit)
        answer = await self._call("recapDraw", document)
        if answer["unfit"]:
            raise UnfitError(answer["unfit"])
        bands = self._take_in(answer)
        png = join_bands(self._size.width, self._size.height, bands)
        return Drawing(png, self._size.width, self._size.height, tuple(answer["problems"]))

    def _take_in(self, answer: dict[str, Any]) -> list[Band]:
        fresh = iter(unfold(base64.b64decode(answer["fresh"]), answer["lengths"], self._size.width))
        for number in answer["bands"]:
            if number in self._bands:
                self.reused += 1
            else:
                self._bands[number] = compress_band(next(fresh))
        bands = [self._bands[number] for number in answer["bands"]]
        for number in answer["dropped"]:
            del self._bands[number]
        return bands


def unfold(words: bytes, lengths: list[int], width: int) -> list[Pixels]:
    """Make bands of pixels from runs: blue, green, red, and how many pixels have that colour, 1 to 255.

    `lengths` are the runs of each band.
    """
    runs = np.frombuffer(words, np.uint8).reshape(-1, 4)
    colours = np.ascontiguousarray(runs[:, 2::-1]).view("V3").ravel()
    pixels = np.repeat(colours, runs[:, 3])
    ends = np.cumsum(runs[:, 3], dtype=np.int64)
    edges = [0, *(int(ends[last - 1]) for last in np.cumsum(lengths))]
    return [
        pixels[start:stop].view(np.uint8).reshape(-1, width, 3) for start, stop in itertools.pairwise(edges)
    ]
