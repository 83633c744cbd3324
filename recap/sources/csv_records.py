"""Reads CSV record by record, slowly and surely: lines that cannot be taken apart cost only themselves.

DuckDB reads whole files faster than anything else; this reader is for what it refuses (broken lines, mixed
line ends, rare encodings, comments), and for finding the line of a row again.
"""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from recap.sources.table import Record

STAND_IN = "\x1f"
"""Takes the place of a delimiter of several characters, which the parser does not know: a control character
that exists to separate units and that no export puts into values."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """How a line is cut into fields."""

    delimiter: str
    quote: str
    """Empty where nothing is quoted."""
    escape: str | None
    """None where a quote inside a quoted value is doubled."""
    comment: str | None
    """Lines that begin with it are no rows."""


class _Lines:
    """Physical lines, numbered, that can be handed back and read once more."""

    def __init__(self, lines: Iterable[str], first: int) -> None:
        self._source = iter(lines)
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        """The lines of the record being read."""
        self.number = first
        """The line on which that record begins."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._source)
        self.taken.append(line)
        return line

    def hand_back(self, keep: int) -> None:
        """Give all but the first `keep` lines of this record to the next one."""
        self._again.extendleft(reversed(self.taken[keep:]))
        del self.taken[keep:]

    def turn(self) -> None:
        """Begin the next record."""
        self.number += len(self.taken)
        self.taken = []


def parse(
    lines: Iterable[str], grammar: Grammar, *, width: int | None = None, first_line: int = 1
) -> Iterator[Record]:
    """Cut lines (with their ends) into records; blank lines and comments are passed over.

    With `width`, a record of another number of fields is a problem (empty fields too many at the end are
    let go). A broken record that seems to go on over several lines, as after a quote that is never closed,
    costs its first line only: reading goes on with the second.
    """
    several = len(grammar.delimiter) > 1
    source = (line.replace(grammar.delimiter, STAND_IN) for line in lines) if several else lines
    rows = _Lines(source, first_line)
    reader = _reader(rows, grammar)
    while True:
        rows.turn()
        problem = None
        fields: list[str] = []
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problem = _words(error)
            reader = _reader(rows, grammar)
        raw = "".join(rows.taken)
        if not raw.strip(" \r\n") or (grammar.comment and raw.startswith(grammar.comment)):
            rows.hand_back(1)
            continue
        problem = problem or _width_problem(fields, width) or _text_problem(raw)
        if problem is not None and len(rows.taken) > 1:
            rows.hand_back(1)
            reader = _reader(rows, grammar)
            raw = rows.taken[0]
        if several:
            raw = raw.replace(STAND_IN, grammar.delimiter)
            fields = [value.replace(STAND_IN, grammar.delimiter) for value in fields]
        text = raw.rstrip("\r\n")
        if problem is None:
            yield Record(rows.number, text, tuple(fields[:width]))
        else:
            yield Record(rows.number, _readable(text), None, problem)


def _reader(rows: _Lines, grammar: Grammar) -> "Iterator[list[str]]":
    return csv.reader(
        rows,
        delimiter=STAND_IN if len(grammar.delimiter) > 1 else grammar.delimiter,
        quotechar=grammar.quote or None,
        quoting=csv.QUOTE_MINIMAL if grammar.quote else csv.QUOTE_NONE,
        doublequote=grammar.escape is None,
        escapechar=grammar.escape,
        skipinitialspace=True,
        strict=True,
    )


def _width_problem(fields: list[str], width: int | None) -> str | None:
    if width is None or len(fields) == width or (len(fields) > width and not any(fields[width:])):
        return None
    return f"the line has {len(fields)} values where the file has {width} columns"


def _text_problem(raw: str) -> str | None:
    if raw.isascii():
        return None
    try:
        raw.encode()
    except UnicodeEncodeError:
        return "the line is not in the file's encoding; give `csv: {encoding: ...}`, such as cp1252"
    return None


def _words(error: csv.Error) -> str:
    if "field larger" in str(error) or "unexpected end" in str(error):
        return "the line opens a quote that is not closed"
    return "a quote stands where none may be"


def _readable(text: str) -> str:
    """Replace undecodable bytes, so that the text can be stored."""
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
