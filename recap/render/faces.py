"""A theme's font files, inlined for the pages that cards are drawn in."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from recap.errors import TemplateError
from recap.render.dress import RANGES, find_font, font_face
from recap.render.theme_file import ReadTheme, read_yaml

_HEAVY = 256 * 1024
_BEYOND_ASCII = 0x80


@dataclass(frozen=True, slots=True)
class Face:
    """One font file."""

    css: str
    """An `@font-face` with the file as a data URL."""
    spans: tuple[tuple[int, int], ...]
    """Code points it is asked for, as first and last of each range."""

    @property
    def can_wait(self) -> bool:
        """Whether it is heavy and for characters that few cards have: most pages do well without it."""
        return len(self.css) > _HEAVY and all(first >= _BEYOND_ASCII for first, _ in self.spans)

    def is_asked(self, character: str) -> bool:
        """Tell whether the face is asked for a character."""
        return any(first <= ord(character) <= last for first, last in self.spans)


def read_faces(read: ReadTheme, places: Sequence[Path]) -> tuple[Face, ...]:
    """Read all fonts of a theme. Raises TemplateError with everything that is wrong with them."""
    ranges = read_yaml(places[-1] / RANGES)
    problems: list[str] = []
    faces = []
    for number, font in enumerate(read.file.fonts):
        try:
            file = find_font(font, places, ranges, read.place("fonts", number))
        except TemplateError as error:
            problems.append(str(error))
            continue
        data = base64.b64encode(file.read_bytes()).decode("ascii")
        css = font_face(font, ranges, "block", f"data:font/woff2;base64,{data}")
        faces.append(Face(css, _spans(ranges[font.range])))
    if problems:
        raise TemplateError("\n".join(problems))
    return tuple(faces)


def _spans(range_of_css: str) -> tuple[tuple[int, int], ...]:
    spans = (span.strip().partition("-") for span in range_of_css.replace("U+", "").split(","))
    return tuple((int(first, 16), int(last or first, 16)) for first, _, last in spans)
