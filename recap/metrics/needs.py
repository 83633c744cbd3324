"""What a metric needs to have rolled up, said in a way that several metrics can share."""

from dataclasses import dataclass
from typing import Literal

Pick = Literal["first", "last", "largest"]


@dataclass(frozen=True, slots=True)
class Need:
    """Events grouped by customer and one more thing.

    Read as a table `customer_id, key, n, value[, picked]`, a row a group that holds at least one event:
    `n` BIGINT events (with `of`: those where it is not null), `value` the sum of `of` or else `n`,
    `picked` as `pick` says.
    """

    by: Literal["customer", "day", "hour", "field"] = "customer"
    field: str | None = None
    """The field to group by, with `by='field'`; events where it is null are in no group."""
    of: str | None = None
    """The numeric field to add up; None counts events."""
    where: str | None = None
    """Only events that meet this condition."""
    pick: Pick | None = None
    """One event of the group: `first` and `last` in time give a struct `ts, label`; `largest` by `of` gives
    the list of the largest two as structs `value, ts, label` with `value` negated, the earlier first among
    equals, so that a tie can be told."""
    label: str | None = None
    """The field whose text `picked` carries as `label`."""
