"""How a CSV file is written: what the campaign declares, and the rest found out from the file's beginning."""

import gzip
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from typing import IO

from recap.campaign.tables import CsvDialect
from recap.errors import SourceError
from recap.sources.csv_records import Grammar, parse

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_LINES = 400
GZIP_MAGIC = b"\x1f\x8b"
UTF_8 = "utf-8-sig"
"""Python's name for UTF-8 with or without a byte order mark."""
BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything needed to read one CSV file."""

    grammar: Grammar
    columns: tuple[str, ...]
    skip: int
    """Physical lines before the first row."""
    encoding: str
    gzipped: bool
    null: tuple[str, ...]
    is_plain: bool
    """Whether DuckDB reads such a file as we mean it; the others are read by `csv_records`."""


@contextmanager
def open_text(path: Path, encoding: str, gzipped: bool) -> Iterator[IO[str]]:
    """Open a text file with its line ends kept and what cannot be decoded marked by surrogates."""
    errors = "replace" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    if gzipped:
        with gzip.open(path, "rt", encoding=encoding, errors=errors, newline="") as text:
            yield text
    else:
        with path.open(encoding=encoding, errors=errors, newline="") as text:
            yield text


def find_layout(path: Path, dialect: CsvDialect, wanted: Sequence[str], key: str) -> Layout | None:
    """Read the beginning of a file and tell its layout; None where the file holds nothing at all.

    A file has a header, unless `header: false` or `columns` says otherwise (with `columns`, a first row that
    repeats them is still taken for one). What else is undeclared is chosen among the common delimiters,
    quotes and escapes: first by how many of the `wanted` columns the header then holds, next by how evenly
    the rows fall into columns.
    """
    gzipped, encoding = _tell_encoding(path, dialect)
    before, lines = _sample(path, dialect, encoding, gzipped, key)
    grammars = _candidates(dialect, "".join(lines))
    grammar = max(grammars, key=lambda candidate: _fitness(candidate, lines, dialect, wanted))
    first = next((record for record in parse(lines, grammar) if record.fields is not None), None)
    if first is None or first.fields is None:
        return None
    titles = [(title or "").strip() for title in first.fields]
    columns, has_header = _name_columns(titles, dialect)
    if len(columns) != len(titles):
        raise SourceError(
            f"{key}.csv.columns: {path.name!r} has {len(titles)} columns, but {len(columns)} are named"
        )
    skipped = before + (lines[: first.line + first.raw.count("\n")] if has_header else [])
    # DuckDB skips records and not lines where it sees quotes; one line is the same to both.
    skips_alike = len(skipped) < 2 or not any(grammar.quote and grammar.quote in line for line in skipped)
    is_plain = encoding == UTF_8 and grammar.comment is None and skips_alike
    return Layout(grammar, columns, len(skipped), encoding, gzipped, dialect.null, is_plain)


def _tell_encoding(path: Path, dialect: CsvDialect) -> tuple[bool, str]:
    """Tell whether a file is packed, and its encoding: the declared one, unless its first bytes disagree."""
    with path.open("rb") as stream:
        head = stream.read(4)
    encoding = BYTE_ORDER_MARKS.get(head[:2], dialect.encoding.lower())
    return head.startswith(GZIP_MAGIC), UTF_8 if encoding in {"utf-8", "utf8", "utf_8"} else encoding


def _sample(
    path: Path, dialect: CsvDialect, encoding: str, gzipped: bool, key: str
) -> tuple[list[str], list[str]]:
    """Read the lines to be skipped, and some after them."""
    try:
        with open_text(path, encoding, gzipped) as text:
            return list(islice(text, dialect.skip)), list(islice(text, SAMPLE_LINES))
    except LookupError as error:
        raise SourceError(f"{key}.csv.encoding: there is no encoding {dialect.encoding!r}") from error
    except (OSError, EOFError, UnicodeError) as error:
        raise SourceError(f"{key}.path: {path.name!r} cannot be read: {error}") from error


def _name_columns(titles: Sequence[str], dialect: CsvDialect) -> tuple[tuple[str, ...], bool]:
    """Name the columns, and tell whether the first row is the header."""
    has_header = dialect.header if dialect.header is not None else dialect.columns in (None, tuple(titles))
    if dialect.columns is not None:
        return dialect.columns, has_header
    if has_header:
        return _distinct(titles), True
    return tuple(f"column{number}" for number in range(len(titles))), False


def _candidates(dialect: CsvDialect, sample: str) -> list[Grammar]:
    """List the ways the file may be written, the likeliest first."""
    delimiters = (dialect.delimiter,) if dialect.delimiter is not None else DELIMITERS
    # An apostrophe is a quote only where no real one is seen: it is part of too many words.
    quotes = ('"',) if '"' in sample else ('"', "'")
    if dialect.quote is not None:
        quotes = (dialect.quote,)
    escapes: tuple[str | None, ...] = (None, "\\") if '\\"' in sample or "\\'" in sample else (None,)
    if dialect.escape is not None:
        escapes = (None if dialect.escape == dialect.quote else dialect.escape,)
    return [
        Grammar(delimiter, quote, escape, dialect.comment)
        for quote, escape, delimiter in product(quotes, escapes, delimiters)
    ]


def _fitness(
    grammar: Grammar, lines: Sequence[str], dialect: CsvDialect, wanted: Sequence[str]
) -> tuple[int, bool, float, int]:
    """Judge a grammar: wanted columns found, more than one column at all, share of even rows."""
    records = list(parse(lines, grammar))
    if not records:
        return (0, False, 0.0, 0)
    titles = {(title or "").strip().casefold() for title in records[0].fields or ()}
    found = sum(name.strip().casefold() in titles for name in wanted)
    width = len(dialect.columns or records[0].fields or ())
    even = sum(len(record.fields or ()) == width for record in records) / len(records)
    return (found, width > 1, even, width)


def _distinct(titles: Sequence[str]) -> tuple[str, ...]:
    """Names for all columns, in any case different from each other: `id`, `ID_2`, `column3`."""
    names: list[str] = []
    taken: set[str] = set()
    for index, title in enumerate(titles):
        name, number = title or f"column{index}", 2
        while name.casefold() in taken:
            name, number = f"{title or 'column'}_{number}", number + 1
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)
