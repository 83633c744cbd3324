"""One customer's events as columns: what every recomputation reads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

import polars as pl

from recap.campaign import Metric
from recap.metrics.audit.base import Base
from recap.metrics.audit.exact import Exact, from_nanos, nanos, text_of

Span = Literal["period", "before", "ever"]
Groups = dict[Any, tuple[int, int | Decimal]]
"""By key: events, and their number or sum."""

BLOCK_ROWS = 200_000
DAY, HOUR = 86_400_000_000, 3_600_000_000
"""In microseconds."""


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What a value must be."""

    number: Exact | None
    text: str | None
    detail: Mapping[str, Any]
    rests: Sequence[int]
    """The events it rests on, as places in the customer's block."""
    beyond: int = 0
    """Events of other customers it rests on besides."""

    @property
    def rows(self) -> int:
        """How many events it rests on."""
        return len(self.rests) + self.beyond


class Block:
    """The events of some customers, one after another; a column becomes a list when first asked for."""

    def __init__(self, frame: pl.DataFrame, conditions: Mapping[str, str]) -> None:
        self._frame = frame
        self.conditions = conditions
        """By the text of a condition, the column that says whether it is met."""
        self._columns: dict[str, list[Any]] = {}

    def column(self, name: str) -> list[Any]:
        """Give a column of the activity by name, or one made of it.

        `local` and `instant` are whole microseconds after 1970-01-01, `day` whole days, `hour` 0 to 23;
        `text:<field>` is how a field's values are told, `sum:<field>` what can be added up exactly.
        """
        if name not in self._columns:
            self._columns[name] = self._make(name)
        return self._columns[name]

    def places(self, rests: Sequence[int]) -> list[str]:
        """Name where these events stand in the sources, as `file:line`."""
        rows = self._frame[list(rests)].select("row:source", "row:line").rows()
        return [f"{source}:{line}" for source, line in rows]

    def _make(self, name: str) -> list[Any]:
        kind, _, of = name.partition(":")
        if name in {"local", "instant"}:
            return self._frame[name].dt.cast_time_unit("us").to_physical().to_list()
        if name == "day":
            return [at // DAY for at in self.column("local")]
        if name == "hour":
            return [at % DAY // HOUR for at in self.column("local")]
        if kind == "text" and self._frame[of].dtype != pl.String:
            return [text_of(value) for value in self._frame[of].to_list()]
        if kind == "sum" and self._frame[of].dtype.is_float():
            return [None if v is None else from_nanos(nanos(v)) for v in self._frame[of].to_list()]
        return self._frame[of if kind in {"text", "sum"} else name].to_list()


class Events:
    """Some events of one customer, in order of the instant."""

    def __init__(self, block: Block, at: Sequence[int]) -> None:
        self.at = at
        """Their places in the block, ascending."""
        self._block = block
        self._columns: dict[str, list[Any]] = {}
        self._groups: dict[tuple[str, str | None], Groups] = {}

    def column(self, name: str) -> list[Any]:
        """Give a column of the block for these events."""
        taken = self._columns.get(name)
        if taken is None:
            whole = self._block.column(name)
            at = self.at
            taken = whole[at.start : at.stop] if isinstance(at, range) else [whole[i] for i in at]
            self._columns[name] = taken
        return taken

    def groups(self, key: str, of: str | None = None) -> Groups:
        """Group by a column: events, and their number or the sum of field `of`.

        Events whose key, or whose `of`, is null are in no group.
        """
        found = self._groups.get((key, of))
        if found is None:
            amounts = None if of is None else self.column(f"sum:{of}")
            found = self._groups[key, of] = _group(self.column(key), amounts)
        return found

    def known(self, *columns: str | None) -> Sequence[int]:
        """Give the places of the events where none of these columns is null."""
        at = self.at
        for name in columns:
            if name is not None:
                whole = self._block.column(name)
                at = [i for i in at if whole[i] is not None]
        return at

    def values(self, name: str) -> list[Any]:
        """Give what of a column is not null."""
        return [value for value in self.column(name) if value is not None]


def _group(keys: Sequence[Any], amounts: Sequence[Any] | None) -> Groups:
    counts: dict[Any, int] = {}
    if amounts is None:
        for key in keys:
            counts[key] = counts.get(key, 0) + 1
        counts.pop(None, None)
        return {key: (n, n) for key, n in counts.items()}
    sums: dict[Any, Any] = {}
    for key, amount in zip(keys, amounts, strict=True):
        if key is not None and amount is not None:
            counts[key] = counts.get(key, 0) + 1
            sums[key] = sums.get(key, 0) + amount
    return {key: (n, sums[key]) for key, n in counts.items()}


@dataclass(slots=True)
class Customer:
    """One customer: the events, and what has been recomputed of them so far."""

    id: str
    block: Block
    at: range
    """The places of all the customer's events in the block."""
    base: Base
    """What must be known beyond them."""
    results: dict[str, Recomputed | None] = field(default_factory=dict)
    """By metric; what metrics that rest on others read."""
    _views: dict[tuple[str | None, Span], Events] = field(default_factory=dict)

    def events(self, metric: Metric, span: Span = "period") -> Events:
        """Give the events that count for a metric: of the period, before it, or both."""
        return self.events_where(metric.where, span)

    def events_where(self, where: str | None, span: Span = "period") -> Events:
        """Give the events that meet a condition of the campaign."""
        view = self._views.get((where, span))
        if view is None:
            view = self._views[where, span] = Events(self.block, self._places(where, span))
        return view

    def _places(self, where: str | None, span: Span) -> Sequence[int]:
        at: Sequence[int] = self.at
        if span != "ever":
            inside = self.block.column("in_period")
            wanted = span == "period"
            if not all(inside[i] is wanted for i in at):
                at = [i for i in at if inside[i] is wanted]
        if where is not None:
            met = self.block.column(self.block.conditions[where])
            at = [i for i in at if met[i]]
        return at


def conditions_of(metrics: Sequence[Metric]) -> dict[str, str]:
    """Name, by the text of each condition, one column of the activity that says whether it is met."""
    return {metric.where: f"where:{metric.id}" for metric in metrics if metric.where is not None}


def in_order(frame: pl.DataFrame) -> pl.DataFrame:
    """Sort an activity by customer, and each customer's events by the instant."""
    return frame.sort("customer_id", "instant", maintain_order=True)


def each_customer(
    frame: pl.DataFrame, conditions: Mapping[str, str], base: Base, block_rows: int = BLOCK_ROWS
) -> Iterator[Customer]:
    """Go through the customers of a frame that is `in_order`; about `block_rows` are lists at a time."""
    start = rows = 0
    waiting: list[tuple[str, range]] = []
    for length, customer in frame["customer_id"].rle().struct.unnest().iter_rows():
        waiting.append((customer, range(rows, rows + length)))
        rows += length
        if rows >= block_rows:
            yield from _customers(Block(frame.slice(start, rows), conditions), waiting, base)
            start, rows, waiting = start + rows, 0, []
    yield from _customers(Block(frame.slice(start), conditions), waiting, base)


def _customers(block: Block, waiting: Sequence[tuple[str, range]], base: Base) -> Iterator[Customer]:
    return (Customer(customer, block, at, base) for customer, at in waiting)
