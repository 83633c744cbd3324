"""The pool: every task ends once, whatever happens to the workers."""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from recap.errors import BrowserError, CampaignError, OutputError, Problem, RecapError
from recap.render.pool import Done, Failed, Pool, PoolError, Task
from recap.render.processes import descendants


@dataclass(frozen=True)
class Adder:
    """A worker that adds the numbers of a payload; some numbers are orders to misbehave."""

    folder: Path

    def run(self, payload: tuple[object, ...], report: Callable[[int], None]) -> int:
        total = 0
        for item in payload:
            total += self.take(item)
            report(1)
        return total

    def take(self, item: object) -> int:
        if isinstance(item, int):
            return item
        word, _, name = str(item).partition(" ")
        once = self.folder / name
        if word == "die" or (word == "die-once" and _first(once)):
            os.kill(os.getpid(), signal.SIGKILL)
        if word == "hang" or (word == "hang-once" and _first(once)):
            time.sleep(600)
        if word == "refuse":
            raise CampaignError([Problem("no such thing", file="campaign.yaml", line=3)])
        if word == "full":
            raise OutputError("the disk is full")
        if word == "browser" or (word == "browser-once" and _first(once)):
            raise BrowserError("the browser is gone")
        if word == "defect":
            raise ValueError("nobody thought of this")
        return 1000

    def close(self) -> None:
        (self.folder / f"closed-{os.getpid()}").touch()


def _first(mark: Path) -> bool:
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _no_worker() -> Adder:
    raise BrowserError("no Chromium was found")


def _dead_worker() -> Adder:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def _halves(payload: tuple[object, ...]) -> Sequence[tuple[object, ...]]:
    middle = len(payload) // 2
    return [payload[:middle], payload[middle:]]


def _split(payload: tuple[object, ...]) -> Sequence[tuple[object, ...]]:
    return _halves(payload) if len(payload) > 1 else [payload]


def _tasks(*payloads: tuple[object, ...]) -> list[Task[tuple[object, ...]]]:
    return [Task(f"t{n}", payload) for n, payload in enumerate(payloads)]


def _outcomes(
    results: Iterator[Done[tuple[object, ...], int] | Failed[tuple[object, ...]]],
) -> dict[str, int | str]:
    seen: dict[str, int | str] = {}
    for each in results:
        assert each.task.name not in seen
        seen[each.task.name] = each.result if isinstance(each, Done) else each.reason
    return seen


def test_every_task_is_done_and_every_worker_closed(tmp_path: Path) -> None:
    """Each result arrives once, and the workers end in good order when nothing is left."""
    progress: list[int] = []
    with Pool(partial(Adder, tmp_path), 2, on_progress=progress.append) as pool:
        outcomes = _outcomes(pool.run(_tasks(*[(n, 1) for n in range(20)])))
    assert outcomes == {f"t{n}": n + 1 for n in range(20)}
    assert sum(progress) == 40
    assert 1 <= len(list(tmp_path.glob("closed-*"))) <= 2
    assert _workers() == []


def test_workers_wait_where_more_is_to_come(tmp_path: Path) -> None:
    """Tasks that follow from the results of others are done by the same workers."""
    with Pool(partial(Adder, tmp_path), 1) as pool:
        first = _outcomes(pool.run(_tasks((1,), (2,)), more=True))
        waiting = _workers()
        assert _outcomes(pool.run(_tasks((*first.values(), 4)))) == {"t0": 7}
    assert len(waiting) == 1
    assert len(list(tmp_path.glob("closed-*"))) == 1
    assert _workers() == []


def test_no_task_is_no_worker(tmp_path: Path) -> None:
    """Nothing to do is nothing done: no process is started."""
    assert list(Pool(_no_worker, 2).run([])) == []


def test_tasks_are_taken_only_as_they_are_done(tmp_path: Path) -> None:
    """Never more than two tasks a worker are out, however many there are."""
    taken = done = most = 0

    def endless() -> Iterator[Task[tuple[object, ...]]]:
        nonlocal taken, most
        while True:
            taken += 1
            most = max(most, taken - done)
            yield Task(f"t{taken}", (1,))

    results = Pool(partial(Adder, tmp_path), 2).run(endless())
    for _ in range(30):
        next(results)
        done += 1
    results.close()  # type: ignore[attr-defined]
    assert most <= 5  # two workers, two tasks each, and the one the test has not counted as done yet
    assert _workers() == []


@pytest.mark.parametrize("order", ["die-once", "hang-once", "browser-once"])
def test_a_lost_worker_costs_no_task(tmp_path: Path, order: str) -> None:
    """A task whose worker is killed, hangs or loses its browser is done by another, and counted once."""
    progress: list[int] = []
    pool = Pool(partial(Adder, tmp_path), 1, stall_seconds=1.5, on_progress=progress.append)
    outcomes = _outcomes(pool.run(_tasks((1, 2), (5, f"{order} mark", 7), (3,))))
    assert outcomes == {"t0": 3, "t1": 1012, "t2": 3}
    assert sum(progress) == 6
    assert _workers() == []


