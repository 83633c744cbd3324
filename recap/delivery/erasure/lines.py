"""Small lists beside the campaign, a line an entry, that must survive whatever happens."""

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from recap.delivery.disk import PARTIAL, explaining, remove, sync_folder


def add_lines(path: Path, lines: Iterable[str]) -> None:
    """Add lines that are not there yet, as one step and durably; the file is for its owner only (0600).

    Commands that do so at the same moment wait for one another. Raises OutputError.
    """
    _change(path, lambda old: [*old, *(line for line in dict.fromkeys(lines) if line not in old)])


def drop_lines(path: Path, lines: Iterable[str]) -> None:
    """Take lines out, as one step and durably; a file of which nothing is left goes. Raises OutputError."""
    gone = frozenset(lines)
    _change(path, lambda old: [line for line in old if line not in gone])


def _change(path: Path, change: Callable[[list[str]], list[str]]) -> None:
    with explaining(path.parent), _locked(path.parent):
        old = path.read_text(encoding="utf-8").split() if path.exists() else []
        new = change(old)
        if new == old:
            return
        if not new:
            path.unlink()
        else:
            _write(path, "".join(f"{line}\n" for line in new).encode())
        sync_folder(path.parent)


def _write(path: Path, data: bytes) -> None:
    partial = path.with_name(PARTIAL + path.name.lstrip("."))
    try:
        partial.unlink(missing_ok=True)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)  # noqa: PTH105
    except OSError:
        with suppress(OSError):
            remove(partial)
        raise


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
