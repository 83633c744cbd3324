"""Both engines side by side, and how far apart their pictures are."""

import os
from types import TracebackType
from typing import Self

import numpy as np

from recap.render.browser import find_browser
from recap.render.compare import GROSS, compare
from recap.render.engine import Document, Drawing, ExactEngine, FastEngine
from recap.render.formats import Format
from recap.render.png import decode

SPECKS = 1e-4
"""The share of pixels that may differ by a little, on the edges of large letters that lean."""


class Pair:
    """Both engines, side by side."""

    def __init__(self) -> None:
        browser = find_browser(os.environ)
        self.fast = FastEngine(browser, timeout_seconds=60)
        # Pages are kept longer than a run would: loading one, with its fonts, costs as much as many pictures.
        self.exact = ExactEngine(browser, timeout_seconds=60, pictures_per_context=2_000)

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
    """Say how a fast picture breaks the promise; nothing where it keeps it."""
    difference = compare(fast.png, exact.png)
    return str(difference) if difference else ""


def differences(fast: Drawing, exact: Drawing) -> np.ndarray:
    """Return by how many levels each channel differs, with its sign."""
    first, second = (np.asarray(decode(drawing.png), np.int16) for drawing in (fast, exact))
    return first - second


def assert_alike(fast: Drawing, exact: Drawing, place: str, *, within: int = 0) -> None:
    """The picture of a shipped theme is the exact one, bit for bit, but for specks.

    `within` so many levels they may differ anywhere: where a pattern is sampled between pixels.
    """
    assert fast.problems == exact.problems, place
    if fast.png == exact.png:
        return
    assert broken_promise(fast, exact) == "", place
    apart = np.abs(differences(fast, exact)).max(axis=2)
    assert (apart > within).mean() < SPECKS, place
    assert apart.max() <= GROSS, place
