"""Runs and bands, on whatever pixels there are."""

import io
from itertools import groupby
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from recap.render.canvas import unfold
from recap.render.png import BAND_ROWS, compress_band, decode, encode, join_bands

SIDES = st.integers(1, 70)
COLOURS = st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=1, max_size=5)


@st.composite
def pictures(draw: st.DrawFn) -> np.ndarray:
    """Pictures of few colours: long runs and short ones, rows alike and not."""
    height, width = draw(SIDES), draw(st.integers(1, 300))
    colours = np.array(draw(COLOURS), np.uint8)
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    blocks = random.integers(0, len(colours), (-(-height // draw(SIDES)), -(-width // draw(SIDES))))
    rows = -(-height // blocks.shape[0])
    columns = -(-width // blocks.shape[1])
    return colours[blocks.repeat(rows, 0).repeat(columns, 1)[:height, :width]]


def fold(band: np.ndarray) -> list[bytes]:
    """Write a band as runs, as the page does."""
    runs = []
    for (blue, green, red), group in groupby(tuple(pixel) for pixel in band.reshape(-1, 3)[:, ::-1].tolist()):
        length = sum(1 for _ in group)
        while length:
            runs.append(bytes([blue, green, red, min(length, 255)]))
            length -= min(length, 255)
    return runs


def cut(picture: np.ndarray) -> list[np.ndarray]:
    """Cut a picture into bands."""
    return [picture[top : top + BAND_ROWS] for top in range(0, len(picture), BAND_ROWS)]


@settings(deadline=None)
@given(picture=pictures())
def test_runs_become_the_pixels_they_were(picture: np.ndarray) -> None:
    """Whatever the sizes, bands that are not full and runs longer than one can say are whole again."""
    folded = [fold(band) for band in cut(picture)]
    words = b"".join(run for runs in folded for run in runs)
    bands = unfold(words, [len(runs) for runs in folded], picture.shape[1])
    assert [band.shape for band in bands] == [band.shape for band in cut(picture)]
    assert (np.concatenate(bands) == picture).all()


@settings(deadline=None)
@given(picture=pictures(), chosen=st.sets(st.integers(0, 2)))
def test_only_new_bands_are_told(picture: np.ndarray, chosen: set[int]) -> None:
    """Some of a picture's bands, or none, are read as well as all of them."""
    some = [band for number, band in enumerate(cut(picture)) if number in chosen]
    folded = [fold(band) for band in some]
    words = b"".join(run for runs in folded for run in runs)
    bands = unfold(words, [len(runs) for runs in folded], picture.shape[1])
    assert [band.tolist() for band in bands] == [band.tolist() for band in some]


@settings(deadline=None)
@given(picture=pictures(), order=st.randoms(use_true_random=False))
def test_bands_join_to_the_picture(picture: np.ndarray, order: Random) -> None:
    """Bands compressed in any order, or long before, join to the file that the whole picture makes."""
    bands = dict(enumerate(cut(picture)))
    numbers = list(bands)
    order.shuffle(numbers)
    made = {number: compress_band(bands[number]) for number in numbers}
    png = join_bands(picture.shape[1], picture.shape[0], [made[number] for number in sorted(made)])
    assert (np.asarray(decode(png)) == picture).all()
    assert png == encode(Image.fromarray(picture))
    with Image.open(io.BytesIO(png)) as read:
        read.verify()
