"""Themes that build on others, and logos."""

from pathlib import Path

import pytest

from recap.errors import RecapError, TemplateError, UsageError
from recap.pipeline.own_theme import new_theme
from recap.render.personas import EVERYDAY
from recap.render.templates import CardTemplates
from recap.render.theme import Theme, load_theme
from recap.shipped import shipped_folder

TEMPLATES = shipped_folder("templates")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 1"><rect width="3" height="1"/></svg>'


def write(folder: Path, name: str, text: str, **files: str) -> None:
    place = folder / "themes" / name
    place.mkdir(parents=True)
    (place / "theme.yaml").write_text(text, encoding="utf-8")
    for file, content in files.items():
        (place / file.replace("_dot_", ".")).write_text(content, encoding="utf-8")


def load(folder: Path, name: str) -> Theme:
    return load_theme(name, search=(folder, TEMPLATES))


def test_what_is_not_said_is_the_other_themes(tmp_path: Path) -> None:
    """Tokens said replace those of the base, style sheets and layouts are added, all else is as there."""
    write(
        tmp_path,
        "acme",
        'title: Acme\nextends: poster\ntokens: {primary: "#102030"}\n',
        extra_dot_css=".card { --own: 1 }",
        number_dot_html="<article class=card>{{ card.hero }}</article>",
    )
    base, own = load(tmp_path, "poster"), load(tmp_path, "acme")
    assert own.tokens == {**base.tokens, "primary": "#102030"}
    assert (own.schemes, own.deck, own.faces) == (base.schemes, base.deck, base.faces)
    assert own.css.endswith(".card { --own: 1 }")
    assert own.layouts["number.html"].text.startswith("<article class=card>")
    assert own.layouts["top.html"] == base.layouts["top.html"]
    assert (own.name, own.digest != base.digest) == ("acme", True)


def test_a_theme_may_build_on_one_that_builds_on_another(tmp_path: Path) -> None:
    """The nearest word wins."""
    write(tmp_path, "a", 'title: A\nextends: poster\ntokens: {primary: "#111111", accent: "#222222"}\n')
    write(tmp_path, "b", 'title: B\nextends: a\ntokens: {accent: "#333333"}\n')
    tokens = load(tmp_path, "b").tokens
    assert (tokens["primary"], tokens["accent"], tokens["light"]) == ("#111111", "#333333", "#FFFFFF")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: X\nextends: postr\n", "did you mean 'poster'"),
        ('title: X\nextends: poster\ntokens: {primry: "#111111"}\n', "did you mean 'primary'"),
        ("title: X\nextends: poster\ntokens: {primary: red}\n", "write it as #RRGGBB"),
        ("title: X\nextends: poster\nlogo: none.svg\n", "there is no file 'none.svg'"),
        ("title: X\nextends: poster\nlogo: theme.yaml\n", "must be one of .svg"),
        ("title: X\nextends: x\n", "would build on itself"),
    ],
)
def test_what_is_wrong_is_told_with_its_file(tmp_path: Path, text: str, said: str) -> None:
    """One error names file, key and the way out."""
    write(tmp_path, "x", text)
    with pytest.raises(TemplateError, match=said) as error:
        load(tmp_path, "x")
    assert str(tmp_path / "themes" / "x" / "theme.yaml") in str(error.value)


def test_a_logo_stands_in_place_of_the_name(tmp_path: Path) -> None:
    """It is in the shell once, not in every card; who cannot see it is told the name."""
    write(tmp_path, "acme", "title: Acme\nextends: poster\nlogo: logo.svg\n", logo_dot_svg=SVG)
    templates = CardTemplates(load(tmp_path, "acme"))
    body = templates.body(EVERYDAY["number"])
    assert '<span class="logo" role="img" aria-label="Soundwave">' in body
    assert "data:image" not in body
    assert templates.shell().count("data:image/svg+xml;base64,") == 1
    assert ">Soundwave<" in CardTemplates(load(tmp_path, "poster")).body(EVERYDAY["number"])


def test_a_new_theme_is_the_base_until_it_is_changed(tmp_path: Path) -> None:
    """`recap theme new` writes every token of the base, and the logo."""
    logo = tmp_path / "our logo.SVG"
    logo.write_text(SVG, encoding="utf-8")
    path = new_theme(tmp_path, "my-brand", "poster", logo)
    assert path == tmp_path / "themes" / "my-brand" / "theme.yaml"
    made, base = load(tmp_path, "my-brand"), load(tmp_path, "poster")
    assert (made.tokens, made.schemes, made.has_logo) == (base.tokens, base.schemes, True)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(base.tokens["primary"], "#00AA88"), encoding="utf-8")
    assert load(tmp_path, "my-brand").tokens["primary"] == "#00AA88"


@pytest.mark.parametrize(
    ("name", "base", "logo", "kind"),
    [
        ("My Brand", "poster", None, UsageError),
        ("mine", "postr", None, TemplateError),
        ("mine", "poster", "none.png", TemplateError),
        ("mine", "poster", "notes.txt", TemplateError),
    ],
)
def test_nothing_is_left_of_a_theme_that_cannot_be(
    tmp_path: Path, name: str, base: str, logo: str | None, kind: type[RecapError]
) -> None:
    """A bad name, base or logo is one error and no folder."""
    (tmp_path / "notes.txt").write_text("no picture", encoding="utf-8")
    with pytest.raises(kind):
        new_theme(tmp_path, name, base, tmp_path / logo if logo else None)
    assert not list((tmp_path / "themes").glob("*"))


def test_a_theme_that_is_there_stays(tmp_path: Path) -> None:
    """A second one of the name is refused and the first not touched."""
    path = new_theme(tmp_path, "mine", "poster", None)
    before = path.read_bytes()
    with pytest.raises(UsageError, match="is there already"):
        new_theme(tmp_path, "mine", "poster", None)
    assert path.read_bytes() == before
