"""The engines: a card's HTML in, its pictures out."""

import logging
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Self, TypeVar

from recap.render.browser import BrowserPath, LostError
from recap.render.canvas import CanvasStage, UnfitError
from recap.render.compare import compare
from recap.render.formats import Format
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
T = TypeVar("T")


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

    def draw(
        self, document: Document, formats: Sequence[Format], *, exactly: Collection[str] = ()
    ) -> tuple[Drawing, ...]:
        """Draw one card in each of `formats`, in their order; in those named in `exactly` as a screenshot.

        `timeout_seconds` is for the card in all its formats. Where the browser hangs past it or is lost, the
        card gets a new one, up to `attempts` times in all. Raises DrawingError where it still cannot be drawn
        or its script fails, BrowserError where no browser starts.
        """

        def draw(session: Session, size: Format) -> Coroutine[Any, Any, Drawing]:
            if size.name in exactly:
                return session.draw(CaptureStage, document, size)
            return self._draw(session, document, size)

        return self._persist(document, formats, draw)

    def inspect(self, document: Document, formats: Sequence[Format]) -> tuple[tuple[str, ...], ...]:
        """Lay a card out in each of `formats`, and return what is wrong with it there; draw nothing.

        Raises as `draw`.
        """
        return self._persist(document, formats, lambda session, size: session.inspect(document, size))

    def check(self, document: Document, formats: Sequence[Format]) -> tuple[str, ...]:
        """Say for each of `formats` how the engine's picture differs from what the browser shows.

        Nothing where it does not, as the promise has it (`recap.render.compare`). Raises as `draw`.
        """
        return self._persist(
            document, formats, lambda session, size: self._difference(session, document, size)
        )

    @abstractmethod
    async def _draw(self, session: Session, document: Document, size: Format) -> Drawing:
        """Draw one picture. Raises DrawingError, LostError."""

    @abstractmethod
    async def _difference(self, session: Session, document: Document, size: Format) -> str:
        """Say how a picture differs from what the browser shows. Raises DrawingError, LostError."""

    def _persist(
        self,
        document: Document,
        formats: Sequence[Format],
        make: Callable[[Session, Format], Coroutine[Any, Any, T]],
    ) -> tuple[T, ...]:
        """Make something of a card in each format, with a new browser where one is lost."""
        reason = ""
        for _ in range(self._attempts):
            try:
                return self._attempt(formats, make)
            except LostError as error:
                reason = str(error)
                _LOG.warning("the browser was lost while drawing a card: %s", reason)
            except DrawingError as error:
                raise DrawingError(f"{document.template}: {error}") from error
        message = f"{document.template}: the card could not be drawn (attempts: {self._attempts}): {reason}"
        raise DrawingError(message)

    def _attempt(
        self, formats: Sequence[Format], make: Callable[[Session, Format], Coroutine[Any, Any, T]]
    ) -> tuple[T, ...]:
        session = self._ready_session()

        async def make_all() -> tuple[T, ...]:
            return tuple([await make(session, size) for size in formats])

        try:
            return session.run(make_all(), timeout_seconds=self._timeout_seconds)
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

    async def _difference(self, _session: Session, _document: Document, _size: Format) -> str:
        return ""


class FastEngine(Engine):
    """Every picture is drawn into a canvas, where that shows the same as a screenshot.

    What would not is told by the page, card by card, and drawn exactly; the drawing's problems say so.
    """

    pictures_per_context = 2000
    pictures_per_browser = 20000

    async def _draw(self, session: Session, document: Document, size: Format) -> Drawing:
        try:
            return await session.draw(CanvasStage, document, size)
        except UnfitError as error:
            exact = await session.draw(CaptureStage, document, size)
            return replace(exact, problems=(*exact.problems, f"{error}; {FALLBACK}"))

    async def _difference(self, session: Session, document: Document, size: Format) -> str:
        try:
            drawing = await session.draw(CanvasStage, document, size)
        except UnfitError:
            return ""
        exact = await session.draw(CaptureStage, document, size)
        difference = compare(drawing.png, exact.png)
        if difference is None:
            return ""
        stage = await session.stage(CaptureStage, document.shell, size)
        element = await stage.name_at(difference.left, difference.top)
        return f"{element} differs from what the browser shows by {difference.levels} levels"


ENGINES: Mapping[str, type[Engine]] = {"fast": FastEngine, "exact": ExactEngine}
"""How cards may be drawn, by the name the command line knows."""
