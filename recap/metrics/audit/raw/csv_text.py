"""CSV, read by Python's own reader: every row with its physical line, broken lines left out."""

import csv
import gzip
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import polars as pl

from recap.campaign.tables import CsvDialect
from recap.metrics.audit.raw.table import RawTable

SAMPLE = 400
"""Lines that are looked at to find out how a file is written."""
INNER = "\ue000"
"""Stands for a delimiter of several characters: Python's reader knows single ones only."""

_UNDECODED = re.compile("[\udc80-\udcff]")

Row = tuple[int, list[str] | None]
"""The line on which it begins, 1-based among the lines given, and its values; None where it is broken."""


@dataclass(frozen=True, slots=True)
class _Style:
    delimiter: str
    quote: str
    escape: str | None
    comment: str | None


def read_csv(file: Path, dialect: CsvDialect, wanted: Sequence[str], label: str) -> RawTable | None:
    """Read one file as text; None where it holds nothing at all.

    What the dialect leaves open is found out as it is documented: of the usual delimiters and quotes those
    under which the first row names most `wanted` columns, then those that cut the rows most evenly. A line
    of too few or too many values is left out, and so is one with a quote that does not end: only that line,
    whatever the reader took for its continuation.
    """
    lines = _lines(file, dialect.encoding)[dialect.skip :]
    sample = lines[:SAMPLE]
    styles = _styles(dialect, "".join(sample))
    style = max(styles, key=lambda each: _merit(each, sample, dialect, wanted))
    first = next(((number, values) for number, values in _rows(lines, style) if values is not None), None)
    if first is None:
        return None
    titles = [title.strip() for title in first[1]]
    has_header = dialect.header if dialect.header is not None else dialect.columns in {None, tuple(titles)}
    names = dialect.columns or _names(titles if has_header else [""] * len(titles))
    nothing = frozenset(dialect.null)
    at: list[int] = []
    rows: list[list[str | None]] = []
    for number, values in _rows(lines, style, len(names)):
        if values is not None and not (has_header and number == first[0]):
            at.append(number + dialect.skip)
            rows.append([None if value in nothing else value for value in values])
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    frame = pl.DataFrame(
        [pl.Series(name, column, dtype=pl.String) for name, column in zip(names, columns, strict=True)]
    )
    source = pl.Series("source", [label], dtype=pl.String).new_from_index(0, len(at))
    return RawTable(frame, source, pl.Series("line", at, dtype=pl.Int64), is_untyped=True)


def _lines(file: Path, encoding: str) -> list[str]:
    """Read a text file's lines with their ends; bytes that are none of its encoding become surrogates."""
    content = file.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encoding = "utf-16"
    errors = "replace" if encoding.lower().startswith(("utf-16", "utf-32")) else "surrogateescape"
    # Not str.splitlines, which also breaks at characters that are part of a value.
    return list(io.StringIO(content.decode(encoding, errors).removeprefix("\ufeff"), newline=""))


def _rows(lines: Sequence[str], style: _Style, width: int | None = None) -> Iterator[Row]:
    """Cut lines into rows; with `width`, those of other many values are broken (empty ones too many go)."""
    at = 0

    def feed() -> Iterator[str]:
        nonlocal at
        while at < len(lines):
            at += 1
            line = lines[at - 1]
            yield line.replace(style.delimiter, INNER) if len(style.delimiter) > 1 else line

    reader = _reader(feed(), style)
    while at < len(lines):
        start = at
        if not lines[start].strip(" \r\n") or (style.comment and lines[start].startswith(style.comment)):
            at += 1
            continue
        try:
            values = next(reader)
        except (csv.Error, StopIteration):
            values = None
        if values is not None and _is_sound(values, lines[start:at], width):
            yield start + 1, [value.replace(INNER, style.delimiter) for value in values[:width]]
        else:
            yield start + 1, None
            at = start + 1
            reader = _reader(feed(), style)


def _is_sound(values: Sequence[str], lines: Sequence[str], width: int | None) -> bool:
    if width is not None and (len(values) < width or any(values[width:])):
        return False
    return all(_UNDECODED.search(line) is None for line in lines)


def _reader(lines: Iterator[str], style: _Style) -> Iterator[list[str]]:
    return csv.reader(
        lines,
        delimiter=INNER if len(style.delimiter) > 1 else style.delimiter,
        quotechar=style.quote or None,
        quoting=csv.QUOTE_MINIMAL if style.quote else csv.QUOTE_NONE,
        doublequote=style.escape is None,
        escapechar=style.escape,
        skipinitialspace=True,
        strict=True,
    )


def _styles(dialect: CsvDialect, sample: str) -> list[_Style]:
    """List the ways the file may be written, the likeliest first."""
    delimiters = [dialect.delimiter] if dialect.delimiter is not None else [",", ";", "\t", "|"]
    quotes = [dialect.quote] if dialect.quote is not None else ['"'] if '"' in sample else ['"', "'"]
    escapes: list[str | None] = [None, "\\"] if '\\"' in sample or "\\'" in sample else [None]
    if dialect.escape is not None:
        escapes = [None if dialect.escape == dialect.quote else dialect.escape]
    return [_Style(d, q, e, dialect.comment) for q, e, d in product(quotes, escapes, delimiters)]


def _merit(
    style: _Style, sample: Sequence[str], dialect: CsvDialect, wanted: Sequence[str]
) -> tuple[int, bool, float, int]:
    rows = [values or [] for _, values in _rows(sample, style)]
    if not rows:
        return 0, False, 0.0, 0
    titles = {title.strip().casefold() for title in rows[0]}
    width = len(dialect.columns or rows[0])
    even = sum(len(values) == width for values in rows) / len(rows)
    return sum(name.strip().casefold() in titles for name in wanted), width > 1, even, width


def _names(titles: Sequence[str]) -> tuple[str, ...]:
    """Name all columns, no two alike in whatever case: `id`, `ID_2`, `column3`."""
    names: dict[str, str] = {}
    for index, title in enumerate(titles):
        name, times = title or f"column{index}", 1
        while name.casefold() in names:
            times += 1
            name = f"{title or 'column'}_{times}"
        names[name.casefold()] = name
    return tuple(names.values())
