"""What a run tells while it goes on; the command line decides how it looks."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Listener(Protocol):
    """Hears of a run's progress. Every method may be called from the run's own thread only."""

    def step(self, name: str) -> None:
        """Hear that a step begins: reading, computing, choosing, drawing, delivering."""

    def detail(self, text: str) -> None:
        """Hear what is at work inside the step."""

    def pictures(self, done: int, total: int) -> None:
        """Hear that so many of the pictures are there, drawn now or before."""

    def warn(self, text: str) -> None:
        """Hear something the team should know."""


class Silence:
    """A listener that says nothing."""

    def step(self, name: str) -> None:
        """Say nothing."""

    def detail(self, text: str) -> None:
        """Say nothing."""

    def pictures(self, done: int, total: int) -> None:
        """Say nothing."""

    def warn(self, text: str) -> None:
        """Say nothing."""


class Clock:
    """Measures the steps of a run, in seconds."""

    def __init__(self, listener: Listener) -> None:
        self.seconds: dict[str, float] = {}
        self._listener = listener

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Name a step and measure it."""
        self._listener.step(name)
        started = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = round(time.monotonic() - started, 3)
