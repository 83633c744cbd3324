"""Pictures of a business's things - covers, products - from a folder, made small and kept for the cards."""

import base64
import io
import unicodedata
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif"})
SIDE = 320
"""Pixels a side, for each one designed: as large as a list shows them in the largest format."""
QUALITY = 88


class PictureFolder:
    """The pictures of a folder, each named after what it shows, whatever the capitals and signs.

    `Mira Sol.jpg` or `mira-sol.png` show *Mira Sol*. Read when first asked for, and remembered.
    """

    def __init__(self, folder: Path, scale: int = 1) -> None:
        """Take pictures from `folder`, for cards with `scale` pixels for each one designed."""
        self.folder, self.side = folder, SIDE * scale
        self._files: dict[str, Path] | None = None
        self._made: dict[str, str] = {}

    def of(self, label: str) -> str:
        """Return a square picture as a `data:` address; nothing where there is none that can be read."""
        key = _key(label)
        if key not in self._made:
            if self._files is None:
                self._files = _index(self.folder)
            self._made[key] = picture_address(self._files[key], self.side) if key in self._files else ""
        return self._made[key]


def _index(folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix.casefold() in SUFFIXES:
            found.setdefault(_key(path.stem), path)
    return found


def _key(name: str) -> str:
    """Leave letters and figures, in one spelling of each."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in plain if unicodedata.category(character)[0] in "LNM")


def picture_address(source: Path | BinaryIO, side: int) -> str:
    """Cut a picture square, make it small and return it as a `data:` address; nothing where it is none.

    It is WebP: a JPEG shown at less than half its size is decoded otherwise for a canvas than for the screen.
    """
    try:
        with Image.open(source) as opened:
            upright = ImageOps.exif_transpose(opened)
            mode = "RGBA" if upright.has_transparency_data else "RGB"
            picture = ImageOps.fit(upright.convert(mode), (side, side))
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError, Image.DecompressionBombError):
        return ""
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=QUALITY)
    return f"data:image/webp;base64,{base64.b64encode(file.getvalue()).decode('ascii')}"
