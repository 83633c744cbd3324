"""What is wrong with a theme is told before a card is drawn: all at once, with file, line and the way out."""

from dataclasses import replace
from pathlib import Path

import pytest

from recap.errors import CampaignError, TemplateError
from recap.pipeline.look import load_look
from recap.pipeline.prepare import open_campaign
from recap.render.contrast import contrast_problems
from recap.render.style_check import style_problems
from recap.render.templates import CardTemplates
from recap.render.theme import Layout, Theme, load_theme
from recap.shipped import shipped_folder

TEMPLATES = shipped_folder("templates")
POSTER = load_theme("poster", search=[TEMPLATES])
PARTS = set(POSTER.schemes["night"])
DECK = "deck: {cover: day, highlights: [day, day], summary: day, fallback: day}\n"


def write(folder: Path, name: str, text: str, **files: str) -> Path:
    place = folder / "themes" / name
    place.mkdir(parents=True)
    (place / "theme.yaml").write_text(text, encoding="utf-8")
    for file, content in files.items():
        (place / file.replace("_dot_", ".")).write_text(content, encoding="utf-8")
    return place


def with_style(css: str) -> Theme:
    return replace(POSTER, styles={**POSTER.styles, "mine/theme.css": css})


def told(theme: Theme) -> list[str]:
    with pytest.raises(TemplateError) as caught:
        CardTemplates(theme)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("css", "said"),
    [
        (".a {\n color: var(--filed) }", "mine/theme.css:2: nothing gives --filed; did you mean '--field'?"),
        (
            ".a { color: var(--token-primry) }",
            "mine/theme.css:1: nothing gives --token-primry; did you mean ",
        ),
        (
            "/* var(--no)\n */ .a { color: var( --xyzzy ) }",
            "add 'xyzzy' to every scheme of the theme 'poster'",
        ),
        (".a { color: var(--xyzzy, var(--filed)) }", "nothing gives --filed"),
        (".a { rotate: calc(2 * var(--token-qqq)) }", "add 'qqq' to the tokens in theme.yaml"),
    ],
)
def test_a_property_that_nothing_gives_is_told(css: str, said: str) -> None:
    """With file and line, the nearest that is there, or where to add it; each once in a file."""
    (problem,) = told(with_style(f"{css} .b {{ color: var(--ink) }} {css}"))
    assert said in problem


@pytest.mark.parametrize(
    "css",
    [
        ".a { --own: 1px; margin: var(--own) }",
        "@property --own { syntax: '*'; inherits: true } .a { margin: var(--own) }",
        ".a { color: var(--nobody, red) }",
        ".a { color: var(--ink, var(--nobody)) } .b { color: var(--token-primary) }",
        "/* .a { color: var(--nobody) } */",
    ],
)
def test_a_property_that_is_given_or_not_needed_is_fine(css: str) -> None:
    """By a rule, by `@property`, by a scheme or token; or there is something else to take."""
    assert style_problems(with_style(css)) == []


def test_what_shared_layouts_need_is_asked_of_every_theme(tmp_path: Path) -> None:
    """A theme of its own that lacks a part is told which, and where it is needed."""
    parts = "".join(f"    {part}: black\n" for part in sorted(PARTS - {"mark"}))
    text = f'title: Own\ntokens: {{black: "#000000"}}\nschemes:\n  day:\n{parts}'
    write(
        tmp_path, "own", text + DECK, theme_dot_css=".foot { --avatar: 1px } .sheet { --course-field: red }"
    )
    lacking = [
        problem for problem in told(load_theme("own", search=[tmp_path, TEMPLATES])) if "--mark" in problem
    ]
    assert lacking
    assert all("nothing gives --mark; " in problem for problem in lacking)
    assert str(TEMPLATES / "cards" / "base.css") in lacking[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<p>\n{{ card.heroe }}</p>", "mine/number.html:2: a card has no 'heroe'; did you mean 'hero'?"),
        ("{% for row in card.rows[:3] %}\n{{ row.nam }}{% endfor %}", ":2: a row has no 'nam'; did you mean"),
        (
            "{% for w in card.weeks %}{% for d in w.days %}{{ d.shar }}{% endfor %}{% endfor %}",
            "a cell has no",
        ),
        ("{{ card.rows[0].plaec }}", "a row has no 'plaec'; did you mean 'place'?"),
        ("{% if card.hero %}{{ crad.hero }}{% endif %}", "'crad' is undefined; did you mean 'card'?"),
        ('{% extends "_crad.html" %}', "there is no layout '_crad.html'; did you mean '_card.html'?"),
        (
            '\n{% from "_parts.html" import heroo %}',
            ":2: _parts.html has no piece 'heroo'; did you mean 'hero'?",
        ),
    ],
)
def test_a_name_that_stands_for_nothing_is_told(text: str, said: str) -> None:
    """Whatever the customers are like, and in branches that few of them reach too."""
    (problem,) = told(
        replace(POSTER, layouts={**POSTER.layouts, "number.html": Layout("mine/number.html", text)})
    )
    assert said in problem


