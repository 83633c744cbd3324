"""The site: what of an output folder is published, in which order, and how each file is to be served."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from recap.delivery.assets import ASSETS
from recap.delivery.pictures import CARDS, PAGE_PATH, PICTURE_PATH, SHARED
from recap.delivery.tokens import TOKEN

ROOMS = (ASSETS, SHARED, CARDS)
"""The folders that are published, in the order in which they go up: a customer's page offers the pictures of
the nameless one as well, and all pages need the assets."""
INDEX = "index.html"
WAVES = 3
"""Files go up in so many waves: what pages show, then pages that lead to a card, then customers' pages."""

_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_FIRST = "no-cache"
_TEN_MINUTES = "public, max-age=600, must-revalidate"
_PLACE = re.compile(r"(assets)/|((?:cards|shared)/[a-z2-7]{2}/([a-z2-7]{26}))/")


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A file as it is to be at the target."""

    path: str
    """Relative to the output folder and to the target alike, with `/`."""
    size: int
    """In bytes."""
    modified: int
    """When it was last written, in nanoseconds; 0 for content that lies in no file."""
    content: bytes | None = None
    """What is to be there, where that is not what lies in the output folder."""

    def read(self, output: Path) -> bytes:
        """Return the content. Raises OSError."""
        return (output / self.path).read_bytes() if self.content is None else self.content


@dataclass(frozen=True, slots=True)
class Place:
    """What is compared and changed as one: a customer's folder, or all assets."""

    name: str
    files: tuple[SiteFile, ...]


@dataclass(frozen=True, slots=True)
class Served:
    """What a web server is to say of a file."""

    content_type: str
    cache: str


def wave_of(path: str) -> int:
    """Tell in which wave a file goes up, from 0: no page may be up before what it shows."""
    name = path.rpartition("/")[2]
    return 2 if name == INDEX else 1 if name.endswith(".html") else 0


def served(path: str) -> Served:
    """Tell a file's content type and how long it may be kept.

    Assets are named by their content and never change. Pictures keep their names when they change, and must
    be gone soon after they are taken down; a page is asked for anew each time.
    """
    content_type = _TYPES[PurePosixPath(path).suffix]
    if path.startswith(f"{ASSETS}/"):
        return Served(content_type, _FOR_EVER)
    return Served(content_type, _ASK_FIRST if path.endswith(".html") else _TEN_MINUTES)


def place_of(path: str) -> str | None:
    """Return the name of the place a file of the site lies in; None for what is no file of a site."""
    found = _PLACE.match(path)
    if found is None or not (found[1] or PICTURE_PATH.fullmatch(path) or PAGE_PATH.fullmatch(path)):
        return None
    return found[1] or found[2]


def token_in(place: str) -> str | None:
    """Return the token of a customer's place; None for the assets."""
    token = place.rpartition("/")[2]
    return token if TOKEN.fullmatch(token) else None


def walk_room(output: Path, room: str) -> Iterator[Place]:
    """Yield the places of a room, one of `ROOMS`, in the order of their names, each with its files by path.

    What lies there and is no file of recap's (hidden, half written, called otherwise) is passed over.
    """
    if room == ASSETS:
        names = iter([ASSETS])
    else:
        groups = (f"{room}/{group}" for group in _folders(output / room))
        names = (f"{group}/{token}" for group in groups for token in _folders(output / group))
    for name in names:
        if files := _files(output, name):
            yield Place(name, files)


def _folders(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    with os.scandir(folder) as found:
        return sorted(entry.name for entry in found if entry.is_dir())


def _files(output: Path, place: str) -> tuple[SiteFile, ...]:
    files = []
    for folder, _, names in os.walk(output / place):
        for name in names:
            file = Path(folder, name)
            path = file.relative_to(output).as_posix()
            if place_of(path) == place and file.suffix in _TYPES and "/." not in path:
                status = file.stat()
                files.append(SiteFile(path, status.st_size, status.st_mtime_ns))
    return tuple(sorted(files, key=lambda file: file.path))
