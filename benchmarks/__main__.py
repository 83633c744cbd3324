"""Run benchmarks by name, or all but the longest, and print a JSON line for each or each of its parts."""

import json
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

BENCHMARKS = (
    "start",
    "compute",
    "memory",
    "metrics",
    "audit",
    "fit",
    "render",
    "pages",
    "publish",
    "promise",
    "soak",
)
"""Each is the function `bench_<name>` of the module `<name>`, which is imported when it is to run: so the
processes that a benchmark starts, which import this module again, carry nothing that they do not need."""
ONLY_BY_NAME = ("promise", "soak")


def main(names: list[str]) -> int:
    """Run the named benchmarks; 2 for a name there is not."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"there is no benchmark {unknown[0]!r}; there is {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    for name in names or [name for name in BENCHMARKS if name not in ONLY_BY_NAME]:
        for part in _run(name):
            print(json.dumps({"benchmark": name, **part}), flush=True)
    return 0


def _run(name: str) -> Iterator[dict[str, Any]]:
    """Give the benchmark's one result, or its parts as they come."""
    found = getattr(import_module(f"benchmarks.{name}"), f"bench_{name}")()
    if isinstance(found, dict):
        yield found
    else:
        yield from found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
