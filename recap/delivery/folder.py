"""The output folder: shards appear whole or not at all, and an interrupted run is taken up where it stopped.

While a run goes on, `<output>/.recap/` holds

    staging/<part>/     what workers are drawing; dropped when the folder is next opened
    committed/<part>/   a shard that is true but not yet in its place; applied again when next opened
    parts/<part>/       the tables of shards in their places, until they are merged
    scratch/            what others spill; dropped when the folder is closed
    finished/           the merged tables, for the moment between finishing and being done

where a part is `<generation>-<shard>`, and each run that takes up an unfinished one is a new generation.
"""

import errno
import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa

from recap.delivery.disk import (
    PARTIAL,
    describe_failure,
    explaining,
    is_disk_full,
    remove,
    remove_if_empty,
    sync_folder,
    sync_tree,
    take_place,
    write_durably,
)
from recap.delivery.layers import Layer, manifest_rows, outcome_rows
from recap.delivery.ledger import Ledger, PictureKey, is_whole
from recap.delivery.lock import acquire_folder
from recap.delivery.pictures import files_of
from recap.delivery.redo import PAGES, TABLES, apply_part, conclude
from recap.delivery.tables import (
    MANIFEST,
    MANIFEST_ORDER,
    MANIFEST_SCHEMA,
    OUTCOMES,
    OUTCOMES_ORDER,
    OUTCOMES_SCHEMA,
    arrange,
    check_customers,
    write_batches,
    write_table,
)
from recap.delivery.tokens import FILE, VARIABLE, tokens_of
from recap.errors import OutputError

WORK = ".recap"
_SHARD = re.compile(r"[A-Za-z0-9_-]+")


def open_output(path: Path) -> "OutputFolder":
    """Make the folder where it is missing, lock it, and repair what an interrupted run left.

    Raises OutputError where it cannot be written, its disk is full, or another run is at work in it.
    """
    made = not path.exists()
    return OutputFolder(path, acquire_folder(path), made=made)


