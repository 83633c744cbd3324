"""Runs and bands, the choice of the sample and the comparison: on whatever pixels and cards there are."""

import io
from itertools import groupby
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from recap.render.canvas import unfold
from recap.render.compare import LEVELS, SHARE, compare
from recap.render.png import BAND_ROWS, compress_band, decode, encode, join_bands
from recap.render.sample import ONE_IN, STEP, Sample

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


BODIES = st.text(max_size=40)


@settings(deadline=None)
@given(bodies=st.lists(BODIES, min_size=1), template=st.tuples(st.text(), st.text(), st.text()))
def test_the_first_and_the_extremes_are_taken(bodies: list[str], template: tuple[str, ...]) -> None:
    """Whatever is much longer or shorter than all that were checked before is checked, and the first."""
    sample = Sample()
    checked: list[int] = []
    for body in bodies:
        taken = sample.takes(template, body)
        is_extreme = not checked or len(body) > max(checked) * STEP or len(body) < min(checked) / STEP
        assert taken or not is_extreme
        if is_extreme:
            checked.append(len(body))


@settings(deadline=None)
@given(order=st.permutations(range(60)), others=st.sampled_from([(), ("other",)]))
def test_chance_is_the_cards_own(order: list[int], others: tuple[str, ...]) -> None:
    """In another order, beside other templates, the same cards are taken by chance: one in a thousand."""
    bodies = [f"{number:05}" for number in range(60 * ONE_IN // 10)]
    lucky = {body for body in bodies if _is_taken_by_chance(body)}
    mixed = [body for part in order for body in bodies[part * ONE_IN // 10 : (part + 1) * ONE_IN // 10]]
    sample = Sample()
    for other in others:
        sample.takes((other,), "x")
    taken = [body for body in mixed if sample.takes(("template",), body)]
    assert set(taken) == lucky | {mixed[0]}
    assert len(bodies) / ONE_IN / 3 < len(lucky) < 3 * len(bodies) / ONE_IN


def _is_taken_by_chance(body: str) -> bool:
    sample = Sample()
    sample.takes(("template",), "y" * len(body))
    return sample.takes(("template",), body)


@settings(deadline=None)
@given(picture=pictures(), noise=st.integers(0, 2**32 - 1))
def test_dithering_is_no_difference(picture: np.ndarray, noise: int) -> None:
    """Pictures that are everywhere within the levels are the same."""
    apart = np.random.default_rng(noise).integers(-LEVELS, LEVELS + 1, picture.shape)
    other = np.clip(picture + apart, 0, 255).astype(np.uint8)
    assert compare(encode(Image.fromarray(picture)), encode(Image.fromarray(other))) is None


@settings(deadline=None)
@given(picture=pictures(), where=st.tuples(*[st.integers(0, 10**6)] * 3), levels=st.integers(LEVELS + 1, 127))
def test_a_difference_is_found_where_it_is(
    picture: np.ndarray, where: tuple[int, int, int], levels: int
) -> None:
    """One pixel too many is found, with its place and how far it is off, whichever picture comes first."""
    top, left, channel = (place % side for place, side in zip(where, picture.shape, strict=True))
    other = picture.copy()
    value = int(picture[top, left, channel])
    other[top, left, channel] = value - levels if value > 127 else value + levels
    files = [encode(Image.fromarray(array)) for array in (picture, other)]
    found = compare(*files)
    assert found == compare(*reversed(files))
    if SHARE * picture[..., 0].size > 1:
        assert found is None
    else:
        assert found is not None
        assert (found.pixels, found.levels, found.left, found.top) == (1, levels, left, top)
