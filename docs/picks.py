"""The tables of docs/selection.md: what twenty customers are told, beside what sorting by percentile tells.

Run `python -m docs.picks shop`, or with another example; it prints Markdown.
"""

import sys
from pathlib import Path

import polars as pl

from recap.metrics.results import read_values
from recap.pipeline.decks import make_deck
from recap.pipeline.prepare import Prepared, open_campaign, prepare
from recap.pipeline.progress import Clock, Silence

CUSTOMERS = 20


def by_percentile(judged: pl.DataFrame, cards: int) -> pl.DataFrame:
    """Choose by weight x share of the cohort below, one of a family: the best few of each customer."""
    below = 1 - (pl.col("rank") + pl.col("holders") - 1) / pl.col("cohort")
    score = pl.col("weight") * pl.when("stands").then(below).otherwise(0.5)
    passed = judged.filter(pl.col("gate").is_null()).with_columns(score.alias("plain"))
    ordered = passed.sort("customer_id", "plain", "order", descending=[False, True, False])
    first = ordered.unique(["customer_id", "family"], keep="first", maintain_order=True)
    return first.group_by("customer_id", maintain_order=True).agg(pl.col("metric").head(cards))


def write_table(prepared: Prepared) -> str:
    """Write a row a customer, from the lightest to the heaviest of those with a full deck."""
    selection = prepared.file.campaign.selection
    full = prepared.people.filter(pl.col("deck") == "full").sort("events", "customer_id")
    step = max(1, (len(full) - 1) // (CUSTOMERS - 1))
    judged = pl.concat(list(prepared.choosing.everyone()))
    plain = dict(by_percentile(judged, selection.cards).iter_rows())
    lines = ["| events | told, in the order of the deck | by percentile |", "|---:|---|---|"]
    for person in full.gather_every(step).head(CUSTOMERS).iter_rows(named=True):
        own = prepared.chosen.filter(pl.col("customer_id") == person["customer_id"]).to_dicts()
        values = read_values(prepared.connection, person["customer_id"])
        deck = make_deck(person, own, values, prepared.rules, selection.order)
        told = ", ".join(highlight.value.metric for highlight in deck.highlights)
        lines.append(f"| {person['events']} | {told} | {', '.join(plain[person['customer_id']])} |")
    return "\n".join(lines)


def main(example: str) -> None:
    """Print the table of one of the examples."""
    file = open_campaign(Path(__file__).parent.parent / "examples" / example)
    with prepare(file, Clock(Silence()), Silence()) as prepared:
        print(write_table(prepared))  # noqa: T201 - that is what it is for


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "shop")
