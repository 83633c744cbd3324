"""A target: a folder or a place in an object store, where files are put, listed, read back and removed.

Whatever goes wrong there is tried again where that may help, and else told as one sentence.
"""

import errno
import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import fsspec

from recap.delivery.assets import ASSETS
from recap.delivery.disk import PARTIAL, write_durably
from recap.delivery.publishing.drivers import FOLDER, STORES, Driver
from recap.delivery.publishing.site import Served
from recap.errors import OutputError, UsageError

WORKERS = 16
"""Transfers at a time, unless told otherwise: they mostly wait."""
PAUSES = (0.5, 1.0, 2.0, 4.0)
"""Seconds to wait before each new attempt."""

LONGEST = 300
"""Characters of a reason as the driver gives it; some of them lecture."""

_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_HOPELESS = _FORBIDDEN | {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.ENOTDIR,
    errno.EISDIR,
    errno.EINVAL,
    errno.ENAMETOOLONG,
    errno.ENOSYS,
}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listed:
    """What a target tells of a file without giving it away."""

    bytes: int
    md5: str | None
    """In hexadecimal, where the target knows it."""


def canonical_url(text: str) -> str:
    """Return a target's one name: `file:///...` for a folder, else scheme, bucket and prefix.

    Raises UsageError where it is no target recap knows.
    """
    scheme, separator, rest = text.partition("://")
    if not separator or scheme == "file":
        return f"file://{Path(rest if separator else text).expanduser().resolve()}"
    if scheme not in STORES:
        raise UsageError(
            f"--to {text}: give a folder, or an address that begins with s3://, gs:// or az://: "
            f"it is where files are written to, not where they are seen (that is base_url)"
        )
    parts = urlsplit(text)
    if not parts.netloc or parts.query or parts.fragment:
        raise UsageError(f"--to {text}: name the bucket and a prefix, as in {scheme}://bucket/2026")
    return text.rstrip("/")


def open_target(url: str, workers: int = WORKERS) -> "Target":
    """Open a target by its canonical url; nothing is asked of it yet.

    Raises UsageError where its driver is not installed or lacks what it needs.
    """
    scheme = url.partition("://")[0]
    driver = STORES.get(scheme, FOLDER)
    try:
        system = fsspec.filesystem(driver.protocol, skip_instance_cache=True, **driver.options(workers))
        errors = driver.error_classes()
    except ImportError as error:
        raise UsageError(
            f"{scheme}:// needs the driver {driver.package}, which is not installed: "
            f"pip install 'recap[{driver.extra}]'"
        ) from error
    except ValueError as error:
        raise UsageError(f"{url} cannot be opened: {error}; see docs/publish.md for credentials") from error
    if driver.protocol == "s3":
        system.retries = 1
    return Target(url, system, driver, errors)


