"""The templates: every layout to the byte, hostile text, errors with a place."""

import itertools
import math
import os
import pickle
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from template_cards import BASE, EVERYDAY

from recap.errors import TemplateError
from recap.render.templates import CardTemplates, characters_of, crowd_of, scheme_of, turn_of
from recap.render.theme import Layout, Theme, load_theme
from recap.shipped import shipped_folder
from recap.wording.card import Bar, Card, Line, Row

GOLDEN = Path(__file__).parent / "golden_html"
THEME = load_theme("poster", search=[shipped_folder("templates")])
TEMPLATES = CardTemplates(THEME)


def with_layout(text: str, name: str = "number.html") -> Theme:
    return replace(THEME, layouts={**THEME.layouts, name: Layout(f"mine/{name}", text)})


class Reader(HTMLParser):
    """Notes the elements with their attributes' names, and every text and value."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, ...]] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *(name for name, _ in attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("layout", sorted(EVERYDAY))
def test_body_is_golden(layout: str) -> None:
    """Every layout's HTML is the one agreed on; UPDATE_GOLDEN=1 agrees on another."""
    path = GOLDEN / f"{layout}.html"
    html = TEMPLATES.body(EVERYDAY[layout])
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(html, encoding="utf-8")
    assert html == path.read_text(encoding="utf-8")


def test_every_layout_has_a_card() -> None:
    """No layout is shipped without a golden card, and no promised one is missing."""
    assert set(TEMPLATES.layouts) == set(EVERYDAY)


@pytest.mark.parametrize("layout", sorted(EVERYDAY))
def test_body_shows_the_card(layout: str) -> None:
    """Whatever a layout shows large, and its sentence, names and figures, are in its HTML."""
    card = EVERYDAY[layout]
    text = " ".join(Reader(TEMPLATES.body(card)).texts)
    shown = [card.hero, card.headline, card.brand, card.period, card.small_print, card.title]
    shown += [word for row in card.rows for word in (row.place, row.name, row.amount)]
    shown += [bar.name for bar in card.bars]
    shown += [word for line in card.lines for word in (line.label, line.value)]
    assert [word for word in shown if word not in text] == []


hostile = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), min_size=1, max_size=40),
    st.sampled_from(
        ["<script>alert(1)</script>", '"><img src=x onerror=1>', "{{ 7*7 }}", "{% raw %}", "</style>",
         "&lt;b&gt;", "'onload='", "<!--", "]]>", "</article>", "javascript:1", "\u202eevil"]
    ),
)  # fmt: skip


def every_text(card: Card, words: str) -> Card:
    texts = {f.name: words for f in fields(Card) if f.type is str and f.name not in ("layout", "locale")}
    return replace(
        card,
        **texts,
        rows=tuple(replace(row, place=words, name=words, amount=words) for row in card.rows),
        bars=tuple(replace(bar, name=words, amount=words) for bar in card.bars),
        weeks=tuple(replace(week, name=words if week.name else "") for week in card.weeks),
        lines=tuple(replace(line, label=words, value=words) for line in card.lines),
    )


@pytest.mark.parametrize("layout", sorted(EVERYDAY))
@settings(deadline=None)  # a calendar has a day's element 365 times
@given(words=hostile)
def test_text_never_becomes_markup(layout: str, words: str) -> None:
    """Whatever a name says, the elements and attributes stay those of a harmless card, and it is shown."""
    card = every_text(EVERYDAY[layout], "x")
    calm, wild = (Reader(TEMPLATES.body(every_text(card, text))) for text in ("x", words))
    assert wild.elements == calm.elements
    assert words in "".join(wild.texts)


@given(share=st.floats(0, 1))
def test_shares_reach_the_styles(share: float) -> None:
    """A bar's share is passed on as it is, as a number CSS can read."""
    card = replace(EVERYDAY["chart"], bars=(Bar("Jan", "1", share, leads=True),))
    written = TEMPLATES.body(card).split("--share:")[1].split('"')[0]
    assert float(written) == share


