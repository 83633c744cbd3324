"""The unit of work: some customers, neighbours by token, whose cards become visible together.

Workers import this, so it knows no database and no data frames.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from recap.selection.deck import Deck


@dataclass(frozen=True, slots=True)
class Person:
    """One customer of a shard: with a deck to draw, or with an outcome already."""

    customer_id: str
    token: str
    locale: str
    deck: Deck | None
    outcome: str | None
    reason: str | None
    variant: str = ""
    """The alternatives of the campaign's experiments that are this customer's."""
    share_token: str | None = None
    """Names the folder of the nameless rendition; None where there is none."""


@dataclass(frozen=True, slots=True)
class Shard:
    """What a worker is given."""

    name: str
    people: tuple[Person, ...]
    staging: Path = Path()
    """Where new pictures are written."""
    known: Mapping[tuple[str, int, str], Mapping[str, Any]] = field(default_factory=dict)
    """Rows of the manifest for pictures already there, by token, card and format."""
    exactly: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """By layout and format: why the fast engine's pictures of it are not trusted."""
    is_trial: bool = False
    """Whether cards are only drawn both ways, to find what is not to be trusted."""

    def halves(self) -> Sequence["Shard"]:
        """Part a shard that cannot be drawn, to find the customer who is to blame."""
        middle = len(self.people) // 2
        if middle == 0:
            return ()
        return (
            replace(self, name=f"{self.name}a", people=self.people[:middle]),
            replace(self, name=f"{self.name}b", people=self.people[middle:]),
        )
