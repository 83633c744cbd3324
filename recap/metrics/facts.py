"""What a value says, as typed facts: the bridge from numbers to words.

A metric kind knows what its value means; the wording knows how to say it in a language. Between them stand
these few types: no text of ours, no formatting, no locale.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, get_args

Emblem = Literal[
    "sun", "compass", "heart", "star", "leaf", "moon", "crown", "wave", "flame", "gem", "mountain", "key"
]
EMBLEMS: tuple[Emblem, ...] = get_args(Emblem)
"""What `templates/cards/_emblems.html` draws."""
Number = int | float | Decimal


Forms = Mapping[str, str]
"""A noun by CLDR plural category."""
Unit = Literal[
    "metric", "day", "week", "year", "minute", "session", "event", "group", "customer", "highlight"
]


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount of something."""

    value: Number
    of: Unit = "metric"
    """`metric` (the metric's own noun or currency, in the data's unit), or a noun every language file
    knows."""
    noun: Mapping[str, Forms] | None = None
    """A noun of the campaign's own, by language; it goes before `of`, and the value is in its unit."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share of a whole, 0 to 1; or a growth, which may be more."""

    value: float


@dataclass(frozen=True, slots=True)
class Moment:
    """A local date and time of day."""

    value: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day."""

    value: date


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch of calendar days, both ends included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a year; `value` is its first day."""

    value: date


@dataclass(frozen=True, slots=True)
class Weekday:
    """ISO weekday, 1 Monday to 7 Sunday."""

    value: int


@dataclass(frozen=True, slots=True)
class Hour:
    """The hour of the day that begins at `value`, 0 to 23."""

    value: int


@dataclass(frozen=True, slots=True)
class DayPart:
    """A part of the day, by the local clock."""

    value: Literal["night", "morning", "afternoon", "evening"]


@dataclass(frozen=True, slots=True)
class Term:
    """A name the campaign gave: one text for all languages, or one for each."""

    value: str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Label:
    """A word of the business's data (a song, a product): foreign text, never translated, never trusted."""

    value: str


@dataclass(frozen=True, slots=True)
class Several:
    """Facts that stand side by side, as in a tie; `more` counts those left out."""

    values: "tuple[Label | Day | Month | Weekday | Hour | DayPart, ...]"
    more: int = 0


Fact = Quantity | Ratio | Moment | Day | Days | Month | Weekday | Hour | DayPart | Term | Label | Several


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a list or a column of a chart: its name, its amount, whether it is a leading one."""

    name: Label | Day | Days | Month | Weekday | Hour | DayPart
    amount: Quantity
    share: float
    """Of the largest entry, 0 to 1: what a bar's length shows."""
    leads: bool = False
    place: int | None = None
    """1-based place in a list; tied entries share the better one."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a card may say about one value."""

    slots: Mapping[str, Fact]
    """By placeholder name, as used in `templates/wording/<locale>.yaml`."""
    main: str
    """The slot the card shows large; its amount also decides on the plural."""
    layout: str
    """The card layout that shows it best; a metric may name another."""
    cases: tuple[str, ...] = ()
    """Which special sentences fit, the most fitting first (`tied`, `running`, ...)."""
    entries: tuple[Entry, ...] = field(default=())
    """For lists and charts, in the order they are drawn."""
    second: str = ""
    """The slot of a name that stands beside the main one, in a pair."""
    emblem: str = ""
    """The drawing that stands for what is told, one of `EMBLEMS`."""