class OutputFolder:
    """A locked output folder; made by `open_output`, used as a context manager."""

    def __init__(self, path: Path, lock: int, *, made: bool) -> None:
        self.path = path
        self._lock = lock
        self._made = made
        self._work = path / WORK
        self._staging = self._work / "staging"
        self._committed = self._work / "committed"
        self._parts = self._work / "parts"
        self._finished = self._work / "finished"
        self.scratch = self._work / "scratch"
        """A folder for whatever the run needs while it goes on; gone when the output folder is closed."""
        try:
            with explaining(path):
                self._recover()
                for folder in (self._staging, self._committed, self._parts, self.scratch):
                    folder.mkdir(parents=True, exist_ok=True)
            self._ledger = Ledger(path, self._parts)
        except BaseException:
            os.close(lock)
            raise
        self._generation = self._ledger.last_generation + 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Drop what was only staged, leave what is committed for the next run, and give the lock back."""
        with suppress(OSError):
            remove(self._staging)
            remove(self.scratch)
            if remove_if_empty(self._committed) and remove_if_empty(self._parts):
                remove_if_empty(self._work)
            if self._made:
                remove_if_empty(self.path)
        os.close(self._lock)

    def verify_secret(self, secret: bytes, campaign_id: str, revoked: Collection[str] = frozenset()) -> None:
        """Make sure that the tokens in the folder are this campaign's under this secret, else OutputError."""
        for customer_id, token in self._ledger.sample():
            if token not in tokens_of(secret, campaign_id, customer_id, revoked):
                raise OutputError(
                    f"{self.path} was made with another secret, or for another campaign than {campaign_id}: "
                    f"give back the secret it was made with ({VARIABLE}, or the file {FILE} beside the "
                    f"campaign), or choose another folder with --out"
                )

    def known(self, tokens: Sequence[str]) -> dict[PictureKey, dict[str, Any]]:
        """Return the manifest's row of every picture of these customers that is whole on disk.

        Keyed by token, card and format. Reads only the parts of the tables the tokens may lie in, so ask for
        customers that are neighbours by token. What an interrupted run drew is known too.
        """
        return self._ledger.known(tokens)

    def stage(self, shard: int | str) -> Path:
        """Return a fresh, empty folder for `write_picture` to draw a shard's new pictures into."""
        staging = self._staging / self._name(shard)
        with explaining(self.path):
            remove(staging)
            staging.mkdir()
        return staging

    def commit(self, shard: int | str, pictures: pa.Table, outcomes: pa.Table) -> None:
        """Make a shard true as one step: its pictures, and its rows of the manifest and the outcomes.

        `pictures` has the manifest's columns, `outcomes` those of the outcomes, with every customer of the
        shard once, also those without pictures. A picture that is named but was not staged must be there from
        an earlier run. Raises OutputError where the disk is full or a picture is missing; the shard then is
        as it was before.
        """
        staging = self._staging / self._name(shard)
        manifest = arrange(pictures, MANIFEST_SCHEMA, MANIFEST_ORDER)
        people = arrange(outcomes, OUTCOMES_SCHEMA, OUTCOMES_ORDER)
        check_customers(manifest, people)
        committed = self._committed / staging.name
        with explaining(self.path):
            if committed.exists():
                apply_part(committed, self.path, self._parts)
            try:
                self._check_pictures(staging, manifest)
                (staging / TABLES).mkdir(parents=True, exist_ok=True)
                write_table(staging / TABLES / MANIFEST, manifest)
                write_table(staging / TABLES / OUTCOMES, people)
                pages = sorted(path.relative_to(staging).as_posix() for path in staging.rglob("*.html"))
                write_durably(staging / TABLES / PAGES, "".join(f"{page}\n" for page in pages).encode())
                sync_tree(staging, files=False)
            except (OSError, OutputError):
                with suppress(OSError):
                    remove(staging)
                raise
            os.rename(staging, committed)  # noqa: PTH104 - the one moment in which the shard becomes true
            sync_folder(self._committed)
            self._ledger.add(apply_part(committed, self.path, self._parts))

    def finish(
        self,
        shards: Iterable[int | str],
        *,
        keep_others: bool = False,
        dropped: Collection[str] = frozenset(),
    ) -> None:
        """Merge the run's parts into manifest and outcomes, and remove what belongs to no customer any more.

        `shards` are all of the run's; one that was not committed is a ValueError. Customers of earlier runs
        who are in none of them go, with their pictures; `keep_others` keeps them, for a run over a few
        customers only, but for those under `dropped` tokens. When the folder is then closed, the working
        folder is gone. Raises OutputError; the run can be resumed.
        """
        missing = [str(shard) for shard in shards if not self._ledger.has(self._name(shard))]
        if missing:
            message = f"shards were never committed: {', '.join(missing)}"
            raise ValueError(message)
        layers = [self._ledger.layer(self._generation)]
        if keep_others:
            layers = [*self._ledger.earlier_layers(self._generation), *layers]
        with explaining(self.path):
            self._merge(layers, pa.array(sorted(dropped), pa.string()))
            conclude(self.path, self._work, self._finished, spare=self.scratch)

    @contextmanager
    def replace(self, name: str) -> Iterator[Path]:
        """Yield a path to write a file or a folder to, which takes the name's place when the block ends well.

        For what others write (`values.parquet`, `rejects.parquet`). A file is replaced as one step; a folder
        is gone for a moment, which the next run mends by writing it again. Raises OutputError where the
        disk is full, whatever the writer raised.
        """
        partial, target = self.path / f"{PARTIAL}{name}", self.path / name
        with explaining(self.path):
            remove(partial)
        try:
            yield partial
            with explaining(self.path):
                take_place(partial, target)
        except Exception as error:
            with suppress(OSError):
                remove(partial)
            if is_disk_full(error):
                raise describe_failure(OSError(errno.ENOSPC, ""), self.path) from error
            raise

    def _recover(self) -> None:
        remove(self._staging)
        remove(self.scratch)
        for leftover in sorted(self.path.glob(f"{PARTIAL}*")):
            remove(leftover)
        if self._finished.exists():
            conclude(self.path, self._work, self._finished, spare=self.scratch)
        for part in sorted(self._committed.iterdir()) if self._committed.is_dir() else ():
            apply_part(part, self.path, self._parts)

    def _merge(self, layers: list[Layer], dropped: pa.Array) -> None:
        staging = self._staging / self._finished.name
        remove(staging)
        staging.mkdir()
        try:
            write_batches(staging / MANIFEST, MANIFEST_SCHEMA, manifest_rows(layers, dropped))
            write_batches(staging / OUTCOMES, OUTCOMES_SCHEMA, outcome_rows(layers, dropped))
            sync_folder(staging)
        except OSError:
            with suppress(OSError):
                remove(staging)
            raise
        os.rename(staging, self._finished)  # noqa: PTH104 - the one moment in which the run is finished
        sync_folder(self._work)

    def _check_pictures(self, staging: Path, manifest: pa.Table) -> None:
        rows = manifest.select(["path", "bytes", "files"]).to_pylist()
        for path, size in (file for row in rows for file in files_of(row)):
            place = staging if (staging / path).exists() else self.path
            if not is_whole(place / path, size):
                raise OutputError(
                    f"the picture {self.path / path} has vanished or changed while the run was going on: "
                    f"run again"
                )

    def _name(self, shard: int | str) -> str:
        text = f"{shard:06d}" if isinstance(shard, int) else shard
        if not _SHARD.fullmatch(text):
            message = f"a shard cannot be called {shard!r}"
            raise ValueError(message)
        return f"{self._generation:06d}-{text}"
