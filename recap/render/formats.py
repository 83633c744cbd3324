"""The four formats a card is drawn in, in CSS pixels."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """A picture's size."""

    name: str
    width: int
    height: int


FORMATS = {
    f.name: f
    for f in (
        Format("story", 1080, 1920),
        Format("portrait", 1080, 1350),
        Format("square", 1080, 1080),
        Format("link", 1200, 630),
    )
}