def test_a_calendar_shows_every_day() -> None:
    """Every day of every week is drawn; leading ones are lit, and those without anything have no size."""
    card = EVERYDAY["calendar"]
    days = [day for week in card.weeks for day in week.days]
    html = TEMPLATES.body(card)
    assert html.count("<i") == len(days)
    assert html.count("class=lit") == sum(day.leads for day in days) == 1
    assert html.count("--share:") == sum(day.share > 0 for day in days)
    assert html.count('class="week"') == len(card.weeks)
    assert 'class="weeks"' not in TEMPLATES.body(replace(card, weeks=()))


@given(percent=st.integers(1, 100))
def test_crowd_lights_what_is_claimed(percent: int) -> None:
    """Of *top n %* exactly n of the hundred are lit."""
    assert sum(crowd_of(percent / 100)) == percent


def test_crowd_is_never_dark_and_not_invented() -> None:
    """The smallest standing lights one; without a standing there is no crowd."""
    assert sum(crowd_of(0.0001)) == 1
    assert crowd_of(None) == ()
    assert math.prod(crowd_of(1.0)) == 1


def test_neighbours_differ() -> None:
    """In a full deck no two neighbouring cards share a scheme or a composition, however long it is."""
    for length in range(1, 21):
        deck = [
            EVERYDAY["cover"],
            *(replace(BASE, index=i) for i in range(1, length + 1)),
            replace(EVERYDAY["summary"], index=length + 1),
        ]
        for one, next_one in itertools.pairwise(deck):
            assert scheme_of(one, THEME) != scheme_of(next_one, THEME)
            assert turn_of(one) != turn_of(next_one)


def test_shell_is_closed() -> None:
    """The document fetches nothing, runs nothing, and has an empty stage in the asked direction."""
    shell = TEMPLATES.shell("rtl")
    assert "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:" in shell
    assert '<html dir="rtl">' in shell
    assert '<main id="stage"></main>' in shell
    assert "http://" not in shell
    assert "https://" not in shell
    assert "<script" not in shell


@pytest.mark.parametrize("waits", [True, False])
@pytest.mark.parametrize(
    "hero", ["Mira & \u0130\u0301 \u4e16", "\u2600", "x \U0001f468\u200d\U0001f469", "\u200d"]
)
def test_pages_have_the_fonts_a_card_asks_for(hero: str, *, waits: bool) -> None:
    """All of them, but for the heavy ones of characters that neither card nor style sheets show."""
    emoji = "\u2600\u200d\U0001f468"
    css = THEME.css if waits else f"{THEME.css} .own::after {{ content: '\\2600' }}"
    templates = CardTemplates(replace(THEME, css=css))
    shell = templates.document(replace(BASE, hero=hero)).shell
    lacking = [face for face in THEME.faces if face.css not in shell]
    assert (
        lacking == []
        if not waits or set(hero) & set(emoji)
        else [face.can_wait for face in lacking] == [True]
    )
    assert all(face.css in templates.shell() for face in THEME.faces)


def test_characters_are_read_as_a_browser_reads_them() -> None:
    """Written out, or as entities by name and by number."""
    assert characters_of("<p>a&amp;b &#9728;&#x1F468; &hearts; \u00e4</p>") >= set(
        "&\u2600\U0001f468\u2665\u00e4"
    )
    assert characters_of("<p>&#9728;&#x1F468;&hearts;</p>") >= set("\u2600\U0001f468\u2665")


def test_unknown_layout_is_named() -> None:
    """A layout that does not exist is refused with the nearest that does."""
    with pytest.raises(TemplateError, match=r"no layout 'nummber'; did you mean 'number'"):
        TEMPLATES.body(replace(BASE, layout="nummber"))


