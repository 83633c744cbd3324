"""How long a theme's script takes for a card, by the page's clock: fitting the texts, and the gates after it.

The layout of the card as it is put on the stage is not counted: it is there without the script too.
"""

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from statistics import mean, median
from typing import Any

from benchmarks.cards import Pages, pick, themes
from recap.render.browser import find_browser
from recap.render.engine import Document, FastEngine
from recap.render.formats import FORMATS

CARDS = 480
WARM = 120
"""Of these cards, the first, which load pages and fonts."""
MARK = "took "
AIM_MS = 3


def bench_fit() -> Iterator[dict[str, Any]]:
    """Lay out the same cards of the examples in each theme, as stories."""
    cards = pick(CARDS)
    for theme in themes():
        took: dict[str, list[float]] = defaultdict(list)
        with FastEngine(find_browser(os.environ)) as engine:
            for place, (told, document) in enumerate(zip(cards, Pages(theme).of(cards), strict=True)):
                (problems,) = engine.inspect(_timed(document), [FORMATS["story"]])
                if place >= WARM:
                    took[told.card.layout].append(float(problems[-1].removeprefix(MARK)))
        every = [ms for those in took.values() for ms in those]
        yield {
            "theme": theme,
            "cards": len(every),
            "ms_median": round(median(every), 2),
            "ms_mean": round(mean(every), 2),
            "ms_by_layout": {layout: round(median(those), 2) for layout, those in sorted(took.items())},
            "aim_ms": AIM_MS,
        }


def _timed(document: Document) -> Document:
    """Have the script say last how many milliseconds it took, once the page is laid out."""
    script = f"""async () => {{
      document.body.getBoundingClientRect();
      const began = performance.now();
      const problems = await ({document.script})();
      return [...problems, `{MARK}${{performance.now() - began}}`];
    }}"""
    return replace(document, script=script)
