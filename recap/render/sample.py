"""Which pictures of a template are checked: its first, its extremes, and some of the rest by chance."""

from dataclasses import dataclass, field
from hashlib import blake2b

ONE_IN = 1000
STEP = 1.25
"""A card is an extreme where it is so many times longer or shorter than any before."""


@dataclass(slots=True)
class Sample:
    """The choice so far."""

    _lengths: dict[tuple[str, ...], tuple[int, int]] = field(default_factory=dict)
    """Of each template: the shortest and the longest body that was checked."""

    def takes(self, template: tuple[str, ...], body: str) -> bool:
        """Tell whether a card is to be checked. Chance is the card's own, so a second run checks the same."""
        length = len(body)
        shortest, longest = self._lengths.get(template, (length, 0))
        if length < shortest / STEP or length > longest * STEP:
            self._lengths[template] = (min(shortest, length), max(longest, length))
            return True
        digest = blake2b(body.encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") % ONE_IN == 0
