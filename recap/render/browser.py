"""Chromium: where it is, and one that runs. The only module that knows Playwright.

A browser started here draws and does nothing else: it finds no name, has no proxy that answers, is offline,
takes no download and runs no worker, and it is told to render text the same way on every machine.
"""

import asyncio
import logging
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext, CDPSession, Page, async_playwright
from playwright.async_api import Error as PlaywrightError

from recap.errors import BrowserError
from recap.render.discovery import MEND, BrowserPath, find_browser
from recap.render.isolation import DEAD_END, FLAGS, browser_environment, may_sandbox
from recap.render.processes import Process, children_running, descendants, end, read_process

__all__ = ["BrowserPath", "Chromium", "LostError", "Tab", "find_browser", "launch"]

_LOG = logging.getLogger(__name__)
_START_SECONDS = 60.0
_END_SECONDS = 5.0
_GRACE_SECONDS = 1.0
_REAP_SECONDS = 20.0
"""What is ended is seen to be ended long before, unless the machine has much else to do."""
_STARTING = threading.Lock()


class LostError(BrowserError):
    """The page, the browser or its driver went away in the middle of something; a new one may do better."""


class Tab:
    """One page and the line to it; speaks the DevTools protocol, which Playwright only carries."""

    def __init__(self, page: Page, session: CDPSession) -> None:
        self._page = page
        self._session = session

    async def load(self, html: str) -> None:
        """Replace the page by a document and wait until it is loaded. Raises LostError."""
        try:
            await self._page.set_content(html, wait_until="load", timeout=0)
        except PlaywrightError as error:
            raise LostError(f"the page could not be loaded: {_first_line(error)}") from error

    async def send(self, method: str, **params: Any) -> dict[str, Any]:
        """Send one DevTools command and return its answer. Raises LostError."""
        try:
            answer: dict[str, Any] = await self._session.send(method, params)
        except PlaywrightError as error:
            raise LostError(f"{method} failed: {_first_line(error)}") from error
        return answer

    async def close(self) -> None:
        """Close the page. Raises LostError."""
        try:
            await self._page.close()
        except PlaywrightError as error:
            raise LostError(f"the page could not be closed: {_first_line(error)}") from error


class Chromium:
    """A running browser with its driver, in the event loop that started it; ended by `close` or `kill`."""

    def __init__(self, driver: "_Driver", browser: Browser) -> None:
        self._driver = driver
        self._browser = browser
        self._context: BrowserContext | None = None
        self.lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        """Done, with the reason, as soon as a page crashes or the browser goes.

        Where the driver goes every call fails at once, those under way too.
        """
        browser.on("disconnected", lambda _: self._lose("the browser went away"))

    def _lose(self, reason: str) -> None:
        if not self.lost.done():
            self.lost.set_result(reason)

    async def open_tab(self) -> Tab:
        """Open a blank page, offline. Raises LostError."""
        try:
            if self._context is None:
                self._context = await self._browser.new_context(
                    no_viewport=True,
                    offline=True,
                    accept_downloads=False,
                    service_workers="block",
                    permissions=[],
                    locale="en-US",
                    timezone_id="UTC",
                    color_scheme="light",
                    reduced_motion="reduce",
                    forced_colors="none",
                )
            page = await self._context.new_page()
            page.on("crash", lambda _: self._lose("the page crashed"))
            return Tab(page, await self._context.new_cdp_session(page))
        except PlaywrightError as error:
            raise LostError(f"no page could be opened: {_first_line(error)}") from error

    async def forget_tabs(self) -> None:
        """Close every page with its context, which is what gives their memory back. Raises LostError."""
        context, self._context = self._context, None
        try:
            if context is not None:
                await context.close()
        except PlaywrightError as error:
            raise LostError(f"the pages could not be closed: {_first_line(error)}") from error

    async def close(self) -> None:
        """Ask the browser and its driver to end, and see to it that they do."""
        family = self._driver.family()
        try:
            async with asyncio.timeout(_END_SECONDS):
                await self._browser.close()
        except (PlaywrightError, TimeoutError) as error:
            _LOG.debug("the browser did not close when asked: %s", error)
        await self._driver.stop(family)

    async def kill(self) -> None:
        """End the browser without asking it, as a hung one needs; the driver is left to clean up after it."""
        family = self._driver.family()
        end(process for process in family if process.pid != self._driver.pid)
        await self._driver.stop(family)


