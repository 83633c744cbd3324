"""One worker process as its parent sees it: what it was given, when it was last heard of, how it ends."""

import multiprocessing
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any

from recap.render.pool_worker import Message, Worker, serve
from recap.render.processes import Process, descendants, end

_FAMILY_SECONDS = 5.0
_GRACE_SECONDS = 1.0


class Lane:
    """A worker process, started with the lane; ended by `end_lanes`."""

    def __init__(
        self, factory: Callable[[], Worker[Any, Any]], *, start_seconds: float, stall_seconds: float
    ) -> None:
        context = multiprocessing.get_context("spawn")
        self._start_seconds = start_seconds
        self._stall_seconds = stall_seconds
        self.folder = tempfile.mkdtemp(prefix="recap-worker-")
        self.line, theirs = context.Pipe()
        self.process = context.Process(
            target=serve, args=(factory, theirs, self.folder), name="recap worker", daemon=True
        )
        with _no_interrupt():
            self.process.start()
        theirs.close()
        self.ready = False
        self.heard = time.monotonic()
        self._family: frozenset[Process] = frozenset()
        self._family_read = self.heard

    def signs(self) -> tuple[Connection, int]:
        """Return what becomes readable when the worker says something or ends."""
        return self.line, self.process.sentinel

    def give(self, payload: object) -> bool:
        """Send a payload; False where the worker is no more."""
        self.heard = time.monotonic()
        return self._send((payload,))

    def dismiss(self) -> None:
        """Tell the worker that there is no more to do."""
        self._send(None)

    def receive(self) -> Message | None:
        """Return the next message; None where there will be no more."""
        try:
            with self._watched():
                message: Message = self.line.recv()
        except (EOFError, OSError):
            return None
        self.heard = time.monotonic()
        if self.heard - self._family_read > _FAMILY_SECONDS or not self.ready:
            self.remember_family()
        return message

    def is_stalled(self, now: float) -> bool:
        """Tell whether the worker has said nothing for longer than it may."""
        return now - self.heard > self.patience_seconds()

    def patience_seconds(self) -> float:
        """Return how long the worker may be silent: as it starts, or at work."""
        return self._stall_seconds if self.ready else self._start_seconds

    def remember_family(self) -> None:
        """Note which processes the worker has started.

        Once it has died they are nobody's children and could not be told from others any more.
        """
        self._family_read = time.monotonic()
        if pid := self.process.pid:
            self._family = descendants(pid) or self._family

    def family(self) -> frozenset[Process]:
        """Return the processes the worker has started, as last seen."""
        return self._family

    def how_it_ended(self) -> str:
        """Say how the process ended, for a person."""
        code = self.process.exitcode
        if code is not None and code < 0:
            name = signal.Signals(-code).name
            hint = ", perhaps for want of memory" if name == "SIGKILL" else ""
            return f"its process was ended by {name}{hint}"
        return f"its process ended by itself, with code {code}"

    def _send(self, message: object) -> bool:
        try:
            with self._watched():
                self.line.send(message)
        except OSError:
            return False
        return True

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Kill the worker if it stops in the middle of a message, which would make this end wait for ever."""
        watch = threading.Timer(self._stall_seconds, self.process.kill)
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()


def end_lanes(lanes: Iterable[Lane], *, seconds: float = 0.0) -> None:
    """End the workers and everything they have started, after waiting a while for them to do so themselves.

    A killed worker's driver sees its pipe close and ends the browser; what has not gone then is killed too.
    """
    lanes = list(lanes)
    for lane in lanes:
        lane.remember_family()
    deadline = time.monotonic() + seconds
    for lane in lanes:
        lane.process.join(max(0.0, deadline - time.monotonic()))
        lane.process.kill()
    for lane in lanes:
        lane.process.join()
    end([process for lane in lanes for process in lane.family()], grace_seconds=_GRACE_SECONDS)
    for lane in lanes:
        _close(lane.line)
        shutil.rmtree(lane.folder, ignore_errors=True)


def _close(line: Connection) -> None:
    with suppress(OSError):
        line.close()


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Start a process with SIGINT blocked, or a Ctrl-C would hit it before it can say that it wants none."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
