"""Which customers a sample holds."""

import random
from datetime import datetime

import polars as pl

from recap.metrics.audit.sampling import draw_customers


def base(customers: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    frame = pl.DataFrame(
        {
            "customer_id": [*customers, "gone"],
            "local": [datetime(2026, 1, 1)] * (len(customers) + 1),
            "in_period": [True] * len(customers) + [False],
        }
    )
    values = pl.DataFrame(
        {
            "customer_id": [*customers, "stranger"],
            "metric": ["n"] * (len(customers) + 1),
            "number": [float(len(c)) for c in customers] + [None],
        }
    )
    return frame, values


def test_a_sample_is_the_same_in_every_order() -> None:
    """The seed decides, not the order of rows; another seed draws others."""
    customers = [f"c{n:03}" for n in range(200)]
    shuffled = random.Random(1).sample(customers, 200)
    drawn = draw_customers(*base(customers), 20, "seed")
    assert set(drawn) == set(draw_customers(*base(shuffled), 20, "seed"))
    assert len(set(drawn)) == 20
    assert set(drawn) != set(draw_customers(*base(customers), 20, "other seed"))
    assert "gone" not in draw_customers(*base(customers), 500, "seed")


def test_extreme_numbers_are_drawn() -> None:
    """The customers with the largest and the smallest number are in the sample, whatever the seed."""
    customers = [f"c{n:03}" for n in range(200)] + ["x", "the-longest-of-all"]
    for seed in "abcdef":
        assert {"x", "the-longest-of-all"} <= set(draw_customers(*base(customers), 6, seed))


def test_a_sample_larger_than_the_base_is_everyone() -> None:
    """Strangers who have values but no events are drawn as well."""
    assert set(draw_customers(*base(["a", "b"]), 10, "seed")) == {"a", "b", "stranger"}
