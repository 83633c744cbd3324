"""Whether drawing twenty thousand cards takes more memory than drawing one thousand.

It takes ten minutes or more, so it runs only where it is named: `python -m benchmarks soak`.
"""

import time
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

from benchmarks.cards import Pages, Told, everything_told, pick, renamed
from benchmarks.crew import Crew
from benchmarks.drawer import Drawer
from benchmarks.family import memory_mib

CARDS = 20_000
STEP = 1_000
PROCESSES = 2


def bench_soak() -> dict[str, Any]:
    """Draw them in two processes, and read the memory of both and their browsers after every thousand."""
    pages, cards = Pages(), distinct_cards()
    seconds, memory = 0.0, list[float]()
    with Crew(Drawer, PROCESSES) as crew:
        start = memory_mib(crew.pids)
        for first in range(0, CARDS, STEP):
            documents = pages.of(list(islice(cards, min(STEP, CARDS - first))))
            began = time.perf_counter()
            crew.ask_each("draw", [(documents[share::PROCESSES],) for share in range(PROCESSES)])
            seconds += time.perf_counter() - began
            memory.append(memory_mib(crew.pids))
        restarts = sum(crew.ask("restarts"))
    return {
        "cards": CARDS,
        "processes": PROCESSES,
        "start_mib": round(start),
        "after_first_thousand_mib": round(memory[0]),
        "end_mib": round(memory[-1]),
        "largest_mib": round(max(memory)),
        "growth_percent": round(100 * (memory[-1] / memory[0] - 1), 1),
        "by_thousand_mib": [round(one) for one in memory],
        "cards_a_second": round(CARDS / seconds, 1),
        "restarts": restarts,
    }


def distinct_cards() -> Iterator[Told]:
    """Give the cards of all who have a name over and over, each time with another name."""
    named = [told for told in pick(len(everything_told())) if told.card.customer]
    for number, told in enumerate(cycle(named)):
        yield renamed(told, f"{told.card.customer} {number}")
