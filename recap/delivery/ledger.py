"""What is known of pictures already drawn: by the last finished run and by interrupted ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa

from recap.delivery.layers import Layer
from recap.delivery.pictures import files_of
from recap.delivery.tables import (
    MANIFEST,
    MANIFEST_SCHEMA,
    OUTCOMES,
    OUTCOMES_SCHEMA,
    open_table,
    rows_of,
    token_ranges,
)

PictureKey = tuple[str, int, str]
"""Token, card, format."""


@dataclass(frozen=True, slots=True)
class Part:
    """A committed shard's tables and the tokens they span."""

    folder: Path
    first: str
    last: str


class Ledger:
    """Looks pictures up by token in a finished run's manifest and in the parts of runs not finished.

    Parts are folders named `<generation>-<shard>`; a later run has the higher generation and is believed
    first.
    """

    def __init__(self, output: Path, parts: Path) -> None:
        self._output = output
        self._folder = parts
        self._parts: dict[str, Part | None] = {}
        for folder in sorted(parts.iterdir()) if parts.is_dir() else ():
            self.add(folder)

    def add(self, folder: Path) -> None:
        """Take note of a part that has just been committed."""
        self._parts[folder.name] = _span(folder)

    @property
    def last_generation(self) -> int:
        """The newest unfinished run's number; 0 where there is none."""
        return max((generation_of(name) for name in self._parts), default=0)

    def layer(self, generation: int) -> Layer:
        """Return the parts of one run in the order of their tokens; a ValueError where they overlap."""
        parts = sorted(
            (p for name, p in self._parts.items() if p is not None and generation_of(name) == generation),
            key=lambda part: part.first,
        )
        for before, after in pairwise(parts):
            if after.first <= before.last:
                message = f"the shards {before.folder.name} and {after.folder.name} overlap"
                raise ValueError(message)
        return Layer(tuple(part.folder for part in parts))

    def earlier_layers(self, generation: int) -> list[Layer]:
        """Return everything known before a run: the finished run, then unfinished ones from old to new."""
        finished = [Layer((self._output,))] if (self._output / OUTCOMES).exists() else []
        older = {generation_of(name) for name in self._parts} - {generation}
        return finished + [self.layer(number) for number in sorted(older)]

    def has(self, name: str) -> bool:
        """Tell whether a part of this name is committed."""
        return name in self._parts

    def known(self, tokens: Sequence[str]) -> dict[PictureKey, dict[str, Any]]:
        """Return the manifest's rows of the customers' pictures that are whole on disk."""
        if not tokens:
            return {}
        wanted = pa.array(sorted(set(tokens)), pa.string())
        found = {}
        for path in self._tables(wanted[0].as_py(), wanted[-1].as_py()):
            for row in rows_of(path, MANIFEST_SCHEMA, wanted):
                found[row["token"], row["card"], row["format"]] = row
        return {
            key: row
            for key, row in found.items()
            if all(is_whole(self._output / path, size) for path, size in files_of(row))
        }

    def sample(self) -> Iterator[tuple[str, str]]:
        """Yield customer id and token of one customer of each run there are traces of."""
        last_of_run = {generation_of(p.folder.name): p.folder for p in self._parts.values() if p is not None}
        finished = [self._output] if (self._output / OUTCOMES).exists() else []
        for folder in (*finished, *last_of_run.values()):
            with open_table(folder / OUTCOMES, OUTCOMES_SCHEMA) as file:
                for batch in islice(file.iter_batches(batch_size=1, columns=["customer_id", "token"]), 1):
                    row = batch.to_pylist()[0]
                    yield row["customer_id"], row["token"]

    def _tables(self, first: str, last: str) -> Iterator[Path]:
        # From old to new, so that what a later run says of a picture replaces what an earlier one said.
        if (self._output / MANIFEST).exists():
            yield self._output / MANIFEST
        for _, part in sorted(self._parts.items()):
            if part is not None and part.first <= last and first <= part.last:
                yield part.folder / MANIFEST


def generation_of(name: str) -> int:
    """Return the run's number out of a part's name, `<generation>-<shard>`."""
    return int(name.split("-", 1)[0])


def is_whole(path: Path, size: int) -> bool:
    """Tell whether a file is there with the recorded size."""
    try:
        return path.stat().st_size == size
    except (FileNotFoundError, NotADirectoryError):
        return False


def _span(folder: Path) -> Part | None:
    with open_table(folder / OUTCOMES, OUTCOMES_SCHEMA) as file:
        ranges = list(token_ranges(file))
    return Part(folder, ranges[0][1], ranges[-1][2]) if ranges else None
