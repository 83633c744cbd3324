"""How a CSV file is written: what the campaign declares, and the rest found out from the file's beginning."""

import gzip
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from typing import IO

from recap.campaign.models import CsvDialect
from recap.errors import SourceError
from recap.sources.csv_records import Grammar, parse

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_LINES = 400
GZIP_MAGIC = b"\x1f\x8b"
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

    @property
    def is_plain(self) -> bool:
        """Whether DuckDB reads such a file as we mean it; the others are read by `csv_records`."""
        return self.encoding == "utf-8-sig" and self.grammar.comment is None


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
    with path.open("rb") as stream:
        head = stream.read(4)
    gzipped = head.startswith(GZIP_MAGIC)
    encoding = BYTE_ORDER_MARKS.get(head[:2], dialect.encoding.lower())
    if encoding in {"utf-8", "utf8", "utf_8"}:
        encoding = "utf-8-sig"
    try:
        with open_text(path, encoding, gzipped) as text:
            before = sum(1 for _ in islice(text, dialect.skip))
            lines = list(islice(text, SAMPLE_LINES))
    except LookupError as error:
        raise SourceError(f"{key}.csv.encoding: there is no encoding {dialect.encoding!r}") from error
    except (OSError, EOFError) as error:
        raise SourceError(f"{key}.path: {path.name!r} cannot be read: {error}") from error
    grammars = _candidates(dialect, "".join(lines))
    best = max(grammars, key=lambda grammar: _fitness(grammar, lines, dialect, wanted))
    first = next((record for record in parse(lines, best) if record.fields is not None), None)
    if first is None or first.fields is None:
        return None
    titles = [(title or "").strip() for title in first.fields]
    has_header = dialect.header if dialect.header is not None else dialect.columns in (None, tuple(titles))
    if has_header and dialect.columns is None:
        columns = _distinct(titles)
    elif dialect.columns is None:
        columns = tuple(f"column{number}" for number in range(len(titles)))
    else:
        columns = dialect.columns
    if len(columns) != len(titles):
        raise SourceError(
            f"{key}.csv.columns: {path.name!r} has {len(titles)} columns, but {len(columns)} are named"
        )
    skip = before + (first.line + first.raw.count("\n") if has_header else 0)
    return Layout(best, columns, skip, encoding, gzipped, dialect.null)


def _candidates(dialect: CsvDialect, sample: str) -> list[Grammar]:
    """List the ways the file may be written, the likeliest first."""
    delimiters = (dialect.delimiter,) if dialect.delimiter is not None else DELIMITERS
    quotes = (dialect.quote,) if dialect.quote is not None else ('"', "'")
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
