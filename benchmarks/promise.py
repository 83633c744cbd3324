"""Whether the fast engine keeps its promise over thousands of cards: every one is drawn both ways.

All hard cases of all themes in all formats, and many cards of real campaigns.

It takes some minutes a thousand cards, so it runs only where it is named: `python -m benchmarks promise`.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import cycle, islice, product
from typing import Any

from benchmarks.cards import themes
from recap.pipeline.cut import walk_cards
from recap.pipeline.look import Looks
from recap.pipeline.prepare import open_campaign, prepare
from recap.pipeline.progress import Clock, Silence
from recap.render.browser import find_browser
from recap.render.engine import Document, FastEngine
from recap.render.formats import FORMATS, Format
from recap.render.personas import EVERYDAY, PERSONAS
from recap.render.templates import CardTemplates
from recap.render.theme import load_theme
from recap.shipped import shipped_folder

CAMPAIGNS = ("online_retail", "coffee_vending")
CARDS = 1500
"""Of each campaign, from customers spread over all of them."""
SPREAD = 400


def bench_promise() -> Iterator[dict[str, Any]]:
    """Check every case of each theme in each format, and cards of each campaign by turns in the formats."""
    for name in themes():
        yield {"theme": name, **_check(product(_cases(name), FORMATS.values()))}
    for name in CAMPAIGNS:
        yield {"campaign": name, **_check(zip(islice(_documents(name), CARDS), cycle(FORMATS.values())))}


def _check(pictures: Iterable[tuple[Document, Format]]) -> dict[str, Any]:
    told, checked = Counter[str](), Counter[str]()
    with FastEngine(find_browser(os.environ), timeout_seconds=120) as engine:
        for document, size in pictures:
            (difference,) = engine.check(document, [size])
            checked[document.template] += 1
            if difference:
                told[f"{document.template} as {size.name}: {difference}"] += 1
    return {"pictures": checked.total(), "layouts": dict(checked), "differing": dict(told)}


def _cases(theme: str) -> Iterator[Document]:
    templates = CardTemplates(load_theme(theme, search=[shipped_folder("templates")]))
    for layout, make in product(EVERYDAY, PERSONAS.values()):
        yield templates.document(make(EVERYDAY[layout]))


def _documents(name: str) -> Iterator[Document]:
    file = open_campaign(shipped_folder("examples") / name)
    looks = Looks(file.campaign, file.folder)
    with prepare(file, Clock(Silence()), Silence()) as prepared:
        decks = prepared.people.filter(prepared.people["deck"].is_not_null()).sort("customer_id")
        some = decks.gather_every(max(1, len(decks) // SPREAD))
        yield from (look.document(card) for look, card in walk_cards(prepared, looks, some))
