"""The pool with real browsers: however a run ends, no process and no file of it stays behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from recap.render.browser import find_browser
from recap.render.engine import Document, ExactEngine
from recap.render.formats import Format
from recap.render.pool import Done, Pool, Task

pytestmark = pytest.mark.browser

SHELL = "<!doctype html><style>body{margin:0}</style><main id=stage></main>"
SMALL = Format("small", 32, 16)


class Painter:
    """A worker with an engine; the payload is the body of each card, and `hang` one that never ends."""

    def __init__(self) -> None:
        self._engine = ExactEngine(find_browser(os.environ), timeout_seconds=300)
        self._engine.__enter__()

    def run(self, payload: tuple[str, ...], report: Callable[[int], None]) -> int:
        size = 0
        for body in payload:
            script = "() => { while (true) {} }" if body == "hang" else "() => []"
            report(1)
            size += len(self._engine.draw(Document(SHELL, body, script), [SMALL])[0].png)
        return size

    def close(self) -> None:
        self._engine.close()


def main() -> None:
    """Run a pool that never ends, for a test to end."""

    def tell(_: int) -> None:
        sys.stdout.write("drawing\n")
        sys.stdout.flush()

    pool = Pool(Painter, 2, on_progress=tell)
    list(pool.run([Task("a", ("card", "hang")), Task("b", ("card", "hang"))]))


@pytest.fixture
def endless(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], list[psutil.Process]]]:
    """A process that runs the pool, once both browsers hang, and all it has started."""
    here = Path(__file__)
    process = subprocess.Popen(
        [sys.executable, "-c", f"import {here.stem} as it; it.main()"],
        env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": f"{here.parent}:{here.parents[2]}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert [process.stdout.readline() for _ in range(4)] == ["drawing\n"] * 4
    family = psutil.Process(process.pid).children(recursive=True)
    assert sum("remote-debugging-pipe" in " ".join(each.cmdline()) for each in family) >= 2
    yield process, family
    for each in family:
        if each.is_running():
            each.kill()
    process.kill()
    process.communicate()


def test_pictures_are_drawn_in_parallel_and_nothing_stays() -> None:
    """Two workers with a browser each do the tasks; afterwards neither is there."""
    before = set(psutil.Process().children(recursive=True))
    results = list(Pool(Painter, 2).run([Task(f"t{n}", ("a card",)) for n in range(4)]))
    assert len({each.result for each in results if isinstance(each, Done)}) == 1
    assert len(results) == 4
    started = set(psutil.Process().children(recursive=True)) - before
    assert _left([p for p in started if "chrom" in p.name()]) == []


def test_a_worker_that_is_killed_takes_its_browser_with_it() -> None:
    """The browser of a killed worker goes too, and its task is done by another."""
    killed: list[psutil.Process] = []

    def kill_once(pictures: int) -> None:
        if not killed and pictures > 0:
            (worker,) = [p for p in psutil.Process().children() if "spawn_main" in " ".join(p.cmdline())]
            killed.extend([worker, *worker.children(recursive=True)])
            worker.kill()

    results = list(Pool(Painter, 1, on_progress=kill_once).run([Task("t", ("card",) * 20)]))
    assert [type(each) for each in results] == [Done]
    assert len(killed) > 4
    assert _left(killed) == []


def test_ctrl_c_ends_the_run_with_its_browsers(
    endless: tuple[subprocess.Popen[str], list[psutil.Process]], tmp_path: Path
) -> None:
    """An interrupted run ends as KeyboardInterrupt, even while its browsers hang, and leaves nothing."""
    process, family = endless
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode != 0
    assert said.rstrip().endswith("KeyboardInterrupt")
    assert said.count("Traceback") == 1  # the parent's: workers have nothing to say
    assert _left(family) == []
    assert list(tmp_path.iterdir()) == []


def test_workers_and_browsers_end_when_their_parent_is_killed(
    endless: tuple[subprocess.Popen[str], list[psutil.Process]], tmp_path: Path
) -> None:
    """A run killed with SIGKILL leaves no worker, no browser and no temporary file."""
    process, family = endless
    process.kill()
    process.wait()
    assert _left(family) == []
    assert list(tmp_path.iterdir()) == []


def _left(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those of the processes that will not go; the dead nobody has taken away yet do not count."""
    deadline = time.monotonic() + 30
    left = processes
    while left and time.monotonic() < deadline:
        psutil.wait_procs(left, timeout=0.1)
        left = [each for each in left if each.is_running() and _status(each) != psutil.STATUS_ZOMBIE]
    return left


def _status(process: psutil.Process) -> str:
    try:
        return process.status()
    except psutil.NoSuchProcess:
        return psutil.STATUS_ZOMBIE
