"""What the contenders' processes share: the clock, the peak of memory, the line they print."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.peak import peak_mib

Steps = dict[str, float]


def measure(work: Callable[[Path, str, Steps], dict[str, Any]]) -> None:
    """Run `work(folder, memory limit, steps)` and print seconds, steps and peak memory as JSON."""
    folder, memory_limit = Path(sys.argv[1]), sys.argv[2]
    steps: Steps = {}
    began = time.perf_counter()
    more = work(folder, memory_limit, steps)
    seconds = round(time.perf_counter() - began, 2)
    print(json.dumps({"seconds": seconds, **steps, "peak_mib": peak_mib(), **more}))
