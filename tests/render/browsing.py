"""The browsers and drivers that are running under the test's process."""

import os
from collections.abc import Callable
from pathlib import Path

from recap.render.processes import Process, descendants

Family = Callable[[], frozenset[Process]]


def browsing() -> frozenset[Process]:
    """Every browser, every part of one, and every driver; not what else the tests may have started."""
    return frozenset(process for process in descendants(os.getpid()) if _is_browsing(process))


def command_of(process: Process) -> str:
    """The command line; nothing where it has just ended."""
    try:
        return Path(f"/proc/{process.pid}/cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _is_browsing(process: Process) -> bool:
    command = command_of(process)
    return "run-driver" in command or "chrom" in command
