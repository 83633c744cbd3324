"""What every format becomes before it is understood: a relation of columns, in file order."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from recap.campaign.tables import TableFile
from recap.errors import SourceError
from recap.sources.forgotten import Forgotten
from recap.sources.sql import listed, nearest, quote, sentence


@contextmanager
def read_errors(name: str, key: str) -> Iterator[None]:
    """Turn what DuckDB says of a damaged file, or of memory or disk that ran out, into a SourceError."""
    try:
        yield
    except (
        duckdb.BinderException,
        duckdb.CatalogException,
        duckdb.InternalException,
        duckdb.InterruptException,
        duckdb.ParserException,
    ):
        raise  # a fault of ours, or somebody who stopped it: nothing the file can help
    except duckdb.Error as error:
        raise SourceError(f"{key}.path: {name!r} cannot be read to its end: {sentence(error)}") from error


@dataclass(frozen=True, slots=True)
class Reading:
    """What the openers of all formats are given."""

    connection: duckdb.DuckDBPyConnection
    base: Path
    """The campaign's folder: relative paths start there, and rejects name files from there."""
    frames: Mapping[str, Any]
    forgotten: Forgotten | None = None
    """Finds the customers who were forgotten; None where there are none."""


@dataclass(frozen=True, slots=True)
class Request:
    """A table of the campaign that is to be opened."""

    spec: TableFile
    key: str
    """Its place in the campaign, for errors, as in `sources.0`."""
    wanted: tuple[str, ...]
    """Columns it should have; they help to understand a CSV file."""
    raw: str
    """The DuckDB table to load into, where the format needs one."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a text file as it stands there."""

    line: int
    """1-based physical line on which it begins."""
    raw: str
    """Its text without the line end."""
    fields: tuple[str | None, ...] | None = None
    """Its values; None where they are not compared with what DuckDB read."""
    problem: str | None = None
    """Why it cannot be taken apart; such a record is in no table."""


@dataclass(frozen=True, slots=True)
class Part:
    """A text file that was loaded into a table, and the rows it became."""

    label: str
    first: int
    """The rowid of its first row."""
    rows: int
    records: Callable[[], Iterator[Record]]
    """Reads the file once more, record by record, to find lines and their text."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the campaign as DuckDB can read it."""

    name: str
    """What errors call it: the path as the campaign writes it."""
    relation: str
    """SQL that stands behind FROM."""
    columns: Mapping[str, str]
    """Column name to DuckDB type, in order."""
    position: tuple[str, ...]
    """SQL over the relation; ascending in file order, the last one 0-based within its file."""
    label: str
    """SQL over the relation: the file a row comes from, relative to the campaign."""
    untyped: bool = False
    """The format holds text only (CSV) or mixes it with numbers (JSON, SQLite)."""
    broken: str | None = None
    """SQL condition over the relation for rows that could not be taken apart."""
    broken_problem: str = ""
    """What to say of those."""
    raw: str | None = None
    """SQL for the row's own text; None makes it up as JSON."""
    parts: tuple[Part, ...] = ()
    """Where lines can be found again; else the row's number is its line."""
    rejected: int = 0
    """Rows that are in `rejects` already and in no relation."""
    hint: str = ""
    """What may be wrong when a column is missing, as a sentence."""
    warnings: tuple[str, ...] = ()
    release: tuple[str, ...] = field(default=())
    """SQL that gives its room back."""

    @property
    def places(self) -> tuple[str, ...]:
        """The names of the columns that `placed` adds and that put rows in file order."""
        return tuple(f"recap at {number}" for number in range(len(self.position)))

    def placed(self, *, with_text: bool = False) -> str:
        """Write the relation with `places`, and for rejects with `recap label` and `recap raw`."""
        added = [f"{sql} AS {quote(place)}" for sql, place in zip(self.position, self.places, strict=True)]
        if with_text:
            columns = ", ".join(f"{quote(name)} := {quote(name)}" for name in self.columns)
            raw = self.raw or f"CAST(to_json(struct_pack({columns})) AS VARCHAR)"
            added += [f'{self.label} AS "recap label"', f'{raw} AS "recap raw"']
        return f"(SELECT *, {', '.join(added)} FROM {self.relation})"

    def column(self, name: str, key: str) -> str:
        """Find the column called `name`, in whatever case; SourceError where there is none."""
        if name in self.columns:
            return name
        alike = [column for column in self.columns if column.strip().casefold() == name.strip().casefold()]
        if len(alike) == 1:
            return alike[0]
        raise SourceError(
            f"{key}: {self.name} has no column {name!r}.{nearest(name, self.columns)} "
            f"Its columns are: {listed(list(self.columns))}." + (f" {self.hint}" if self.hint else "")
        )
