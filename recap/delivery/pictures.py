"""Where a picture lies, and how a worker writes one."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recap.delivery.disk import explaining, write_durably

CARDS = "cards"
PICTURE_PATH = re.compile(r"cards/([a-z2-7]{2})/\1[a-z2-7]{24}/\d{2,}-[a-z0-9_-]+\.[a-z]+\.(?:png|jpg)")


@dataclass(frozen=True, slots=True)
class Written:
    """What the manifest says of a picture's file."""

    path: str
    """Relative to the output folder, with `/`."""
    bytes: int
    sha256: str


def picture_path(token: str, card: int, name: str, format_name: str) -> str:
    """Return `cards/<2 chars>/<token>/<nn>-<name>.<format>.png`; `card` counts from 0, as in the manifest."""
    return f"{CARDS}/{token[:2]}/{token}/{card:02d}-{name}.{format_name}.png"


def jpeg_path(path: str) -> str:
    """Return where the JPEG of a picture lies: beside it."""
    return path.removesuffix(".png") + ".jpg"


def files_of(row: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield path and size of every file that a row of the manifest names."""
    yield row["path"], row["bytes"]
    if row["jpeg_bytes"] is not None:
        yield jpeg_path(row["path"]), row["jpeg_bytes"]


def write_picture(staging: Path, relative: str, data: bytes) -> Written:
    """Write a finished picture into a shard's staging folder, durably; called by workers.

    `relative` is what `picture_path` or `jpeg_path` returned; anything else is a ValueError. Raises
    OutputError where the disk is full, or where the staging folder is gone because the run that owned it has
    ended.
    """
    if not PICTURE_PATH.fullmatch(relative):
        message = f"{relative!r} is no picture's path"
        raise ValueError(message)
    with explaining(staging):
        # One level at a time: a worker that outlived its run must not bring the staging folder back.
        folder = staging
        for part in relative.split("/")[:-1]:
            folder /= part
            folder.mkdir(exist_ok=True)
        write_durably(staging / relative, data)
    return Written(relative, len(data), hashlib.sha256(data).hexdigest())
