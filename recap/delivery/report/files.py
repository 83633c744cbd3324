"""The files of the report: its template, and the folder of pages and scripts beside it."""

import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2 import TemplateError as JinjaError

from recap.delivery.disk import PARTIAL, explaining, remove, take_place
from recap.delivery.report.find import write_finder
from recap.delivery.report.outcomes import outcome_pages
from recap.delivery.tables import OUTCOMES
from recap.errors import TemplateError

REPORT = "report.html"
FOLDER = "report"
_OUTCOME = "outcome.html"
_COPIED = ("style.css", "find.js")


class Templates:
    """The report's templates, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(self, name: str, page: Mapping[str, Any]) -> bytes:
        """Fill a template. Raises TemplateError with file and line."""
        try:
            return self._environment.get_template(name).render(page).encode()
        except JinjaError as error:
            line = getattr(error, "lineno", None)
            place = f"{self.folder / name}{f':{line}' if line else ''}"
            raise TemplateError(f"{place}: {error.message or type(error).__name__}") from error


def write_pages(
    folder: Path, templates: Templates, names: Mapping[str, str], head: Mapping[str, str]
) -> None:
    """Put the folder `report` in place of an earlier run's: a page for each outcome, and the finder's files.

    `names` are the outcomes with their titles, `head` is what every page says of the run. Raises as
    `write_report` does; then the earlier folder is still there.
    """
    partial = folder / f"{PARTIAL}{FOLDER}"
    try:
        with explaining(folder):
            remove(partial)
            partial.mkdir()
            for name, page in outcome_pages(folder, names):
                (partial / name).write_bytes(templates.render(_OUTCOME, {**head, **page}))
            write_finder(folder / OUTCOMES, partial)
            for name in _COPIED:
                shutil.copyfile(templates.folder / name, partial / name)
            take_place(partial, folder / FOLDER)
    finally:
        with suppress(OSError):
            remove(partial)
