"""What processes use together with everything they started: time of the processor, and memory."""

from collections.abc import Iterable, Iterator
from contextlib import suppress

import psutil


def cpu_seconds(pids: Iterable[int]) -> float:
    """Sum the time, user and system, that these processes and their families have used so far.

    Of each process it is its own and that of the children it has waited for. So a page's process counts after
    its end too: it is a child of Chromium's zygote, which waits for it. (Watched while pages came and went:
    the zygote's share grew by what the pages' processes had used; and over the whole machine such sums grew
    as the busy time in /proc/stat did.) What has ended and is not yet waited for is listed as any other.
    """
    total = 0.0
    for one in _families(pids):
        with suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def memory_mib(pids: Iterable[int]) -> float:
    """Sum the memory of these processes and their families, what several share counted once.

    Where it may not be asked how much of a process is shared, all of that process counts.
    """
    total = 0
    for one in _families(pids):
        with suppress(psutil.NoSuchProcess):
            try:
                total += one.memory_full_info().pss
            except psutil.AccessDenied:
                total += one.memory_info().rss
    return total / 2**20


def _families(pids: Iterable[int]) -> Iterator[psutil.Process]:
    for pid in pids:
        head = psutil.Process(pid)
        yield head
        yield from head.children(recursive=True)
