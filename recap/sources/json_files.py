"""JSON arrays and JSON lines into one table of documents, in file order."""

import gzip
import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import duckdb

from recap.errors import SourceError
from recap.sources.connection import in_file_order
from recap.sources.csv_layout import GZIP_MAGIC
from recap.sources.files import relative
from recap.sources.sql import literal, quote, sentence
from recap.sources.table import Part, Reading, Record, Request, Table

LARGEST_DOCUMENT_BYTES = 64 << 20
BROKEN = '"recap json" IS NULL OR json_type("recap json") <> \'OBJECT\''


def open_json(request: Request, files: Sequence[Path], reading: Reading, *, in_lines: bool) -> Table:
    """Load JSON files into the table `request.raw`, one document a row; every key becomes a column of text.

    Text, and not DuckDB's guess of a type, so that the id `"00004"` and the price `12.10` stay what they
    are; lists and objects are columns of JSON text. A `.json` file holds an array, or objects one after the
    other; a line of JSON lines that is no object is a broken row.
    """
    connection, raw, key = reading.connection, request.raw, request.key
    parts: list[Part] = []
    all_in_lines = True
    connection.execute(f'CREATE TABLE {raw} ("recap file" VARCHAR, "recap at" BIGINT, "recap json" JSON)')
    with in_file_order(connection):
        for file in files:
            label = relative(file, reading.base)
            form = "newline_delimited" if in_lines else _tell_form(file, label, key)
            rows = _load(file, label, form, reading, request)
            all_in_lines = all_in_lines and form == "newline_delimited"
            parts.append(Part(label, sum(part.rows for part in parts), rows, partial(_lines, file)))
    names = connection.execute(
        f'SELECT DISTINCT unnest(json_keys("recap json")) AS name FROM {raw} '
        "WHERE json_type(\"recap json\") = 'OBJECT' ORDER BY name"
    ).fetchall()
    columns = _distinct([name for (name,) in names], request.wanted)
    if not columns:
        raise SourceError(f"{key}.path: {request.spec.path!r} holds no JSON object")
    cells = "".join(f', "recap json" ->> {literal(_pointer(name))} AS {quote(name)}' for name in columns)
    return Table(
        name=request.spec.path,
        relation=f'(SELECT "recap file", "recap at", "recap json", rowid AS "recap row"{cells} FROM {raw})',
        columns=dict.fromkeys(columns, "VARCHAR"),
        position=('"recap row"',) if all_in_lines else ('"recap row"', '"recap at"'),
        label='"recap file"',
        untyped=True,
        broken=BROKEN,
        broken_problem="this is no JSON object",
        raw='CAST("recap json" AS VARCHAR)',
        parts=tuple(parts) if all_in_lines else (),
        release=(f"DROP TABLE IF EXISTS {raw}",),
    )


def _pointer(name: str) -> str:
    """RFC 6901: the only notation in which every key can be written."""
    return "/" + name.replace("~", "~0").replace("/", "~1")


def _distinct(names: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Choose among keys that differ in case only, which cannot both be columns: the one that is wanted."""
    last_wins = sorted(filter(None, names), key=lambda name: (name in wanted, name))
    return sorted({name.casefold(): name for name in last_wins}.values())


def _load(file: Path, label: str, form: str, reading: Reading, request: Request) -> int:
    try:
        result = reading.connection.execute(
            f"INSERT INTO {request.raw} SELECT {literal(label)}, row_number() OVER () - 1, json "
            f"FROM read_json_objects({literal(str(file))}, format={literal(form)}, "
            f"compression={literal('gzip' if _is_gzipped(file) else 'none')}, "
            f"ignore_errors={str(form == 'newline_delimited').lower()}, "
            f"maximum_object_size={LARGEST_DOCUMENT_BYTES})"
        ).fetchone()
    except duckdb.Error as error:
        raise SourceError(
            f"{request.key}.path: {label!r} is no JSON that can be read: {sentence(error)}"
        ) from error
    return int(result[0]) if result else 0


def _is_gzipped(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(2) == GZIP_MAGIC


def _raw_lines(file: Path) -> Iterator[bytes]:
    with gzip.open(file, "rb") if _is_gzipped(file) else file.open("rb") as stream:
        yield from stream


def _tell_form(file: Path, label: str, key: str) -> str:
    """Tell an array, objects a line each and objects over several lines apart by the first line."""
    try:
        first = next((line.strip() for line in _raw_lines(file) if line.strip()), b"")
    except (OSError, EOFError) as error:
        raise SourceError(f"{key}.path: {label!r} cannot be read: {error}") from error
    if first.removeprefix(b"\xef\xbb\xbf").startswith(b"["):
        return "array"
    try:
        json.loads(first)
    except ValueError:
        return "unstructured" if first.startswith(b"{") else "newline_delimited"
    return "newline_delimited"


def _lines(file: Path) -> Iterator[Record]:
    for number, line in enumerate(_raw_lines(file), start=1):
        if line.strip():
            yield Record(number, line.rstrip(b"\r\n").decode("utf-8", "replace"))