async def launch(browser: BrowserPath, environ: Mapping[str, str]) -> Chromium:
    """Start a browser, without a network and with as little of `environ` as it needs.

    Raises BrowserError where it does not start within a minute.
    """
    sandbox = may_sandbox()
    try:
        return await _launch(browser, environ, sandbox=sandbox)
    except BrowserError as error:
        # Some systems forbid the user namespaces that Chromium's sandbox is made of.
        if not sandbox or "sandbox" not in str(error):
            raise
        _LOG.warning("the browser's sandbox cannot be used on this system; drawing without it")
        return await _launch(browser, environ, sandbox=False)


async def _launch(browser: BrowserPath, environ: Mapping[str, str], *, sandbox: bool) -> Chromium:
    env = browser_environment(environ)
    try:
        driver = _Driver()
    except OSError as error:
        raise BrowserError(f"the browser has no place for its temporary files: {error}") from error
    try:
        async with asyncio.timeout(_START_SECONDS):
            return Chromium(driver, await driver.launch(browser.path, env, sandbox=sandbox))
    except BaseException as error:
        await driver.stop(driver.family())
        if isinstance(error, TimeoutError):
            why = f"it took more than {_START_SECONDS:.0f} s"
        elif isinstance(error, (PlaywrightError, OSError)) or type(error) is Exception:
            # The bare Exception is what Playwright raises where its driver dies as it starts.
            # Without a sandbox it is not among what is said; the flag that turns it off may be.
            lacks_sandbox = "sandbox" in str(error).replace("--no-sandbox", "")
            why = "it has no usable sandbox" if sandbox and lacks_sandbox else _first_line(error)
        else:
            raise
        raise BrowserError(f"{browser.path} does not start: {why}; {MEND}") from error


class _Driver:
    """Playwright's driver: the process between us and the browser."""

    def __init__(self) -> None:
        self._manager = async_playwright()
        self._folder = tempfile.mkdtemp(prefix="recap-browser-")
        self._family: frozenset[Process] = frozenset()
        self.pid: int | None = None

    async def launch(self, path: str, env: dict[str, str], *, sandbox: bool) -> Browser:
        """Start the driver and let it start the browser; raises whatever Playwright does."""
        # One at a time in a process, so that the child that is new afterwards is this driver.
        with _STARTING:
            before = children_running(b"run-driver")
            try:
                with _temporary_files_in(self._folder):
                    player = await self._manager.start()
            finally:
                self.pid = next(iter(children_running(b"run-driver") - before), None)
        browser = await player.chromium.launch(
            executable_path=path,
            args=list(FLAGS),
            chromium_sandbox=sandbox,
            proxy={"server": DEAD_END, "bypass": "<-loopback>"},
            env={**env, "TMPDIR": self._folder},
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
            timeout=_START_SECONDS * 1000,
        )
        self.family()
        return browser

    def family(self) -> frozenset[Process]:
        """Return the driver and everything it started, now and when last asked: it may be gone, they not."""
        driver = read_process(self.pid) if self.pid is not None else None
        if driver is not None:
            self._family |= descendants(driver.pid) | {driver}
        return self._family

    async def stop(self, family: frozenset[Process]) -> None:
        """End the driver and whatever is left of `family`, and remove what they kept on disk."""
        stopping = asyncio.ensure_future(self._manager.__aexit__())
        await asyncio.wait({stopping}, timeout=_END_SECONDS)
        end(family, grace_seconds=_GRACE_SECONDS)
        # A driver that had to be killed is noticed now; its end must be seen before the event loop closes.
        done, _ = await asyncio.wait({stopping}, timeout=_REAP_SECONDS)
        if not done:
            stopping.cancel()
        elif error := stopping.exception():
            _LOG.debug("the driver did not stop when asked: %s", error)
        shutil.rmtree(self._folder, ignore_errors=True)


@contextmanager
def _temporary_files_in(folder: str) -> Iterator[None]:
    """Let processes started now keep their temporary files in `folder`.

    The driver makes profiles of some megabytes and cannot remove them when it is killed. It takes its
    environment from ours and there is no other way to tell it.
    """
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = folder
    try:
        yield
    finally:
        if before is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = before


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
