"""What is known to be up at a target: `published/<digest of its url>.parquet`, sorted by path.

Beside it, while publishing goes on, `<digest>.parts/` holds what has happened since, a small table for each
checkpoint. What is about to be sent is noted before, so that whatever the publishing dies of, nothing is up
that is not known.
"""

import heapq
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from recap.delivery.disk import PARTIAL, explaining, remove, sync_folder
from recap.delivery.publishing.site import INDEX, SiteFile, place_of, token_in
from recap.delivery.publishing.target import canonical_url, open_target
from recap.delivery.tables import open_table, read_batches, write_batches
from recap.errors import OutputError

PUBLISHED = "published"
PARTS = 250
"""So many checkpoints are kept apart before they are merged into one table."""

State = Literal["up", "unsure", "notice", "down"]

SCHEMA = pa.schema(
    [
        ("path", pa.string()),
        ("bytes", pa.int64()),
        ("sha256", pa.string()),
        ("md5", pa.string()),
        ("modified", pa.int64()),
        ("state", pa.string()),
    ]
)
"""A row a file at the target. `modified` is when the file that was sent was written, in nanoseconds. `state`:
`up`; `notice`, a page that says why there is none any more; `unsure`, it may be up, and what is said of it is
what the target lists, or null; in a checkpoint also `down`."""
_ROWS = 10_000
_TARGET = b"recap.target"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the ledger."""

    path: str
    bytes: int | None = None
    sha256: str | None = None
    md5: str | None = None
    modified: int | None = None
    state: State = "unsure"


class TargetLedger:
    """The ledger of one target. Only one process may write it: whoever holds the output folder's lock."""

    def __init__(self, output: Path, url: str) -> None:
        self.url = url
        self._output = output
        self.path = output / PUBLISHED / f"{sha256(url.encode()).hexdigest()[:16]}.parquet"
        self._parts = self.path.with_suffix(".parts")
        self._schema = SCHEMA.with_metadata({_TARGET: url.encode()})

    @property
    def is_new(self) -> bool:
        """Whether nothing is known of the target."""
        return not self.path.exists() and not self._found_parts()

    def entries(self, room: str = "") -> Iterator[Entry]:
        """Yield what is up or may be, by path; as it is now, whatever is noted while this goes on.

        With `room`, one of `site.ROOMS`, only what is in it.
        """
        tables = [*([self.path] if self.path.exists() else []), *self._found_parts()]
        # From old to new: of several rows of a path the last counts.
        rows = heapq.merge(*(_rows(table, room) for table in tables), key=lambda entry: entry.path)
        for _, several in groupby(rows, key=lambda entry: entry.path):
            *_, last = several
            if last.state != "down":
                yield last

    def places(self, room: str = "") -> Iterator[tuple[str, list[Entry]]]:
        """Yield the entries of each place, by its name; with `room` only of those in it."""
        for name, entries in groupby(self.entries(room), key=lambda entry: place_of(entry.path)):
            if name is not None:
                yield name, list(entries)

    def begin(self, entries: Iterable[Entry]) -> None:
        """Write a new ledger as one step, with entries sorted by path. Raises OutputError."""
        self._write(self.path, entries)

    def intend(self, files: Iterable[SiteFile]) -> None:
        """Note that files are about to be sent. Raises OutputError."""
        self.record(Entry(file.path) for file in files)

    def record(self, entries: Iterable[Entry]) -> None:
        """Note what has happened, durably. Raises OutputError."""
        rows = sorted(entries, key=lambda entry: entry.path)
        if not rows:
            return
        parts = self._found_parts()
        if len(parts) >= PARTS:
            self.settle()
            parts = []
        number = int(parts[-1].stem) + 1 if parts else 1
        self._write(self._parts / f"{number:06d}.parquet", rows)

    def settle(self) -> None:
        """Merge the checkpoints into the one table. Raises OutputError."""
        parts = self._found_parts()
        if not parts:
            return
        self._write(self.path, self.entries())
        with explaining(self._output):
            # The oldest first: what is left if this is interrupted is still newer than nothing in the table.
            for part in parts:
                part.unlink()
            remove(self._parts)
            sync_folder(self.path.parent)

    def _found_parts(self) -> list[Path]:
        return sorted(self._parts.glob("[0-9]*.parquet"))

    def _write(self, path: Path, entries: Iterable[Entry]) -> None:
        with explaining(self._output):
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_name(PARTIAL + path.name)
            write_batches(partial, self._schema, _tables(entries, self._schema))
            os.replace(partial, path)  # noqa: PTH105
            sync_folder(path.parent)


