"""Whether a run's memory grows with its cards: the same campaign over few and over many customers."""

import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import psutil

from benchmarks.activity import made_up, on_data

FEW, MANY = 50, 400


def bench_memory() -> dict[str, Any]:
    """Run both, each as a process of its own, and read the memory of the run and all its children."""
    few, many = _peak(FEW), _peak(MANY)
    growth = many["peak_mib"] / few["peak_mib"] - 1
    return {"few": few, "many": many, "growth": round(growth, 3)}


def _peak(customers: int) -> dict[str, Any]:
    folder, _ = made_up("shop", 1_000)
    path, overrides = on_data("shop", folder)
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "recap", "run", str(path), "--out", out, "--limit", str(customers)]
        command += ["--set", "formats=[link]"]
        for override in overrides:
            command += ["--set", override]
        process = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        peak = _watch(process)
        pictures = sum(1 for _ in Path(out).glob("cards/*/*/*.png"))
    return {"customers": customers, "pictures": pictures, "peak_mib": round(peak / 2**20)}


def _watch(process: psutil.Popen) -> int:
    """Return the largest sum of unshared memory seen until the process ends."""
    peak = 0
    ended = threading.Event()
    while process.poll() is None:
        total = 0
        try:
            for one in [process, *process.children(recursive=True)]:
                total += one.memory_full_info().uss
        except psutil.NoSuchProcess:
            continue
        peak = max(peak, total)
        ended.wait(0.5)
    if process.returncode != 0:
        message = f"the run ended with {process.returncode}"
        raise RuntimeError(message)
    return peak
