"""Ranks, cohorts and top x %, made anew: from recomputed numbers, or in a sample from the published ones."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import polars as pl

from recap.metrics.audit.exact import Exact

Direction = Literal["more", "less", "none"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a customer stands."""

    rank: int | None
    cohort: int
    top_percent: int | None


def rank_everyone(
    numbers: Mapping[str, Exact | None], groups: Mapping[str, str | None], direction: str
) -> dict[str, Standing]:
    """Rank all customers of a metric by their exact numbers.

    `numbers` and `groups` are by customer; who is in no group is among all. Equal numbers share the better
    rank; top x % is rounded up, in whole numbers.
    """
    holders: dict[str | None, Counter[Exact]] = {}
    for customer, number in numbers.items():
        counter = holders.setdefault(groups.get(customer), Counter())
        if number is not None:
            counter[number] += 1
    places = {group: _place(counter, direction) for group, counter in holders.items()}
    cohorts = {group: counter.total() for group, counter in holders.items()}
    return {
        customer: _standing(places[group].get(number), cohorts[group])
        for customer, number in numbers.items()
        for group in (groups.get(customer),)
    }


def _place(holders: Counter[Exact], direction: str) -> dict[Exact | None, int]:
    places: dict[Exact | None, int] = {}
    better = 0
    if direction != "none":
        for number in sorted(holders, reverse=direction == "more"):
            places[number] = 1 + better
            better += holders[number]
    return places


def _standing(rank: int | None, cohort: int) -> Standing:
    return Standing(rank, cohort, None if rank is None else -(-100 * rank // cohort))


def rank_sample(values: pl.DataFrame, direction: str, sample: pl.Series) -> dict[str, Standing]:
    """Rank the sampled customers of a metric among the published numbers of everyone.

    `values`: a row a customer, `customer_id`, `group` (null where everyone is the cohort), `number`,
    `detail`, `rank`. Numbers that are equal as DOUBLE may differ in their exact type: only where a rank lies
    within such a tie, the exact ones are read from the details.
    """
    descending = direction == "more"
    order = pl.col("number").rank("min", descending=descending)
    ranked = values.with_columns(
        expected=order.over("group"),
        equal=pl.len().over("group", "number"),
        size=pl.col("number").count().over("group"),
    ).filter(pl.col("customer_id").is_in(sample.implode()))
    standings = {}
    for row in ranked.iter_rows(named=True):
        rank = None if direction == "none" or row["expected"] is None else int(row["expected"])
        published = row["rank"]
        if rank is not None and published is not None and rank < published < rank + row["equal"]:
            rank += _better_among_equals(values, row, descending)
        standings[row["customer_id"]] = _standing(rank, row["size"])
    return standings


def _better_among_equals(values: pl.DataFrame, row: Mapping[str, object], descending: bool) -> int:
    """Count the customers whose exact number is better, among those with the same DOUBLE."""
    tied = values.filter(
        pl.col("number") == row["number"], pl.col("group").eq_missing(pl.lit(row["group"], pl.String))
    )
    own = _exact_of(str(row["detail"]))
    others = [_exact_of(detail) for detail in tied["detail"].to_list()]
    known = [other for other in others if other is not None]
    if own is None or len(known) < len(others):
        return 0
    return sum(other > own if descending else other < own for other in known)


def _exact_of(detail: str) -> Exact | None:
    exact = json.loads(detail, parse_float=Decimal).get("exact")
    return exact if isinstance(exact, int | Decimal) and not isinstance(exact, bool) else None
