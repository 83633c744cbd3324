"""Themes: what they may say, what a campaign may change, and whether they can be read."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from recap.errors import TemplateError
from recap.render.contrast import contrast_of, contrast_problems
from recap.render.theme import Theme, load_theme
from recap.shipped import shipped_folder

TEMPLATES = shipped_folder("templates")
POSTER = load_theme("poster", search=[TEMPLATES])
SHIPPED = [path.parent.name for path in sorted(TEMPLATES.glob("themes/*/theme.yaml"))]
SMALL = """
title: Small
tokens: {paper: "#FFFFFF", black: "#000000", tilt: 3deg}
schemes:
  day: {field: paper, ink: black}
  night: {field: black, ink: paper}
deck: {cover: day, highlights: [night, day], summary: night, fallback: day}
fonts:
  - {family: Shout, file: anton-latin.woff2, range: latin}
"""


def small_theme(folder: Path, text: str = SMALL, css: str = ".card { color: var(--ink) }") -> Path:
    theme = folder / "small"
    theme.mkdir(exist_ok=True)
    (theme / "theme.yaml").write_text(text, encoding="utf-8")
    (theme / "theme.css").write_text(css, encoding="utf-8")
    return theme


def load_small(folder: Path, **tokens: str) -> Theme:
    return load_theme("small", search=[folder, TEMPLATES], tokens=tokens)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_theme_can_be_read(name: str) -> None:
    """In every scheme of every shipped theme all text reaches WCAG's contrast on its field."""
    assert contrast_problems(load_theme(name, search=[TEMPLATES])) == ()


def test_poster_figure_stands_out_from_the_sun() -> None:
    """The leaning figure of turn a overlaps the art, and can be read on it too."""
    for scheme in POSTER.deck.highlights[::2]:
        parts = POSTER.schemes[scheme]
        assert contrast_of(POSTER.tokens[parts["hero"]], POSTER.tokens[parts["art"]]) >= 3


