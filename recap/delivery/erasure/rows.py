"""A customer's rows taken out of tables, each file as one step."""

import csv
import gzip
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from recap.delivery.disk import PARTIAL, remove, take_place, write_atomically
from recap.delivery.erasure.traces import Traces
from recap.delivery.tables import write_batches
from recap.errors import OutputError

TOKEN_COLUMNS = ("token", "share_token")
BATCH = 32_768
Find = Callable[[pa.Table], pa.ChunkedArray]
"""Says of every row of a table whether it is to go."""


def drop_parquet_rows(path: Path, traces: Traces) -> int:
    """Take out the customer's rows, and leave the file alone where there are none; how many went.

    By the columns `customer_id`, `token` and `share_token` where it has the first; of rejects by their text;
    of any other table by what stands in any cell.
    """
    with _open(path) as file:
        names = file.schema_arrow.names
        if "customer_id" in names:
            columns = [name for name in ("customer_id", *TOKEN_COLUMNS) if name in names]
            find: Find = partial(_is_own, traces=traces)
        elif "raw" in names:
            columns, find = ["raw"], partial(_is_in_line, traces=traces)
        else:
            columns = [field.name for field in file.schema_arrow if _is_text(field.type)]
            find = partial(_is_anywhere, traces=traces)
        batches = file.iter_batches(batch_size=BATCH, columns=columns)
        gone = sum(pc.sum(find(pa.Table.from_batches([batch]))).as_py() or 0 for batch in batches)
    if gone:
        _rewrite(path, columns, find)
    return int(gone)


def drop_csv_rows(path: Path, traces: Traces) -> int:
    """Take out the customer's rows, leaving every other byte of the file; how many went."""
    beside = path.with_name(PARTIAL + path.name)
    opener = gzip.open if path.suffix == ".gz" else open
    gone = 0
    try:
        with (
            opener(path, "rt", encoding="utf-8", errors="surrogateescape", newline="") as file,
            opener(beside, "wt", encoding="utf-8", errors="surrogateescape", newline="") as rest,
        ):
            for number, (record, cells) in enumerate(_records(file)):
                # The first line names the columns.
                if number and traces.is_in_row(cells):
                    gone += 1
                else:
                    rest.write(record)
        if gone:
            take_place(beside, path)
    finally:
        remove(beside)
    return gone


def drop_lines_with(path: Path, traces: Traces) -> int:
    """Take the lines that hold a token, or another trace, out of a text file; how many went."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not traces.is_in_line(line)]
    if len(kept) < len(lines):
        write_atomically(path, "".join(kept).encode())
    return len(lines) - len(kept)


def _records(lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Cut CSV into records: each with its own text, line ends and all, and its cells."""
    read: list[str] = []

    def remembered() -> Iterator[str]:
        for line in lines:
            read.append(line)
            yield line

    for cells in csv.reader(remembered()):
        yield "".join(read), cells
        read.clear()


def _open(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise OutputError(
            f"{path} cannot be read, so nobody can be taken out of it: remove it, and ask again"
        ) from error


def _rewrite(path: Path, columns: list[str], find: Find) -> None:
    beside = path.with_name(PARTIAL + path.name)
    with _open(path) as file:

        def rest() -> Iterator[pa.Table]:
            for batch in file.iter_batches(batch_size=BATCH):
                table = pa.Table.from_batches([batch])
                yield table.filter(pc.invert(find(table.select(columns))))

        try:
            write_batches(beside, file.schema_arrow, rest())
            take_place(beside, path)
        except BaseException:
            remove(beside)
            raise


def _is_own(table: pa.Table, traces: Traces) -> pa.ChunkedArray:
    ids = [] if traces.customer_id is None else [traces.customer_id]
    is_own = pc.is_in(table["customer_id"], value_set=pa.array(ids, pa.string()))
    tokens = pa.array(sorted(traces.tokens), pa.string())
    for name in TOKEN_COLUMNS:
        if name in table.column_names:
            is_own = pc.or_(is_own, pc.is_in(table[name], value_set=tokens))
    return is_own


def _is_in_line(table: pa.Table, traces: Traces) -> pa.ChunkedArray:
    found = [text is not None and traces.is_in_line(text) for text in table["raw"].to_pylist()]
    return pa.chunked_array([pa.array(found, pa.bool_())])


def _is_anywhere(table: pa.Table, traces: Traces) -> pa.ChunkedArray:
    rows = zip(*(column.cast(pa.string()).to_pylist() for column in table.columns), strict=True)
    found = [traces.is_in_row(cell for cell in row if cell is not None) for row in rows]
    return pa.chunked_array([pa.array(found, pa.bool_())])


def _is_text(type_: pa.DataType) -> bool:
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_dictionary(type_))
