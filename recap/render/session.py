"""One browser from start to end, with the event loop it lives in and the pages kept loaded in it."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from recap.render.browser import BrowserPath, LostError, launch
from recap.render.formats import Format
from recap.render.stage import DrawingError, Stage

_LOG = logging.getLogger(__name__)
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Capture:
    """A picture as Chromium gave it, and what was wrong with the card when it was taken."""

    png: bytes
    problems: tuple[str, ...]


class Session:
    """A browser that draws until it is closed or killed.

    Playwright is used through its asynchronous face, and every draw waits for three things at once: the
    pictures, the news that a page or the browser is gone, and the clock. So a limit holds even where the
    browser *and* its driver have stopped answering; the blocking face would need a second thread that kills,
    and a driver able to notice it. The loop is the session's own: what Playwright leaves ends with it.
    """

    def __init__(
        self, browser: BrowserPath, environ: Mapping[str, str], *, captures_per_context: int, shells: int
    ) -> None:
        self.captures = 0
        """Pictures taken since the browser was started."""
        self._captures_per_context = captures_per_context
        self._captures_in_context = 0
        self._shells = shells
        self._stages: OrderedDict[str, Stage] = OrderedDict()
        self._runner = asyncio.Runner()
        self._runner.get_loop().set_exception_handler(_note)
        try:
            self._chromium = self._runner.run(launch(browser, environ))
        except BaseException:
            self._runner.close()
            raise

    def draw(
        self, shell: str, body: str, script: str, formats: Sequence[Format], *, timeout_seconds: float
    ) -> tuple[Capture, ...]:
        """Take a card's picture in each format, in their order.

        Raises DrawingError where the card itself is at fault, and LostError where the browser was lost or has
        not finished in time; it is of no use then and must be killed.
        """
        return self._runner.run(self._bounded(self._draw(shell, body, script, formats), timeout_seconds))

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

    async def _draw(
        self, shell: str, body: str, script: str, formats: Sequence[Format]
    ) -> tuple[Capture, ...]:
        if self._captures_in_context >= self._captures_per_context:
            self._stages.clear()
            self._captures_in_context = 0
            await self._chromium.forget_tabs()
        stage = await self._stage(shell)
        taken = []
        try:
            for size in formats:
                problems = await stage.show(body, script, size)
                taken.append(Capture(await stage.capture(), problems))
                self.captures += 1
                self._captures_in_context += 1
        except DrawingError:
            # A script that failed half-way may have left anything behind.
            del self._stages[shell]
            await stage.close()
            raise
        return tuple(taken)

    async def _stage(self, shell: str) -> Stage:
        if stage := self._stages.get(shell):
            self._stages.move_to_end(shell)
            return stage
        while len(self._stages) >= self._shells:
            _, oldest = self._stages.popitem(last=False)
            await oldest.close()
        stage = Stage(await self._chromium.open_tab())
        await stage.set_up(shell)
        self._stages[shell] = stage
        return stage


def _note(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Keep what a killed browser leaves unanswered out of sight; whoever waited has been told."""
    _LOG.debug("in the browser's event loop: %s", context.get("message"), exc_info=context.get("exception"))
