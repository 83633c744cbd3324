"""The columns of manifest and outcomes, and their files."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from recap.delivery.disk import sync_file, write_atomically
from recap.delivery.pictures import CARDS, PICTURE_PATH, files_of
from recap.errors import OutputError

MANIFEST = "manifest.parquet"
OUTCOMES = "outcomes.parquet"
RUN = "run.json"

FILE_FIELDS = {"path": pa.string(), "bytes": pa.int64(), "sha256": pa.string()}
MANIFEST_SCHEMA = pa.schema(
    [
        ("customer_id", pa.string()),
        ("token", pa.string()),
        ("card", pa.int32()),
        ("metric", pa.string()),
        ("template", pa.string()),
        ("theme", pa.string()),
        ("locale", pa.string()),
        ("format", pa.string()),
        ("path", pa.string()),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("bytes", pa.int64()),
        ("sha256", pa.string()),
        ("files", pa.list_(pa.struct(list(FILE_FIELDS.items())))),
        ("headline", pa.string()),
        ("alt_text", pa.string()),
        ("fingerprint", pa.string()),
        ("variant", pa.string()),
        ("score", pa.float64()),
    ]
)
"""A row a picture. `card` counts from 0; `metric` is null on cover, summary and fallback; sizes in pixels;
`files` are all further files of the picture, each with path, bytes and sha256: the JPEG of a link picture,
the copy for browsers, and all of these without the customer's name; `variant` names the alternatives of
experiments, and is empty without any; `score` is the highlight's, and null where there is no metric."""

OUTCOMES_SCHEMA = pa.schema(
    [
        ("customer_id", pa.string()),
        ("token", pa.string()),
        ("outcome", pa.string()),
        ("reason", pa.string()),
        ("cards", pa.int32()),
        ("locale", pa.string()),
        ("variant", pa.string()),
        ("share_token", pa.string()),
    ]
)
"""A row a customer. `outcome`: rendered, fallback, suppressed, opted_out or failed. `reason` may be null, and
so may `share_token`: it names the folder of the nameless rendition, where there is one."""

MANIFEST_ORDER = ("token", "card", "format")
OUTCOMES_ORDER = ("token",)
ROWS_PER_GROUP = 50_000

TableBatches = Iterator[pa.Table]


def arrange(table: pa.Table, schema: pa.Schema, order: Iterable[str]) -> pa.Table:
    """Return the table with exactly the schema's columns and types, sorted.

    Raises ValueError where a column is missing or a value does not fit its type.
    """
    missing = [name for name in schema.names if name not in table.column_names]
    if missing:
        message = f"a part lacks the columns {', '.join(missing)}"
        raise ValueError(message)
    return table.select(schema.names).cast(schema).sort_by([(name, "ascending") for name in order])


def check_customers(manifest: pa.Table, people: pa.Table) -> None:
    """Raise ValueError unless every customer has one outcome, and every picture one of them for an owner."""
    shared = dict(zip(people["token"].to_pylist(), people["share_token"].to_pylist(), strict=True))
    if len(shared) != people.num_rows:
        message = "a shard has two outcomes for one customer"
        raise ValueError(message)
    for row in manifest.select(["token", "path", "bytes", "files"]).to_pylist():
        token = row["token"]
        if token not in shared:
            message = f"the picture {row['path']} belongs to nobody with an outcome in this shard"
            raise ValueError(message)
        for path, _ in files_of(row):
            folder = token if path.startswith(f"{CARDS}/") else shared[token]
            if not PICTURE_PATH.fullmatch(path) or path.split("/")[2] != folder:
                message = f"{path!r} is no picture's path of {token}"
                raise ValueError(message)


def write_table(path: Path, table: pa.Table) -> None:
    """Write one small table and fsync it. Raises OSError."""
    pq.write_table(table, path, compression="zstd")
    sync_file(path)


