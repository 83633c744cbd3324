"""The pool's end in a worker process: takes a payload, runs it, tells what came of it.

What passes between the processes is one pickled message at a time over one pipe a worker. There is no queue
with locks that a killed process could leave locked.
"""

import os
import pickle
import shutil
import signal
import tempfile
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol, TypeVar

from recap.errors import BrowserError, RecapError
from recap.render.processes import adopt_orphans, descendants, end

P = TypeVar("P")
R = TypeVar("R")
P_contra = TypeVar("P_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)
_CLEAN_UP_SECONDS = 30.0
_ROUNDS = 50


class Worker(Protocol[P_contra, R_co]):
    """What a pool's factory makes in each process."""

    def run(self, payload: P_contra, report: Callable[[int], None]) -> R_co:
        """Do one task; `report(n)` says that n more pictures are drawn, and that the worker is not stuck."""

    def close(self) -> None:
        """Let go of everything; called once, when there is no more to do."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The worker is made and waits for a task."""


@dataclass(frozen=True, slots=True)
class Progress:
    """So many more pictures are drawn."""

    pictures: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The task is done."""

    result: Any


@dataclass(frozen=True, slots=True)
class Refused:
    """The task cannot be done, the worker is as good as before."""

    error: RecapError
    """An error that came through pickling unharmed."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The worker met something that it may not survive, and ends; the task may do better elsewhere."""

    reason: str
    trace: str
    """As `trace_of` gives it."""
    error: RecapError | None
    """The error, where it is one of recap's own."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """The worker could not be made."""

    error: RecapError


Message = Ready | Progress | Finished | Refused | Broken | Unfit


def serve(factory: Callable[[], Worker[Any, Any]], line: Connection, folder: str) -> None:
    """Make a worker and let it do what comes down the line, until None comes or the parent is gone.

    Temporary files go to `folder`, which outlives a killed worker only until its parent removes it.
    """
    _leave_terminal()
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    ending = _end_with_parent(folder)
    adopt_orphans()
    try:
        _serve(factory, line)
    except (EOFError, ConnectionError):
        # The parent is gone. The thread that waits for that ends this process too, when it has cleaned up.
        ending.join(_CLEAN_UP_SECONDS)


def _serve(factory: Callable[[], Worker[Any, Any]], line: Connection) -> None:
    try:
        worker = factory()
    except RecapError as error:
        line.send(Unfit(_portable(error)))
        return
    except Exception as error:
        line.send(_broken(error))
        raise SystemExit(1) from error
    try:
        _work(worker, line)
    finally:
        worker.close()


def _work(worker: Worker[Any, Any], line: Connection) -> None:
    line.send(Ready())
    while (task := line.recv()) is not None:
        (payload,) = task
        try:
            outcome: Message = Finished(worker.run(payload, lambda n: line.send(Progress(n))))
        except BrowserError as error:
            # Another process may have more luck with a browser; if not, it says so when it is made.
            line.send(_broken(error))
            raise SystemExit(1) from error
        except RecapError as error:
            outcome = Refused(_portable(error))
        except Exception as error:
            line.send(_broken(error))
            raise SystemExit(1) from error
        line.send(outcome)


def _broken(error: Exception) -> Broken:
    trace = trace_of(error)
    if isinstance(error, RecapError):
        return Broken(str(error), trace, _portable(error))
    return Broken(f"{type(error).__name__}: {error}", trace, None)


def trace_of(error: BaseException) -> str:
    """Tell where an error came from and of what class it is, without its words: they may be a customer's."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    earlier = f"{trace_of(before)}\nand then\n" if before is not None else ""
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{earlier}Traceback (most recent call last):\n{frames}{type(error).__name__}"


def _portable(error: RecapError) -> RecapError:
    """Return the error as it will arrive: itself, or its message where pickling would change it."""
    try:
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes, a line ago
    except (TypeError, AttributeError, pickle.PicklingError):
        copy = None
    if type(copy) is type(error) and str(copy) == str(error):
        return error
    plain = RecapError(str(error))
    plain.exit_code = error.exit_code
    return plain


def _leave_terminal() -> None:
    """Take no signal from the terminal: Ctrl-C is the parent's, and it tells the workers."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _end_with_parent(folder: str) -> threading.Thread:
    """End this process and its browser when the parent is gone, however it went.

    A thread that waits for the parent's pipe to close, rather than the kernel's parent-death signal: that one
    is sent when the *thread* that started us ends, and leaves the browser alive.
    """

    def wait() -> None:
        parent = parent_process()
        if parent is None:
            return
        parent.join()
        for _ in range(_ROUNDS):
            end(family := descendants(os.getpid()))
            shutil.rmtree(folder, ignore_errors=True)
            # The worker goes on meanwhile, and may have started another browser for the one that it saw die;
            # without the folder it cannot.
            if not family and not Path(folder).exists():
                break
        os._exit(1)

    ending = threading.Thread(target=wait, name="end with parent", daemon=True)
    ending.start()
    return ending
