"""One run at a time: an exclusive lock on the output folder itself, which leaves no file behind."""

import fcntl
import os
from pathlib import Path

from recap.delivery.disk import explaining
from recap.errors import OutputError


def acquire_folder(path: Path) -> int:
    """Lock a folder and return the descriptor that holds the lock; closing it, or dying, gives it back.

    Raises OutputError where another run holds it. The descriptor is not inherited by programs started later.
    """
    while True:
        with explaining(path):
            path.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise OutputError(
                f"another run is writing into {path}: wait for it to end, or choose another folder with --out"
            ) from error
        except OSError as error:
            os.close(descriptor)
            raise OutputError(
                f"{path} cannot be locked ({error.strerror}): choose a folder on a file system with locks"
            ) from error
        if _is_same_folder(descriptor, path):
            return descriptor
        # A run that ended with nothing to show removed the folder between our two steps: make it anew.
        os.close(descriptor)


def _is_same_folder(descriptor: int, path: Path) -> bool:
    try:
        found = path.stat()
    except FileNotFoundError:
        return False
    mine = os.fstat(descriptor)
    return (found.st_dev, found.st_ino) == (mine.st_dev, mine.st_ino)
