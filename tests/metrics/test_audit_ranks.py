"""The audit's ranks against the definition, counted out."""

from collections.abc import Mapping
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recap.metrics.audit.ranks import Standing, rank_everyone, rank_sample

CUSTOMERS = [f"c{n}" for n in range(8)]
NUMBERS = [Decimal("-1.5"), 0, Decimal("0.1"), 2, Decimal("2.0"), None]
cohorts = st.fixed_dictionaries(
    {}, optional={customer: st.sampled_from(NUMBERS) for customer in CUSTOMERS}
).filter(bool)


def counted_out(
    customer: str, numbers: Mapping[str, Decimal | int | None], direction: str
) -> tuple[int | None, int, int | None]:
    known = [number for number in numbers.values() if number is not None]
    own = numbers[customer]
    if own is None or direction == "none":
        return None, len(known), None
    rank = 1 + sum(other > own if direction == "more" else other < own for other in known)
    percent = next(p for p in range(1, 101) if 100 * rank <= p * len(known))
    return rank, len(known), percent


@settings(max_examples=200, deadline=None)
@given(cohorts, st.sampled_from(["more", "less", "none"]))
def test_ranks_are_as_defined(numbers: dict[str, Decimal | int | None], direction: str) -> None:
    """Whole numbers and decimals of the same worth are ties; null numbers are in no cohort."""
    standings = rank_everyone(numbers, {}, direction)
    for customer in numbers:
        assert standings[customer] == Standing(*counted_out(customer, numbers, direction))


@settings(max_examples=60, deadline=None)
@given(cohorts, st.sampled_from(["more", "less", "none"]))
def test_a_sample_is_ranked_among_all(numbers: dict[str, Decimal | int | None], direction: str) -> None:
    """Ranks made of published numbers, in two groups, are those of the whole groups."""
    groups = {customer: "even" if int(customer[1]) % 2 == 0 else None for customer in numbers}
    values = pl.DataFrame(
        {
            "customer_id": list(numbers),
            "group": [groups[c] for c in numbers],
            "number": [None if n is None else float(n) for n in numbers.values()],
            "detail": ["{}"] * len(numbers),
            "rank": [1] * len(numbers),
        },
        schema_overrides={"group": pl.String, "number": pl.Float64},
    )
    standings = rank_sample(values, direction, pl.Series(CUSTOMERS[:4]))
    assert standings.keys() == numbers.keys() & set(CUSTOMERS[:4])
    for customer, standing in standings.items():
        own = {c: n for c, n in numbers.items() if groups[c] == groups[customer]}
        assert standing == Standing(*counted_out(customer, own, direction))


@pytest.mark.parametrize(("direction", "ranks"), [("more", [2, 1, 3]), ("less", [2, 3, 1])])
def test_numbers_that_only_a_double_cannot_tell_apart(direction: str, ranks: list[int]) -> None:
    """Where exact numbers differ that are equal as DOUBLE, their details decide on the ranks."""
    exact = ["12345678901.000000001", "12345678901.000000002", "12345678901"]
    values = pl.DataFrame(
        {
            "customer_id": ["a", "b", "c"],
            "group": [None, None, None],
            "number": [float(Decimal(text)) for text in exact],
            "detail": [f'{{"exact":{text}}}' for text in exact],
            "rank": ranks,
        },
        schema_overrides={"group": pl.String},
    )
    standings = rank_sample(values, direction, values["customer_id"])
    assert [standings[c].rank for c in "abc"] == ranks
