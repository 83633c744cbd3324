"""Processes that live through a benchmark and do what they are told, each with tools of its own."""

import multiprocessing
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Protocol, Self

from recap.render.processes import adopt_orphans

_END_SECONDS = 30.0


class Member(Protocol):
    """What a process of a crew has made; it is asked by the names of its methods."""

    def close(self) -> None:
        """Let go of everything."""


class Crew:
    """Some processes, started anew and idle unless asked. A context manager."""

    def __init__(self, make: Callable[[], Member], processes: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._lines: list[Connection] = []
        self._processes = []
        for _ in range(processes):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(make, theirs), daemon=False)
            process.start()
            theirs.close()
            self._lines.append(ours)
            self._processes.append(process)

    def __enter__(self) -> Self:
        """Wait until every process has made what it works with."""
        try:
            self._answers(self._lines)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def size(self) -> int:
        """How many processes there are."""
        return len(self._processes)

    @property
    def pids(self) -> list[int]:
        """The processes."""
        return [process.pid for process in self._processes if process.pid is not None]

    def ask(self, method: str, *arguments: Any) -> list[Any]:
        """Have every process do the same at once, and wait for all answers."""
        return self.ask_each(method, [arguments] * self.size)

    def ask_each(self, method: str, arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Have a process do it with each of `arguments`, and wait for all answers."""
        asked = self._lines[: len(arguments)]
        for line, some in zip(asked, arguments, strict=True):
            line.send((method, some))
        return self._answers(asked)

    def close(self) -> None:
        """End the processes."""
        for line in self._lines:
            with suppress(OSError):
                line.send(None)
        for process in self._processes:
            process.join(_END_SECONDS)
            process.kill()

    def _answers(self, lines: Sequence[Connection]) -> list[Any]:
        try:
            answers = [line.recv() for line in lines]
        except EOFError as error:
            message = "a process of the benchmark ended before it had answered"
            raise RuntimeError(message) from error
        if failures := [failure for failure, _ in answers if failure]:
            raise RuntimeError(failures[0])
        return [answer for _, answer in answers]


def _serve(make: Callable[[], Member], line: Connection) -> None:
    """Make the member, then do what is asked until there is no more, or nobody to ask, or it goes wrong."""
    # What loses its parent falls to this process, and is counted with it.
    adopt_orphans()
    member = None
    try:
        member = make()
        line.send(("", None))
        while (asked := line.recv()) is not None:
            method, arguments = asked
            line.send(("", getattr(member, method)(*arguments)))
    except (EOFError, BrokenPipeError):
        pass  # nobody is there any more
    except Exception:  # noqa: BLE001 - whatever it is, the one who asked is told
        line.send((traceback.format_exc(), None))
    finally:
        if member is not None:
            member.close()
