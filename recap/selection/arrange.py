"""The order of a deck."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def arrange(chosen: Sequence[tuple[T, str]]) -> list[T]:
    """Order highlights for the story.

    `chosen` holds (highlight, layout) in the order of the campaign, which is kept, but for one thing: of two
    neighbours with the same composition the second waits for the next that differs.
    """
    waiting = list(chosen)
    told: list[T] = []
    before: str | None = None
    while waiting:
        index = next((i for i, (_, layout) in enumerate(waiting) if layout != before), 0)
        highlight, before = waiting.pop(index)
        told.append(highlight)
    return told