def test_pieces_are_not_layouts() -> None:
    """A card cannot ask for a piece of other templates."""
    with pytest.raises(TemplateError, match="no layout '_card'"):
        TEMPLATES.body(replace(BASE, layout="_card"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<p>\n{{ card.hero }\n</p>", "mine/number.html:2: "),
        ("<p>\n\n{% if card.hero %}</p>", "mine/number.html:3: "),
        ("{{ card.hero|safe }}", "mine/number.html:1: `safe` is not available"),
        ("a\nb\n{% set x = 1 %}", "mine/number.html:3: `assign` is not available"),
        ("{% for a in card.rows %}{% for b in card.rows %}\n{% for c in card.rows %}", "number.html:2: "),
        ("{{ [card.hero, card.hero] }}", "mine/number.html:1: `list` is not available"),
        ("{{ 'a' ~ 'b' }}", "mine/number.html:1: `concat` is not available"),
        ("{{ 9 * 9 }}", "mine/number.html:1: `mul` is not available"),
    ],
)  # fmt: skip
def test_bad_syntax_has_a_place(text: str, says: str) -> None:
    """What a template may not say is refused when the theme is loaded, with file and line."""
    with pytest.raises(TemplateError) as caught:
        CardTemplates(with_layout(text))
    assert says in str(caught.value)


MANY_CALLS = """
{% macro a() %}{% for r in card.hero %}{{ b() }}{% endfor %}{% endmacro %}
{% macro b() %}{% for r in card.hero %}{{ c() }}{% endfor %}{% endmacro %}
{% macro c() %}{% for r in card.hero %}{{ r }}{% endfor %}{% endmacro %}
{% macro d() %}{% for r in card.hero %}{{ a() }}{% endfor %}{% endmacro %}
{{ d() }}
"""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<p>\n{{ card.hero.nothing }}\n</p>", "mine/number.html:2: "),
        ("\n\n{{ nothing }}", "mine/number.html:3: 'nothing' is undefined"),
        ("\n{{ card.__class__ }}", "mine/number.html:2: "),
        ("\n{{ card.hero.format(card.hero) }}{{ range(9) }}", "mine/number.html:2: 'range' is undefined"),
        ('{% extends "gone.html" %}', "gone.html"),
        ('\n{% include "number.html" %}', "number.html"),
        ("{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}\n{{ f() }}", "mine/number.html"),
        (
            MANY_CALLS,
            "more than 5000 macro calls",
        ),
    ],
)
def test_bad_template_has_a_place(text: str, says: str) -> None:
    """What goes wrong, at the latest while a card is drawn, stops with file and line, and stops soon."""
    with pytest.raises(TemplateError) as caught:
        CardTemplates(with_layout(text)).body(replace(BASE, hero="forty letters in the hero of this one ok"))
    assert says in str(caught.value)


def test_a_failed_card_leaves_no_trace() -> None:
    """After a card that failed, the next is drawn as ever."""
    templates = CardTemplates(with_layout("{{ card.rows[99].name }}", "broken.html"))
    with pytest.raises(TemplateError):
        templates.body(replace(BASE, layout="broken"))
    assert templates.body(BASE) == TEMPLATES.body(BASE)


def test_worker_draws_the_same() -> None:
    """A theme that was sent to another process draws the same HTML."""
    sent = pickle.loads(pickle.dumps(THEME))
    assert CardTemplates(sent).body(BASE) == TEMPLATES.body(BASE)
    assert sent.digest == THEME.digest


def test_long_lists_are_bounded() -> None:
    """Of an endless list the ten first rows are drawn, and six lines of a summary."""
    rows = tuple(Row(str(i), f"item {i}", "1", 1.0, leads=False) for i in range(30))
    assert TEMPLATES.body(replace(EVERYDAY["top"], rows=rows)).count('class="row"') == 10
    lines = tuple(Line(str(i), "1") for i in range(30))
    assert TEMPLATES.body(replace(EVERYDAY["summary"], lines=lines)).count('class="line"') == 6
