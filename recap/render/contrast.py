"""Can what is printed be read? Contrast of a theme's colours, as WCAG 2.2 defines it (1.4.3 and 1.4.11)."""

from collections.abc import Iterator, Mapping

from recap.render.theme import Theme
from recap.render.theme_file import COLOUR

TEXT = 4.5
LARGE = 3.0
"""For what is shouted, and for shapes that carry data."""


def contrast_of(one: str, other: str) -> float:
    """Return the contrast ratio of two colours written `#RRGGBB`, from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def contrast_problems(theme: Theme) -> tuple[str, ...]:
    """Return a sentence for every pair of a scheme's colours that is too close to read."""
    problems = []
    for scheme, parts in theme.schemes.items():
        for front, back, least in _pairs(parts):
            colours = [theme.tokens[parts[part]] for part in (front, back)]
            if not all(COLOUR.fullmatch(colour) for colour in colours):
                continue
            found = contrast_of(*colours)
            if found < least:
                problems.append(
                    f"theme {theme.name!r}, scheme {scheme!r}: {front} ({colours[0]}) on {back} "
                    f"({colours[1]}) has a contrast of {found:.1f}; it needs {least}"
                )
    return tuple(problems)


ON_FIELD = {
    **dict.fromkeys(("ink", "kicker"), TEXT),
    **dict.fromkeys(("hero", "mark", "bar", "bar-1", "bar-2", "bar-3", "bar-4", "low", "mid", "high"), LARGE),
}
"""What is printed on a scheme's `field`: sentences; what is shouted, and shapes that carry data."""


def _pairs(parts: Mapping[str, str]) -> Iterator[tuple[str, str, float]]:
    yield from ((part, "field", least) for part, least in ON_FIELD.items() if {part, "field"} <= parts.keys())
    if {"field", "band"} <= parts.keys():
        yield "field", "band", LARGE
    for part in parts:
        # `x-ink` are words on `x`, `x-mark` is a shape on it.
        back, _, what = part.rpartition("-")
        if back in parts and what in {"ink", "mark"}:
            yield part, back, TEXT if what == "ink" else LARGE


def luminance(colour: tuple[int, int, int]) -> float:
    """Return the relative luminance of red, green and blue of 0 to 255, from 0 to 1."""
    channels = (level / 255 for level in colour)
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _luminance(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return luminance((red, green, blue))
