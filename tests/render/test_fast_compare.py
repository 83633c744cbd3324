"""The promise, measured: what is dithering, what are specks, and what is a difference."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from test_fast_bands import pictures

from recap.render.compare import GROSS, LEVELS, Difference, compare
from recap.render.png import encode

FLAT = np.full((64, 96, 3), 100, np.int16)
CHECKS = np.indices(FLAT.shape).sum(axis=0) % 2
COLUMN = np.indices(FLAT.shape)[1] == 50
SQUARE = (np.indices(FLAT.shape)[:2] < 8).all(axis=0)


def compared(one: np.ndarray, other: np.ndarray) -> Difference | None:
    first, second = (encode(Image.fromarray(array.astype(np.uint8))) for array in (one, other))
    found = compare(first, second)
    assert found == compare(second, first)
    return found


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        (FLAT, None),
        (FLAT + 2, None),
        (FLAT + 6 * CHECKS - 3, None),
        (FLAT + 3, (6144, 3)),
        (FLAT + 3 * SQUARE, (64, 3)),
        (FLAT + 8 * COLUMN, None),
        (FLAT + 9 * COLUMN, (64, 9)),
    ],
)
def test_the_promise_is_measured(pixels: np.ndarray, expected: tuple[int, int] | None) -> None:
    """Noise that evens out over the matrix is dithering; what stays is a difference, as what is gross."""
    found = compared(pixels, FLAT)
    assert (found and (found.pixels, found.levels)) == expected


def test_few_gross_pixels_are_specks() -> None:
    """Fewer than one in ten thousand; that one is too many."""
    ground = np.full((100, 200, 3), 100, np.int16)
    one, two = ground.copy(), ground.copy()
    one[50, 60] = two[50, 60] = two[70, 80] = 120
    assert compared(one, ground) is None
    assert compared(two, ground) == Difference(2, 20, 60, 50)


@settings(deadline=None)
@given(picture=pictures(), noise=st.integers(0, 2**32 - 1))
def test_a_level_or_two_is_no_difference(picture: np.ndarray, noise: int) -> None:
    """Pictures that are everywhere within the levels are the same."""
    apart = np.random.default_rng(noise).integers(-LEVELS, LEVELS + 1, picture.shape)
    assert compared(picture, np.clip(picture + apart, 0, 255)) is None


@settings(deadline=None)
@given(picture=pictures(), where=st.tuples(*[st.integers(0, 10**6)] * 3), levels=st.integers(GROSS + 1, 127))
def test_a_difference_is_found_where_it_is(
    picture: np.ndarray, where: tuple[int, int, int], levels: int
) -> None:
    """One pixel too many is found, with its place and how far it is off."""
    picture = picture[:90, :100]
    top, left, channel = (place % side for place, side in zip(where, picture.shape, strict=True))
    other = picture.copy()
    value = int(picture[top, left, channel])
    other[top, left, channel] = value - levels if value > 127 else value + levels
    assert compared(picture, other) == Difference(1, levels, left, top)
