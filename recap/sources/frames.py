"""Tables handed over from Python: Polars, Arrow, pandas and whatever else speaks Arrow's C interface."""

from typing import Any

import duckdb
import pyarrow as pa

from recap.errors import SourceError
from recap.sources.connection import in_file_order
from recap.sources.parquet_files import describe
from recap.sources.sql import listed, literal, nearest, sentence
from recap.sources.table import Reading, Request, Table


def open_frame(request: Request, reading: Reading) -> Table:
    """Copy the frame called `spec.path` into the table `request.raw`, where it can spill and is in order."""
    spec, key, raw = request.spec, request.key, request.raw
    names = sorted(reading.frames)
    if spec.path not in reading.frames:
        given = f" Given are: {listed(names)}." if names else " None was given."
        raise SourceError(f"{key}.path: there is no frame {spec.path!r}.{nearest(spec.path, names)}{given}")
    connection = reading.connection
    reader = _reader(reading.frames[spec.path], spec.path, key)
    try:
        with in_file_order(connection):
            connection.register("recap_batch", reader)
            connection.execute(f"CREATE TABLE {raw} AS SELECT * FROM recap_batch")
    except duckdb.Error as error:
        raise SourceError(f"{key}.path: the frame {spec.path!r} cannot be read: {sentence(error)}") from error
    finally:
        connection.unregister("recap_batch")
    return Table(
        name=spec.path,
        relation=raw,
        columns=describe(connection, f"SELECT * FROM {raw}", spec.path, key),
        position=("rowid",),
        label=literal(spec.path),
        release=(f"DROP TABLE IF EXISTS {raw}",),
    )


def _reader(frame: Any, name: str, key: str) -> pa.RecordBatchReader:
    if hasattr(frame, "collect") and not hasattr(frame, "__arrow_c_stream__"):
        frame = frame.collect()  # a lazy frame
    if hasattr(frame, "scanner"):
        frame = frame.scanner().to_reader()  # an Arrow dataset
    if not hasattr(frame, "__arrow_c_stream__"):
        raise SourceError(
            f"{key}.path: the frame {name!r} is a {type(frame).__name__}; "
            "give a Polars, Arrow or pandas table"
        )
    return pa.RecordBatchReader.from_stream(frame)
