"""A card's content: every word and proportion a template may show, ready to print.

Templates hold no logic beyond showing, so all text here is formatted for the card's language and all bars are
already shares from 0 to 1. Everything is plain text: escaping is the template engine's work.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Row:
    """A place in a top list."""

    place: str
    name: str
    amount: str
    share: float
    """Of the largest row, 0 to 1."""
    leads: bool
    picture: str | None = None
    """A `data:` address; empty where the list has pictures but none of this, None where it has none."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A column of a chart."""

    name: str
    """Short, for the axis: `Jan`, `M`, `11`."""
    amount: str
    share: float
    """Of the tallest, 0 to 1, from zero."""
    leads: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of a calendar."""

    share: float
    """Of the largest day, 0 to 1; 0 where nothing was."""
    leads: bool


@dataclass(frozen=True, slots=True)
class Week:
    """A week of a calendar."""

    name: str
    """Of the month that begins in it, short: `Jan`, or `Jan 2026` where the year must be told; else empty."""
    first: int
    """The place of its first day, 1 to 7, in a week that begins where the language's does."""
    days: tuple[Cell, ...]
    """One for every day of the period, without gaps."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the summary: what and how much."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Card:
    """One picture's content; drawn once per format."""

    index: int
    """0-based place in the deck."""
    name: str
    """`cover`, `summary`, `fallback` or the metric's id; part of the file's name."""
    metric: str | None
    layout: str
    """The template that draws it, such as `number`; `templates/cards` has them all."""
    locale: str
    direction: Literal["ltr", "rtl"]
    brand: str
    period: str
    """Such as `2026` or `Jan - Mar 2026`."""
    title: str
    """The small line above: what this card is about."""
    hero: str
    """The one thing seen from across the room: a number, a name. Never empty."""
    unit: str
    """What the hero counts, such as `minutes of music`; may be empty."""
    headline: str
    """One whole sentence that stands alone; also in the manifest."""
    support: str
    """A second sentence; may be empty."""
    badge: str
    """*Top 2 %*, or empty."""
    small_print: str
    """What was counted, when, by whose clock."""
    alt_text: str
    """Says everything the picture says."""
    customer: str
    """The customer's name as they are to be called, or empty."""
    rows: tuple[Row, ...] = ()
    bars: tuple[Bar, ...] = ()
    weeks: tuple[Week, ...] = ()
    """A value for every day; `bars` then hold the months' totals."""
    lines: tuple[Line, ...] = ()
    second: str = ""
    """The other name in the layout `pair`, as large as the hero, which is the first; empty elsewhere."""
    emblem: str = ""
    """The drawing of a type of customer, by its name in `_emblems.html`; empty elsewhere."""
    standing: float | None = None
    """top_percent / 100, for a picture of the crowd; only where the claim may be made."""
    answer: str = ""
    """What a card of the layout `question` asks for, in sentences: for the customer's page, never drawn."""
    avatar: str | None = None
    """The customer's picture, a `data:` address; empty where it is missing, None where none is wanted."""
