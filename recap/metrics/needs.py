"""What a metric needs to have rolled up, said in a way that several metrics can share."""

from dataclasses import dataclass
from typing import Literal

Pick = Literal["first", "last", "largest"]
Fold = Literal["sum", "least", "most"]
Span = Literal["period", "before", "ever"]


@dataclass(frozen=True, slots=True)
class Need:
    """Events grouped by customer and one more thing.

    Read as a table `customer_id, key, n, value[, picked][, seconds]`, a row a group that holds at least one
    event: `n` BIGINT events (with `of`: those where it is not null), `value` the sum of `of` (or as `fold`
    says) or else `n`, `picked` as `pick` says.
    """

    by: Literal["customer", "day", "hour", "field", "session"] = "customer"
    """`session`: runs of events without a longer pause than `gap`; `key` is the local time of the first
    event, `seconds` BIGINT the time from the first event to the last by a clock that is never put back."""
    field: str | None = None
    """The field to group by, with `by='field'`; events where it is null are in no group."""
    of: str | None = None
    """The numeric field to add up; None counts events."""
    fold: Fold = "sum"
    """What `value` is of `of`: its sum, or its least or its largest value."""
    where: str | None = None
    """Only events that meet this condition."""
    pick: Pick | None = None
    """One event of the group: `first` and `last` in time give a struct `at, ts, label` (`at` the instant,
    `ts` the local time); `largest` by `of` gives a list of structs `value, at, ts, label` with `value`
    negated: the largest, of equal ones the earliest, and then the next where it equals it."""
    label: str | None = None
    """The field whose text `picked` carries as `label`."""
    span: Span = "period"
    """Events of the period, those before it, or both. `largest` and sessions know the period only."""
    gap: int | None = None
    """Minutes without an event that end a session, with `by='session'`."""
