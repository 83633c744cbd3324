"""One customer's result of one metric."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Value:
    """A row of the values table, as the rooms above metrics see it."""

    metric: str
    number: float | None
    """In the unit of the data."""
    text: str | None
    """The leading label, where there is one."""
    detail: Mapping[str, Any]
    """What the kind keeps beside the number, as its class documents; fractions are `Decimal`."""
    rows: int
    """Events it rests on."""
    rank: int | None = None
    """1 is the best; ties share the better rank. None where the metric is not ranked."""
    cohort: int = 0
    """Customers with a value of this metric."""
    holders: int | None = None
    """Customers with the same number, this one included; None where the metric is not ranked."""
    top_percent: int | None = None
    """ceil(100 * rank / cohort), so that *top x %* is never more than is true."""
