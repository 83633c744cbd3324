"""Tables in files or databases, as a campaign names them."""

from typing import Literal

from pydantic import Field

from recap.campaign.base import Model


class CsvDialect(Model):
    """How a CSV file is written; what is left out is detected from the file."""

    delimiter: str | None = Field(default=None, min_length=1, max_length=4)
    quote: str | None = Field(default=None, max_length=1)
    escape: str | None = Field(default=None, max_length=1)
    header: bool | None = None
    columns: tuple[str, ...] | None = None
    """The columns' names in order, for a file without a header."""
    skip: int = Field(default=0, ge=0)
    """Lines before the header or the first row."""
    encoding: str = "utf-8"
    comment: str | None = Field(default=None, max_length=1)
    null: tuple[str, ...] = ("",)
    """Texts that mean nothing is there."""


class TableFile(Model):
    """A table in files or a database."""

    path: str = Field(min_length=1)
    """A file, or a glob such as `events/*.csv.gz`; relative to the campaign file."""
    format: Literal["csv", "parquet", "json", "jsonl", "duckdb", "sqlite", "frame"] | None = None
    """Without it, told from the file's ending. `frame` is a table given from Python, named by `path`."""
    table: str | None = None
    """The table in a DuckDB or SQLite file."""
    csv: CsvDialect | None = None