def write_batches(path: Path, schema: pa.Schema, batches: TableBatches) -> None:
    """Write a stream of tables as one file in row groups of 50,000, and fsync it. Raises OSError.

    The row groups do not depend on how the rows were cut on their way here, so equal rows make equal files.
    """
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for group in _regroup(schema, batches):
            writer.write_table(group, row_group_size=ROWS_PER_GROUP)
    sync_file(path)


def read_batches(paths: Iterable[Path], schema: pa.Schema, columns: list[str] | None = None) -> TableBatches:
    """Read files one after another as tables of some thousand rows, none of them empty.

    Raises OutputError where a file is not one recap wrote.
    """
    for path in paths:
        file = open_table(path, schema)
        with file:
            for batch in file.iter_batches(batch_size=16_384, columns=columns):
                if batch.num_rows:
                    yield pa.Table.from_batches([batch])


def read_column(path: Path, schema: pa.Schema, name: str) -> Iterator[Any]:
    """Yield one column's values, as a stream. Raises OutputError where the file is not one recap wrote."""
    for batch in read_batches([path], schema, [name]):
        yield from batch[name].to_pylist()


def open_table(path: Path, schema: pa.Schema) -> Any:
    """Open a Parquet file and hold it to its columns; returns a `pyarrow.parquet.ParquetFile`."""
    try:
        file = pq.ParquetFile(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise OutputError(
            f"{path} cannot be read ({_first_line(error)}): move it away, or choose another output folder"
        ) from error
    if file.schema_arrow.names != schema.names:
        file.close()
        raise OutputError(
            f"{path} was made by something else, or by another version of recap (its columns are "
            f"{', '.join(file.schema_arrow.names)}): move it away, or choose another output folder"
        )
    return file


def token_ranges(file: Any) -> Iterator[tuple[int, str, str]]:
    """Yield index, first and last token of every row group of an open, sorted file that holds rows."""
    column = file.schema_arrow.names.index("token")
    for index in range(file.metadata.num_row_groups):
        group = file.metadata.row_group(index)
        if group.num_rows:
            statistics = group.column(column).statistics
            yield index, statistics.min, statistics.max


def rows_of(path: Path, schema: pa.Schema, tokens: pa.Array) -> Iterator[dict[str, Any]]:
    """Yield the rows of some tokens, reading only the row groups which may hold them."""
    low, high = pc.min(tokens).as_py(), pc.max(tokens).as_py()
    with open_table(path, schema) as file:
        for index, first, last in token_ranges(file):
            if first <= high and low <= last:
                group = file.read_row_group(index)
                yield from group.filter(pc.is_in(group["token"], value_set=tokens)).to_pylist()


def write_run(folder: Path, run: Mapping[str, Any]) -> None:
    """Write `run.json` as one step. Raises OutputError."""
    text = json.dumps(run, ensure_ascii=False, indent=2, allow_nan=False)
    write_atomically(folder / RUN, text.encode() + b"\n")


def read_run(folder: Path) -> dict[str, Any]:
    """Read `run.json`; empty where there is none. Raises OutputError where it is none of recap's."""
    path = folder / RUN
    try:
        run = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise OutputError(f"{path} cannot be read: put it back, or run again") from error
    if not isinstance(run, dict):
        raise OutputError(f"{path} is none that recap wrote: put it back, or run again")
    return run


def _regroup(schema: pa.Schema, batches: TableBatches) -> TableBatches:
    waiting = schema.empty_table()
    for batch in batches:
        waiting = pa.concat_tables([waiting, batch])
        while waiting.num_rows >= ROWS_PER_GROUP:
            yield waiting.slice(0, ROWS_PER_GROUP).combine_chunks()
            waiting = waiting.slice(ROWS_PER_GROUP)
    if waiting.num_rows:
        yield waiting.combine_chunks()


def _first_line(error: BaseException) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text.splitlines()[0] if text else os.strerror(0)
