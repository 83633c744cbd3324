"""What the three businesses have in common: how active people are, and columns filled row by row.

Rows are kept as machine integers (places in a catalogue, seconds, metres) and become Arrow columns a row
group at a time: fifty million rows pass through without a Python object for any of them staying behind.
"""

from abc import ABC, abstractmethod
from array import array
from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate
from random import Random
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from sample_data.edges import Visit
from sample_data.people import Mix, Person

TIERS = (
    (0, 0, 3),
    (1, 1, 4),
    (2, 3, 6),
    (8, 16, 11),
    (20, 60, 37),
    (60, 200, 27),
    (200, 600, 10),
    (600, 1500, 2),
)
"""Fewest events, most events, how many customers in a hundred."""
CUMULATED = tuple(accumulate(customers for *_, customers in TIERS))
REGULAR = (90, 260)
"""Fewest and most events of a customer made on purpose who lives as anybody does."""


def draw_count(rng: Random, share: float) -> int:
    """Draw how many events a customer has: from none to many hundreds."""
    low, high, _ = rng.choices(TIERS, cum_weights=CUMULATED)[0]
    count = rng.randint(low, high)
    # Light users stay as light as they are: their few events are the point of them.
    return count if count <= 3 else max(4, int(count * share))


def draw_groups(rng: Random, sizes: Sequence[int], total: int) -> list[int]:
    """Draw sizes that add up to `total`, as of listening sessions; the last may come out small."""
    groups: list[int] = []
    largest, left = max(sizes), total
    while left > 0:
        more = rng.choices(sizes, k=1 + left // largest)
        groups += more
        left -= sum(more)
    while left < 0:
        left += groups.pop()
    if left > 0:
        groups.append(left)
    return groups


ANONYMOUS, BLANK = -1, 0
"""Places in the column of ids for a row without a customer: an empty cell, an empty text."""


class Columns:
    """The columns of a row group in the making, all as integers."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = tuple(names)
        self.clear()

    def clear(self) -> None:
        """Forget every row."""
        self._ids: list[str] = [""]
        self._who = array("i")
        self._values = {name: array("q") for name in self._names}

    def __len__(self) -> int:
        return len(self._who)

    def extend(self, customer: str | None, *values: Sequence[int]) -> None:
        """Add rows of one customer, equally many values for each column, in the constructor's order.

        The customer is None for rows without one, "" for rows with a blank one.
        """
        place = ANONYMOUS
        if customer is not None:
            place = BLANK
            if customer:
                self._ids.append(customer)
                place = len(self._ids) - 1
        self._who.extend([place] * len(values[0]))
        for column, more in zip(self._values.values(), values, strict=True):
            column.extend(more)

    def customers(self) -> pa.DictionaryArray:
        """Return the column of customer ids, of `dictionary<int32, string>`."""
        who = _to_arrow(self._who, pa.int32())
        nothing = pa.scalar(None, pa.int32())
        return pa.DictionaryArray.from_arrays(pc.if_else(pc.less(who, 0), nothing, who), pa.array(self._ids))

    def integers(self, name: str) -> pa.Array:
        """Return a column as int64."""
        return _to_arrow(self._values[name], pa.int64())

    def places(self, name: str) -> pa.Array:
        """Return a column as places in a list of labels: int32, null where below zero."""
        places = self.integers(name).cast(pa.int32())
        return pc.if_else(pc.less(places, 0), pa.scalar(None, pa.int32()), places)


def _to_arrow(column: "array[int]", kind: pa.DataType) -> pa.Array:
    return pa.Array.from_buffers(kind, len(column), [None, pa.py_buffer(column)])


class Labels:
    """A fixed list of labels a column picks from: each label once, whatever the number of rows."""

    def __init__(self, labels: Sequence[str]) -> None:
        unique = list(dict.fromkeys(labels))
        self._labels = pa.array(unique)
        self._place_of = pa.array([unique.index(label) for label in labels], pa.int32())

    def column(self, places: pa.Array) -> pa.DictionaryArray:
        """Return the labels at `places` (of the list as given), of `dictionary<int32, string>`."""
        return pa.DictionaryArray.from_arrays(self._place_of.take(places), self._labels)


LABEL = pa.dictionary(pa.int32(), pa.string())
"""In Arrow a place in a list, in the file plain text."""


def take_decimals(values: Sequence[Decimal], places: pa.Array, kind: pa.DataType) -> pa.Array:
    """Return the exact amounts at `places`."""
    return pa.array(values, kind).take(places)


def seconds_to_timestamps(seconds: pa.Array, zone: str | None) -> pa.Array:
    """Turn seconds since 1970 into timestamps in microseconds; `zone` is None for plain wall clock."""
    return seconds.cast(pa.timestamp("s", zone)).cast(pa.timestamp("us", zone))


class Business(ABC):
    """A business: whom it serves, and how a life with it becomes rows."""

    name: ClassVar[str]
    mix: ClassVar[Mix]
    """Where its customers' names come from."""
    home: ClassVar[str | None] = None
    """The time zone of all its customers; None where they are all over the world."""
    heavy_events: ClassVar[int]
    """Events of the customer who has far more than anybody."""
    tier_share: ClassVar[float]
    """How many events a customer has, against `TIERS`."""
    events_schema: ClassVar[pa.Schema]
    customers_schema: ClassVar[pa.Schema]

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = Columns(columns)

    @property
    def rows(self) -> int:
        """Events held since the last `flush`."""
        return len(self._columns)

    @abstractmethod
    def live(self, person: Person, rng: Random, events: int) -> None:
        """Add what a customer did of their own accord: `events` rows, and a few by mistake."""

    @abstractmethod
    def visit(self, person: Person, visits: Sequence[Visit]) -> None:
        """Add what a customer did by plan."""

    @abstractmethod
    def flush(self) -> pa.Table:
        """Hand over the rows held, in `events_schema`, and hold none."""

    @abstractmethod
    def customers(self, people: Sequence[Person]) -> pa.Table:
        """Return the rows of the customers table, in `customers_schema`."""
