"""JPEG, for link previews: what messengers fetch and will not show when it is large."""

import io

from recap.render.png import decode

LIMIT_BYTES = 300_000
_QUALITIES = (90, 85, 80, 75, 70, 60, 50, 40, 30, 20, 10)


def encode_jpeg(png: bytes, limit_bytes: int = LIMIT_BYTES) -> bytes:
    """Write the picture in a PNG as the best JPEG of less than `limit_bytes`.

    Colours keep their full resolution as long as there is room: lettering frays without it.
    """
    picture = decode(png)
    data = b""
    for quality in _QUALITIES:
        file = io.BytesIO()
        colours = "4:4:4" if quality >= 80 else "4:2:0"
        picture.save(file, "JPEG", quality=quality, subsampling=colours)
        data = file.getvalue()
        if len(data) < limit_bytes:
            break
    return data
