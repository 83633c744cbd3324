"""25 metrics with ranks: recap, the same as separate queries, and as one lazy Polars plan."""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from benchmarks.activity import made_up

SIZES = (50_000, 500_000)
"""Customers: about five and fifty million events."""
CONTENDERS = ("recap", "separate", "polars")
MEMORY_LIMIT = "4GB"


def bench_metrics() -> dict[str, Any]:
    """Compare the three at each size, one process each, so that each has its own peak of memory."""
    return {f"{customers} customers": _compare(customers) for customers in SIZES}


def _compare(customers: int) -> dict[str, Any]:
    folder, events = made_up("shop", customers)
    found = {name: _measure(name, str(folder)) for name in CONTENDERS}
    for result in found.values():
        if "seconds" in result:
            result["events_per_second"] = round(events / result["seconds"])
    return {"events": events, **found, "times_faster": _ratios(found)}


def _measure(contender: str, folder: str) -> dict[str, Any]:
    command = [sys.executable, "-m", f"benchmarks.metrics.{contender}", folder, MEMORY_LIMIT]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return {"failed": done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]}
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _ratios(found: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    ours = found["recap"]
    return {
        f"than {name}, {what}": round(found[name][what] / ours[what], 2)
        for name in CONTENDERS[1:]
        for what in ("seconds", "computing")
        if what in found[name] and what in ours
    }
