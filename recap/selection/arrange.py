"""The order of a deck."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

T = TypeVar("T")
Part = Literal["opening", "beginning", "middle", "end"]
"""`opening`: what the whole period came to, which everyone can relate to; `beginning` and `end`: how it began
and how it ended; all else rises from the least to the most personal."""


@dataclass(frozen=True, slots=True)
class Scene(Generic[T]):
    """A highlight as the story sees it."""

    highlight: T
    layout: str
    score: float
    part: Part = "middle"
    """Where in a story it has its place."""
    place: int = 1
    """In the order of choice."""


def tell_story(chosen: Sequence[Scene[T]]) -> list[T]:
    """Order highlights as a story: an opening everyone can relate to, then a rise to the most personal.

    `chosen` stands in the order of the campaign, which decides between equal scores. How it all began comes
    right after the opening, how it ended comes last. Of two neighbours in the rise with the same composition
    the second waits for the next that differs.
    """
    opening = max((s for s in chosen if s.part == "opening"), key=lambda s: s.score, default=None)
    others = sorted((scene for scene in chosen if scene is not opening), key=lambda scene: scene.score)
    first = [opening] if opening else []
    first += [scene for scene in others if scene.part == "beginning"]
    last = [scene for scene in others if scene.part == "end"]
    rising = [scene for scene in others if scene.part in {"opening", "middle"}]
    before = first[-1].layout if first else None
    return [scene.highlight for scene in (*first, *_alternate(rising, before), *last)]


def best_first(chosen: Sequence[Scene[T]]) -> list[T]:
    """Order highlights as they were chosen: for a deck of one card."""
    return [scene.highlight for scene in sorted(chosen, key=lambda scene: scene.place)]


def keep_order(chosen: Sequence[Scene[T]]) -> list[T]:
    """Leave highlights in the order of the campaign, but for neighbours with the same composition."""
    return [scene.highlight for scene in _alternate(chosen, None)]


def _alternate(chosen: Sequence[Scene[T]], before: str | None) -> list[Scene[T]]:
    waiting = list(chosen)
    told: list[Scene[T]] = []
    while waiting:
        index = next((i for i, scene in enumerate(waiting) if scene.layout != before), 0)
        told.append(waiting.pop(index))
        before = told[-1].layout
    return told
