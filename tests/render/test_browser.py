"""Finding a browser, and starting and ending one."""

import asyncio
import os
from pathlib import Path

import pytest
from browsing import Family

from recap.errors import BrowserError
from recap.render import browser as browser_module
from recap.render.browser import BrowserPath, LostError, find_browser, launch
from recap.render.isolation import browser_environment
from recap.render.processes import end


def _program(folder: Path, name: str, says: str = "Chromium 1.2.3.4 built on a hill", code: int = 0) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{says}'\nexit {code}\n", encoding="utf-8")
    program.chmod(0o755)
    return program


def _environ(tmp_path: Path, **more: str) -> dict[str, str]:
    return {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path / "home"), **more}


def test_the_named_browser_comes_first(tmp_path: Path) -> None:
    """RECAP_CHROMIUM wins over anything on the PATH."""
    _program(tmp_path / "bin", "chromium")
    named = _program(tmp_path / "elsewhere", "my-browser", "Chromium 9.8.7.6")
    found = find_browser(_environ(tmp_path, RECAP_CHROMIUM=str(named)))
    assert found == BrowserPath(str(named), "RECAP_CHROMIUM", "9.8.7.6")


@pytest.mark.parametrize(("code", "says"), [(1, "Chromium 1.2.3.4"), (0, "hello")])
def test_a_named_browser_that_does_not_run_is_an_error(tmp_path: Path, code: int, says: str) -> None:
    """A browser somebody asked for is never silently replaced by another."""
    _program(tmp_path / "bin", "chromium")
    named = _program(tmp_path / "bin", "my-browser", says, code)
    with pytest.raises(BrowserError, match="my-browser"):
        find_browser(_environ(tmp_path, RECAP_CHROMIUM=str(named)))


def test_a_named_browser_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """A wrong path in RECAP_CHROMIUM is named in the message."""
    with pytest.raises(BrowserError, match="RECAP_CHROMIUM is '/no/such'"):
        find_browser(_environ(tmp_path, RECAP_CHROMIUM="/no/such"))


def test_the_download_for_the_installed_version_comes_before_the_path(tmp_path: Path) -> None:
    """Playwright's own browser is found where Playwright puts it, and only in the revision it wants."""
    _program(tmp_path / "bin", "chromium")
    revision = _wanted_revision()
    store = tmp_path / "store"
    _program(store / "chromium_headless_shell-1" / "chrome-headless-shell-linux64", "chrome-headless-shell")
    environ = _environ(tmp_path, PLAYWRIGHT_BROWSERS_PATH=str(store))
    assert find_browser(environ).origin == "PATH"
    own = _program(
        store / f"chromium_headless_shell-{revision}" / "chrome-headless-shell-linux64",
        "chrome-headless-shell",
    )
    assert find_browser(environ) == BrowserPath(str(own), "Playwright", "1.2.3.4")


def _wanted_revision() -> str:
    import json

    import playwright

    listed = Path(playwright.__file__).parent / "driver" / "package" / "browsers.json"
    browsers = json.loads(listed.read_text(encoding="utf-8"))["browsers"]
    return str(next(each["revision"] for each in browsers if each["name"] == "chromium-headless-shell"))


def test_the_path_is_searched_in_order_for_one_that_runs(tmp_path: Path) -> None:
    """A broken headless shell is passed over for the next browser that answers."""
    _program(tmp_path / "bin", "chromium-headless-shell", code=127)
    _program(tmp_path / "bin", "google-chrome", "Google Chrome 5.6.7.8 ")
    chromium = _program(tmp_path / "bin", "chromium")
    assert find_browser(_environ(tmp_path)) == BrowserPath(str(chromium), "PATH", "1.2.3.4")


def test_no_browser_is_one_sentence_on_what_to_do(tmp_path: Path) -> None:
    """Where nothing is found the message says how to get a browser."""
    with pytest.raises(BrowserError, match=r"^no Chromium was found: run `python -m recap.render.install`.*"):
        find_browser(_environ(tmp_path))


def test_a_browser_gets_no_secret() -> None:
    """Only what a browser needs of the environment is passed on to it."""
    env = browser_environment({"PATH": "/bin", "RECAP_SECRET": "s", "PGPASSWORD": "p", "LC_ALL": "tr_TR"})
    assert env == {"PATH": "/bin", "LANG": "C.UTF-8", "TZ": "UTC", "DBUS_SESSION_BUS_ADDRESS": "disabled:"}


@pytest.mark.parametrize("path", ["/bin/false", "/no/such/browser"])
def test_a_browser_that_does_not_start_leaves_nothing(
    path: str, family: Family, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failed start is a BrowserError that names the program, and no process or file stays behind."""
    _keep_temporary_files_in(tmp_path, monkeypatch)
    with pytest.raises(BrowserError, match=path):
        asyncio.run(launch(BrowserPath(path, "PATH", "1"), os.environ))
    assert family() == frozenset()
    assert list(tmp_path.iterdir()) == []


def test_a_driver_that_dies_as_it_starts_is_a_browser_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken Playwright is reported like a broken browser, not as an unknown failure."""
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", "/bin/false")
    with pytest.raises(BrowserError, match="does not start"):
        asyncio.run(launch(find_browser(os.environ), os.environ))


@pytest.mark.browser
@pytest.mark.parametrize("way", ["close", "kill"])
def test_an_ended_browser_leaves_nothing(
    way: str, family: Family, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closing and killing both end every process of the browser and remove its files."""
    _keep_temporary_files_in(tmp_path, monkeypatch)

    async def live() -> int:
        chromium = await launch(find_browser(os.environ), os.environ)
        await chromium.open_tab()
        alive = len(family())
        await getattr(chromium, way)()
        return alive

    assert asyncio.run(live()) >= 4
    assert family() == frozenset()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.browser
def test_a_system_without_sandbox_still_draws(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where Chromium refuses its sandbox it is started without, and a warning says so."""
    if os.geteuid() != 0:
        pytest.skip("only root is sure to be refused the sandbox")
    monkeypatch.setattr(browser_module, "may_sandbox", lambda: True)

    async def live() -> None:
        chromium = await launch(find_browser(os.environ), os.environ)
        await chromium.close()

    asyncio.run(live())
    assert "without it" in caplog.text


@pytest.mark.browser
@pytest.mark.parametrize("victim", ["browser", "driver"])
def test_a_browser_that_dies_is_noticed(family: Family, victim: str) -> None:
    """Its death is told at once, and what is asked of it fails as LostError, whoever died."""

    async def live() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
        chromium = await launch(find_browser(os.environ), os.environ)
        tab = await chromium.open_tab()
        me = os.getpid()
        asked = asyncio.ensure_future(
            tab.send("Runtime.evaluate", expression="new Promise(() => {})", awaitPromise=True)
        )
        end(p for p in family() if (p.parent == me) == (victim == "driver"))
        with pytest.raises(LostError):
            await asyncio.wait_for(asked, 10)
        if victim == "browser":
            assert await asyncio.wait_for(chromium.lost, 10) == "the browser went away"
        with pytest.raises(LostError):
            await tab.send("Page.captureScreenshot")
        with pytest.raises(LostError):
            await tab.load("<p>")
        with pytest.raises(LostError):
            await chromium.open_tab()
        await chromium.kill()

    asyncio.run(live())
    assert family() == frozenset()


def _keep_temporary_files_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(folder))
