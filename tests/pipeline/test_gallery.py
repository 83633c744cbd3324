"""The gallery: every hard case of a layout, on one page and in one picture."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from recap.pipeline.gallery import shipped_themes
from recap.render.formats import FORMATS
from recap.render.personas import EVERYDAY, PERSONAS

pytestmark = pytest.mark.browser
Recap = Callable[..., tuple[int, str, str]]


def test_a_gallery_shows_every_case_in_every_format(recap: Recap, tmp_path: Path) -> None:
    """Each case is a picture of its size, on the page and on the sheet."""
    out = tmp_path / "new" / "gallery"
    code, stdout, stderr = recap("gallery", "poster", "--layout", "number", "--out", out)
    assert (code, stdout.strip()) == (0, str(out / "index.html")), stderr
    pictures = sorted(out.glob("pictures/poster/*.png"))
    assert len(pictures) == len(PERSONAS) * len(FORMATS)
    page = (out / "index.html").read_text(encoding="utf-8")
    for picture in pictures:
        with Image.open(picture) as image:
            size = FORMATS[picture.name.split(".")[1]]
            assert image.size == (size.width, size.height)
        assert page.count(f'src="{picture.relative_to(out)}"') == 1
    with Image.open(out / "gallery.jpg") as sheet:
        assert sheet.width > sum(round(f.width * 0.14) for f in FORMATS.values()) * len(PERSONAS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("postr",), "did you mean 'poster'"),
        (("poster", "--layout", "numbr"), "did you mean 'number'"),
    ],
)
def test_what_there_is_not_is_told(
    recap: Recap, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    """An unknown theme or layout is one error, and leaves nothing behind."""
    code, _, stderr = recap("gallery", *arguments, "--out", tmp_path / "out")
    assert code in {1, 2}
    assert said in stderr
    assert not (tmp_path / "out").exists()


def test_every_layout_has_an_everyday_card() -> None:
    """The gallery knows every layout that every shipped theme has."""
    assert "poster" in shipped_themes()
    layouts = {path.stem for path in (Path(__file__).parents[2] / "templates" / "cards").glob("[a-z]*.html")}
    assert layouts == set(EVERYDAY)
