"""The fast engine, counting what it does besides drawing."""

from dataclasses import dataclass, field
from typing import Any

from recap.render.browser import BrowserPath
from recap.render.canvas import CanvasStage
from recap.render.engine import Document, Drawing, FastEngine
from recap.render.formats import Format
from recap.render.png import BAND_ROWS
from recap.render.session import Session


@dataclass(slots=True)
class Counts:
    """What happened since the counts were last taken."""

    bands: int = 0
    """Bands drawn into a canvas."""
    reused: int = 0
    """Those of them that had been seen before."""
    drawn_exactly: set[str] = field(default_factory=set)
    """Why pictures were drawn by the exact engine."""
    exact_pictures: int = 0
    """Pictures of which that is true."""


class CountingEngine(FastEngine):
    """Draws as the fast engine does."""

    def __init__(self, browser: BrowserPath, **options: Any) -> None:
        super().__init__(browser, **options)
        self.browsers = 0
        """Browsers that have drawn; all but the first are restarts."""
        self._counts = Counts()
        self._last: Session | None = None

    def take_counts(self) -> Counts:
        """Give the counts and begin anew."""
        counts, self._counts = self._counts, Counts()
        return counts

    async def _draw(self, session: Session, document: Document, size: Format) -> Drawing:
        if session is not self._last:
            self._last = session
            self.browsers += 1
        # The page that the engine is about to use; it counts the bands that it has seen before.
        stage = await session.stage(CanvasStage, document.shell, size)
        reused = stage.reused
        drawing = await super()._draw(session, document, size)
        why = [problem for problem in drawing.problems if problem.endswith("drawn by the exact engine")]
        counts = self._counts
        counts.exact_pictures += bool(why)
        counts.drawn_exactly.update(why)
        if not why:
            counts.bands += -(-size.height // BAND_ROWS)
            counts.reused += stage.reused - reused
        return drawing
