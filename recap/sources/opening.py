"""One door to all formats."""

from collections.abc import Iterator
from contextlib import contextmanager

from recap.errors import SourceError
from recap.sources.csv_files import open_csv
from recap.sources.databases import open_duckdb, open_sqlite
from recap.sources.files import find_files, tell_format
from recap.sources.frames import open_frame
from recap.sources.json_files import open_json
from recap.sources.parquet_files import open_parquet
from recap.sources.table import Reading, Request, Table


@contextmanager
def opening_table(request: Request, reading: Reading) -> Iterator[Table]:
    """Open a table, and give its room back in the end."""
    table = open_table(request, reading)
    try:
        yield table
    finally:
        for statement in table.release:
            reading.connection.execute(statement)


def open_table(request: Request, reading: Reading) -> Table:
    """Open a table of the campaign, whatever it is in; SourceError where it cannot be found or read."""
    spec, key = request.spec, request.key
    if spec.format == "frame":
        return open_frame(request, reading)
    files = find_files(spec, reading.base, key)
    formats = {spec.format or tell_format(file, key) for file in files}
    if len(formats) > 1:
        raise SourceError(
            f"{key}.path: {spec.path!r} mixes {' and '.join(sorted(formats))}; "
            "give `format`, or a source each"
        )
    (format_,) = formats
    if format_ in {"duckdb", "sqlite"} and len(files) > 1:
        raise SourceError(f"{key}.path: {spec.path!r} is {len(files)} databases; give a source each")
    match format_:
        case "csv":
            return open_csv(request, files, reading)
        case "parquet":
            return open_parquet(request, files, reading)
        case "duckdb":
            return open_duckdb(request, files[0], reading)
        case "sqlite":
            return open_sqlite(request, files[0], reading)
        case _:
            return open_json(request, files, reading, in_lines=format_ == "jsonl")
