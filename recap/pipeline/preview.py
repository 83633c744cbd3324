"""One card, at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from recap.campaign import did_you_mean
from recap.errors import UsageError
from recap.metrics.results import read_values
from recap.pipeline.decks import make_deck
from recap.pipeline.look import Looks
from recap.pipeline.prepare import Prepared, find_customer
from recap.render.engine import FALLBACK, Drawing, Engine
from recap.render.formats import FORMATS
from recap.wording import Card


@dataclass(frozen=True, slots=True)
class Preview:
    """A drawn card."""

    card: Card
    drawing: Drawing
    deck: Sequence[Card]
    """All cards of the customer."""


def preview_card(
    prepared: Prepared,
    looks: Looks,
    engine: Engine,
    customer_id: str,
    card: int,
    format_name: str,
    *,
    check: bool = False,
) -> Preview:
    """Draw one card of a customer; `card` counts from 0, as in the manifest.

    With an engine that is kept open, what has to answer at once can ask again and again. With `check` the
    picture is also compared with what the browser shows, and that is given where they differ, with a problem
    that says so; a run does this for some cards of every template.

    Raises UsageError where there is no such customer, card or format, or the customer gets none.
    """
    if format_name not in FORMATS:
        message = f"there is no format {format_name!r}{did_you_mean(format_name, FORMATS)}"
        raise UsageError(message)
    person = find_customer(prepared.people, customer_id)
    if person["deck"] is None:
        raise UsageError(f"customer {customer_id!r} gets no cards: {person['reason']}")
    chosen = prepared.chosen.filter(pl.col("customer_id") == customer_id).to_dicts()
    values, order = read_values(prepared.connection, customer_id), prepared.file.campaign.selection.order
    deck = make_deck(person, chosen, values, prepared.rules, order)
    look = looks.of(person["variant"])
    cards = look.cards(deck)
    if not 0 <= card < len(cards):
        raise UsageError(f"customer {customer_id!r} has the cards 0 to {len(cards) - 1}; there is no {card}")
    document, formats = look.document(cards[card]), [FORMATS[format_name]]
    (difference,) = engine.check(document, formats) if check else ("",)
    (drawing,) = engine.draw(document, formats, exactly=[format_name] if difference else ())
    if difference:
        drawing = replace(drawing, problems=(*drawing.problems, f"{difference}; {FALLBACK}"))
    return Preview(cards[card], drawing, cards)
