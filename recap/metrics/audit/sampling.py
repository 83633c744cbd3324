"""Which customers an audit looks at."""

from hashlib import blake2b

import polars as pl

DIGEST_BYTES = 8


def draw_customers(frame: pl.DataFrame, values: pl.DataFrame, sample: int, seed: str) -> list[str]:
    """Draw customers, the same ones for the same seed whatever the order of the rows.

    Drawn are customers with an event in the period or a published value: up to half of the sample those with
    the largest and the smallest number of each metric, where mistakes show first; the others by a keyed hash
    of their id.
    """
    active = frame.filter("in_period")["customer_id"].unique()
    everyone = set(active) | set(values["customer_id"].unique())
    extremes = _extremes(values)[: sample // 2]
    key = blake2b(seed.encode(), digest_size=32).digest()

    def lot(customer: str) -> bytes:
        return blake2b(customer.encode(), key=key, digest_size=DIGEST_BYTES).digest()

    others = sorted(everyone - set(extremes), key=lambda customer: (lot(customer), customer))
    return [*extremes, *others[: sample - len(extremes)]]


def _extremes(values: pl.DataFrame) -> list[str]:
    """Give each metric's customers with the largest and the smallest number, without repetition."""
    known = values.filter(pl.col("number").is_not_null()).sort("metric", "number", "customer_id")
    ends = known.group_by("metric", maintain_order=True).agg(
        most=pl.col("customer_id").last(), least=pl.col("customer_id").first()
    )
    return list(dict.fromkeys([*ends["most"], *ends["least"]]))
