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


def tell_story(chosen: Sequence[Scene[T]]) -> list[T]:
    """Order highlights as a story: an opening everyone can relate to, then a rise to the most personal.

    `chosen` stands in the order of the campaign, which decides between equal scores. How it all began comes
    right after the opening, how it ended comes last. Of two neighbours with the same composition the second
    waits for the next that differs.
    """
    opening = max((s for s in chosen if s.part == "opening"), key=lambda s: s.score, default=None)
    others = [scene for scene in chosen if scene is not opening]
    places = {"beginning": 0, "opening": 1, "middle": 1, "end": 2}
    rising = sorted(others, key=lambda scene: (places[scene.part], scene.score))
    return _alternate([opening, *rising] if opening else rising)


def best_first(chosen: Sequence[Scene[T]]) -> list[T]:
    """Order highlights by what they are worth: for a deck of one card."""
    return [scene.highlight for scene in sorted(chosen, key=lambda scene: -scene.score)]


def keep_order(chosen: Sequence[Scene[T]]) -> list[T]:
    """Leave highlights in the order of the campaign, but for neighbours with the same composition."""
    return _alternate(chosen)


def _alternate(chosen: Sequence[Scene[T]]) -> list[T]:
    waiting = list(chosen)
    told: list[T] = []
    before: str | None = None
    while waiting:
        index = next((i for i, scene in enumerate(waiting) if scene.layout != before), 0)
        scene = waiting.pop(index)
        told.append(scene.highlight)
        before = scene.layout
    return told
