"""Durable writes: beside, fsync, rename; and operating system errors told as one sentence."""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from recap.errors import OutputError

PARTIAL = ".partial-"
"""Begins the name of every file that is being written beside its final place."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def is_disk_full(error: BaseException) -> bool:
    """Tell whether an error means a full disk; libraries that write natively say so only in their text."""
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in _FULL
    return any(os.strerror(code) in str(error) for code in _FULL)


def describe_failure(error: OSError, place: Path) -> OutputError:
    """Turn an operating system's error while writing into `place` into a sentence that says what to do."""
    if is_disk_full(error):
        return OutputError(
            f"the disk is full while writing into {place}: free some space and run again; "
            f"what is finished stays"
        )
    if error.errno in _FORBIDDEN:
        return OutputError(
            f"cannot write into {place} ({error.strerror}): "
            f"give this user the right to, or choose another folder"
        )
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        obstacle = next((p for p in (place, *place.parents) if p.exists() and not p.is_dir()), place)
        return OutputError(f"{obstacle} is in the way: a folder is needed there; move it or choose another")
    return OutputError(f"cannot write into {place}: {error.strerror or error}")


@contextmanager
def explaining(place: Path) -> Iterator[None]:
    """Raise what goes wrong with the disk inside the block as an `OutputError` about `place`."""
    try:
        yield
    except OSError as error:
        raise describe_failure(error, place) from error


def sync_folder(folder: Path) -> None:
    """Make the names inside a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(path: Path) -> None:
    """Make a file's content survive a power cut."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_tree(root: Path, *, files: bool) -> None:
    """Do `sync_folder` for a folder and every folder inside it, and with `files` make these durable too."""
    for folder, _, names in os.walk(root):
        for name in names if files else ():
            sync_file(Path(folder, name))
        sync_folder(Path(folder))


def take_place(partial: Path, target: Path) -> None:
    """Put a finished file or folder where its name is, durably. Raises OSError."""
    if partial.is_dir():
        sync_tree(partial, files=True)
    else:
        sync_file(partial)
    if partial.is_dir() or target.is_dir():
        # A folder cannot be replaced by rename: clear the place first.
        remove(target)
    os.replace(partial, target)  # noqa: PTH105
    sync_folder(target.parent)


def write_durably(path: Path, data: bytes) -> None:
    """Write a whole file and fsync it; where that fails nothing is left of it. Raises OSError."""
    try:
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a file by new content as one step: readers see the old or the new, never a half.

    Raises OutputError where the disk is full or the folder cannot be written.
    """
    with explaining(path.parent):
        partial = path.with_name(PARTIAL + path.name)
        try:
            write_durably(partial, data)
            os.replace(partial, path)  # noqa: PTH105
        except OSError:
            with suppress(OSError):
                remove(partial)
            raise
        sync_folder(path.parent)


def write_privately(path: Path, data: bytes) -> None:
    """Replace a file as one step, durably, by one that only its owner may read (0600). Raises OSError."""
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
    sync_folder(path.parent)


@contextmanager
def taking_turns(folder: Path) -> Iterator[None]:
    """Wait until no other process is in such a block for this folder. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def remove(path: Path) -> None:
    """Remove a file or a whole folder; nothing there is fine."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def remove_if_empty(folder: Path) -> bool:
    """Remove a folder that holds nothing; say whether it is gone."""
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        return False
    return True
