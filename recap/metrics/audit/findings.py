"""What is published, by customer; and the differences as they are found."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import polars as pl

from recap.metrics.audit.compare import Published
from recap.metrics.audit.customers import Block
from recap.metrics.audit.report import KEPT, PLACES, Difference, Places

COLUMNS = ("number", "text", "detail", "rows", "rank", "cohort", "top_percent")


class PublishedValues:
    """The published values, found by customer."""

    def __init__(self, values: pl.DataFrame) -> None:
        self.frame = values.select("customer_id", "metric", *COLUMNS).sort("customer_id", maintain_order=True)
        self._places: dict[str, tuple[int, int]] = {}
        start = 0
        for length, customer in self.frame["customer_id"].rle().struct.unnest().iter_rows():
            self._places[customer] = start, length
            start += length

    def customers(self) -> Iterator[str]:
        """Give every customer with a value, in the order of their ids."""
        return iter(self._places)

    def of(self, customer_id: str) -> dict[str, Published]:
        """Give a customer's values by metric."""
        start, length = self._places.get(customer_id, (0, 0))
        rows = self.frame.slice(start, length).rows() if length else []
        return {metric: Published(*rest) for _, metric, *rest in rows}

    def of_metric(self, metric: str) -> pl.DataFrame:
        """Give a metric's values, a row a customer."""
        return self.frame.filter(pl.col("metric") == metric)


class Findings:
    """The differences: all are counted, the first are kept."""

    def __init__(self) -> None:
        self.kept: list[Difference] = []
        self.count = 0

    def add(
        self,
        customer_id: str,
        metric: str,
        what: str,
        published: Any,
        recomputed: Any,
        places: Callable[[], Places],
    ) -> None:
        """Add a difference; `places` is asked only for those that are kept."""
        self.count += 1
        if len(self.kept) < KEPT:
            self.kept.append(Difference(customer_id, metric, what, published, recomputed, places()))


def name_places(block: Block, rests: Sequence[int], beyond: int = 0) -> Places:
    """Say where events stand, the first of them by name."""
    return Places(tuple(block.places(rests[:PLACES])), len(rests) + beyond)
