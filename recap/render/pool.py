"""A pool of worker processes that survives its workers.

Each process makes its own worker, with a browser of its own, and does one task at a time. A worker that dies
or falls silent is ended with everything it started, replaced, and its task given to another; a task that
keeps killing its workers is cut in parts until the payload at fault stands alone. Tasks come from an iterator
that is read only as fast as they are done.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing import connection
from types import TracebackType
from typing import Generic, Self

from recap.errors import RecapError
from recap.render.lane import Lane, end_lanes
from recap.render.pool_worker import (
    Broken,
    Finished,
    P,
    Progress,
    R,
    Ready,
    Refused,
    Unfit,
    Worker,
)

__all__ = ["Done", "Failed", "Pool", "PoolError", "Task", "Worker"]

_TICK_SECONDS = 1.0
_LEAVE_SECONDS = 15.0
_BAD_STARTS = 3


class PoolError(RecapError):
    """The workers die as they are started, so that nothing can be done at all."""


@dataclass(frozen=True, slots=True)
class Task(Generic[P]):
    """Something to do: a payload that can be pickled, and a name to know it by."""

    name: str
    payload: P


@dataclass(frozen=True, slots=True)
class Done(Generic[P, R]):
    """A task that was done, and its result."""

    task: Task[P]
    """The task as it was given, or a part of it, named `<name>.<n>`, where it had to be split."""
    result: R


@dataclass(frozen=True, slots=True)
class Failed(Generic[P]):
    """A task, or a part of one, that could not be done."""

    task: Task[P]
    reason: str
    trace: str = ""
    """The traceback, where the worker met an error nobody foresaw."""


@dataclass(frozen=True, slots=True)
class _Job(Generic[P]):
    task: Task[P]
    losses: int = 0
    """Workers lost on exactly this payload."""
    is_part: bool = False


class Pool(Generic[P, R]):
    """Workers in processes of their own.

    `factory` makes a worker in its process; it, the payloads and the results are pickled. No more than
    `workers` tasks run, and as many again wait. A worker that is not made within `start_seconds` is taken
    for hung, and so is one that reports nothing for `stall_seconds`, which must exceed the longest silence
    of a healthy one. A task gets `attempts` workers before it is given up or, where `split` cuts its
    payload into several, goes on in parts. Errors of the classes in `fatal` end the whole run, a
    BrowserError when the attempts are used up. `on_progress` is told how many more pictures are drawn and,
    with a negative number, how many of those were lost again with a task that did not end well.
    """

    def __init__(
        self,
        factory: Callable[[], Worker[P, R]],
        workers: int,
        *,
        start_seconds: float = 120.0,
        stall_seconds: float = 180.0,
        attempts: int = 2,
        split: Callable[[P], Sequence[P]] | None = None,
        fatal: tuple[type[RecapError], ...] = (),
        on_progress: Callable[[int], None] | None = None,
    ) -> None:
        if workers < 1:
            raise ValueError(f"a pool needs at least one worker, not {workers}")
        self._factory = factory
        self._workers = workers
        self._start_seconds = start_seconds
        self._stall_seconds = stall_seconds
        self._attempts = attempts
        self._split = split
        self._fatal = fatal
        self._on_progress = on_progress or (lambda _: None)
        self._lanes: list[Lane] = []
        self._jobs: dict[Lane, _Job[P]] = {}
        self._drawn: dict[Lane, int] = {}
        self._queue: deque[_Job[P]] = deque()
        self._bad_starts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every worker at once, with its browser; what they were doing is lost."""
        lanes, self._lanes = self._lanes, []
        self._jobs.clear()
        self._drawn.clear()
        self._queue.clear()
        end_lanes(lanes)

    def run(self, tasks: Iterable[Task[P]], *, more: bool = False) -> Iterator[Done[P, R] | Failed[P]]:
        """Do the tasks and yield what came of each, in the order in which they end.

        Raises what a factory raised of recap's own errors, an error of a class in `fatal`, and PoolError
        where workers do not even start. However it is left, no worker stays behind, but where all is done and
        `more` is to come: then they wait for it, until the pool's context ends.
        """
        source = iter(tasks)
        exhausted = done = False
        try:
            while True:
                self._assign()
                if exhausted and not self._queue and not self._jobs:
                    break
                pulling = not exhausted and len(self._queue) < self._workers
                if pulling:
                    task = next(source, None)
                    exhausted = task is None
                    if task is not None:
                        self._queue.append(_Job(task))
                yield from self._listen(0.0 if pulling else _TICK_SECONDS)
            done = True
            if not more:
                self._dismiss()
        finally:
            if not (done and more):
                self.close()

    def _assign(self) -> None:
        """Give waiting tasks to idle workers, and start workers for the rest while there may be more."""
        for lane in [lane for lane in self._lanes if lane.ready and lane not in self._jobs]:
            if not self._queue:
                return
            self._jobs[lane] = job = self._queue.popleft()
            # Where the worker is gone already, the closed line says so when it is listened to.
            lane.give(job.task.payload)
        starting = sum(not lane.ready for lane in self._lanes)
        for _ in range(min(self._workers - len(self._lanes), len(self._queue) - starting)):
            self._lanes.append(
                Lane(self._factory, start_seconds=self._start_seconds, stall_seconds=self._stall_seconds)
            )

    def _listen(self, seconds: float) -> Iterator[Done[P, R] | Failed[P]]:
        lanes = list(self._lanes)
        spoken = connection.wait([sign for lane in lanes for sign in lane.signs()], timeout=seconds)
        for lane in lanes:
            if any(sign in spoken for sign in lane.signs()):
                yield from self._hear(lane)
        now = time.monotonic()
        for lane in [lane for lane in self._lanes if lane in self._jobs or not lane.ready]:
            # A caller that kept us waiting must not count against a worker whose word lies in the line.
            if lane.is_stalled(now) and not lane.line.poll():
                yield from self._lose(
                    lane, f"nothing was heard of its process for {lane.patience_seconds():g} s"
                )

    def _hear(self, lane: Lane) -> Iterator[Done[P, R] | Failed[P]]:
        """Take in what a worker has said, and its end if it has ended."""
        has_ended = not lane.process.is_alive()
        while lane in self._lanes and lane.line.poll():
            match lane.receive():
                case Ready():
                    lane.ready = True
                    self._bad_starts = 0
                case Progress(pictures):
                    self._drawn[lane] = self._drawn.get(lane, 0) + pictures
                    self._on_progress(pictures)
                case Finished(result):
                    self._drawn.pop(lane, None)
                    yield Done(self._jobs.pop(lane).task, result)
                case Refused(error):
                    yield self._refuse(lane, error)
                case Unfit(error):
                    raise error
                case Broken(reason, trace, error):
                    yield from self._lose(lane, reason, trace, error)
                case None:
                    yield from self._lose(lane)
        if has_ended and lane in self._lanes:
            yield from self._lose(lane)

    def _refuse(self, lane: Lane, error: RecapError) -> Failed[P]:
        self._take_back(lane)
        task = self._jobs.pop(lane).task
        if isinstance(error, self._fatal):
            raise error
        return Failed(task, str(error))

    def _lose(
        self, lane: Lane, reason: str = "", trace: str = "", error: RecapError | None = None
    ) -> Iterator[Failed[P]]:
        """End a worker that is dead, hung or broken, and decide what becomes of its task."""
        self._lanes.remove(lane)
        self._take_back(lane)
        job = self._jobs.pop(lane, None)
        end_lanes([lane])
        reason = reason or lane.how_it_ended()
        if job is not None:
            job = replace(job, losses=job.losses + 1)
            # What is fatal is so for every task; another worker was given the chance to prove it wrong.
            if error is not None and isinstance(error, self._fatal) and job.losses >= self._attempts:
                raise error
            yield from self._retry(job, reason, trace)
        elif not lane.ready:
            self._bad_starts += 1
            if self._bad_starts >= _BAD_STARTS:
                raise PoolError(f"the drawing processes end as they start: {reason}\n{trace}".strip())

    def _take_back(self, lane: Lane) -> None:
        if drawn := self._drawn.pop(lane, 0):
            self._on_progress(-drawn)

    def _retry(self, job: _Job[P], reason: str, trace: str) -> Iterator[Failed[P]]:
        # A part is known to hold what kills workers, or not to: one attempt tells, and costs one worker.
        if not job.is_part and job.losses < self._attempts:
            self._queue.appendleft(job)
            return
        parts = self._split(job.task.payload) if self._split else ()
        if len(parts) > 1:
            named = [Task(f"{job.task.name}.{n}", part) for n, part in enumerate(parts, start=1)]
            self._queue.extendleft(_Job(task, is_part=True) for task in reversed(named))
        elif job.losses < self._attempts:
            self._queue.appendleft(job)
        else:
            yield Failed(job.task, reason, trace)

    def _dismiss(self) -> None:
        """Let the workers end by themselves, in good order, now that nothing is left to do."""
        idle = [lane for lane in self._lanes if lane.ready]
        for lane in idle:
            lane.dismiss()
        end_lanes(idle, seconds=_LEAVE_SECONDS)
        self._lanes = [lane for lane in self._lanes if not lane.ready]