def recorded_targets(output: Path) -> list[str]:
    """List the urls of all targets that are known in an output folder. Raises OutputError."""
    folder, urls = output / PUBLISHED, set()
    for table in (*folder.glob("[0-9a-f]*.parquet"), *folder.glob("[0-9a-f]*.parts/[0-9]*.parquet")):
        with open_table(table, SCHEMA) as file:
            url = (file.schema_arrow.metadata or {}).get(_TARGET)
        if url is None:
            raise OutputError(f"{table} does not say which target it is of: move it away and publish again")
        urls.add(url.decode())
    return sorted(urls)


def published_tokens(output: Path) -> frozenset[str]:
    """Return the tokens, also those of nameless renditions, whose page is up at any target.

    Notices that there is no page any more do not count. Raises OutputError.
    """
    return frozenset(
        token
        for url in recorded_targets(output)
        for entry in TargetLedger(output, url).entries()
        if entry.state == "up" and entry.path.endswith(f"/{INDEX}")
        if (token := token_in(place_of(entry.path) or "")) is not None
    )


def forget_tokens(output: Path, tokens: Collection[str], targets: Sequence[str] | None = None) -> int:
    """Take down everything of some tokens, and remove it from the ledgers; return how many files were there.

    At the `targets` given by url, or at all that are recorded. What lies there under the tokens goes, whether
    it is in a ledger or not, pages first. The caller holds the output folder's lock. Raises OutputError that
    names the target where one cannot be reached; then call again.
    """
    urls = recorded_targets(output) if targets is None else [canonical_url(target) for target in targets]
    return sum(_forget_at(output, url, frozenset(tokens)) for url in urls)


def _forget_at(output: Path, url: str, tokens: frozenset[str]) -> int:
    target, ledger = open_target(url), TargetLedger(output, url)
    target.probe()
    known = {entry.path for entry in ledger.entries() if token_in(place_of(entry.path) or "") in tokens}
    listed = {
        path
        for token in tokens
        for room in ("cards", "shared")
        for path in target.list_files(f"{room}/{token[:2]}/{token}")
    }
    paths = sorted(known | listed, key=lambda path: (not path.endswith(".html"), path))
    for path in paths:
        target.remove(path)
    ledger.record(Entry(path, state="down") for path in paths if path in known)
    ledger.settle()
    return len(paths)


def _rows(table: Path, room: str) -> Iterator[Entry]:
    for batch in read_batches([table], SCHEMA):
        rows = batch.filter(pc.starts_with(batch["path"], f"{room}/")) if room else batch
        for values in zip(*(rows[name].to_pylist() for name in SCHEMA.names), strict=True):
            yield Entry(*values)


def _tables(entries: Iterable[Entry], schema: pa.Schema) -> Iterator[pa.Table]:
    waiting: list[Entry] = []
    for entry in entries:
        waiting.append(entry)
        if len(waiting) == _ROWS:
            yield _table(waiting, schema)
            waiting = []
    if waiting:
        yield _table(waiting, schema)


def _table(entries: Sequence[Entry], schema: pa.Schema) -> pa.Table:
    columns = zip(*map(astuple, entries), strict=True)
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema
    )
