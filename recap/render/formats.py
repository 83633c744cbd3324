"""The four formats a card is drawn in, in CSS pixels."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Format:
    """A picture's size."""

    name: str
    width: int
    height: int
    scale: int = 1
    """Pixels of the picture for each CSS pixel, across and down: 2 or 3 for print."""

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of the picture."""
        return self.width * self.scale, self.height * self.scale

    def scaled(self, scale: int) -> "Format":
        """Give the same in more pixels; a link's preview is as large as it must be, and stays so."""
        return self if self.name == "link" else replace(self, scale=scale)


FORMATS = {
    f.name: f
    for f in (
        Format("story", 1080, 1920),
        Format("portrait", 1080, 1350),
        Format("square", 1080, 1080),
        Format("link", 1200, 630),
    )
}
