"""Turns: a crew draws some cards and is measured; and what all its turns come to."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.crew import Crew
from benchmarks.family import cpu_seconds
from recap.render.formats import Format

SETTLE_SECONDS = 0.3
"""After a turn, until the pages that it closed are gone and can be counted."""


@dataclass(slots=True)
class Turns:
    """What a way has done in one format."""

    seconds: list[float] = field(default_factory=list)
    """On the clock, a turn."""
    counts: list[int] = field(default_factory=list)
    """Pictures, a turn."""
    cpu_seconds: float = 0.0
    bytes: dict[int, int] = field(default_factory=dict)
    """Of each card's picture."""

    def a_second(self) -> float:
        """Give the pictures a second, all processes together."""
        return sum(self.counts) / sum(self.seconds)

    def cpu_ms(self) -> float:
        """Give the processor's milliseconds a picture."""
        return 1000 * self.cpu_seconds / sum(self.counts)

    def figures(self) -> dict[str, Any]:
        """Sum it up."""
        return {
            "pictures": sum(self.counts),
            "a_second": round(self.a_second(), 2),
            "cpu_ms": round(self.cpu_ms(), 1),
            "kib": round(sum(self.bytes.values()) / len(self.bytes) / 1024, 1),
        }


def take_turn(crew: Crew, turns: Turns, work: Mapping[int, Any], size: Format) -> dict[int, bytes]:
    """Have a crew draw some cards, by their number, and add what it took to `turns`; return the pictures."""
    shares = [list(work)[first :: crew.size] for first in range(crew.size)]
    crew.ask_each("take", [([work[number] for number in share], size) for share in shares])
    before = cpu_seconds(crew.pids)
    began = time.perf_counter()
    crew.ask("draw")
    turns.seconds.append(time.perf_counter() - began)
    time.sleep(SETTLE_SECONDS)
    turns.cpu_seconds += cpu_seconds(crew.pids) - before
    turns.counts.append(len(work))
    pictures = {
        number: picture
        for share, drawn in zip(shares, crew.ask("hand_over"), strict=True)
        for number, picture in zip(share, drawn, strict=True)
    }
    turns.bytes |= {number: len(picture) for number, picture in pictures.items()}
    return pictures


def compare_turns(turns: Mapping[str, Turns]) -> dict[str, Any]:
    """Set the fast way beside the naive one, and beside mere encoding."""
    fast, naive = turns["fast"], turns["naive"]
    by_round = [
        (f / fs) / (n / ns)
        for f, fs, n, ns in zip(fast.counts, fast.seconds, naive.counts, naive.seconds, strict=True)
    ]
    both = naive.bytes.keys() & fast.bytes.keys()
    return {
        "fast_to_naive": {
            "a_second": round(fast.a_second() / naive.a_second(), 2),
            "a_second_by_round": _rounded(by_round),
            "bytes": round(sum(fast.bytes[n] for n in both) / sum(naive.bytes[n] for n in both), 3),
            "bytes_largest": round(max(fast.bytes[n] / naive.bytes[n] for n in both), 3),
        },
        "fast_to_encode": {"cpu": round(fast.cpu_ms() / turns["encode"].cpu_ms(), 2)},
    }


def _rounded(values: Sequence[float]) -> list[float]:
    return [round(value, 2) for value in values]
