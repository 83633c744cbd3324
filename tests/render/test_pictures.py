"""Pictures of things: found by name, made small, and none where none can be read."""

import base64
import io
from pathlib import Path

import pytest
from PIL import Image

from recap.render.pictures import SIDE, PictureFolder

RED, BLUE = (200, 0, 0), (0, 0, 200)


def save(
    path: Path, size: tuple[int, int] = (40, 20), colour: tuple[int, ...] = RED, **options: object
) -> None:
    Image.new("RGBA" if len(colour) == 4 else "RGB", size, colour).save(path, **options)


def opened(address: str) -> Image.Image:
    head, _, data = address.partition(",")
    assert head == "data:image/webp;base64"
    return Image.open(io.BytesIO(base64.b64decode(data)))


@pytest.mark.parametrize(
    ("file", "label"),
    [
        ("Mira Sol.png", "Mira Sol"),
        ("mira-sol.jpg", "Mira Sol"),
        ("MIRA_SOL.webp", "Mira  Sol!"),
        ("Cafe\u0301 Tom.png", "caf\u00e9 & tom"),
        ("\u9ad8\u6a4b.png", "\u9ad8\u6a4b"),
    ],
)
def test_a_picture_is_found_by_what_it_shows(tmp_path: Path, file: str, label: str) -> None:
    """Whatever the capitals, blanks, signs and the way in which accents are written."""
    save(tmp_path / file)
    pictures = PictureFolder(tmp_path)
    assert opened(pictures.of(label)).size == (SIDE, SIDE)
    assert pictures.of(f"{label} 2") == ""


def test_it_is_cut_from_the_middle_and_as_it_was_held(tmp_path: Path) -> None:
    """A wide picture keeps its middle; a camera's note of how it was held counts."""
    wide = Image.new("RGB", (300, 100), BLUE)
    wide.paste(RED, (100, 0, 200, 100))
    wide.save(tmp_path / "wide.png")
    middle = opened(PictureFolder(tmp_path).of("wide")).convert("RGB")
    assert {middle.getpixel((x, 160))[0] > 150 for x in (20, 160, 300)} == {True}
    turned = Image.new("RGB", (100, 100), BLUE)
    turned.paste(RED, (0, 0, 100, 50))
    exif = Image.Exif()
    exif[0x0112] = 3
    turned.save(tmp_path / "turned.jpg", exif=exif)
    upright = opened(PictureFolder(tmp_path).of("turned")).convert("RGB")
    assert upright.getpixel((160, 300))[0] > 150
    assert upright.getpixel((160, 20))[0] < 50


def test_what_is_see_through_stays_so(tmp_path: Path) -> None:
    """A cut-out product keeps its outline."""
    save(tmp_path / "cup.png", (50, 50), (200, 0, 0, 0))
    assert opened(PictureFolder(tmp_path).of("Cup")).mode == "RGBA"


def test_what_is_no_picture_is_none(tmp_path: Path) -> None:
    """A broken file, a text, a folder that is not there."""
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    (tmp_path / "words.txt").write_text("words", encoding="utf-8")
    pictures = PictureFolder(tmp_path)
    assert [pictures.of(name) for name in ("broken", "words", "")] == ["", "", ""]
    assert PictureFolder(tmp_path / "nowhere").of("broken") == ""


def test_the_same_file_makes_the_same_picture(tmp_path: Path) -> None:
    """To the byte, so that a card is drawn again only where a picture has changed."""
    save(tmp_path / "cup.jpg", (500, 700))
    assert PictureFolder(tmp_path).of("cup") == PictureFolder(tmp_path).of("cup")
