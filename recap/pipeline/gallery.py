"""Every theme in every layout, format and hard case, as one page and one picture: to look at."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
from PIL import Image

from recap.campaign import did_you_mean
from recap.delivery.disk import explaining, write_atomically
from recap.errors import UsageError
from recap.render.engine import Drawing, Engine
from recap.render.formats import FORMATS, Format
from recap.render.personas import EVERYDAY, PERSONAS
from recap.render.png import decode
from recap.render.templates import CardTemplates
from recap.render.theme import load_theme
from recap.shipped import shipped_folder

PAGE = "index.html"
SHEET = "gallery.jpg"
_SCALE = 0.14
_GAP = 8
_GROUND = (122, 120, 116)


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One picture of the gallery."""

    theme: str
    layout: str
    persona: str
    format: Format
    path: str
    """Relative to the page."""
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gallery:
    """What was made."""

    page: Path
    sheet: Path
    exhibits: Sequence[Exhibit]


def shipped_themes() -> tuple[str, ...]:
    """Name the themes that come with recap."""
    return tuple(sorted(file.parent.name for file in shipped_folder("templates").glob("themes/*/theme.yaml")))


def make_gallery(
    engine: Engine,
    folder: Path,
    *,
    themes: Sequence[str],
    layouts: Sequence[str] = (),
    search: Path,
    report: Callable[[int, int], None],
) -> Gallery:
    """Draw the themes in all `layouts` (none: all), formats and personas, and write page and picture.

    `search` may hold themes of one's own; `report` is told how many pictures there are, of how many. Raises
    UsageError for an unknown layout, TemplateError, OutputError.
    """
    shown = _choose_layouts(layouts)
    exhibits: list[Exhibit] = []
    thumbnails: list[list[Image.Image]] = []
    total = len(themes) * len(shown) * len(PERSONAS) * len(FORMATS)
    for theme in themes:
        templates = CardTemplates(load_theme(theme, search=(search, shipped_folder("templates"))))
        with explaining(folder):
            (folder / "pictures" / templates.theme.name).mkdir(parents=True, exist_ok=True)
        for layout in shown:
            row = []
            for exhibit, drawing in _draw_layout(engine, templates, layout):
                write_atomically(folder / exhibit.path, drawing.png)
                exhibits.append(exhibit)
                row.append(_thumbnail(drawing))
                report(len(exhibits), total)
            thumbnails.append(row)
    page, sheet = folder / PAGE, folder / SHEET
    write_atomically(page, _write_page(themes, shown, exhibits).encode())
    with explaining(sheet):
        _paste(thumbnails).save(sheet, "JPEG", quality=85)
    return Gallery(page, sheet, exhibits)


def _choose_layouts(wanted: Sequence[str]) -> Sequence[str]:
    for layout in wanted:
        if layout not in EVERYDAY:
            message = f"there is no layout {layout!r}{did_you_mean(layout, EVERYDAY)}"
            raise UsageError(message)
    return tuple(wanted) or tuple(EVERYDAY)


def _draw_layout(engine: Engine, templates: CardTemplates, layout: str) -> Iterator[tuple[Exhibit, Drawing]]:
    theme, sizes = templates.theme.name, list(FORMATS.values())
    for persona, make in PERSONAS.items():
        card = make(EVERYDAY[layout])
        document = templates.document(card)
        for size, drawing in zip(sizes, engine.draw(document, sizes), strict=True):
            path = f"pictures/{theme}/{layout}-{persona}.{size.name}.png"
            yield Exhibit(theme, layout, persona, size, path, drawing.problems), drawing


def _write_page(themes: Sequence[str], layouts: Sequence[str], exhibits: Sequence[Exhibit]) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(shipped_folder("templates") / "gallery"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("gallery.html").render(
        themes=themes,
        layouts=layouts,
        personas=list(PERSONAS),
        exhibits=exhibits,
        troubled=[exhibit for exhibit in exhibits if exhibit.problems],
    )


def _thumbnail(drawing: Drawing) -> Image.Image:
    size = (round(drawing.width * _SCALE), round(drawing.height * _SCALE))
    return decode(drawing.png).resize(size, Image.Resampling.LANCZOS)


def _paste(rows: Sequence[Sequence[Image.Image]]) -> Image.Image:
    width = max(sum(picture.width + _GAP for picture in row) for row in rows) + _GAP
    height = sum(max(picture.height for picture in row) + _GAP for row in rows) + _GAP
    sheet = Image.new("RGB", (width, height), _GROUND)
    top = _GAP
    for row in rows:
        left = _GAP
        for picture in row:
            sheet.paste(picture, (left, top))
            left += picture.width + _GAP
        top += max(picture.height for picture in row) + _GAP
    return sheet
