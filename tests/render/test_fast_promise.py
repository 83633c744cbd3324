"""The fast engine's promise on real decks: what comes out is what Chromium would have drawn.

`test_personas.py` holds it over every theme, layout, format and hard case.
"""

from collections.abc import Iterator
from itertools import cycle

import pytest
from both_engines import Pair, assert_alike

from recap.metrics.results import read_values
from recap.pipeline.decks import make_deck
from recap.pipeline.look import load_look
from recap.pipeline.prepare import open_campaign, prepare
from recap.pipeline.progress import Clock, Silence
from recap.render.engine import Document
from recap.render.formats import FORMATS
from recap.shipped import shipped_folder

pytestmark = pytest.mark.browser

EXAMPLES = ("music", "shop", "running")
DECKS = 8
"""Customers of each example: some 50 cards."""
LANGUAGES = 'languages=["en", "de", "es", "fr", "pt_BR", "ja", "ar"]'


def deck_pages(example: str) -> Iterator[tuple[str, Document]]:
    """The theme and page of every card of some customers, spread from the lightest to the heaviest."""
    file = open_campaign(shipped_folder("examples") / example, [LANGUAGES])
    look = load_look(file.campaign, file.folder)
    with prepare(file, Clock(Silence()), Silence()) as prepared:
        drawn = prepared.people.filter(prepared.people["deck"].is_not_null()).sort("events", "customer_id")
        for person in drawn.gather_every(max(1, len(drawn) // DECKS)).iter_rows(named=True):
            own = prepared.chosen["customer_id"] == person["customer_id"]
            values = read_values(prepared.connection, person["customer_id"])
            chosen = prepared.chosen.filter(own).to_dicts()
            deck = make_deck(person, chosen, values, prepared.rules, file.campaign.selection.order)
            for card in look.cards(deck):
                yield look.templates.theme.name, look.document(card)


@pytest.mark.parametrize("example", EXAMPLES)
def test_cards_of_real_decks_keep_the_promise(example: str) -> None:
    """Every card of some customers of the examples, by turns in the formats."""
    pages = list(deck_pages(example))
    assert len(pages) > 30
    with Pair() as pair:
        for (theme, page), size in zip(pages, cycle(FORMATS.values()), strict=False):
            assert_alike(*pair.draw(page, size), f"{theme} {page.template} {size.name}")
