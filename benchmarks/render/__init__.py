"""Drawing: the same cards by four ways, by turns in one run, on all cores.

*naive* opens a page for every card, *exact* and *fast* are recap's engines, *encode* only writes the PNGs of
pictures that *fast* drew. Every way has a process for each core, each with a browser of its own, which idles
while another way has its turn; after every round of cards the order is another. On two cores a theme takes
five to eight minutes.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from statistics import median
from typing import Any

from benchmarks.cards import Pages, pick, themes
from benchmarks.counting import Counts
from benchmarks.crew import Crew
from benchmarks.render.gradient import gradient_documents
from benchmarks.render.turns import Turns, compare_turns, take_turn
from benchmarks.render.ways import WAYS
from recap.render.engine import Document
from recap.render.formats import FORMATS, Format

CARDS = 400
ROUND = 100
NAIVE_CARDS = {"story": 400, "portrait": 40, "square": 40, "link": 40}
"""The naive way is slow: in the other formats it draws so many of the same cards, some in every round."""
ONE_BY_ONE = 100
WARM_UP = {"naive": 4, "exact": 12, "fast": 64, "encode": 12}
"""Cards that every process draws in a format before it is measured there; many for what remembers bands."""
PROCESSES = os.cpu_count() or 1
ORDER = (("naive",), ("exact",), ("fast", "encode"))
"""What has its turn after what; encoding needs what the fast engine drew in the same round."""


def bench_render() -> Iterator[dict[str, Any]]:
    """Measure every theme, and a page of smooth gradients."""
    needed = CARDS + ONE_BY_ONE + max(WARM_UP.values())
    cards = pick(needed)
    for theme in themes():
        yield {"theme": theme, **_measure(Pages(theme).of(cards))}
    yield {"theme": "gradient", **_measure(gradient_documents(needed))}


def _measure(documents: Sequence[Document]) -> dict[str, Any]:
    measured, alone = documents[:CARDS], documents[CARDS : CARDS + ONE_BY_ONE]
    warm_up = documents[CARDS + ONE_BY_ONE :]
    with ExitStack() as stack:
        crews = {name: stack.enter_context(Crew(way, PROCESSES)) for name, way in WAYS.items()}
        formats = {size.name: _measure_format(crews, measured, warm_up, size) for size in FORMATS.values()}
        (seconds,) = crews["fast"].ask_each("one_by_one", [(alone, FORMATS["story"])])
    return {
        "cards": len(measured),
        "naive_cards": NAIVE_CARDS,
        "layouts": dict(Counter(document.template for document in measured)),
        "processes": PROCESSES,
        "formats": formats,
        "one_card_ms": {"median": round(1000 * median(seconds), 1), "worst": round(1000 * max(seconds), 1)},
    }


def _measure_format(
    crews: Mapping[str, Crew], documents: Sequence[Document], warm_up: Sequence[Document], size: Format
) -> dict[str, Any]:
    _warm_up(crews, warm_up, size)
    turns = {name: Turns() for name in crews}
    for number, first in enumerate(range(0, CARDS, ROUND)):
        cards = {at: documents[at] for at in range(first, min(first + ROUND, CARDS))}
        begin = number % len(ORDER)
        for together in (*ORDER[begin:], *ORDER[:begin]):
            work: Mapping[int, Any] = cards
            for name in together:
                if name == "naive":
                    work = _some(cards, NAIVE_CARDS[size.name])
                work = take_turn(crews[name], turns[name], work, size)
    figures = {name: turns[name].figures() for name in crews}
    figures["fast"] |= _sum_up(crews["fast"].ask("take_counts"))
    return {**figures, **compare_turns(turns)}


def _some(cards: Mapping[int, Document], of_all: int) -> Mapping[int, Document]:
    """Take the share of a round's cards that makes `of_all` in all rounds."""
    count = max(1, len(cards) * of_all // CARDS)
    return {at: cards[at] for at in list(cards)[:count]}


def _warm_up(crews: Mapping[str, Crew], documents: Sequence[Document], size: Format) -> None:
    pictures: Sequence[bytes] = ()
    for name, crew in crews.items():
        crew.ask("take", (pictures if name == "encode" else documents)[: WARM_UP[name]], size)
        crew.ask("draw")
        pictures = crew.ask("hand_over")[0]
    crews["fast"].ask("take_counts")


def _sum_up(counts: Sequence[Counts]) -> dict[str, Any]:
    bands = sum(one.bands for one in counts)
    return {
        "bands_reused": round(sum(one.reused for one in counts) / max(1, bands), 3),
        "drawn_exactly": sum(one.exact_pictures for one in counts),
        "because": sorted(set().union(*(one.drawn_exactly for one in counts)))[:3],
    }
