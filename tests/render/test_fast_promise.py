"""The fast engine's promise on real decks: what comes out is what Chromium would have drawn.

`test_personas.py` holds it over every theme, layout, format and hard case.
"""

from collections.abc import Iterator
from itertools import cycle

import pytest
from both_engines import Pair, assert_alike

from recap.pipeline.cut import walk_cards
from recap.pipeline.prepare import open_campaign, open_looks, prepare
from recap.pipeline.progress import Clock, Silence
from recap.render.engine import Document
from recap.render.formats import FORMATS
from recap.shipped import shipped_folder

pytestmark = pytest.mark.browser

EXAMPLES = ("music", "shop", "running")
DECKS = 3
"""Customers of each example: some 20 cards."""
LANGUAGES = 'languages=["en", "de", "es", "fr", "pt_BR", "ja", "ar"]'


def deck_pages(example: str) -> Iterator[tuple[str, Document]]:
    """The theme and page of every card of some customers, spread from the lightest to the heaviest."""
    file = open_campaign(shipped_folder("examples") / example, [LANGUAGES])
    with prepare(file, Clock(Silence()), Silence()) as prepared:
        drawn = prepared.people.filter(prepared.people["deck"].is_not_null()).sort("events", "customer_id")
        some = drawn.gather_every(max(1, len(drawn) // DECKS))
        for look, card in walk_cards(prepared, open_looks(file), some):
            yield look.templates.theme.name, look.document(card)


@pytest.mark.parametrize("example", EXAMPLES)
def test_cards_of_real_decks_keep_the_promise(pair: Pair, example: str) -> None:
    """Every card of some customers of the examples, by turns in the formats."""
    pages = list(deck_pages(example))
    assert len(pages) > 12
    for (theme, page), size in zip(pages, cycle(FORMATS.values()), strict=False):
        assert_alike(*pair.draw(page, size), f"{theme} {page.template} {size.name}")