class Target:
    """An open target. Methods may be called from several threads."""

    def __init__(
        self, url: str, system: Any, driver: Driver, errors: tuple[type[Exception], ...] = (OSError,)
    ) -> None:
        self.url = url
        self._system = system
        self._driver = driver
        self._errors = errors
        self._root = system._strip_protocol(url).rstrip("/")

    @property
    def folder(self) -> Path | None:
        """The folder, where the target is one."""
        return Path(self._root) if self._driver is FOLDER else None

    def probe(self) -> None:
        """Make sure that the target answers and its bucket is there. Raises OutputError."""
        # In a bucket a folder that is not there lists as empty, and a missing bucket as an error.
        self.list_files(ASSETS)

    def put(self, path: str, data: bytes, how: Served) -> None:
        """Write a file, which appears whole. Raises OutputError."""
        if self.folder is not None:
            self._trying(lambda: self._write(Path(self._root, path), data))
        else:
            headers = self._driver.headers(how)
            self._trying(lambda: self._system.pipe_file(f"{self._root}/{path}", data, **headers))

    def read(self, path: str) -> bytes | None:
        """Read a file back; None where it is not there. Raises OutputError."""
        try:
            data = self._trying(lambda: self._system.cat_file(f"{self._root}/{path}"), may_lack=True)
        except FileNotFoundError:
            return None
        return bytes(data)

    def remove(self, path: str) -> None:
        """Remove a file; one that is not there is fine. Raises OutputError."""
        with suppress(FileNotFoundError):
            if self.folder is not None:
                self._trying(lambda: self._unlink(Path(self._root, path)), may_lack=True)
            else:
                self._trying(lambda: self._system.rm_file(f"{self._root}/{path}"), may_lack=True)

    def list_files(self, prefix: str) -> dict[str, Listed]:
        """List every file below a folder, by its path in the target. Raises OutputError."""

        def find() -> dict[str, Any]:
            self._system.invalidate_cache()
            return dict(self._system.find(f"{self._root}/{prefix}", detail=True))

        found = self._trying(find)
        start = len(self._root) + 1
        return {
            name[start:]: Listed(int(info["size"]), self._driver.md5(info))
            for name, info in found.items()
            if info["type"] == "file" and f"/{PARTIAL}" not in name
        }

    def list_groups(self, room: str) -> list[str]:
        """List the folders in a folder, sorted, by their paths in the target. Raises OutputError."""
        try:
            found = self._trying(lambda: self._system.ls(f"{self._root}/{room}", detail=True), may_lack=True)
        except FileNotFoundError:
            return []
        start = len(self._root) + 1
        folders = (info["name"] for info in found if info["type"] == "directory")
        return sorted(name[start:].rstrip("/") for name in folders)

    def _trying(self, call: Callable[[], T], *, may_lack: bool = False) -> T:
        """Do what may fail, again after each of the pauses. Raises OutputError.

        With `may_lack` a FileNotFoundError is the caller's.
        """
        for pause in (*([] if self._driver.is_persistent else PAUSES), None):
            try:
                return call()
            except self._errors as error:
                if may_lack and isinstance(error, FileNotFoundError):
                    raise
                if pause is None or _is_hopeless(error):
                    raise self._describe(error) from error
            time.sleep(pause)
        raise AssertionError  # pragma: no cover - the last attempt returns or raises

    def _describe(self, error: Exception) -> OutputError:
        told = f"{self.url}: "
        reason = " ".join(str(error).split())[:LONGEST] or type(error).__name__
        if _lacks_credentials(error):
            return OutputError(
                f"{told}no credentials ({reason}): docs/publish.md says where they are taken from"
            )
        if isinstance(error, FileNotFoundError) and self.folder is None:
            return OutputError(f"{told}there is no such bucket ({reason}): create it, or mend the address")
        if isinstance(error, PermissionError) or _code(error) in _FORBIDDEN:
            return OutputError(
                f"{told}refused ({reason}): publishing needs the right to list, read, write and delete there"
            )
        if _is_hopeless(error):
            return OutputError(f"{told}cannot be used ({reason}): mend that, or choose another target")
        return OutputError(
            f"{told}cannot be reached, or broke off, also when tried again ({reason}): "
            f"what is up stays; the same command goes on from there"
        )

    def _write(self, file: Path, data: bytes) -> None:
        partial = file.with_name(PARTIAL + file.name)
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            write_durably(partial, data)
            os.replace(partial, file)  # noqa: PTH105
        except OSError:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
            raise

    def _unlink(self, file: Path) -> None:
        # A publishing that was killed may have left half of it.
        file.with_name(PARTIAL + file.name).unlink(missing_ok=True)
        file.unlink(missing_ok=True)
        # A folder's name is a token: it goes with the last file.
        with suppress(OSError):
            for folder in _below(file.parents, Path(self._root)):
                folder.rmdir()


def _below(folders: Iterable[Path], root: Path) -> Iterable[Path]:
    return (folder for folder in folders if root in folder.parents)


def _code(error: Exception) -> int | None:
    return error.errno if isinstance(error, OSError) else None


def _is_hopeless(error: Exception) -> bool:
    return (
        isinstance(error, (FileNotFoundError, PermissionError, NotADirectoryError))
        or _code(error) in _HOPELESS
        or _lacks_credentials(error)
    )


def _lacks_credentials(error: Exception) -> bool:
    return any(word in type(error).__name__ for word in ("Credential", "Authentication"))
