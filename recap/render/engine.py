"""The exact engine: a card's HTML in, its pictures out, each a full capture of what Chromium shows."""

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from recap.render.browser import BrowserPath, LostError
from recap.render.formats import Format
from recap.render.png import decode, encode
from recap.render.session import Capture, Session
from recap.render.stage import DrawingError

__all__ = ["Document", "Drawing", "DrawingError", "ExactEngine"]

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Document:
    """One card, as HTML."""

    shell: str
    """A complete HTML document with styles and fonts inlined and an empty `<main id="stage">`."""
    body: str
    """The card: the fragment put on the stage. Scripts and handlers in it are left out."""
    script: str
    """A JavaScript function expression, run after each layout; returns an array of problems, as strings."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """One finished picture."""

    png: bytes
    """RGB, 8 bits a channel."""
    width: int
    height: int
    problems: tuple[str, ...]
    """What the script and the engine saw wrong with the card in this format; usually nothing."""


class ExactEngine:
    """Draws cards with one browser, which it replaces when it hangs, dies or has grown old.

    A page is kept loaded for each of the `shells` last used. Memory comes back only when a context closes,
    and the driver grows too; so pages live for `captures_per_context` pictures, and the browser with its
    driver for `captures_per_browser`. A context manager, for one thread that runs no event loop.
    """

    def __init__(
        self,
        browser: BrowserPath,
        *,
        timeout_seconds: float = 20.0,
        attempts: int = 2,
        captures_per_context: int = 400,
        captures_per_browser: int = 4000,
        shells: int = 4,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._browser = browser
        self._timeout_seconds = timeout_seconds
        self._attempts = attempts
        self._captures_per_context = captures_per_context
        self._captures_per_browser = captures_per_browser
        self._shells = shells
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
        raise DrawingError(f"the card could not be drawn (attempts: {self._attempts}): {reason}")

    def _attempt(self, document: Document, formats: Sequence[Format]) -> tuple[Drawing, ...]:
        session = self._ready_session()
        try:
            captures = session.draw(
                document.shell,
                document.body,
                document.script,
                formats,
                timeout_seconds=self._timeout_seconds,
            )
            return tuple(_finish(capture, size) for capture, size in zip(captures, formats, strict=True))
        except DrawingError:
            raise
        except BaseException:
            # Lost, hung or interrupted: what the browser is doing now is nobody's wish any more.
            self._session = None
            session.kill()
            raise

    def _ready_session(self) -> Session:
        if self._session is not None and self._session.captures >= self._captures_per_browser:
            self.close()
        if self._session is None:
            self._session = Session(
                self._browser,
                self._environ,
                captures_per_context=self._captures_per_context,
                shells=self._shells,
            )
        return self._session


def _finish(capture: Capture, size: Format) -> Drawing:
    try:
        picture = decode(capture.png)
    except OSError as error:
        raise LostError(f"the browser gave a picture that cannot be read: {error}") from error
    if picture.size != (size.width, size.height):
        raise LostError(f"the browser gave a picture of {picture.width} x {picture.height} for {size.name}")
    return Drawing(encode(picture), picture.width, picture.height, capture.problems)
