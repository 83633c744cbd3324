"""Pictures of customers: from a folder and nothing beside it, or from an address; else there is none."""

import base64
import io
from pathlib import Path

import pytest
from PIL import Image

from recap.render.avatars import SIDE, Avatars

RED = (200, 0, 0)


def picture(kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (50, 40), RED).save(file, kind)
    return file.getvalue()


def address(data: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def size_of(made: str) -> tuple[int, int]:
    head, _, data = made.partition(",")
    assert head == "data:image/webp;base64"
    return Image.open(io.BytesIO(base64.b64decode(data))).size


@pytest.mark.parametrize("name", ["lina.png", "team/lina.png", "./lina.png", "Lina Okafor.jpg"])
def test_a_picture_is_found_in_the_folder(tmp_path: Path, name: str) -> None:
    """By its name, in folders within too; made square and small."""
    (tmp_path / "team").mkdir()
    (tmp_path / name).write_bytes(picture())
    assert size_of(Avatars(tmp_path).of(name)) == (SIDE, SIDE)


def test_nothing_outside_the_folder_is_read(tmp_path: Path) -> None:
    """The column comes from elsewhere: it may not reach the rest of the disk."""
    faces = tmp_path / "faces"
    faces.mkdir()
    secret = tmp_path / "secret.png"
    secret.write_bytes(picture())
    (faces / "link.png").symlink_to(secret)
    avatars = Avatars(faces)
    for name in ("../secret.png", str(secret), "link.png", "team/../../secret.png", ".", "a\0b", "x" * 5000):
        assert avatars.of(name) == ""


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_an_address_holds_the_picture_itself(kind: str) -> None:
    """In base64 or as plain bytes, and made anew: what is drawn is never what came in."""
    data = picture(kind)
    made = Avatars(None).of(address(data, f"image/{kind.lower()}"))
    assert size_of(made) == (SIDE, SIDE)
    plain = "DATA:image/png," + "".join(f"%{byte:02X}" for byte in data)
    assert Avatars(None).of(plain) == made


@pytest.mark.parametrize(
    "name",
    [
        "nobody.png",
        "broken.png",
        "data:image/png;base64,####",
        "data:image/png;base64,A",
        "data:,words",
        "data:",
        address(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        "https://pictures.example/lina.png",
    ],
)
def test_what_is_no_picture_is_none(tmp_path: Path, name: str) -> None:
    """A missing or broken file, an address of words or of a drawing, one of the network."""
    (tmp_path / "broken.png").write_bytes(picture()[:40])
    assert Avatars(tmp_path).of(name) == ""


def test_a_picture_is_made_once(tmp_path: Path) -> None:
    """What was read is remembered, also when it was nothing."""
    file = tmp_path / "lina.png"
    file.write_bytes(picture())
    avatars = Avatars(tmp_path)
    made = avatars.of("lina.png")
    file.unlink()
    assert avatars.of("lina.png") == made
    assert avatars.of("late.png") == ""
    (tmp_path / "late.png").write_bytes(picture())
    assert avatars.of("late.png") == ""
    assert Avatars(tmp_path).of("late.png") == made
