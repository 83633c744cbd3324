"""The process table, as far as ending a browser for good needs it.

Chromium is a family of a dozen processes in a session of its own, started by a driver that was started by us:
killing the one process whose id we hold leaves the others. So a family is read from `/proc` while it is whole
and ended member by member. Each is known by its id *and* its start, so that a reused id is never hit.
Where there is no `/proc` the families are empty, and closed pipes do the same work less surely.
"""

import ctypes
import os
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_PR_SET_CHILD_SUBREAPER = 36
_POLL_SECONDS = 0.02
_LAST_WAIT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Process:
    """One process, as it was when it was read."""

    pid: int
    parent: int
    group: int
    started: int
    """Clock ticks since the machine started; with `pid` unlike any other process."""


def read_process(pid: int) -> Process | None:
    """Read the process with this id; None where there is none, or only what is left of a dead one."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError, PermissionError, NotADirectoryError):
        return None
    # The name stands in parentheses and may itself hold spaces and parentheses, so count from the last one.
    fields = stat[stat.rindex(")") + 2 :].split()
    if fields[0] in "ZX":
        return None
    return Process(pid=pid, parent=int(fields[1]), group=int(fields[2]), started=int(fields[19]))


def children_running(word: bytes) -> frozenset[int]:
    """List the ids of this process's own children whose command line holds `word`."""
    me = os.getpid()
    return frozenset(p.pid for p in descendants(me) if p.parent == me and word in _read_command(p.pid))


def _read_command(pid: int) -> bytes:
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError, PermissionError, NotADirectoryError):
        return b""


def descendants(pid: int) -> frozenset[Process]:
    """List every living process below `pid`, itself not among them."""
    try:
        names = [entry.name for entry in _PROC.iterdir()]
    except FileNotFoundError:
        return frozenset()
    children: dict[int, list[Process]] = {}
    for name in names:
        if name.isdecimal() and (process := read_process(int(name))):
            children.setdefault(process.parent, []).append(process)
    found: set[Process] = set()
    waiting = [pid]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            found.add(child)
            waiting.append(child.pid)
    return frozenset(found)


def is_alive(process: Process) -> bool:
    """Tell whether this very process, not another with its id, still runs."""
    now = read_process(process.pid)
    return now is not None and now.started == process.started


def end(processes: Iterable[Process], *, grace_seconds: float = 0.0) -> None:
    """Wait `grace_seconds` for the processes to end by themselves, then kill them with their groups.

    Returns when none of them runs any more, or some seconds after the kill, when the kernel holds one back.
    """
    left = family = list(processes)
    deadline = time.monotonic() + grace_seconds
    while (left := [process for process in left if is_alive(process)]) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
    deadline = time.monotonic() + _LAST_WAIT_SECONDS
    while left and time.monotonic() < deadline:
        for process in left:
            _kill(process)
        time.sleep(_POLL_SECONDS)
        left = [process for process in left if is_alive(process)]
    _reap(family)


def _kill(process: Process) -> None:
    """Kill the process, and its group too: that also hits a child born since the family was read."""
    with suppress(ProcessLookupError, PermissionError):
        if process.group != os.getpgrp():
            os.killpg(process.group, signal.SIGKILL)
        os.kill(process.pid, signal.SIGKILL)


def _reap(processes: Iterable[Process]) -> None:
    """Take away the dead that fell to us as orphans; our own children are their starters' to wait for."""
    me = os.getpid()
    for process in processes:
        if process.parent != me:
            with suppress(ChildProcessError):
                os.waitpid(process.pid, os.WNOHANG)


def adopt_orphans() -> None:
    """Make this process inherit its descendants' orphans, so that it can take away what a browser leaves.

    They would else fall to process 1, which in a container is often no init: some hundred thousand browsers'
    worth of zombies later it runs out of process ids.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
