"""Cutting a run into shards, as a stream: people, verdicts and values joined in the order of the tokens."""

from collections.abc import Iterator
from itertools import groupby

import polars as pl

from recap.metrics.results import stream_chosen
from recap.metrics.value import Value
from recap.pipeline.decks import make_deck
from recap.pipeline.look import Look, Looks
from recap.pipeline.prepare import Prepared
from recap.pipeline.shards import Person, Shard
from recap.wording import Card

PICTURES = 240
"""About so many pictures make a shard: what a crash may cost, a minute or so of drawing."""


def make_shards(prepared: Prepared, people: pl.DataFrame, pictures: int = PICTURES) -> Iterator[Shard]:
    """Cut the people into shards of about so many pictures, as a stream.

    `people`: rows of `Prepared.people` with `token`, sorted by it.
    """
    campaign = prepared.file.campaign
    pictures_each = (campaign.selection.cards + 2) * len(campaign.formats)
    room = max(1, pictures // pictures_each)
    waiting: list[Person] = []
    number = 0
    values = stream_chosen(prepared.connection, chosen_of(prepared, people))
    for person in make_people(prepared, people, values):
        waiting.append(person)
        if sum(p.deck is not None for p in waiting) >= room or len(waiting) >= 50 * room:
            yield Shard(f"{number:06d}", tuple(waiting))
            number += 1
            waiting = []
    if waiting:
        yield Shard(f"{number:06d}", tuple(waiting))


def make_people(
    prepared: Prepared, people: pl.DataFrame, values: Iterator[tuple[str, dict[str, Value]]]
) -> Iterator[Person]:
    """Join people, verdicts and values, which all come in the order of the tokens."""
    verdicts = iter(
        groupby(chosen_of(prepared, people).iter_rows(named=True), key=lambda verdict: verdict["token"])
    )
    verdict_token, group = next(verdicts, ("", iter(())))
    value_token, own = next(values, ("", {}))
    for row in people.iter_rows(named=True):
        token, deck = row["token"], None
        if row["deck"] is not None:
            chosen = list(group) if verdict_token == token else []
            mine = own if value_token == token else {}
            deck = make_deck(row, chosen, mine, prepared.rules, prepared.file.campaign.selection.order)
        if verdict_token == token:
            verdict_token, group = next(verdicts, ("", iter(())))
        if value_token == token:
            value_token, own = next(values, ("", {}))
        yield Person(
            row["customer_id"],
            token,
            row["locale"],
            deck,
            row["outcome"],
            row["reason"],
            row["variant"],
            row.get("share_token"),
        )


def walk_cards(prepared: Prepared, looks: Looks, people: pl.DataFrame) -> Iterator[tuple[Look, Card]]:
    """Give every card of some people, in the order of their ids, with the look it is drawn in.

    `people`: rows of `Prepared.people`; they need no tokens, for nothing is delivered.
    """
    people = people.with_columns(pl.col("customer_id").alias("token")).sort("token")
    values = stream_chosen(prepared.connection, chosen_of(prepared, people))
    for person in make_people(prepared, people, values):
        look = looks.of(person.variant)
        if person.deck is not None:
            yield from ((look, card) for card in look.cards(person.deck))


def chosen_of(prepared: Prepared, people: pl.DataFrame) -> pl.DataFrame:
    """Return the chosen verdicts of people with a deck, with their `token`, sorted by it."""
    with_deck = people.filter(pl.col("deck").is_not_null()).select("customer_id", "token")
    return prepared.chosen.join(with_deck, on="customer_id").sort("token", "order")
