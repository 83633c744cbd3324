"""The page is there for everyone: axe finds nothing on any page of any theme in any language."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.resources import files
from itertools import product
from pathlib import Path

import pytest
from page_cases import LOCALES, OWN, THEMES, deck, lexicons, make_site, templates, theme_of
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_bytes()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """
rules => axe.run({ runOnly: rules, resultTypes: ["violations"] }).then(({ violations, passes }) =>
  [passes.length, violations.flatMap(({ id, nodes }) => nodes.map(({ html, any }) =>
    `${id}: ${html} ${any.map(({ message }) => message).join("; ")}`))])
"""


FOCUSED = """
(() => {
  const one = document.activeElement, style = getComputedStyle(one);
  return [one.ariaLabel || one.textContent.trim(), style.outlineStyle, parseFloat(style.outlineWidth)];
})()
"""
SWAP = """
html => new Promise(done => {
  const next = new DOMParser().parseFromString(html, "text/html").documentElement;
  const sheet = next.querySelector("link[rel=stylesheet]");
  sheet ? sheet.addEventListener("load", done) : requestAnimationFrame(done);
  document.replaceChild(next, document.documentElement);
})
"""
"""Puts another page in place of the one that is open: axe is large, and quick only when it is warm."""


@pytest.fixture(scope="module")
def page(browser: Browser, web: tuple[Path, str]) -> Iterator[Page]:
    # The policy would let nothing be injected; that it is there and holds is tested where the page is used.
    context = browser.new_context(
        bypass_csp=True, reduced_motion="reduce", viewport={"width": 390, "height": 844}
    )
    (web[0] / "axe.js").write_bytes(AXE)
    (web[0] / "blank.html").write_text("<title>Blank</title>")
    yield context.new_page()
    context.close()


def faults(page: Page) -> list[str]:
    passed, found = page.evaluate(RUN, RULES)
    assert passed > 10, "axe looked at something"
    return found


@pytest.fixture
def swap(page: Page, web: tuple[Path, str]) -> Callable[[str], None]:
    page.goto(f"{web[1]}/blank.html")
    page.add_script_tag(url=f"{web[1]}/axe.js")
    return lambda html: page.evaluate(SWAP, html)


def test_axe_finds_nothing(page: Page, web: tuple[Path, str], swap: Callable[[str], None]) -> None:
    """Story with its choices open, preview page, page for a lost link: in each theme and language."""
    found = {}
    for theme, locale in product(THEMES, LOCALES):
        assets = f"{web[1]}/assets/{templates(theme).digest}"
        site = make_site(theme, deck(locale)[1:3], assets=assets).write(web[0])
        swap(site.files[f"{OWN}/index.html"].decode())
        page.add_script_tag(url=f"{assets}/page.js")
        assert page.locator("html.story").get_attribute("lang") == locale.replace("_", "-")
        page.locator(".leaf:visible summary").click()
        page.locator(".options summary").click()
        found[theme, locale, "index"] = faults(page)
        gone = templates(theme).render_gone(locale, "Soundwave", "revoked")
        for name, html in (("02", site.files[f"{OWN}/02.html"]), ("gone", gone)):
            swap(html.decode())
            found[theme, locale, name] = faults(page)
            assert page.locator("html").get_attribute("dir") == lexicons()[locale].direction
    assert {where: told for where, told in found.items() if told} == {}


def test_axe_finds_nothing_without_the_script(
    page: Page, web: tuple[Path, str], swap: Callable[[str], None]
) -> None:
    """All cards of each theme in all their colours, one below the other."""
    for theme in THEMES:
        assets = f"{web[1]}/assets/{templates(theme).digest}"
        cover, top, chart, summary = deck()
        highlights = [replace(card, index=index) for index, card in enumerate([top, chart] * 3, 1)]
        cards = [cover, *highlights, replace(summary, index=7)]
        site = make_site(theme, cards, assets=assets).write(web[0])
        swap(site.files[f"{OWN}/index.html"].decode())
        schemes = page.locator(".leaf:visible").evaluate_all("all => all.map(leaf => leaf.dataset.scheme)")
        worn = theme_of(theme).deck
        assert set(schemes) == {worn.cover, *worn.highlights, worn.summary}
        assert faults(page) == []


def test_axe_finds_nothing_past_the_last_day(page: Page, web: tuple[Path, str]) -> None:
    """What is left of a page that has ended."""
    make_site().write(web[0])
    page.clock.set_fixed_time("2030-01-01")
    page.goto(f"{web[1]}/{OWN}/index.html")
    page.add_script_tag(url=f"{web[1]}/axe.js")
    assert page.locator("main .ended").is_visible()
    assert faults(page) == []


def test_focus_goes_through_everything_and_is_seen(page: Page, web: tuple[Path, str]) -> None:
    """Tab reaches all one can do, in the order of the page, each with an outline."""
    make_site().write(web[0] / "focus")
    page.clock.set_fixed_time("2026-12-31")
    page.goto(f"{web[1]}/focus/{OWN}/index.html")
    reached = []
    for _ in range(11):
        page.keyboard.press("Tab")
        name, style, width = page.evaluate(FOCUSED)
        assert (style, width) == ("solid", 3), name
        reached.append(name)
    assert reached == [
        "Play",
        *(f"Card {number} of 4" for number in (1, 2, 3, 4)),
        "In words",
        "Previous card",
        "Next card",
        "Save",
        "Copy link",
        "More",
    ]
