"""From a path in the campaign to files on the disk and the format they are in."""

import glob
import os
from pathlib import Path

from recap.campaign.tables import TableFile
from recap.errors import SourceError
from recap.sources.sql import listed, nearest

ENDINGS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".duckdb": "duckdb",
    ".ddb": "duckdb",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
}
SQLITE_MAGIC = b"SQLite format 3\x00"
DUCKDB_MAGIC = b"DUCK"


def find_files(spec: TableFile, base: Path, key: str) -> tuple[Path, ...]:
    """Find the files of a table, sorted by path; SourceError where there is none.

    `spec.path` is a file, a glob (`**` goes into folders), or a folder, of which every data file below counts
    except those whose name, or whose folder's, begins with `.` or `_`.
    """
    if "://" in spec.path:
        raise SourceError(f"{key}.path: {spec.path!r} is not on this machine; copy it here and name the copy")
    path = base / spec.path
    if path.is_dir():
        files = tuple(sorted(file for file in path.rglob("*") if _is_data(file, path, spec.format)))
        if not files:
            raise SourceError(f"{key}.path: the folder {spec.path!r} holds no data file{_beside(path)}")
        return files
    if path.exists():
        return (path,)
    if glob.has_magic(spec.path):
        found = (Path(name) for name in glob.glob(str(path), recursive=True))  # noqa: PTH207 - Path.glob has no absolute patterns
        files = tuple(sorted(file for file in found if file.is_file()))
        if not files:
            raise SourceError(f"{key}.path: no file matches {spec.path!r}{_beside(_fixed(path))}")
        return files
    raise SourceError(f"{key}.path: there is no file {spec.path!r}{_beside(path.parent, path.name)}")


def _fixed(pattern: Path) -> Path:
    """Find the folder above the first wildcard."""
    return next(parent for parent in pattern.parents if not glob.has_magic(str(parent)))


def _is_data(file: Path, folder: Path, format_: str | None) -> bool:
    hidden = any(part.startswith((".", "_")) for part in file.relative_to(folder).parts)
    # A `.txt` beside data is a note, unless the campaign says otherwise.
    known = format_ is not None or (_ending(file) in ENDINGS and _ending(file) != ".txt")
    return file.is_file() and not hidden and known


def _beside(folder: Path, name: str | None = None) -> str:
    """Say what could have been meant instead, as the rest of a sentence."""
    if not folder.is_dir():
        return f"; there is no folder {str(folder)!r} either."
    names = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith("."))
    guess = nearest(name, names) if name else ""
    return (
        f".{guess} {str(folder)!r} holds: {listed(names, 12)}." if names else f"; {str(folder)!r} is empty."
    )


def _ending(file: Path) -> str:
    suffixes = [suffix.lower() for suffix in file.suffixes]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def tell_format(file: Path, key: str) -> str:
    """Tell the format by a file's ending, or a database by its first bytes."""
    known = ENDINGS.get(_ending(file))
    if known is not None:
        return known
    with file.open("rb") as stream:
        head = stream.read(16)
    if head == SQLITE_MAGIC:
        return "sqlite"
    if head[8:12] == DUCKDB_MAGIC:
        return "duckdb"
    raise SourceError(
        f"{key}.format: the ending of {file.name!r} does not say what it is; "
        "give one of csv, parquet, json, jsonl, duckdb, sqlite"
    )


def relative(file: Path, base: Path) -> str:
    """Write a file's path as seen from the campaign's folder, with `/`."""
    return Path(os.path.relpath(file, base)).as_posix()
