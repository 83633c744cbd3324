"""Doing it: many transfers at a time, in an order in which no page is up before what it shows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from recap.delivery.publishing.compare import Change, entry_of
from recap.delivery.publishing.ledger import Entry, TargetLedger
from recap.delivery.publishing.site import WAVES, SiteFile, served, wave_of
from recap.delivery.publishing.target import Target
from recap.errors import OutputError

STEPS = 2_000
"""About so many files are transferred between two checkpoints."""
Item = TypeVar("Item")
Result = TypeVar("Result")


@contextmanager
def crew(workers: int) -> Iterator[ThreadPoolExecutor]:
    """Give threads to transfer with; when the block is left in a hurry, what has not begun is not begun."""
    pool = ThreadPoolExecutor(workers, thread_name_prefix="recap-publish")
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def each(pool: ThreadPoolExecutor, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Do something to each item, several at a time; yield results as they come, raise the first error."""
    futures = [pool.submit(work, item) for item in items]
    try:
        for future in as_completed(futures):
            yield future.result()
    finally:
        for future in futures:
            future.cancel()


class Sender:
    """Brings changes to a target and keeps its ledger."""

    def __init__(self, output: Path, target: Target, ledger: TargetLedger, pool: ThreadPoolExecutor) -> None:
        self._output = output
        self._target = target
        self._ledger = ledger
        self._pool = pool

    def send(self, changes: Iterable[Change], advance: Callable[[int], None]) -> None:
        """Carry out changes; `advance` hears how many files went up, were there or went, now and then.

        Raises OutputError; what was done by then is in the ledger.
        """
        waiting: list[Change] = []
        steps = 0
        for change in changes:
            waiting.append(change)
            # A place that needs nothing counts too, so that progress is heard of.
            steps += change.steps + 1
            if steps >= STEPS:
                self._carry_out(waiting, advance)
                waiting, steps = [], 0
        self._carry_out(waiting, advance)

    def _carry_out(self, changes: Sequence[Change], advance: Callable[[int], None]) -> None:
        uploads = [file for change in changes for file in change.uploads]
        removals = [path for change in changes for path in change.removals]
        done = [entry for change in changes for entry in change.confirmed]
        advance(sum(change.kept for change in changes))
        self._ledger.intend(uploads)
        try:
            for wave in range(WAVES):
                due = [file for file in uploads if wave_of(file.path) == wave]
                for entry in each(self._pool, self._put, due):
                    done.append(entry)
                    advance(1)
            # What stays up longest is what nothing leads to.
            for is_page in (True, False):
                leaving = [path for path in removals if path.endswith(".html") == is_page]
                for path in each(self._pool, self._remove, leaving):
                    done.append(Entry(path, state="down"))
                    advance(1)
        finally:
            self._ledger.record(done)

    def _put(self, file: SiteFile) -> Entry:
        try:
            data = file.read(self._output)
        except OSError as error:
            raise OutputError(
                f"{self._output / file.path} cannot be read ({error.strerror}): run again, then publish again"
            ) from error
        if len(data) != file.size:
            raise OutputError(
                f"{self._output / file.path} changed while it was being published: publish again"
            )
        self._target.put(file.path, data, served(file.path))
        return entry_of(file, data)

    def _remove(self, path: str) -> str:
        self._target.remove(path)
        return path
