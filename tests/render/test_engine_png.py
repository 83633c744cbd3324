"""The last encoding of a picture."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from recap.render.png import decode, encode


@given(
    size=st.tuples(st.integers(1, 9), st.integers(1, 9)), pixels=st.binary(min_size=3 * 81, max_size=3 * 81)
)
def test_an_encoded_picture_is_the_picture(size: tuple[int, int], pixels: bytes) -> None:
    """Encoding loses nothing, whatever the picture, and gives the same bytes every time."""
    picture = Image.frombytes("RGB", size, pixels[: 3 * size[0] * size[1]])
    png = encode(picture)
    assert decode(png).size == size
    assert decode(png).tobytes() == picture.tobytes()
    assert encode(decode(png)) == png


def test_transparency_is_dropped() -> None:
    """A capture with an alpha channel is read as RGB."""
    file = io.BytesIO()
    Image.new("RGBA", (2, 1), (9, 8, 7, 255)).save(file, "PNG")
    assert decode(file.getvalue()).getpixel((1, 0)) == (9, 8, 7)


def test_flat_colours_are_small() -> None:
    """A story of one colour is a file of some ten kilobytes."""
    assert len(encode(Image.new("RGB", (1080, 1920), (240, 80, 40)))) < 16_000


def test_what_is_no_picture_is_an_error() -> None:
    """Bytes that are no PNG raise OSError."""
    with pytest.raises(OSError, match="cannot identify"):
        decode(b"GIF89a")
