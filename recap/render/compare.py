"""The promise: whether two pictures of one card are the same to the eye that knows of dithering."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recap.render.png import decode

LEVELS = 2
"""What a channel may differ by anywhere."""
GROSS = 8
SHARE = 1e-4
"""The share of pixels from which on differences of more than `GROSS` levels count."""
MATRIX = 8
"""A screenshot's gradients are dithered by a matrix of so many rows and columns: over it noise evens out."""

Levels = npt.NDArray[np.int16]


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

    None where they are the same but for dithering, which evens out over each square of the matrix, and but
    for specks: fewer than `SHARE` of the pixels are further apart than `GROSS`.
    """
    if one == other:
        return None
    first, second = (np.asarray(decode(png), np.int16) for png in (one, other))
    signed = first - second
    apart = np.abs(signed).max(axis=2)
    has_specks_only = int((apart > GROSS).sum()) < SHARE * apart.size
    if apart.max() <= LEVELS or (has_specks_only and _evens_out(signed)):
        return None
    top, left = np.unravel_index(int(apart.argmax()), apart.shape)
    return Difference(int((apart > LEVELS).sum()), int(apart.max()), int(left), int(top))


def _evens_out(signed: Levels) -> bool:
    """Tell whether the mean over every square as large as the matrix is within the levels."""
    sums = signed.astype(np.float64)
    for axis in (0, 1):
        size = min(MATRIX, sums.shape[axis])
        total = np.cumsum(np.insert(sums, 0, 0, axis=axis), axis=axis)
        ends, starts = np.arange(size, total.shape[axis]), np.arange(total.shape[axis] - size)
        sums = (total.take(ends, axis) - total.take(starts, axis)) / size
    return bool(np.abs(sums).max() <= LEVELS)
