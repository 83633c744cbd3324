"""What an audit found: every difference counted, the first of them in detail."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KEPT = 100
PLACES = 20


@dataclass(frozen=True, slots=True)
class Places:
    """Where the events stand that a value rests on."""

    first: tuple[str, ...] = ()
    """As `source:line`, 20 at most."""
    count: int = 0
    """How many there are in all."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that was published and is not what the raw rows say."""

    customer_id: str
    metric: str
    what: str
    """`number`, `text`, `detail.<key>`, `rows`, `rank`, `cohort` or `top_percent`; `missing` for a value that
    should be there, `unexpected` for one that should not."""
    published: Any
    recomputed: Any
    """Whole numbers, decimals, texts, lists and mappings of these, or None; of a missing or unexpected value
    its number, or else its text."""
    rows: Places
    """The raw events behind it; of an unexpected value all that count for the metric."""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The outcome of an audit."""

    customers: int
    """Customers checked."""
    values: int
    """Values checked, published or missing."""
    differences: tuple[Difference, ...]
    """The first 100, in the order of the customers and of the campaign's metrics, ranks last."""
    difference_count: int
    """How many there are in all."""
    unaudited: Mapping[str, str]
    """Metrics that could not be recomputed, and why."""
    seconds: float

    @property
    def agrees(self) -> bool:
        """Whether nothing that was checked differs."""
        return self.difference_count == 0
