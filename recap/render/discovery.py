"""Where a Chromium is, among those a machine may have."""

import json
import logging
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from recap.errors import BrowserError

_LOG = logging.getLogger(__name__)
_NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
MEND = "run `python -m recap.render.install`, or set RECAP_CHROMIUM to the path of a Chromium"
"""What to do where there is no browser, or none that starts."""


@dataclass(frozen=True, slots=True)
class BrowserPath:
    """A browser that was found and answers."""

    path: str
    origin: str
    """Who named it: `RECAP_CHROMIUM`, `Playwright` or `PATH`."""
    version: str
    """Such as `156.0.8078.79`."""


def find_browser(environ: Mapping[str, str]) -> BrowserPath:
    """Find RECAP_CHROMIUM, else Playwright's own, else the first browser on the PATH that runs.

    Raises BrowserError where RECAP_CHROMIUM names none that runs, or none is found.
    """
    if named := environ.get("RECAP_CHROMIUM"):
        path = shutil.which(named, path=environ.get("PATH"))
        if not path:
            raise BrowserError(
                f"RECAP_CHROMIUM is {named!r}, which is no program: give the path of a Chromium"
            )
        if not (version := _ask_version(path)):
            raise BrowserError(
                f"RECAP_CHROMIUM is {named!r}, which does not run as a Chromium: try it by hand"
            )
        return BrowserPath(path, "RECAP_CHROMIUM", version)
    for origin, path in _candidates(environ):
        if version := _ask_version(path):
            return BrowserPath(path, origin, version)
    raise BrowserError(f"no Chromium was found: {MEND}")


def _candidates(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for downloaded in _downloads(environ):
        yield "Playwright", str(downloaded)
    for name in _NAMES:
        if path := shutil.which(name, path=environ.get("PATH", os.defpath)):
            yield "PATH", path


def _downloads(environ: Mapping[str, str]) -> list[Path]:
    """List the executables Playwright fetched for its installed version, the headless shell first."""
    # Looked up, not imported: to know where a browser is takes a tenth of the time Playwright takes to load.
    spec = find_spec("playwright")
    if spec is None or spec.origin is None:
        return []
    package = Path(spec.origin).parent / "driver" / "package"
    if (place := environ.get("PLAYWRIGHT_BROWSERS_PATH", "")) == "0":
        folder = package / ".local-browsers"
    elif place:
        folder = Path(place)
    else:
        home = Path(environ.get("HOME") or Path.home())
        folder = Path(environ.get("XDG_CACHE_HOME") or home / ".cache") / "ms-playwright"
    listed = json.loads((package / "browsers.json").read_text(encoding="utf-8"))["browsers"]
    revisions = {entry["name"]: entry["revision"] for entry in listed}
    return [
        executable
        for name, program in (
            ("chromium-headless-shell", "chrome-headless-shell"),
            ("chromium-headless-shell", "headless_shell"),
            ("chromium", "chrome"),
        )
        for executable in sorted(folder.glob(f"{name.replace('-', '_')}-{revisions[name]}/*/{program}"))
    ]


def _ask_version(path: str) -> str | None:
    """Ask the program for its version; None where it does not run."""
    try:
        said = subprocess.run([path, "--version"], capture_output=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        _LOG.debug("%s does not run: %s", path, error)
        return None
    match = re.search(rb"\d+(?:\.\d+)+", said.stdout)
    return match.group().decode() if match else None
