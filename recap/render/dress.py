"""What a theme gives the customer's page: its colours, its own style sheets, and the fonts these name.

A page is downloaded: so its fonts are files beside it and not data URLs, only the families that its style
sheets name are taken, and for these a theme may offer lighter files (`page_fonts`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from recap.campaign import did_you_mean
from recap.errors import TemplateError
from recap.render.theme_file import FILE, FontFile, ReadTheme, read_text, read_yaml

PAGE_CSS = "page.css"
RANGES = "ranges.yaml"
_TOO_LARGE = frozenset({"emoji"})
"""Every machine has its own, and two megabytes are more than the rest of the page."""


@dataclass(frozen=True, slots=True)
class Dress:
    """What a page wears."""

    css: str
    """Font faces, tokens, schemes, and the style sheets `page.css` of the theme and those it builds on."""
    files: Mapping[str, bytes]
    """By file name: fonts, which the faces name relatively, and their licences."""


def read_dress(read: ReadTheme, variables: str, places: Sequence[Path]) -> Dress:
    """Gather a theme's dress. Raises TemplateError.

    `variables` is the CSS of its tokens and schemes; `places` are the folders with fonts, the shared one
    last.
    """
    sheets = [read_text(css) for folder in read.folders if (css := folder / PAGE_CSS).is_file()]
    ranges = read_yaml(places[-1] / RANGES)
    faces, files = [], dict[str, bytes]()
    for font in _worn(read, "\n".join(sheets)):
        path = find_font(font, places, ranges, f"{read.folder / FILE}: {font.family}")
        faces.append(font_face(font, ranges, "swap", path.name))
        files[path.name] = path.read_bytes()
        for licence in _licences(path):
            files[licence.name] = licence.read_bytes()
    return Dress("\n".join(("".join(faces), variables, *sheets)), files)


def find_font(font: FontFile, places: Sequence[Path], ranges: Mapping[str, str], blame: str) -> Path:
    """Find a font's file; `blame` leads the errors. Raises TemplateError."""
    file = next((place / font.file for place in places if (place / font.file).is_file()), None)
    if file is None:
        known = (found.name for place in places for found in place.glob("*.woff2"))
        raise TemplateError(f"{blame}: no file {font.file!r}{did_you_mean(font.file, known)}")
    if font.range not in ranges:
        raise TemplateError(f"{blame}: no range {font.range!r}{did_you_mean(font.range, ranges)}")
    return file


def font_face(font: FontFile, ranges: Mapping[str, str], display: str, url: str) -> str:
    """Write the CSS of a font file."""
    return (
        f"@font-face{{font-family:'{font.family}';font-weight:{font.weight};font-style:normal;"
        f"font-display:{display};size-adjust:{font.adjust};unicode-range:{ranges[font.range]};"
        f"src:url({url}) format('woff2')}}\n"
    )


def _worn(read: ReadTheme, css: str) -> Iterator[FontFile]:
    lighter = {(font.family, font.range): font for font in read.file.page_fonts}
    for font in read.file.fonts:
        if f'"{font.family}"' in css and font.range not in _TOO_LARGE:
            yield lighter.get((font.family, font.range), font)


def _licences(font: Path) -> list[Path]:
    """Find the licence of a font: beside it, named after its family, as `OFL-anton.txt`."""
    found = [
        path for path in font.parent.glob("OFL-*.txt") if font.stem.startswith(path.stem.removeprefix("OFL-"))
    ]
    return [max(found, key=lambda path: len(path.stem))] if found else []
