"""How a run's progress is shown: bars on a terminal, plain lines or JSON elsewhere. All of it on stderr."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from recap.pipeline.progress import Listener

SECONDS_BETWEEN_LINES = 10.0


class Count(ProgressColumn):
    """Pictures there are, of how many; nothing where nothing is counted."""

    def render(self, task: Task) -> Text:
        """Draw the column."""
        return Text(f"{task.completed:,.0f} of {task.total:,.0f}" if task.total else "")


class Rate(ProgressColumn):
    """Pictures a second."""

    def render(self, task: Task) -> Text:
        """Draw the column."""
        return Text(f"{task.speed:.1f}/s" if task.speed else "")


class Bars:
    """Progress on a terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            Count(),
            Rate(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self._task: TaskID | None = None
        self._step = ""
        self._began = time.monotonic()

    def __enter__(self) -> "Bars":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._finish()
        self._progress.stop()

    def step(self, name: str) -> None:
        """Finish the bar before, begin another."""
        self._finish()
        self._step, self._began = name, time.monotonic()
        self._task = self._progress.add_task(name, total=None)

    def detail(self, text: str) -> None:
        """Show it beside the step."""
        if self._task is not None:
            self._progress.update(self._task, description=f"{self._step} {text}")

    def pictures(self, done: int, total: int) -> None:
        """Move the bar."""
        if self._task is not None:
            self._progress.update(self._task, completed=done, total=max(total, 1))

    def warn(self, text: str) -> None:
        """Print it above the bars."""
        self._console.print(f"warning: {text}", markup=False, highlight=False)

    def _finish(self) -> None:
        if self._task is not None:
            self._progress.remove_task(self._task)
            self._task = None
            took = time.monotonic() - self._began
            self._console.print(f"{self._step:<12} {took:8.1f} s", markup=False, highlight=False)


class Lines:
    """Progress in lines, as text or as JSON: one for each step, and one now and then while drawing."""

    def __init__(self, stream: TextIO, *, as_json: bool, counted: str = "pictures") -> None:
        self._stream = stream
        self._counted = counted
        self._as_json = as_json
        self._step = ""
        self._began = self._told = time.monotonic()

    def step(self, name: str) -> None:
        """Tell that a step begins."""
        self._step = name
        self._began = self._told = time.monotonic()
        self._write({"event": "step", "step": name}, f"{name} ...")

    def detail(self, text: str) -> None:
        """Say nothing: a line for each metric would be noise."""

    def pictures(self, done: int, total: int) -> None:
        """Tell how far the drawing is, not oftener than every ten seconds."""
        now = time.monotonic()
        if (now - self._told < SECONDS_BETWEEN_LINES and done < total) or not done:
            return
        self._told = now
        rate = done / max(now - self._began, 1e-6)
        left = (total - done) / rate
        event = {
            "event": self._counted,
            "done": done,
            "total": total,
            "a_second": round(rate, 2),
            "seconds_left": round(left),
        }
        self._write(event, f"{done} of {total} {self._counted}, {rate:.1f} a second, {_duration(left)} left")

    def warn(self, text: str) -> None:
        """Tell it at once."""
        self._write({"event": "warning", "text": text}, f"warning: {text}")

    def _write(self, event: dict[str, object], text: str) -> None:
        line = json.dumps(event, ensure_ascii=False) if self._as_json else text
        print(line, file=self._stream, flush=True)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


@contextmanager
def listen(*, as_json: bool, counted: str = "pictures") -> Iterator[Listener]:
    """Choose by where stderr goes; `counted` is what the steps are measured in."""
    console = Console(stderr=True)
    if console.is_terminal and not as_json:
        with Bars(console) as bars:
            yield bars
    else:
        yield Lines(sys.stderr, as_json=as_json, counted=counted)
