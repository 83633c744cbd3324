"""The proof: everything an output folder holds, searched for what gives a customer away."""

import csv
import gzip
import os
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from recap.delivery.erasure.erase import VALUES
from recap.delivery.erasure.traces import Traces, is_telling
from recap.delivery.tables import MANIFEST
from recap.errors import OutputError

PICTURES = frozenset({".png", ".jpg", ".webp", ".woff2", ".ttf"})
"""Files of which only the name is read."""
OWN_WORDS = frozenset({"metric", "template", "theme", "locale", "format", "outcome", "variant"})
"""Columns whose words are the campaign's and recap's own, not the customers'."""
TOLD = ("headline", "alt_text", "text", "detail")
"""Columns that say what cards say."""
BATCH = 32_768


@dataclass(frozen=True, slots=True)
class Found:
    """Something that is still there."""

    path: str
    """Relative to the output folder."""
    what: str
    """`token`, `id` or `name`."""


def search_folder(output: Path, traces: Traces) -> Iterator[Found]:
    """Search every file of a folder for a customer, and every name of a file or folder; each find once.

    Tables are read cell by cell, whatever they are packed with; of pictures only the names are read. An id
    that is no telling word is looked for where ids stand: in whole cells. Raises OutputError where a file
    cannot be read, and so nobody can tell what is in it.
    """
    for folder, folders, names in os.walk(output):
        place = Path(folder)
        for name in sorted([*folders, *names]):
            yield from (Found(_relative(place / name, output), what) for what in traces.in_text(name))
        for name in sorted(names):
            path = place / name
            found = set(_search_file(path, traces)) if path.is_file() else set()
            yield from (Found(_relative(path, output), what) for what in sorted(found))


def telling_words(output: Path, words: frozenset[str], customer_id: str) -> frozenset[str]:
    """Keep the words by which a customer can be told: long enough, and in no row of anybody else.

    What cards of others say as well - a shared name, a month, the title of a song - proves nothing.
    """
    left = {word: Traces(frozenset(), words=frozenset({word})) for word in words if is_telling(word)}
    for path in [output / MANIFEST, *_files_of_values(output)]:
        if not left or not path.exists():
            continue
        with pq.ParquetFile(path) as file:
            columns = [name for name in TOLD if name in file.schema_arrow.names]
            for batch in file.iter_batches(batch_size=BATCH, columns=["customer_id", *columns]):
                table = pa.Table.from_batches([batch])
                table = table.filter(pc.not_equal(table["customer_id"], customer_id))
                for word, traces in list(left.items()):
                    texts = (text for name in columns for text in _with_any(table[name], traces.needles))
                    if any(True for text in texts for _ in traces.in_text(text)):
                        del left[word]
    return frozenset(left)


def _files_of_values(output: Path) -> list[Path]:
    path = output / VALUES
    return sorted(path.rglob("*.parquet")) if path.is_dir() else [path]


def _search_file(path: Path, traces: Traces) -> Iterator[str]:
    if path.suffix in PICTURES:
        return
    try:
        if path.suffix == ".parquet":
            yield from _search_parquet(path, traces)
            return
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except (OSError, EOFError, zlib.error, pa.ArrowException) as error:
        raise OutputError(
            f"{path} cannot be read, so nobody can tell what is in it: remove it, and ask again"
        ) from error
    if any(needle.encode() in data for needle in traces.needles):
        yield from traces.in_text(data.decode("utf-8", "replace"))
    if path.name.removesuffix(".gz").endswith(".csv") and traces.customer_id is not None:
        rows = csv.reader(data.decode("utf-8", "replace").splitlines(keepends=True))
        if any(traces.is_in_row(row) for row in rows):
            yield "id"


def _search_parquet(path: Path, traces: Traces) -> Iterator[str]:
    with pq.ParquetFile(path) as file:
        yield from traces.in_text(str(file.schema_arrow.metadata or ""))
        for batch in file.iter_batches(batch_size=BATCH):
            for name, column in zip(batch.schema.names, batch.columns, strict=True):
                for texts in _texts(column):
                    for text in _with_any(texts, traces.needles):
                        yield from traces.in_text(text)
                    own = name not in OWN_WORDS and traces.customer_id is not None
                    if own and pc.any(pc.equal(texts, traces.customer_id)).as_py():
                        yield "id"


def _texts(column: Any) -> Iterator[Any]:
    """Give the arrays of text that a column is made of, also those inside lists and structures."""
    type_ = column.type
    if pa.types.is_list(type_) or pa.types.is_large_list(type_):
        yield from _texts(column.flatten())
    elif pa.types.is_struct(type_):
        for part in column.flatten():
            yield from _texts(part)
    elif pa.types.is_dictionary(type_):
        yield from _texts(column.dictionary)
    elif pa.types.is_string(type_) or pa.types.is_large_string(type_):
        yield column


def _with_any(texts: Any, needles: Sequence[str]) -> list[str]:
    """Give the texts that hold one of some texts."""
    if not needles:
        return []
    found = pc.match_substring_regex(texts, "|".join(map(re.escape, needles)))
    return [str(text) for text in texts.filter(pc.fill_null(found, fill_value=False)).to_pylist()]


def _relative(path: Path, output: Path) -> str:
    return path.relative_to(output).as_posix()
