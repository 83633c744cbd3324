"""From a table of the campaign to its raw rows, whatever they are kept in."""

import glob
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from recap.campaign.tables import CsvDialect, TableFile
from recap.metrics.audit.raw.csv_text import read_csv
from recap.metrics.audit.raw.databases import read_duckdb, read_frame, read_parquet, read_sqlite
from recap.metrics.audit.raw.json_text import read_json
from recap.metrics.audit.raw.table import NotUnderstood, RawTable, together

FORMATS = {
    "csv": (".csv", ".tsv", ".txt"),
    "parquet": (".parquet", ".pq"),
    "json": (".json",),
    "jsonl": (".jsonl", ".ndjson"),
    "duckdb": (".duckdb", ".ddb"),
    "sqlite": (".sqlite", ".sqlite3"),
}


def read_table(spec: TableFile, wanted: Sequence[str], base: Path, frames: Mapping[str, Any]) -> RawTable:
    """Read a table whole; NotUnderstood where it is not as the campaign says.

    `wanted` are columns it should have, which help to understand a CSV file; `base` is the campaign's folder.
    """
    if spec.format == "frame":
        return read_frame(frames, spec.path)
    files = _files(spec, base)
    labels = [Path(os.path.relpath(file, base)).as_posix() for file in files]
    # One folder with `=` anywhere makes all of them speak.
    has_folders = any("=" in label.rpartition("/")[0] for label in labels)
    parts = []
    for file, label in zip(files, labels, strict=True):
        called = spec.path if len(files) == 1 else label
        match spec.format or _format(file):
            case "csv":
                part = read_csv(file, spec.csv or CsvDialect(), wanted, called)
            case "parquet":
                part = read_parquet(file, label, has_folders=has_folders, source=called)
            case "duckdb":
                part = read_duckdb(file, spec.table, called)
            case "sqlite":
                part = read_sqlite(file, spec.table, called)
            case format_:
                part = read_json(file, wanted, in_lines=format_ == "jsonl", label=called)
        if part is not None:
            parts.append(part)
    if not parts:
        raise NotUnderstood(f"{spec.path!r} holds nothing")
    return together(parts)


def _files(spec: TableFile, base: Path) -> list[Path]:
    """List a table's files by path: a file, what matches a pattern, or the data files of a folder."""
    path = base / spec.path
    if path.is_dir():
        known = {ending for endings in FORMATS.values() for ending in endings} - {".txt"}
        return sorted(
            file
            for file in path.rglob("*")
            if file.is_file()
            and not any(part.startswith((".", "_")) for part in file.relative_to(path).parts)
            and (spec.format is not None or _ending(file) in known)
        )
    if path.exists():
        return [path]
    found = glob.glob(str(path), recursive=True)  # noqa: PTH207 - Path.glob has no absolute patterns
    return sorted(file for file in map(Path, found) if file.is_file())


def _ending(file: Path) -> str:
    return Path(file.name.lower().removesuffix(".gz")).suffix


def _format(file: Path) -> str:
    ending = _ending(file)
    for name, endings in FORMATS.items():
        if ending in endings:
            return name
    with file.open("rb") as stream:
        head = stream.read(16)
    if head.startswith(b"SQLite format 3"):
        return "sqlite"
    if head[8:12] == b"DUCK":
        return "duckdb"
    raise NotUnderstood(f"the ending of {file.name!r} does not say what it is")
