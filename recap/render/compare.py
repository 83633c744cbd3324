"""Whether two pictures of one card are the same to the eye that knows of dithering."""

from dataclasses import dataclass

import numpy as np

from recap.render.png import decode

LEVELS = 2
"""What a channel may differ by anywhere: gradients are dithered in a screenshot, and rounded otherwise."""
SHARE = 1e-4
"""The share of pixels from which on a greater difference counts."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How two pictures differ, and where most."""

    pixels: int
    """How many differ by more than `LEVELS` in a channel."""
    levels: int
    """The greatest difference in a channel."""
    left: int
    top: int
    """Where that is."""


def compare(one: bytes, other: bytes) -> Difference | None:
    """Compare two PNGs of one size.

    None where fewer than `SHARE` of the pixels differ by more than `LEVELS` in a channel.
    """
    if one == other:
        return None
    first, second = (np.asarray(decode(png), np.int16) for png in (one, other))
    apart = np.abs(first - second).max(axis=2)
    pixels = int((apart > LEVELS).sum())
    if pixels < SHARE * apart.size:
        return None
    top, left = np.unravel_index(int(apart.argmax()), apart.shape)
    return Difference(pixels, int(apart.max()), int(left), int(top))
