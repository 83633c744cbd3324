"""How long `recap --help` takes, as a process of its own."""

import subprocess
import sys
import time
from statistics import median
from typing import Any

RUNS = 11


def bench_start() -> dict[str, Any]:
    """Time the whole process, several times."""
    seconds = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "recap", "--help"], check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - began)
    return {"seconds_median": round(median(seconds), 3), "seconds_max": round(max(seconds), 3), "aim": 0.3}
