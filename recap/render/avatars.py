"""Pictures of the customers: files of a folder or `data:` addresses, made small, a few remembered."""

import base64
import binascii
import io
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote_to_bytes

from recap.render.pictures import picture_address

SIDE = 168
"""Pixels a side: as large as a cover shows them, for each pixel designed."""
REMEMBERED = 64
"""Pictures kept: a customer's cards come one after another, and many may share one that stands for all."""
LONGEST = 10_000_000
"""Characters of a `data:` address that are still looked at."""


class Avatars:
    """Finds and makes the pictures that customers are shown with."""

    def __init__(self, folder: Path | None, scale: int = 1) -> None:
        """Take pictures from `folder`; without one only `data:` addresses have a picture.

        `scale` is how many pixels of a card there are for each one designed.
        """
        self.folder, self.side = folder, SIDE * scale
        self.of = lru_cache(REMEMBERED)(self._make)

    def _make(self, name: str) -> str:
        """Return a square picture as a `data:` address; nothing where there is none that can be read.

        `name` is a file's, relative to the folder and within it, or an address with the picture itself.
        """
        if name[:5].casefold() == "data:":
            data = _decode(name)
            return picture_address(io.BytesIO(data), self.side) if data else ""
        path = self._find(name)
        return picture_address(path, self.side) if path else ""

    def _find(self, name: str) -> Path | None:
        if self.folder is None:
            return None
        try:
            path = (self.folder / name).resolve()
            return path if path.is_relative_to(self.folder.resolve()) and path.is_file() else None
        except (OSError, ValueError):  # a name that no file can have
            return None


def _decode(address: str) -> bytes:
    head, _, data = address[:LONGEST].partition(",")
    plain = unquote_to_bytes(data)
    if not head.casefold().endswith(";base64"):
        return plain
    try:
        return base64.b64decode(plain)
    except (binascii.Error, ValueError):
        return b""
