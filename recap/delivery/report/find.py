"""Files by which the report finds the page of one customer of millions, opened from disk.

A browser reads no table from disk, but it runs a script from there. So ids are dealt out by a hash over some
scripts, of which the report loads the one that must have the id. The hash is FNV-1a, 32 bits, over the first
64 bytes of the id in UTF-8; `templates/report/find.js` computes the same.
"""

import json
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from recap.delivery.tables import OUTCOMES_SCHEMA, read_batches

FOLDER = "find"
MOST_FILES = 256
IN_A_FILE = 4_000
"""About so many customers in one, until there are no more files to be had."""
HASHED = 64
"""Bytes of an id that count for its hash: one endless id must not hold up the others."""

_BASIS, _PRIME = 0x811C9DC5, 0x01000193


def write_finder(outcomes: Path, folder: Path) -> None:
    """Write `find/<xx>.js` into `folder`, as many as `count_files` says; `xx` is hexadecimal, from 00.

    Each calls `recapFind` with its customers: id, token and an empty text; or id, an empty text and the
    outcome, where there are no cards to be seen. Raises OutputError where the outcomes cannot be read.
    """
    number = count_files(outcomes)
    if not number:
        return
    place = folder / FOLDER
    place.mkdir(parents=True)
    with ExitStack() as stack:
        files = [
            stack.enter_context((place / f"{n:02x}.js").open("w", encoding="ascii")) for n in range(number)
        ]
        for file in files:
            file.write("recapFind([\n")
        for batch in read_batches([outcomes], OUTCOMES_SCHEMA, ["customer_id", "token", "outcome", "cards"]):
            hashes = hash_ids(batch["customer_id"].combine_chunks()) % number
            seen = pl.col("cards") > 0
            rows = pl.DataFrame(pl.from_arrow(batch)).select(
                pl.Series("file", hashes),
                "customer_id",
                pl.when(seen).then("token").otherwise(pl.lit("")).alias("token"),
                pl.when(seen).then(pl.lit("")).otherwise("outcome").alias("outcome"),
            )
            for (index,), part in rows.group_by("file", maintain_order=True):
                # Pure ASCII, in which nothing an id may hold can end the script or its line.
                text = json.dumps(part.drop("file").rows(), separators=(",", ":"))
                files[int(str(index))].write(text[1:-1].replace("<", "\\u003c") + ",\n")
        for file in files:
            file.write("]);\n")


def hash_ids(ids: pa.StringArray) -> NDArray[np.uint32]:
    """Return the hash of every id; all at once, byte by byte of their length."""
    texts = ids.cast(pa.large_binary())
    _, offsets_buffer, data_buffer = texts.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    data = np.frombuffer(data_buffer or b"", np.uint8)
    lengths = np.minimum(np.diff(offsets), HASHED)
    hashes = np.full(len(texts), _BASIS, np.uint32)
    for at in range(int(lengths.max(initial=0))):
        longer = lengths > at
        hashes[longer] = (hashes[longer] ^ data[offsets[:-1][longer] + at]) * np.uint32(_PRIME)
    return hashes


def count_files(outcomes: Path) -> int:
    """Tell how many files `write_finder` makes: a power of two, or 0 where there are no customers."""
    if not outcomes.exists():
        return 0
    customers = sum(batch.num_rows for batch in read_batches([outcomes], OUTCOMES_SCHEMA, ["outcome"]))
    if not customers:
        return 0
    power = (-(-customers // IN_A_FILE) - 1).bit_length()
    return int(min(MOST_FILES, 2**power))