def test_contrast_is_wcags() -> None:
    """The ratio agrees with known values: black on white, a colour on itself, the grey that just passes."""
    assert contrast_of("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast_of("#3A16FF", "#3A16FF") == 1
    assert contrast_of("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


def test_contrast_names_the_pair(tmp_path: Path) -> None:
    """A token that makes text unreadable is reported with scheme, colours and both ratios."""
    small_theme(tmp_path)
    (problem, *_) = contrast_problems(load_small(tmp_path, paper="#222222"))
    assert "scheme 'day': ink (#000000) on field (#222222) has a contrast of 1.3; it needs 4.5" in problem


def test_tokens_become_custom_properties(tmp_path: Path) -> None:
    """Tokens, overrides and schemes reach the style sheet as custom properties."""
    small_theme(tmp_path)
    css = load_small(tmp_path, black="#101010").css
    assert "--token-black: #101010;" in css
    assert "--token-paper: #FFFFFF;" in css
    assert re.search(r'\[data-scheme="night"\] \{\s*--field: var\(--token-black\);', css)


@pytest.mark.parametrize("name", SHIPPED)
def test_fonts_are_inlined(name: str) -> None:
    """Every font is a data URL, none is fetched, and together they stay small, half of it being emoji."""
    theme = load_theme(name, search=[TEMPLATES])
    css = theme.css + "".join(face.css for face in theme.faces)
    faces = re.findall(r"src:url\((.{30})", css)
    assert len(faces) > 5
    assert all(face.startswith("data:font/woff2;base64,") for face in faces)
    assert re.findall(r"url\((?!data:)", css) == []
    assert len(css) < 5_000_000


def test_every_font_comes_with_its_licence() -> None:
    """Beside every shipped font lies the licence of its family, and it is the OFL."""
    licences = {p.stem.removeprefix("OFL-"): p.read_text("utf-8") for p in TEMPLATES.glob("fonts/OFL-*.txt")}
    for font in TEMPLATES.glob("fonts/*.woff2"):
        families = [family for family in licences if font.stem.startswith(family)]
        assert families, font.name
        assert "SIL OPEN FONT LICENSE" in licences[max(families, key=len)]


def test_no_shipped_font_is_idle() -> None:
    """Every shipped font file is used by a theme."""
    used = {
        font["file"]
        for path in TEMPLATES.glob("themes/*/theme.yaml")
        for key in ("fonts", "page_fonts")
        for font in yaml.safe_load(path.read_text("utf-8")).get(key, ())
    }
    assert {p.name for p in TEMPLATES.glob("fonts/*.woff2")} == used


@pytest.mark.parametrize("part", ["token", "css", "layout", "scheme", "font"])
def test_digest_changes_with_what_is_drawn(tmp_path: Path, part: str) -> None:
    """The digest changes with a token, a style, a layout, a scheme's turn or a font, and only then."""
    theme = small_theme(tmp_path)
    before = load_small(tmp_path).digest
    assert load_small(tmp_path).digest == before
    match part:
        case "token":
            after = load_small(tmp_path, black="#000001").digest
        case "css":
            (theme / "extra.css").write_text(".card { color: red }", encoding="utf-8")
            after = load_small(tmp_path).digest
        case "layout":
            (theme / "number.html").write_text("<p>{{ card.hero }}</p>", encoding="utf-8")
            after = load_small(tmp_path).digest
        case "scheme":
            small_theme(tmp_path, SMALL.replace("[night, day]", "[day, night]"))
            after = load_small(tmp_path).digest
        case _:
            small_theme(tmp_path, SMALL.replace("anton-latin.woff2", "anton-vietnamese.woff2"))
            after = load_small(tmp_path).digest
    assert after != before


def test_folder_beside_the_campaign_comes_first(tmp_path: Path) -> None:
    """A theme is found by name or folder, under `themes/` or directly, before the shipped ones."""
    small_theme(tmp_path).rename(tmp_path / "poster")
    assert len(load_theme("poster", search=[tmp_path, TEMPLATES]).schemes) == 2
    assert load_theme(tmp_path / "poster", search=[TEMPLATES]).name == "poster"
    assert load_theme("./poster", search=[tmp_path, TEMPLATES]).tokens["tilt"] == "3deg"


def test_own_layout_replaces_the_shared(tmp_path: Path) -> None:
    """A theme's own layout is used instead of the shared one, and the others stay."""
    theme = small_theme(tmp_path)
    (theme / "number.html").write_text("mine", encoding="utf-8")
    layouts = load_small(tmp_path).layouts
    assert layouts["number.html"].text == "mine"
    assert layouts["top.html"] == POSTER.layouts["top.html"]


def test_styles_are_read_tone_first(tmp_path: Path) -> None:
    """theme.css comes before the files that refine it, and after the shared styles."""
    theme = small_theme(tmp_path, css="/* tone */")
    (theme / "a.css").write_text("/* finer */", encoding="utf-8")
    css = load_small(tmp_path).css
    assert css.index("#stage") < css.index("/* tone */") < css.index("/* finer */")


@pytest.mark.parametrize(
    ("tokens", "says"),
    [
        ({"blak": "#000000"}, "no token 'blak'; did you mean 'black'?"),
        ({"black": "navy"}, "write it as #RRGGBB, not 'navy'"),
        ({"tilt": "3deg; } body { display: none"}, "not a plain value such as '3deg'"),
        ({"tilt": "</style><script>"}, "not a plain value"),
        ({"tilt": "url(x)"}, "not a plain value"),
        ({"blak": "#000000", "black": "navy"}, "no token 'blak'"),
    ],
)
def test_bad_tokens_are_refused(tmp_path: Path, tokens: dict[str, str], says: str) -> None:
    """An unknown token is answered with the nearest, and a value cannot leave its declaration."""
    small_theme(tmp_path)
    with pytest.raises(TemplateError) as caught:
        load_small(tmp_path, **tokens)
    assert says in str(caught.value)
    assert len(str(caught.value).splitlines()) == len(tokens)


@settings(max_examples=25, deadline=None)
@given(value=st.text(max_size=30))
def test_no_token_escapes(value: str) -> None:
    """Whatever a campaign writes as a token, it either is refused or stays one plain value."""
    try:
        theme = load_theme("poster", search=[TEMPLATES], tokens={"tilt": value})
    except TemplateError:
        return
    assert f"--token-tilt: {value};" in theme.css
    assert not set(value) & set(";{}<>@\\/*:!")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("title: Small", "titel: Small", "theme.yaml:2: titel: there is no such key; did you mean 'title'?"),
        ("title: Small", "title: [", "theme.yaml:"),
        ("ink: black}", "ink: blakc}", "schemes.day.ink: no token 'blakc'; did you mean 'black'?"),
        ("ink: black}", "hero: black}", "schemes.day: 'ink' is missing"),
        ("cover: day", "cover: dya", "deck: no scheme 'dya'; did you mean 'day'?"),
        (
            "anton-latin.woff2",
            "anton-lattin.woff2",
            "no file 'anton-lattin.woff2'; did you mean 'anton-latin",
        ),
        ("range: latin", "range: lation", "no range 'lation'; did you mean 'latin'?"),
        ("3deg", "'3deg; }'", "tokens.tilt: '3deg; }' is not a plain value"),
    ],
)
def test_broken_theme_says_where(tmp_path: Path, old: str, new: str, says: str) -> None:
    """A mistake in theme.yaml is named with its file and place, and the nearest right word."""
    small_theme(tmp_path, SMALL.replace(old, new))
    with pytest.raises(TemplateError) as caught:
        load_small(tmp_path)
    assert says in str(caught.value)
    assert "theme.yaml" in str(caught.value)


def test_unknown_theme_is_named(tmp_path: Path) -> None:
    """A theme that does not exist is answered with the nearest that does."""
    with pytest.raises(TemplateError, match=r"no theme 'postr'; did you mean 'poster'\?"):
        load_theme("postr", search=[tmp_path, TEMPLATES])


def test_unreadable_template_is_named(tmp_path: Path) -> None:
    """A template that is not UTF-8 is named, with what it must be."""
    theme = small_theme(tmp_path)
    (theme / "number.html").write_bytes(b"\xff\xfe")
    with pytest.raises(TemplateError, match=r"number\.html: cannot be read .*UTF-8"):
        load_small(tmp_path)
