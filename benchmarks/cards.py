"""Real cards to draw: those of the music and the shop example, told once and drawn in any theme."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, zip_longest
from pathlib import Path
from random import Random

import polars as pl

from recap.metrics.results import stream_chosen
from recap.pipeline.cut import chosen_of, make_people
from recap.pipeline.look import Look, Looks
from recap.pipeline.prepare import open_campaign, prepare
from recap.pipeline.progress import Clock, Silence
from recap.render.engine import Document
from recap.shipped import shipped_folder
from recap.wording import Card

BUSINESSES = ("music", "shop")
SEED = 2026


@dataclass(frozen=True, slots=True)
class Told:
    """A card, and the example it is of."""

    business: str
    card: Card


def themes() -> list[str]:
    """List the shipped themes."""
    return sorted(file.parent.name for file in shipped_folder("templates").glob("themes/*/theme.yaml"))


@cache
def everything_told() -> tuple[Told, ...]:
    """Tell the decks of everyone in the examples; no card comes twice."""
    told = (Told(business, card) for business in BUSINESSES for card in _tell(_example(business)))
    return tuple(dict.fromkeys(told))


def pick(count: int) -> list[Told]:
    """Pick so many cards by chance, always the same, of every layout as evenly as there are any."""
    random = Random(SEED)
    by_layout: dict[str, list[Told]] = defaultdict(list)
    for told in everything_told():
        by_layout[told.card.layout].append(told)
    for those in by_layout.values():
        random.shuffle(those)
    in_turn = chain.from_iterable(zip_longest(*by_layout.values()))
    picked = [told for told in in_turn if told is not None][:count]
    if len(picked) < count:
        message = f"the examples have {len(picked)} cards, and {count} are wanted"
        raise ValueError(message)
    random.shuffle(picked)
    return picked


def renamed(told: Told, name: str) -> Told:
    """Give the customer of a card another name, wherever the card says it."""
    card = told.card
    before = card.customer
    return replace(
        told,
        card=replace(
            card,
            customer=name,
            hero=card.hero.replace(before, name),
            headline=card.headline.replace(before, name),
            support=card.support.replace(before, name),
            alt_text=card.alt_text.replace(before, name),
        ),
    )


class Pages:
    """Makes cards' documents; those with one shell share its text, so that they are sent together cheaply."""

    def __init__(self, theme: str = "") -> None:
        """Take a theme, or each example's own."""
        overrides = [f"look.theme={theme}"] if theme else []
        self._looks = {business: _look(_example(business), overrides) for business in BUSINESSES}
        self._shells: dict[str, str] = {}

    def of(self, cards: Sequence[Told]) -> list[Document]:
        """Make the documents of some cards."""
        documents = (self._looks[told.business].document(told.card) for told in cards)
        return [
            replace(document, shell=self._shells.setdefault(document.shell, document.shell))
            for document in documents
        ]


def _look(path: Path, overrides: Sequence[str]) -> Look:
    file = open_campaign(path, overrides)
    return Looks(file.campaign, file.folder).of("")


def _tell(path: Path) -> Iterator[Card]:
    file = open_campaign(path)
    looks = Looks(file.campaign, file.folder)
    with prepare(file, Clock(Silence()), Silence()) as prepared:
        people = prepared.people.with_columns(pl.col("customer_id").alias("token")).sort("token")
        values = stream_chosen(prepared.connection, chosen_of(prepared, people))
        for person in make_people(prepared, people, values):
            if person.deck is not None:
                yield from looks.of(person.variant).cards(person.deck)


def _example(business: str) -> Path:
    return shipped_folder("examples") / business
