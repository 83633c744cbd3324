"""What a machine needs to draw cards, and what it lacks."""

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from recap.errors import BrowserError, RecapError
from recap.pipeline.versions import versions
from recap.render.browser import BrowserPath, find_browser
from recap.render.engine import FALLBACK, Document, FastEngine
from recap.render.formats import FORMATS
from recap.render.scripts import FONT_PACKAGES, probe_script
from recap.render.templates import CardTemplates
from recap.render.theme import load_theme
from recap.shipped import shipped_folder

LEAST_FREE_BYTES = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    what: str
    good: bool
    text: str
    vital: bool = True
    """Whether nothing can be drawn without it."""


def examine_machine(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Look at everything, the quick things first."""
    for name, number in versions().items():
        yield Finding("version", True, f"{name} {number}")
    free = shutil.disk_usage(Path.cwd()).free
    enough = free >= LEAST_FREE_BYTES
    yield Finding("disk", enough, f"{free / 1e9:.1f} GB free in {Path.cwd()}", vital=False)
    yield Finding("cores", True, f"{os.cpu_count()}")
    try:
        browser = find_browser(environ)
    except BrowserError as error:
        yield Finding("browser", False, str(error))
        return
    yield Finding("browser", True, f"{browser.path} ({browser.version}, {browser.origin})")
    yield from _examine_scripts(browser)


def _examine_scripts(browser: BrowserPath) -> Iterator[Finding]:
    theme = load_theme("poster", search=(shipped_folder("templates"),))
    shell = CardTemplates(theme).shell()
    try:
        with FastEngine(browser) as engine:
            page = Document(shell=shell, body="", script=probe_script())
            (drawing,) = engine.draw(page, [FORMATS["link"]])
    except RecapError as error:
        yield Finding("drawing", False, str(error))
        return
    yield Finding("drawing", True, "the browser draws")
    missing = set(drawing.problems)
    if slow := next((problem for problem in missing if problem.endswith(FALLBACK)), None):
        yield Finding("engine", False, f"{slow}: cards take twice as long", vital=False)
    else:
        yield Finding("engine", True, "cards are drawn in the page")
    for script, package in FONT_PACKAGES.items():
        if script in missing:
            hint = f"; install {package}" if package else ""
            yield Finding("script", False, f"{script} cannot be drawn{hint}", vital=False)
        else:
            yield Finding("script", True, script)
