"""One browser from start to end, with the event loop it lives in and the pages kept loaded in it."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

from recap.render.browser import BrowserPath, LostError, launch
from recap.render.formats import Format
from recap.render.stage import CaptureStage, Document, Drawing, DrawingError, Stage

_LOG = logging.getLogger(__name__)
_Result = TypeVar("_Result")
_Stage = TypeVar("_Stage", bound=Stage)


class Session:
    """A browser that draws until it is closed or killed.

    Playwright is used through its asynchronous face, and every draw waits for three things at once: the
    pictures, the news that a page or the browser is gone, and the clock. So a limit holds even where the
    browser *and* its driver have stopped answering; the blocking face would need a second thread that kills,
    and a driver able to notice it. The loop is the session's own: what Playwright leaves ends with it.
    """

    def __init__(
        self, browser: BrowserPath, environ: Mapping[str, str], *, pictures_per_context: int, pages: int
    ) -> None:
        self.pictures = 0
        """Pictures drawn since the browser was started."""
        self._pictures_per_context = pictures_per_context
        self._pictures_in_context = 0
        self._pages = pages
        self._stages: OrderedDict[tuple[type[Stage], str, Format], Stage] = OrderedDict()
        self._runner = asyncio.Runner()
        self._runner.get_loop().set_exception_handler(_note)
        try:
            self._chromium = self._runner.run(launch(browser, environ))
        except BaseException:
            self._runner.close()
            raise

    def run(self, work: Coroutine[Any, Any, _Result], *, timeout_seconds: float) -> _Result:
        """Do what uses `draw` and `stage`, and return what comes of it.

        Raises LostError where the browser was lost or has not finished in time; it is of no use then and must
        be killed.
        """
        # Not the runner's own `run`: it sets signal handlers each time, which takes 2 ms with a large card.
        return self._runner.get_loop().run_until_complete(self._bounded(work, timeout_seconds))

    def close(self) -> None:
        """End the browser in good order."""
        try:
            self._runner.run(self._chromium.close())
        finally:
            self._runner.close()

    def kill(self) -> None:
        """End the browser at once."""
        try:
            self._runner.run(self._chromium.kill())
        finally:
            self._runner.close()

    async def draw(self, kind: type[Stage], document: Document, size: Format) -> Drawing:
        """Take a card's picture. Raises DrawingError where the card itself is at fault, LostError."""
        return await self._on_stage(kind, document, size, lambda stage: stage.draw(document))

    async def inspect(self, document: Document, size: Format) -> tuple[str, ...]:
        """Lay a card out and return what is wrong with it. Raises as `draw`."""
        return await self._on_stage(CaptureStage, document, size, lambda stage: stage.inspect(document))

    async def _on_stage(
        self,
        kind: type[_Stage],
        document: Document,
        size: Format,
        act: Callable[[_Stage], Coroutine[Any, Any, _Result]],
    ) -> _Result:
        stage = await self.stage(kind, document.shell, size)
        try:
            result = await act(stage)
        except DrawingError:
            # A script that failed half-way may have left anything behind.
            del self._stages[kind, document.shell, size]
            await stage.close()
            raise
        self.pictures += 1
        self._pictures_in_context += 1
        return result

    async def stage(self, kind: type[_Stage], shell: str, size: Format) -> _Stage:
        """Give the page for such pictures, the one used before if it is still there. Raises as `draw`."""
        if self._pictures_in_context >= self._pictures_per_context:
            self._stages.clear()
            self._pictures_in_context = 0
            await self._chromium.forget_tabs()
        key = (kind, shell, size)
        stage = self._stages.get(key)
        if isinstance(stage, kind):
            self._stages.move_to_end(key)
            return stage
        while len(self._stages) >= self._pages:
            _, oldest = self._stages.popitem(last=False)
            await oldest.close()
        made = kind(await self._chromium.open_tab(), size)
        try:
            await made.set_up(shell)
        except DrawingError:
            await made.close()
            raise
        self._stages[key] = made
        return made

    async def _bounded(self, work: Coroutine[Any, Any, _Result], seconds: float) -> _Result:
        task = asyncio.ensure_future(work)
        lost = self._chromium.lost
        try:
            either: set[asyncio.Future[Any]] = {task, lost}
            await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if lost.done():
                raise LostError(lost.result())
            if not task.done():
                raise LostError(f"it was not finished within {seconds:g} s")
            return task.result()
        finally:
            if not task.done():
                task.cancel()
            elif not task.cancelled():
                task.exception()  # read, so that a failure that lost the race is not reported as forgotten


def _note(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Keep what a killed browser leaves unanswered out of sight; whoever waited has been told."""
    _LOG.debug("in the browser's event loop: %s", context.get("message"), exc_info=context.get("exception"))
