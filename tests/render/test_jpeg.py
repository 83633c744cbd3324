"""The JPEG of a picture."""

import io
import random

from PIL import Image

from recap.render.jpeg import encode_jpeg
from recap.render.png import encode


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def test_a_jpeg_shows_the_picture() -> None:
    """Flat colours come back within a few levels, in the same size."""
    picture = Image.new("RGB", (120, 63), (240, 80, 40))
    jpeg = opened(encode_jpeg(encode(picture)))
    assert jpeg.size == (120, 63)
    assert all(abs(a - b) <= 3 for a, b in zip(jpeg.getpixel((60, 30)), (240, 80, 40), strict=True))


def test_a_jpeg_keeps_to_its_limit() -> None:
    """Even noise, which nothing compresses, stays under the limit; what has room keeps its quality."""
    noise = Image.frombytes("RGB", (600, 315), random.Random(1).randbytes(600 * 315 * 3))
    png = encode(noise)
    assert 20_000 < len(encode_jpeg(png, limit_bytes=60_000)) < 60_000
    assert len(encode_jpeg(png)) > len(encode_jpeg(png, limit_bytes=60_000))
