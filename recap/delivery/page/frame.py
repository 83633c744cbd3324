"""Text with holes, made once with a template and then filled many times by joining strings."""

import re
from collections.abc import Mapping

from markupsafe import Markup, escape

# A control character, which no HTML may hold and no text of the page does.
_HOLE = re.compile("\x01([a-z]+)\x01")


def hole(name: str) -> Markup:
    """Return what a template prints for something that is not known yet."""
    return Markup(f"\x01{name}\x01")  # noqa: S704 - a name from the code


class Frame:
    """HTML with holes."""

    def __init__(self, html: str) -> None:
        """Find the holes that `hole` has left in `html`."""
        self._pieces = _HOLE.split(html)
        self._names = self._pieces[1::2]

    def fill(self, values: Mapping[str, str]) -> Markup:
        """Return the HTML with every hole filled; values that are no Markup are escaped."""
        safe = {name: str(escape(value)) for name, value in values.items()}
        pieces = self._pieces.copy()
        pieces[1::2] = [safe[name] for name in self._names]
        return Markup("".join(pieces))  # noqa: S704 - escaped above
