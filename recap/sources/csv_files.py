"""CSV files into one table of text, in file order."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from recap.campaign.tables import CsvDialect
from recap.errors import SourceError
from recap.sources.connection import in_file_order
from recap.sources.csv_layout import Layout, find_layout, open_text
from recap.sources.csv_records import parse
from recap.sources.files import relative
from recap.sources.rejects import keep_rejects
from recap.sources.sql import literal, literals, quote
from recap.sources.table import Part, Reading, Record, Request, Table

BATCH = 20_000
HINT = "Where a file has no header, name its columns in order with `csv: {columns: [...]}`."


def open_csv(request: Request, files: Sequence[Path], reading: Reading) -> Table:
    """Load CSV files into the table `request.raw` as text; their columns are united by name.

    DuckDB reads each file in parallel; a file it refuses is read record by record instead, and lines that
    cannot be taken apart go to `rejects` with their line number.
    """
    spec, key, raw = request.spec, request.key, request.raw
    parts: list[Part] = []
    columns: list[str] = []
    rejected = 0
    warnings: list[str] = []
    with in_file_order(reading.connection):
        for file in files:
            layout = find_layout(file, spec.csv or CsvDialect(), request.wanted, key)
            if layout is None:
                warnings.append(f"{relative(file, reading.base)} is empty")
                continue
            columns = _widen(reading.connection, raw, columns, layout.columns)
            first = sum(part.rows for part in parts)
            label = relative(file, reading.base)
            rows, broken = _load(_CsvFile(file, label, layout), reading.connection, raw, key)
            rejected += broken
            parts.append(Part(label, first, rows, _CsvFile(file, label, layout).rows))
    if not columns:
        raise SourceError(f"{key}.path: {spec.path!r} is empty; there is not even a header")
    return Table(
        name=spec.path,
        relation=raw,
        columns=dict.fromkeys(columns, "VARCHAR"),
        position=("rowid",),
        label="NULL",
        untyped=True,
        parts=tuple(parts),
        rejected=rejected,
        hint=HINT,
        warnings=tuple(warnings),
        release=(f"DROP TABLE IF EXISTS {raw}",),
    )


def _widen(
    connection: duckdb.DuckDBPyConnection, raw: str, columns: list[str], new: Sequence[str]
) -> list[str]:
    """Make sure that the table has all columns; names that differ in case only are one column."""
    known = {name.casefold() for name in columns}
    added = [name for name in new if name.casefold() not in known]
    if not columns:
        connection.execute(f"CREATE TABLE {raw} ({', '.join(f'{quote(name)} VARCHAR' for name in added)})")
    else:
        for name in added:
            connection.execute(f"ALTER TABLE {raw} ADD COLUMN {quote(name)} VARCHAR")
    return [*columns, *added]


@dataclass(frozen=True, slots=True)
class _CsvFile:
    path: Path
    label: str
    layout: Layout

    def records(self) -> Iterator[Record]:
        """Read the file record by record, broken ones too."""
        layout = self.layout
        with open_text(self.path, layout.encoding, layout.gzipped) as text:
            lines = islice(text, layout.skip, None)
            width = len(layout.columns)
            yield from parse(lines, layout.grammar, width=width, first_line=layout.skip + 1)

    def rows(self) -> Iterator[Record]:
        """Read the records that are rows of the table, in its order."""
        for record in self.records():
            if record.fields is not None:
                yield Record(record.line, record.raw, self.cells(record.fields))

    def cells(self, fields: Sequence[str | None]) -> tuple[str | None, ...]:
        """Put NULL for the texts that mean nothing is there."""
        return tuple(None if value in self.layout.null else value for value in fields)

    def scan(self) -> str:
        """Write the SQL with which DuckDB reads the file."""
        grammar = self.layout.grammar
        types = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in self.layout.columns)
        return (
            f"read_csv({literal(str(self.path))}, auto_detect=false, header=false, skip={self.layout.skip}, "
            f"columns={{{types}}}, delim={literal(grammar.delimiter)}, quote={literal(grammar.quote)}, "
            f"escape={literal(grammar.escape or grammar.quote)}, nullstr={literals(self.layout.null)}, "
            f"compression={literal('gzip' if self.layout.gzipped else 'none')})"
        )


def _load(file: _CsvFile, connection: duckdb.DuckDBPyConnection, raw: str, key: str) -> tuple[int, int]:
    """Load one file; how many rows it gave and how many lines were broken."""
    if file.layout.is_plain:
        # Where it is broken the careful reader finds out where, and keeps the rest.
        with suppress(duckdb.InvalidInputException, duckdb.ConversionException, duckdb.IOException):
            result = connection.execute(f"INSERT INTO {raw} BY NAME FROM {file.scan()}").fetchone()
            return (int(result[0]) if result else 0), 0
    try:
        return _load_carefully(file, connection, raw)
    except (OSError, EOFError, UnicodeError) as error:
        raise SourceError(f"{key}.path: {file.label!r} cannot be read to its end: {error}") from error


def _load_carefully(file: _CsvFile, connection: duckdb.DuckDBPyConnection, raw: str) -> tuple[int, int]:
    rows = broken = 0
    names = ", ".join(quote(name) for name in file.layout.columns)
    records = file.records()
    while batch := list(islice(records, BATCH)):
        good = [file.cells(record.fields) for record in batch if record.fields is not None]
        bad = [(file.label, record.line, record.problem, record.raw) for record in batch if record.problem]
        if good:
            arrays = [pa.array(column, pa.string()) for column in zip(*good, strict=True)]
            connection.register("recap_batch", pa.table(arrays, names=list(file.layout.columns)))
            connection.execute(f"INSERT INTO {raw} ({names}) SELECT * FROM recap_batch")
            connection.unregister("recap_batch")
        keep_rejects(connection, bad)
        rows, broken = rows + len(good), broken + len(bad)
    return rows, broken