@pytest.mark.parametrize(
    "text",
    [
        "{% if extra is defined %}{{ extra }}{% endif %}{{ other|default('x') }}",
        "{% for one in card.rows %}{{ loop.index }}{{ one.name }}{% endfor %}{{ card.hero.nothing }}",
        "{% macro piece(card) %}{{ card.anything }}{% endmacro %}{{ piece(card.hero) }}",
        '{% extends "_card.html" %}{% block head %}{{ super() }}{{ text("a", card.hero) }}{% endblock %}',
    ],
)
def test_what_may_be_there_is_not_complained_of(text: str) -> None:
    """What is asked about first, what a macro is given, what comes from the layout that is extended."""
    CardTemplates(
        replace(POSTER, layouts={**POSTER.layouts, "number.html": Layout("mine/number.html", text)})
    )


@pytest.mark.parametrize(
    ("tokens", "said"),
    [
        ("primary: navy", "theme.yaml:3: tokens.primary: 'navy' is no colour: write it as #RRGGBB"),
        ('primary: "#12345"', "tokens.primary: '#12345' is no colour"),
        ('edge: "#12g456"', "tokens.edge: '#12g456' is no colour"),
        ('primary: "rgba(0,0,0,0.5)"', ""),
        ("edge: 3px", ""),
    ],
)
def test_a_colour_that_is_none_is_told(tmp_path: Path, tokens: str, said: str) -> None:
    """Whatever a scheme wears is a colour, and so is what begins like one; measures may be anything."""
    schemes = f"schemes: {{day: {{field: primary}}}}\n{DECK}"
    more = "" if "primary" in tokens else '  primary: "#000000"\n'
    write(tmp_path, "own", f"title: Own\ntokens:\n  {tokens}\n{more}{schemes}")
    if not said:
        assert load_theme("own", search=[tmp_path, TEMPLATES]).tokens
        return
    with pytest.raises(TemplateError) as caught:
        load_theme("own", search=[tmp_path, TEMPLATES])
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("part", "back", "least"),
    [("kicker", "field", 4.5), ("bar", "field", 3), ("low", "field", 3), ("panel-mark", "panel", 3)],
)
def test_more_pairs_are_held_to_their_contrast(part: str, back: str, least: float) -> None:
    """Small lines in colour, shapes that carry data, and what is lit on a block of its own."""
    tokens = {"grey": "#777777", "dark": "#666666", "white": "#FFFFFF"}
    scheme = {"field": "grey", "panel": "grey", part: "dark"}
    (problem,) = contrast_problems(replace(POSTER, tokens=tokens, schemes={"day": scheme}))
    assert f"{part} (#666666) on {back} (#777777) has a contrast of 1.3; it needs {least}" in problem
    scheme[part] = "white"
    assert (contrast_problems(replace(POSTER, tokens=tokens, schemes={"day": scheme})) == ()) is (least == 3)


def test_all_is_told_at_once(tmp_path: Path) -> None:
    """A brand's theme with mistakes of every kind: each is a line of `recap check`, with file and line."""
    text = "title: Own\nextends: poster\ntitel: x\nlogo: none.svg\ntokens:\n  primary: red\n  primry: red\n"
    files = {"number_dot_html": "\n{{ card.heroe }}", "top_dot_html": "{% if %}"}
    place = write(tmp_path, "own", text, **files)
    shop = open_campaign(shipped_folder("examples") / "shop", ["look.theme=own"])
    campaign = shop.campaign
    with pytest.raises(CampaignError) as caught:
        load_look(campaign, tmp_path)
    lines = [problem.message for problem in caught.value.problems]
    for said in (
        f"{place / 'theme.yaml'}:3: titel: there is no such key; did you mean 'title'?",
        f"{place / 'theme.yaml'}:6: tokens.primary: token 'primary' is a colour: write it as #RRGGBB",
        "theme 'poster' has no token 'primry'; did you mean 'primary'?",
        f"{place / 'number.html'}:2: a card has no 'heroe'; did you mean 'hero'?",
        f"{place / 'top.html'}:1: ",
    ):
        assert any(said in line for line in lines), (said, lines)
    assert all(problem.path == "look.theme" for problem in caught.value.problems)
