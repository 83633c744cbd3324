"""The fit script in a real Chromium: extremes stay within their boxes, in every format."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import cycle, pairwise
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from template_cards import BASE, COMPOUND, EVERYDAY, FOREIGN_HEROES, HARDEST_HEROES, NAME_60, stretch

from recap.render.formats import FORMATS
from recap.render.templates import CardTemplates
from recap.render.theme import load_theme
from recap.shipped import shipped_folder
from recap.wording.card import Card

pytestmark = pytest.mark.browser
SHIPPED = shipped_folder("templates")
THEMES = [path.parent.name for path in sorted(SHIPPED.glob("themes/*/theme.yaml"))]
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
# Puts a card on the stage and fits it. Returns what the script complains of, and texts that cover one another
# by their frames (of leaning ones the frame is larger); what is written, and on how many lines the hero is.
LOOK = """async (html) => {
  document.querySelector("#stage").innerHTML = html;
  document.body.offsetHeight;
  await document.fonts.ready;
  const problems = (FIT)();
  const textOf = (box) => box.querySelector("[data-text]");
  const sizeOf = (box) => parseFloat(getComputedStyle(box).fontSize);
  const upright = (box) => Math.abs(textOf(box).getBoundingClientRect().width - textOf(box).offsetWidth) <= 1;
  const frames = [...document.querySelectorAll("[data-fit]")]
    .filter((box) => box.offsetParent && upright(box))
    .map((box) => [box.className, textOf(box).getBoundingClientRect(), sizeOf(box)]);
  frames.forEach(([name, a, size], i) => frames.slice(i + 1).forEach(([other, b, otherSize]) => {
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    // Lines set tight share some height without touching.
    const touch = high > 2 + 0.15 * Math.min(size, otherSize);
    if (wide > 2 && touch) problems.push(`${name} covers ${other}`);
  }));
  const hero = document.querySelector(".hero [data-text]");
  const lines = hero && Math.round(hero.offsetHeight / parseFloat(getComputedStyle(hero).lineHeight));
  return [problems, document.querySelector("#stage").textContent, hero?.textContent ?? "", lines];
}"""


@cache
def templates_of(theme: str) -> CardTemplates:
    return CardTemplates(load_theme(theme, search=[SHIPPED]))


TEMPLATES = templates_of("poster")


class Look(NamedTuple):
    """What is seen of a card that was fitted."""

    problems: list[str]
    text: str
    hero: str
    lines: int


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = os.environ.get("RECAP_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        args = ["--no-sandbox", "--font-render-hinting=none", "--disable-lcd-text", "--hide-scrollbars"]
        browser = playwright.chromium.launch(executable_path=path, args=args)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    """A page of the theme poster."""
    page = browser.new_page()
    page.set_content(TEMPLATES.shell())
    return page


def set_format(page: Page, name: str) -> None:
    page.set_viewport_size({"width": FORMATS[name].width, "height": FORMATS[name].height})


def fit(page: Page) -> list[str]:
    ask(page, "(document.body.offsetHeight, document.fonts.ready.then(() => null))")
    problems: list[str] = page.evaluate(TEMPLATES.fit_script())
    return problems


def look(page: Page, card: Card, templates: CardTemplates = TEMPLATES) -> Look:
    """Put a card on the stage, fit it and look at it."""
    return Look(*page.evaluate(LOOK.replace("FIT", templates.fit_script()), templates.body(card)))


def show(page: Page, card: Card) -> list[str]:
    """Put a card on the stage and fit it; returns the problems."""
    return look(page, card).problems


def ask(page: Page, expression: str) -> Any:
    return page.evaluate(f"() => {expression}")


def hero(page: Page) -> str:
    shown: str = ask(page, "document.querySelector('.hero [data-text]').textContent")
    return shown


def whole(seen: str) -> str:
    return seen.replace("\u00ad", "")


@pytest.fixture(scope="module", params=THEMES)
def theme(request: pytest.FixtureRequest, browser: Browser) -> Iterator[tuple[Page, CardTemplates]]:
    """A page of each theme."""
    templates = templates_of(request.param)
    page = browser.new_page()
    page.set_content(templates.shell())
    yield page, templates
    page.close()


def test_everyday_cards_fit(theme: tuple[Page, CardTemplates]) -> None:
    """An everyday card has no problem in any format, nothing is cut, and no text covers another."""
    for name in FORMATS:
        set_format(theme[0], name)
        for layout, card in EVERYDAY.items():
            seen = look(theme[0], card, theme[1])
            assert (name, layout, seen.problems, "\u2026" in seen.text) == (name, layout, [], False)


def test_extreme_cards_fit(theme: tuple[Page, CardTemplates]) -> None:
    """The longest of everything stays within its boxes and the safe area, and covers nothing else.

    Each layout has each hero in one format, the next layout in the next; `test_personas.py` has them in all.
    """
    for name in FORMATS:
        set_format(theme[0], name)
        for number, (layout, card) in enumerate(EVERYDAY.items()):
            place = (number + list(FORMATS).index(name)) % len(HARDEST_HEROES)
            what, words = list(HARDEST_HEROES.items())[place]
            seen = look(theme[0], stretch(card, words), theme[1])
            assert (name, layout, what, seen.problems) == (name, layout, what, [])
            # A ten-digit number is never cut, nor broken over lines.
            if what == "ten digits":
                assert (name, layout, seen.hero, seen.lines) == (name, layout, words, 1)
            if what == "one letter":
                assert (name, layout, seen.hero) == (name, layout, words)


def test_other_scripts_fit(theme: tuple[Page, CardTemplates]) -> None:
    """Where there is the least room, and each in some layouts."""
    set_format(theme[0], "link")
    for (layout, card), what in zip(EVERYDAY.items(), cycle(FOREIGN_HEROES), strict=False):
        seen = look(theme[0], stretch(card, FOREIGN_HEROES[what]), theme[1])
        assert (layout, what, seen.problems) == (layout, what, [])


def test_names_of_sixty_characters_are_whole(theme: tuple[Page, CardTemplates]) -> None:
    """A name of sixty characters is shown to its last letter, but in links; layouts and formats by turns."""
    formats = [name for name in FORMATS if name != "link"]
    for place, name in enumerate(formats):
        set_format(theme[0], name)
        for layout, card in [*EVERYDAY.items()][place :: len(formats)]:
            seen = look(theme[0], replace(card, hero=NAME_60), theme[1])
            assert (name, layout, whole(seen.hero)) == (name, layout, NAME_60)


def test_the_names_of_a_pair_are_of_one_size(theme: tuple[Page, CardTemplates]) -> None:
    """A short name is no larger than the long one beside it, whichever comes first."""
    sizes = "[...document.querySelectorAll('.hero')].map((e) => getComputedStyle(e).fontSize)"
    for name in FORMATS:
        set_format(theme[0], name)
        for names in (("Tea", COMPOUND), (COMPOUND, "Tea"), ("Tea", "Tea")):
            card = replace(EVERYDAY["pair"], hero=names[0], second=names[1])
            assert look(theme[0], card, theme[1]).problems == []
            first, second = ask(theme[0], sizes)
            assert (name, names, first) == (name, names, second)


def test_fitting_is_the_same_whatever_came_before(page: Page) -> None:
    """Fitted twice, or after other formats, the markup is that of a card fitted once."""
    card = stretch(EVERYDAY["top"], COMPOUND)
    html = "document.querySelector('#stage').innerHTML"
    once = {}
    for name in FORMATS:
        set_format(page, name)
        show(page, card)
        once[name] = ask(page, html)
    for name in (*FORMATS, "square", "square", "story"):
        set_format(page, name)
        fit(page)
        assert ask(page, html) == once[name]


def test_cuts_fall_between_graphemes(page: Page) -> None:
    """A text that is too long even when small ends with an ellipsis, and no family is torn apart."""
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
    set_format(page, "link")
    assert show(page, replace(EVERYDAY["number"], hero=family * 60)) == []
    shown = hero(page)
    assert shown.endswith("\u2026")
    assert 0 < len(shown) - 1 < len(family) * 60
    assert (len(shown) - 1) % len(family) == 0
    assert set(ask(page, "[...document.querySelectorAll('.echo')].map((e) => e.textContent)")) == {shown}


def test_long_words_are_broken_with_a_hyphen(page: Page) -> None:
    """A compound that must be broken may break between syllables, and says the same."""
    set_format(page, "story")
    show(page, replace(EVERYDAY["top"], hero=COMPOUND))
    assert hero(page).startswith("Donau\u00addampf\u00adschiff")
    assert hero(page).replace("\u00ad", "") == COMPOUND


@pytest.mark.parametrize(
    ("style", "told"),
    [
        (".hero { translate: 0 -2000px }", 'hero "41,208" leaves the safe area'),
        (".card .title { position: fixed; left: 4px }", 'title "Minutes of music" leaves the safe area'),
        (".title { inline-size: 9px; --fit-min: 60px; font-size: 60px }", 'title "\u2026" overflows its box'),
        (".head { overflow: clip; block-size: 9px }", 'title "Minutes of music" is cut off'),
        (
            ".card .support { translate: 0 -60px }",
            'support "That is 28 days and nights." covers headline',
        ),
        (
            ".card .badge { position: fixed; left: 50px; top: 180px }",
            'title "Minutes of music" is covered by badge',
        ),
    ],
)
def test_every_gate_is_told(page: Page, style: str, told: str) -> None:
    """A theme that leaves no room for a text is told so, with the text's name."""
    set_format(page, "story")
    assert show(page, BASE) == []
    sheet = page.add_style_tag(content=style)
    problems = fit(page)
    sheet.evaluate("sheet => sheet.remove()")
    assert any(problem.startswith(told) for problem in problems), problems
    assert fit(page) == []


def test_scripts_have_their_fonts(browser: Browser) -> None:
    """Latin, Greek, Cyrillic, Arabic, Hebrew, Devanagari, Vietnamese and emoji use the shipped fonts."""
    words = ("Mira", "Αλέξανδρος", "Щукин", "لينا", "נועה", "अनुष्का", "Tuyết", "🦊")
    fonts = "[...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.family + f.unicodeRange)"
    fresh = browser.new_page()
    fresh.set_content(TEMPLATES.shell())
    used: list[set[str]] = []
    for word in words:
        show(fresh, replace(BASE, hero=word, customer="", badge=""))
        used.append(set(ask(fresh, fonts)))
    fresh.close()
    # What is loaded stays: each script adds its own to those before.
    assert len(used[0]) == 2
    assert all(before < after for before, after in pairwise(used))


def test_nothing_in_a_card_runs_or_leaves(page: Page) -> None:
    """Hostile names neither run nor fetch: no script, no request, no new element."""
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    show(page, replace(BASE, hero='<img src="http://x.invalid/a.png" onerror="window.ran=1">'))
    assert ask(page, "window.ran === undefined && document.querySelector('img') === null") is True
    assert [url for url in requests if not url.startswith("data:")] == []
