"""Tables as files of a bounded size: `<tool>-001.csv`, `<tool>-002.csv`, ...; all of them appear at once."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl
import pyarrow.parquet as pq

from recap.delivery.disk import PARTIAL, describe_failure, explaining, is_disk_full, remove, take_place
from recap.delivery.tables import ROWS_PER_GROUP
from recap.errors import OutputError, UsageError

_OURS = re.compile(r"[a-z]+-\d{3,}\.(?:csv|parquet)")


class CsvParts:
    """CSV as in RFC 4180: UTF-8, a line of names, CRLF, quotes where they are needed."""

    def __init__(self, folder: Path, name: str, limit: int) -> None:
        self._folder, self._name, self._limit = folder, name, limit
        self._file: BinaryIO | None = None
        self._size = 0
        self.number = 0

    def add(self, rows: pl.DataFrame) -> None:
        """Write rows, in as many parts as it takes. Raises UsageError where a part has no room for one."""
        text = _csv(rows)
        if self._file is not None and self._size + len(text) <= self._limit:
            self._write(text)
        elif rows.height > 1:
            # Half of them may still fit; the search for the last that does is over in a few steps.
            self.add(rows[: rows.height // 2])
            self.add(rows[rows.height // 2 :])
        else:
            head = _csv(rows.clear(), header=True)
            if len(head) + len(text) > self._limit:
                raise UsageError(f"a part of {self._limit:,} bytes has no room for a row: make parts larger")
            self.close()
            self.number += 1
            self._file = (self._folder / f"{self._name}-{self.number:03d}.csv").open("wb")
            self._size = 0
            self._write(head + text)

    def close(self) -> None:
        """End the last part."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self, text: bytes) -> None:
        assert self._file is not None  # noqa: S101 - the caller saw to it; this is for the type checker
        self._file.write(text)
        self._size += len(text)


class ParquetParts:
    """Parquet; a part is ended once it has grown to the limit: nobody knows before how small rows become."""

    def __init__(self, folder: Path, name: str, limit: int) -> None:
        self._folder, self._name, self._limit = folder, name, limit
        self._file: BinaryIO | None = None
        self._writer: Any = None
        self._waiting: list[pl.DataFrame] = []
        self.number = 0

    def add(self, rows: pl.DataFrame) -> None:
        """Write rows, some thousand at a time, into the part that is open."""
        self._waiting.append(rows)
        if sum(piece.height for piece in self._waiting) >= ROWS_PER_GROUP:
            self._write()
            if self._file is not None and self._file.tell() >= self._limit:
                self.close()

    def close(self) -> None:
        """End the part that is open."""
        if self._waiting:
            self._write()
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self) -> None:
        table = pl.concat(self._waiting).to_arrow()
        self._waiting = []
        if self._writer is None:
            self.number += 1
            self._file = (self._folder / f"{self._name}-{self.number:03d}.parquet").open("wb")
            self._writer = pq.ParquetWriter(self._file, table.schema, compression="zstd")
        self._writer.write_table(table)


@contextmanager
def writing_parts(folder: Path, name: str, limit: int) -> Iterator[CsvParts | ParquetParts]:
    """Give what writes a tool's parts; they take the place of `folder` when the block ends well.

    Where it does not, the folder is as it was before. A limit is in bytes. Raises OutputError where the
    folder holds what is no export, or the disk is full.
    """
    partial = folder.with_name(f"{PARTIAL}{folder.name}")
    with explaining(folder):
        strange = sorted(
            path.name
            for path in (folder.iterdir() if folder.is_dir() else ())
            if not _OURS.fullmatch(path.name) and not path.name.startswith(PARTIAL)
        )
        if strange:
            raise OutputError(
                f"{folder} holds what is no export ({strange[0]}), and would be replaced: "
                f"choose another folder with --to, or move it away"
            )
        remove(partial)
        partial.mkdir(parents=True)
    parts = ParquetParts(partial, name, limit) if name == "parquet" else CsvParts(partial, name, limit)
    try:
        yield parts
        with explaining(folder):
            parts.close()
            take_place(partial, folder)
    except BaseException as error:
        with suppress(OSError):
            parts.close()
            remove(partial)
        if isinstance(error, OSError) or (isinstance(error, Exception) and is_disk_full(error)):
            cause = error if isinstance(error, OSError) else OSError(28, str(error))
            raise describe_failure(cause, folder) from error
        raise


def _csv(rows: pl.DataFrame, *, header: bool = False) -> bytes:
    file = BytesIO()
    rows.write_csv(file, include_header=header, line_terminator="\r\n", quote_style="necessary")
    return file.getvalue()
