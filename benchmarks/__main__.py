"""Run benchmarks by name, or all of them, and print one JSON line each."""

import json
import sys
from collections.abc import Callable
from typing import Any

from benchmarks.audit import bench_audit
from benchmarks.compute import bench_compute
from benchmarks.memory import bench_memory
from benchmarks.metrics import bench_metrics
from benchmarks.start import bench_start

BENCHMARKS: dict[str, Callable[[], dict[str, Any]]] = {
    "start": bench_start,
    "compute": bench_compute,
    "memory": bench_memory,
    "metrics": bench_metrics,
    "audit": bench_audit,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks; 2 for a name there is not."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"there is no benchmark {unknown[0]!r}; there is {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    for name in names or BENCHMARKS:
        print(json.dumps({"benchmark": name, **BENCHMARKS[name]()}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
