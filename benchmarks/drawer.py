"""A process that draws and keeps nothing; it imports no more than a run's worker does to draw."""

import os
from collections.abc import Sequence

from benchmarks.counting import CountingEngine
from recap.render.discovery import find_browser
from recap.render.engine import Document
from recap.render.formats import FORMATS


class Drawer:
    """Draws stories with the fast engine."""

    def __init__(self) -> None:
        self._engine = CountingEngine(find_browser(os.environ))
        self._engine.__enter__()

    def draw(self, documents: Sequence[Document]) -> None:
        """Draw them."""
        for document in documents:
            self._engine.draw(document, [FORMATS["story"]])

    def restarts(self) -> int:
        """Tell how often the browser was replaced."""
        return max(0, self._engine.browsers - 1)

    def close(self) -> None:
        """End the browser."""
        self._engine.close()