@pytest.mark.parametrize(
    ("order", "before", "reason"),
    [
        ("die", (1, 2), "its process was ended by SIGKILL, perhaps for want of memory"),
        ("hang", (), "nothing was heard of its process for 1.5 s"),
        ("defect", (1, 2), "ValueError: nobody thought of this"),
    ],
)
def test_a_payload_that_ruins_its_workers_is_found_and_the_rest_is_done(
    tmp_path: Path, order: str, before: tuple[object, ...], reason: str
) -> None:
    """A poisonous item is isolated by splitting; only it fails, with the reason, and progress adds up."""
    progress: list[int] = []
    pool = Pool(
        partial(Adder, tmp_path), 2, stall_seconds=1.5, attempts=1, split=_split, on_progress=progress.append
    )
    results = list(pool.run(_tasks((*before, order, 4), (10,))))
    failed = [each for each in results if isinstance(each, Failed)]
    assert [(each.task.payload, each.reason) for each in failed] == [((order,), reason)]
    assert ("Traceback" in failed[0].trace) == (order == "defect")
    done = sorted((each.task.payload, each.result) for each in results if isinstance(each, Done))
    assert done == [*([(before, 3)] if before else []), ((4,), 4), ((10,), 10)]
    parts = {"t0.1", "t0.2.1", "t0.2.2"} if before else {"t0.1", "t0.2"}
    assert {each.task.name for each in results} == parts | {"t1"}
    assert sum(progress) == len(before) + 2


def test_a_payload_that_cannot_be_split_fails_after_its_attempts(tmp_path: Path) -> None:
    """Without a way to split, a task fails after as many workers as it may have."""
    assert _outcomes(Pool(partial(Adder, tmp_path), 1, attempts=2).run(_tasks((1, "die"), (2,)))) == {
        "t0": "its process was ended by SIGKILL, perhaps for want of memory",
        "t1": 2,
    }


def test_an_error_of_the_task_fails_it_at_once(tmp_path: Path) -> None:
    """A foreseen error is the task's reason, word for word, and its worker goes on."""
    progress: list[int] = []
    pool = Pool(partial(Adder, tmp_path), 1, on_progress=progress.append)
    outcomes = _outcomes(pool.run(_tasks((5, "refuse"), (1,))))
    assert outcomes == {"t0": "campaign.yaml:3: no such thing", "t1": 1}
    assert sum(progress) == 1
    assert len(list(tmp_path.glob("closed-*"))) == 1


def test_a_fatal_error_ends_the_run(tmp_path: Path) -> None:
    """An error that would meet every task is raised, as what it is, and leaves no worker."""
    with pytest.raises(OutputError, match="the disk is full"):
        list(Pool(partial(Adder, tmp_path), 2, fatal=(OutputError,)).run(_tasks((1,), ("full",), (2,))))
    assert _workers() == []


def test_a_browser_that_is_gone_for_good_ends_the_run(tmp_path: Path) -> None:
    """A BrowserError that comes again from a new worker is raised where it is fatal, not laid to the task."""
    pool = Pool(partial(Adder, tmp_path), 1, split=_split, fatal=(BrowserError,))
    with pytest.raises(BrowserError, match="the browser is gone"):
        list(pool.run(_tasks((1, 2, "browser"))))
    assert len(list(tmp_path.glob("closed-*"))) == 2
    assert _workers() == []


def test_a_worker_that_cannot_be_made_ends_the_run() -> None:
    """What a factory raises of recap's own errors comes out of the run."""
    with pytest.raises(BrowserError, match="no Chromium was found"):
        list(Pool(_no_worker, 2).run(_tasks((1,), (2,))))
    assert _workers() == []


def test_workers_that_die_as_they_start_end_the_run() -> None:
    """Processes that never come to work are not started for ever."""
    with pytest.raises(PoolError, match="end as they start: its process was ended by SIGKILL"):
        list(Pool(_dead_worker, 1).run(_tasks((1,))))


def test_an_error_in_the_tasks_themselves_leaves_no_worker(tmp_path: Path) -> None:
    """Where making the next task fails, the run ends with that error and the workers with it."""

    def broken() -> Iterator[Task[tuple[object, ...]]]:
        yield Task("t0", ("hang",))
        yield Task("t1", (1,))
        raise RecapError("the decks cannot be read")

    with pytest.raises(RecapError, match="the decks cannot be read"):
        list(Pool(partial(Adder, tmp_path), 2).run(broken()))
    assert _workers() == []


def test_large_payloads_and_results_pass(tmp_path: Path) -> None:
    """Megabytes go through the pipe both ways without either end waiting for the other."""
    payloads = [(1,) * 400_000, (2,) * 10]
    results = list(Pool(Echo, 1).run([Task(f"t{n}", p) for n, p in enumerate(payloads)]))
    assert [each.result for each in results if isinstance(each, Done)] == payloads


class Echo:
    """A worker that gives back what it is given."""

    def run(self, payload: tuple[int, ...], report: Callable[[int], None]) -> tuple[int, ...]:
        return payload

    def close(self) -> None:
        """Hold nothing."""


def test_a_pool_without_workers_is_refused() -> None:
    """A pool of nobody would wait for ever."""
    with pytest.raises(ValueError, match="at least one"):
        Pool(_no_worker, 0)


def _workers() -> list[int]:
    """Living processes of this one that are workers, not multiprocessing's own tracker."""
    found = []
    for process in descendants(os.getpid()):
        command = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        if b"spawn_main" in command:
            found.append(process.pid)
    return found
