"""JSON arrays, JSON lines and objects one after the other, read by Python's own parser."""

import gzip
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

import polars as pl

from recap.metrics.audit.raw.table import RawTable

Numbered = tuple[int, dict[str, Any]]


def read_json(file: Path, wanted: Sequence[str], *, in_lines: bool, label: str) -> RawTable:
    """Read one file's objects as text, every key a column; what is no object is left out.

    `in_lines`: every line is a document. Else the file is an array, or has lines or several objects. Of a key
    that an object has twice the first counts, and of keys that differ in case only the one that is wanted.
    """
    content = file.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    content = content.removeprefix(b"\xef\xbb\xbf")
    documents = list(_from_lines(content) if in_lines or _has_lines(content) else _from_whole(content))
    keys = sorted({name for _, document in documents for name in document if name})
    preferred = sorted(keys, key=lambda name: name in wanted)
    names = list({name.casefold(): name for name in preferred}.values())
    frame = pl.DataFrame(
        [pl.Series(name, [_text(d.get(name)) for _, d in documents], dtype=pl.String) for name in names]
    )
    source = pl.Series("source", [label], dtype=pl.String).new_from_index(0, len(documents))
    line = pl.Series("line", [number for number, _ in documents], dtype=pl.Int64)
    return RawTable(frame, source, line, is_untyped=True)


def _has_lines(content: bytes) -> bool:
    first = next((line.strip() for line in content.split(b"\n") if line.strip()), b"")
    return not first.startswith(b"[") and (not first.startswith(b"{") or _parse(first) is not None)


def _from_lines(content: bytes) -> Iterator[Numbered]:
    for number, line in enumerate(content.split(b"\n"), start=1):
        document = _parse(line) if line.strip() else None
        if isinstance(document, dict):
            yield number, document


def _from_whole(content: bytes) -> Iterator[Numbered]:
    text = content.decode("utf-8")
    if text.lstrip().startswith("["):
        documents = _DECODER.decode(text)
    else:
        documents = list(_one_after_another(text))
    for number, document in enumerate(documents, start=1):
        if isinstance(document, dict):
            yield number, document


def _one_after_another(text: str) -> Iterator[Any]:
    at = 0
    while rest := text[at:].lstrip():
        at = len(text) - len(rest)
        document, at = _DECODER.raw_decode(text, at)
        yield document


def _parse(line: bytes) -> Any:
    try:
        return _DECODER.decode(line.decode("utf-8"))
    except ValueError:
        return None


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _first_wins(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    return dict(reversed(pairs))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


_DECODER = json.JSONDecoder(object_pairs_hook=_first_wins, parse_constant=_refuse)
