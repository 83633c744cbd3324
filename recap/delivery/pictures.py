"""Where a customer's files lie, and how a worker writes them.

A customer has a folder named by a token, with the pictures and the page; and where there is a rendition
without the customer's name, a second one under a token of its own, from which nobody finds the first.
"""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from recap.delivery.disk import explaining, write_durably

CARDS = "cards"
SHARED = "shared"
"""The folder of the nameless renditions."""
ENDINGS = frozenset({".png", ".jpg", ".webp", ".html"})
"""Of every file recap leaves in a customer's folder."""
_FOLDER = r"(?:cards|shared)/([a-z2-7]{2})/\1[a-z2-7]{24}"
PICTURE_PATH = re.compile(rf"{_FOLDER}/\d{{2,}}-[a-z0-9_-]+\.[a-z]+\.(?:png|jpg|webp)")
PAGE_PATH = re.compile(rf"{_FOLDER}/(?:index|\d{{2,}})\.html")


@dataclass(frozen=True, slots=True)
class Written:
    """What the manifest says of a picture's file."""

    path: str
    """Relative to the output folder, with `/`."""
    bytes: int
    sha256: str


def customer_folder(token: str, room: Literal["cards", "shared"] = "cards") -> str:
    """Return `cards/<2 chars>/<token>`, or `shared/...` for the token of a nameless rendition."""
    return f"{room}/{token[:2]}/{token}"


def picture_name(card: int, name: str, format_name: str) -> str:
    """Return `<nn>-<name>.<format>.png`; `card` counts from 0, as in the manifest."""
    return f"{card:02d}-{name}.{format_name}.png"


def picture_path(token: str, card: int, name: str, format_name: str) -> str:
    """Return `cards/<2 chars>/<token>/<nn>-<name>.<format>.png`."""
    return f"{customer_folder(token)}/{picture_name(card, name, format_name)}"


def jpeg_path(path: str) -> str:
    """Return where the JPEG of a picture lies: beside it."""
    return path.removesuffix(".png") + ".jpg"


def webp_path(path: str) -> str:
    """Return where the copy of a picture for browsers lies: beside it."""
    return path.removesuffix(".png") + ".webp"


def files_of(row: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield path and size of every file that a row of the manifest names."""
    yield row["path"], row["bytes"]
    for file in row["files"] or ():
        yield file["path"], file["bytes"]


def write_picture(staging: Path, relative: str, data: bytes) -> Written:
    """Write a finished picture into a shard's staging folder, durably; called by workers.

    `relative` is what `picture_path` and its siblings returned; anything else is a ValueError. Raises
    OutputError where the disk is full, or where the staging folder is gone because the run that owned it has
    ended.
    """
    if not PICTURE_PATH.fullmatch(relative):
        message = f"{relative!r} is no picture's path"
        raise ValueError(message)
    with explaining(staging):
        write_durably(_make_room(staging, relative), data)
    return Written(relative, len(data), hashlib.sha256(data).hexdigest())


def write_pages(staging: Path, folder: str, pages: Mapping[str, bytes]) -> None:
    """Write the files of a page, by name, into a shard's staging folder; `folder` is a `customer_folder`.

    They are many and small: they become durable all at once, by `flush`. Raises as `write_picture` does.
    """
    with explaining(staging):
        for name in pages:
            if not PAGE_PATH.fullmatch(f"{folder}/{name}"):
                message = f"{folder}/{name} is no page's path"
                raise ValueError(message)
        place = os.fspath(_make_room(staging, f"{folder}/index.html").parent)
        for name, data in pages.items():
            # Without a buffer: there are millions of them, and each is written at once.
            with open(f"{place}/{name}", "wb", buffering=0) as file:  # noqa: PTH123
                file.write(data)


def flush() -> None:
    """Make everything written so far survive a power cut; one wait instead of one for each file."""
    os.sync()


def _make_room(staging: Path, relative: str) -> Path:
    # One level at a time: a worker that outlived its run must not bring the staging folder back.
    folder = staging
    for part in relative.split("/")[:-1]:
        folder /= part
        folder.mkdir(exist_ok=True)
    return staging / relative
