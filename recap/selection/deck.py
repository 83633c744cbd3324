"""What selection hands on: for each customer the chosen highlights, in order, and why they were chosen."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from recap.metrics.value import Value


@dataclass(frozen=True, slots=True)
class Highlight:
    """A value chosen for a customer."""

    value: Value
    score: float
    claims_standing: bool
    """Whether the card may say *top x %*."""
    neutral: bool = False
    """Told in plain words, without praise."""


@dataclass(frozen=True, slots=True)
class Customer:
    """The person a deck is for."""

    id: str
    name: str | None
    locale: str
    """One of the campaign's languages."""
    joined: date | None = None
    """The day of their first event, where it is known that there was none before the period."""
    avatar: str | None = None
    """Where their picture is found, as the customers table says it."""


@dataclass(frozen=True, slots=True)
class Deck:
    """A customer's highlights in order."""

    customer: Customer
    kind: Literal["full", "fallback"]
    highlights: tuple[Highlight, ...]

    def nameless(self) -> "Deck":
        """Return the deck of a customer whose name is not told."""
        return replace(self, customer=replace(self.customer, name=None))
