"""Whose cards are drawn both ways before a run, to find templates whose pictures the fast engine gets wrong.

The choice follows from the people alone, so that every run of the same data trusts the same templates, with
however many workers and wherever it was interrupted.
"""

import polars as pl

ONE_IN = 1000
"""Of the others, one in so many is tried."""
ENOUGH = 2
"""A group that has so many people among the tried needs no more."""


def choose_trial(chosen: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of `people` to try, in their order.

    `chosen`: columns `customer_id` and `metric`, a row for each highlight. `people`: columns `customer_id`,
    `token`, `name`, `events`, `locale`, `variant` and `deck`, null for who gets none; sorted by `token`.

    The extremes: the lightest and the heaviest customer, the shortest and the longest name, of all, and of
    each metric, language, variant and kind of deck which they leave out. Then some at random: tokens are.
    """
    decks = people.filter(pl.col("deck").is_not_null())
    if decks.is_empty():
        return decks
    by_weight = decks.sort("events", "customer_id")
    by_name = decks.sort(pl.col("name").fill_null("").str.len_chars(), "customer_id")
    tried = {frame["customer_id"][place] for frame in (by_weight, by_name) for place in (0, -1)}
    order = by_weight.select("customer_id", rank=pl.int_range(pl.len()))
    for _, group in (
        _groups(chosen, decks).join(order, on="customer_id").group_by("group", maintain_order=True)
    ):
        if group["customer_id"].is_in(list(tried)).sum() < ENOUGH:
            ranked = group.sort("rank")["customer_id"]
            tried |= {ranked[0], ranked[-1]}
    tried |= set(decks["customer_id"].gather_every(ONE_IN, offset=ONE_IN // 2))
    return decks.filter(pl.col("customer_id").is_in(list(tried)))


def _groups(chosen: pl.DataFrame, decks: pl.DataFrame) -> pl.DataFrame:
    """Say which groups each customer is in: columns `customer_id`, `group`; the groups in a fixed order."""
    shown = chosen.select("customer_id", "metric").join(decks, on="customer_id", how="semi")
    parts = [shown, *(decks.select("customer_id", column) for column in ("locale", "variant", "deck"))]
    named = [
        part.select("customer_id", group=pl.format("{} {}", pl.lit(part.columns[1]), part.columns[1]))
        for part in parts
    ]
    return pl.concat(named).sort("group", "customer_id")
