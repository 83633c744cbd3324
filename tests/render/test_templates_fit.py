"""The fit script in a real Chromium: extremes stay within their boxes, in every format."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright
from template_cards import BASE, COMPOUND, EVERYDAY, FOREIGN_HEROES, HARDEST_HEROES, NAME_60, stretch

from recap.render.formats import FORMATS
from recap.render.templates import CardTemplates
from recap.render.theme import load_theme
from recap.shipped import shipped_folder
from recap.wording.card import Card

pytestmark = pytest.mark.browser
TEMPLATES = CardTemplates(load_theme("poster", search=[shipped_folder("templates")]))
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
# Text boxes of two different texts that cover one another, leaning ones and the badge left out.
OVERLAPS = """() => {
  const leaning = ".badge, .banner, .card--number[data-turn=a] .hero";
  const texts = [...document.querySelectorAll("[data-fit]")]
    .filter((box) => box.offsetParent && !box.closest(leaning))
    .map((box) => [box.className, box.querySelector("[data-text]").getBoundingClientRect()]);
  const found = [];
  texts.forEach(([name, a], i) => texts.slice(i + 1).forEach(([other, b]) => {
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 2 && high > 2) found.push(`${name} covers ${other} by ${wide} x ${high}`);
  }));
  return found;
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    path = os.environ.get("RECAP_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        args = ["--no-sandbox", "--font-render-hinting=none", "--disable-lcd-text", "--hide-scrollbars"]
        browser = playwright.chromium.launch(executable_path=path, args=args)
        page = browser.new_page()
        page.set_content(TEMPLATES.shell())
        yield page
        browser.close()


def set_format(page: Page, name: str) -> None:
    page.set_viewport_size({"width": FORMATS[name].width, "height": FORMATS[name].height})


def fit(page: Page) -> list[str]:
    ask(page, "(document.body.offsetHeight, document.fonts.ready.then(() => null))")
    problems: list[str] = page.evaluate(TEMPLATES.fit_script())
    return problems


def show(page: Page, card: Card) -> list[str]:
    """Put a card on the stage and fit it; returns the problems."""
    page.evaluate("html => { document.querySelector('#stage').innerHTML = html }", TEMPLATES.body(card))
    return fit(page)


def ask(page: Page, expression: str) -> Any:
    return page.evaluate(f"() => {expression}")


def hero(page: Page) -> str:
    shown: str = ask(page, "document.querySelector('.hero [data-text]').textContent")
    return shown


@pytest.mark.parametrize("name", FORMATS)
def test_everyday_cards_fit(page: Page, name: str) -> None:
    """An everyday card has no problem in any format, nothing is cut, and no text covers another."""
    set_format(page, name)
    for layout, card in EVERYDAY.items():
        assert (layout, show(page, card)) == (layout, [])
        assert (layout, page.evaluate(OVERLAPS)) == (layout, [])
        assert ask(page, "document.querySelector('#stage').textContent.includes('\\u2026')") is False


@pytest.mark.parametrize("name", FORMATS)
def test_extreme_cards_fit(page: Page, name: str) -> None:
    """The longest of everything stays within its boxes and the safe area, and covers nothing else."""
    set_format(page, name)
    heroes = {**HARDEST_HEROES, **(FOREIGN_HEROES if name == "link" else {})}
    for layout, card in EVERYDAY.items():
        for what, words in heroes.items():
            place = (layout, what)
            assert (*place, show(page, stretch(card, words))) == (*place, [])
            assert (*place, page.evaluate(OVERLAPS)) == (*place, [])
            # A ten-digit number is never cut, nor broken over lines.
            if what == "ten digits":
                lines = "Math.round(t.offsetHeight / parseFloat(getComputedStyle(t).lineHeight))"
                text = "const t = document.querySelector('.hero [data-text]')"
                assert (*place, hero(page)) == (*place, words)
                assert (*place, ask(page, f"{{ {text}; return {lines} }}")) == (*place, 1)


@pytest.mark.parametrize("name", ["story", "portrait", "square"])
def test_names_of_sixty_characters_are_whole(page: Page, name: str) -> None:
    """A name of sixty characters is shown to its last letter."""
    set_format(page, name)
    for layout, card in EVERYDAY.items():
        show(page, replace(card, hero=NAME_60))
        assert (layout, hero(page).replace("\u00ad", "")) == (layout, NAME_60)


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
    """A compound that must be broken may break at soft hyphens, and says the same."""
    set_format(page, "story")
    show(page, replace(EVERYDAY["top"], hero=COMPOUND))
    assert "\u00ad" in hero(page)
    assert hero(page).replace("\u00ad", "") == COMPOUND


def test_what_cannot_fit_is_told(page: Page) -> None:
    """A theme that leaves no room for a text is told so, with the text's name."""
    set_format(page, "story")
    show(page, BASE)
    page.add_style_tag(content=".probe .hero { translate: 0 -2000px }")
    ask(page, "document.querySelector('.card').classList.add('probe')")
    assert fit(page) == ['hero "41,208" leaves the safe area']


def test_scripts_have_their_fonts(page: Page) -> None:
    """Latin, Greek, Cyrillic, Arabic, Hebrew, Devanagari, Vietnamese and emoji use the shipped fonts."""
    words = ("Mira", "Αλέξανδρος", "Щукин", "لينا", "נועה", "अनुष्का", "Tuyết", "🦊")
    fonts = "[...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.family + f.unicodeRange)"
    used = []
    for word in words:
        fresh = page.context.browser.new_page() if page.context.browser else page
        fresh.set_content(TEMPLATES.shell())
        show(fresh, replace(BASE, hero=word, customer="", badge=""))
        used.append(set(ask(fresh, fonts)))
        fresh.close()
    assert len(used[0]) == 2
    assert all(more - used[0] for more in used[1:])


def test_nothing_in_a_card_runs_or_leaves(page: Page) -> None:
    """Hostile names neither run nor fetch: no script, no request, no new element."""
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    show(page, replace(BASE, hero='<img src="http://x.invalid/a.png" onerror="window.ran=1">'))
    assert ask(page, "window.ran === undefined && document.querySelector('img') === null") is True
    assert [url for url in requests if not url.startswith("data:")] == []
