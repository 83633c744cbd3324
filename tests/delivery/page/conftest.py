"""A browser that stays open for a module, and a web server for what its tests publish."""

import os
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from recap.render.browser import find_browser
from recap.render.isolation import may_sandbox


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Only as long as a module: while it is open, no other event loop may run in this thread.
    with sync_playwright() as player:
        path = find_browser(os.environ).path
        browser = player.chromium.launch(executable_path=path, chromium_sandbox=may_sandbox())
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """Give a folder and the address at which it is served."""
    folder = tmp_path_factory.mktemp("web")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield folder, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page in a context of its own, for an address; what the page complains about fails the test."""
    contexts, complaints = [], []

    def open_(url: str, *, before: Callable[[Page], object] = lambda page: None, **options: Any) -> Page:
        # A story that stands still is what most tests want.
        settings = {"reduced_motion": "reduce", "viewport": {"width": 390, "height": 844}, **options}
        context = browser.new_context(**settings)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        before(page)
        page.goto(url)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []
