"""The engines: a card's HTML in, its pictures out."""

import logging
import os
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from recap.render.browser import BrowserPath, LostError
from recap.render.canvas import CanvasStage, UnfitError
from recap.render.compare import compare
from recap.render.formats import Format
from recap.render.sample import Sample
from recap.render.session import Session
from recap.render.stage import FALLBACK, CaptureStage, Document, Drawing, DrawingError

__all__ = [
    "ENGINES",
    "FALLBACK",
    "Document",
    "Drawing",
    "DrawingError",
    "Engine",
    "ExactEngine",
    "FastEngine",
]

_LOG = logging.getLogger(__name__)


class Engine(ABC):
    """Draws cards with one browser, which it replaces when it hangs, dies or has grown old.

    A page is kept loaded for each of the `pages` shells and formats last used. Memory comes back only when a
    context closes, and the driver grows too; so pages live for `pictures_per_context` pictures, and the
    browser with its driver for `pictures_per_browser`. A context manager, for one thread that runs no event
    loop.
    """

    pictures_per_context = 400
    pictures_per_browser = 4000

    def __init__(
        self,
        browser: BrowserPath,
        *,
        timeout_seconds: float = 20.0,
        attempts: int = 2,
        pictures_per_context: int | None = None,
        pictures_per_browser: int | None = None,
        pages: int = 16,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._browser = browser
        self._timeout_seconds = timeout_seconds
        self._attempts = attempts
        self._pictures_per_context = pictures_per_context or self.pictures_per_context
        self._pictures_per_browser = pictures_per_browser or self.pictures_per_browser
        self._pages = pages
        self._environ = environ
        self._session: Session | None = None

    def __enter__(self) -> Self:
        """Start the browser. Raises BrowserError where none starts."""
        self._ready_session()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the browser; the engine starts another if it is used again."""
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def draw(self, document: Document, formats: Sequence[Format]) -> tuple[Drawing, ...]:
        """Draw one card in each of `formats`, in their order.

        `timeout_seconds` is for the card in all its formats. Where the browser hangs past it or is lost, the
        card gets a new one, up to `attempts` times in all. Raises DrawingError where it still cannot be drawn
        or its script fails, BrowserError where no browser starts.
        """
        reason = ""
        for _ in range(self._attempts):
            try:
                return self._attempt(document, formats)
            except LostError as error:
                reason = str(error)
                _LOG.warning("the browser was lost while drawing a card: %s", reason)
            except DrawingError as error:
                raise DrawingError(f"{document.template}: {error}") from error
        message = f"{document.template}: the card could not be drawn (attempts: {self._attempts}): {reason}"
        raise DrawingError(message)

    @abstractmethod
    async def _draw(self, session: Session, document: Document, size: Format) -> Drawing:
        """Draw one picture. Raises DrawingError, LostError."""

    def _attempt(self, document: Document, formats: Sequence[Format]) -> tuple[Drawing, ...]:
        session = self._ready_session()

        async def draw_all() -> tuple[Drawing, ...]:
            return tuple([await self._draw(session, document, size) for size in formats])

        try:
            return session.run(draw_all(), timeout_seconds=self._timeout_seconds)
        except DrawingError:
            raise
        except BaseException:
            # Lost, hung or interrupted: what the browser is doing now is nobody's wish any more.
            self._session = None
            session.kill()
            raise

    def _ready_session(self) -> Session:
        if self._session is not None and self._session.pictures >= self._pictures_per_browser:
            self.close()
        if self._session is None:
            self._session = Session(
                self._browser,
                self._environ,
                pictures_per_context=self._pictures_per_context,
                pages=self._pages,
            )
        return self._session


class ExactEngine(Engine):
    """Every picture is a screenshot of what the browser shows."""

    async def _draw(self, session: Session, document: Document, size: Format) -> Drawing:
        return await session.draw(CaptureStage, document, size)


class FastEngine(Engine):
    """Every picture is drawn into a canvas, where that shows the same as a screenshot.

    What would not is told by the page, card by card, and drawn exactly. A sample of every template is drawn
    both ways besides: where the two differ, the template is drawn exactly from then on. Either way the
    drawing's problems say so.
    """

    pictures_per_context = 2000
    pictures_per_browser = 20000

    def __init__(self, browser: BrowserPath, **options: Any) -> None:
        super().__init__(browser, **options)
        self._sample = Sample()
        self._distrusted: dict[tuple[str, str, str], str] = {}
        """Why, by shell, template and format."""

    async def _draw(self, session: Session, document: Document, size: Format) -> Drawing:
        template = (document.shell, document.template, size.name)
        if why := self._distrusted.get(template):
            return await _draw_exactly(session, document, size, why)
        try:
            drawing = await session.draw(CanvasStage, document, size)
        except UnfitError as error:
            return await _draw_exactly(session, document, size, str(error))
        if not self._sample.takes(template, document.body):
            return drawing
        exact = await session.draw(CaptureStage, document, size)
        difference = compare(drawing.png, exact.png)
        if difference is None:
            return drawing
        stage = await session.stage(CaptureStage, document.shell, size)
        element = await stage.name_at(difference.left, difference.top)
        why = f"{element} differs from what the browser shows by {difference.levels} levels"
        self._distrusted[template] = why
        return _noting(exact, why)


async def _draw_exactly(session: Session, document: Document, size: Format, why: str) -> Drawing:
    return _noting(await session.draw(CaptureStage, document, size), why)


def _noting(drawing: Drawing, why: str) -> Drawing:
    return replace(drawing, problems=(*drawing.problems, f"{why}; {FALLBACK}"))


ENGINES: Mapping[str, type[Engine]] = {"fast": FastEngine, "exact": ExactEngine}
"""How cards may be drawn, by the name the command line knows."""
