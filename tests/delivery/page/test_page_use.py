"""What a person does with the page, in a real browser."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from page_cases import BASE, OWN, SHARED, SIZES, TEMPLATES, THEMES, Site, deck, make_site
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
SHARE = """
window.shares = [];
navigator.canShare = (data) => data.files.every((file) => file.type === "image/png");
navigator.share = async ({ files, ...text }) => {
  const name = window.refusal;
  window.refusal = "";
  if (name) throw new DOMException("no", name);
  const [file] = files, bytes = [...new Uint8Array(await file.arrayBuffer())];
  window.shares.push({ ...text, name: file.name, type: file.type, bytes });
};
"""
"""In place of the device's share sheet, which no test can press."""


@pytest.fixture(scope="module")
def site(web: tuple[Path, str]) -> Site:
    return make_site().write(web[0])


@pytest.fixture
def address(web: tuple[Path, str], site: Site) -> str:
    return f"{web[1]}/{OWN}/index.html"


def shown(page: Page) -> str:
    """Give the id of the one card that is there to be seen."""
    (card,) = page.locator(".leaf:visible").all()
    return str(card.get_attribute("id"))


def said(page: Page) -> str:
    return page.locator(".said").inner_text().strip()


def options(page: Page) -> None:
    page.locator(".options summary").click()


def picture(page: Page) -> str:
    """Wait for the visible picture and give the path it was read from."""
    image = page.locator(".leaf:visible img")
    image.evaluate("image => image.decode()")
    return urlsplit(str(image.evaluate("image => image.currentSrc"))).path.removeprefix("/")


def swipe(page: Page, across: int) -> None:
    """Draw a finger across the picture."""
    box = page.locator(".leaf:visible .wall").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    line = page.context.new_cdp_session(page)
    for kind, step in (("touchStart", 0), ("touchMove", 0.5), ("touchMove", 1), ("touchEnd", None)):
        points = [] if step is None else [{"x": x + across * step, "y": y}]
        line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_keys_and_marks_step_through_the_story(open_page: Open, address: str) -> None:
    """Arrows, Home, End and marks show one card at a time, say which, and the address keeps up."""
    page = open_page(address)
    seen = [shown(page)]
    for key in ("ArrowRight", "End", "ArrowRight", "ArrowLeft", "Home", "ArrowLeft"):
        page.keyboard.press(key)
        seen.append(shown(page))
    assert seen == ["card-0", "card-1", "card-3", "card-3", "card-2", "card-0", "card-0"]
    marks = page.get_by_role("navigation", name="Cards").get_by_role("listitem").get_by_role("button")
    assert marks.evaluate_all("all => all.map(mark => mark.ariaLabel)") == [
        f"Card {n} of 4" for n in (1, 2, 3, 4)
    ]
    marks.nth(2).click()
    assert (shown(page), urlsplit(page.url).fragment) == ("card-2", "card-2")
    assert marks.nth(2).get_attribute("aria-current") == "step"
    assert said(page) == "Card 3 of 4. December was your loudest month."
    page.get_by_role("button", name="Next card").click()
    assert shown(page) == "card-3"
    page.reload()
    assert shown(page) == "card-3"


@pytest.mark.parametrize(("locale", "sense"), [("en", 1), ("ar", -1)])
def test_taps_and_swipes_follow_the_script(
    open_page: Open, web: tuple[Path, str], locale: str, sense: int
) -> None:
    """A tap at the line's end goes on, one at its start back; a swipe pulls; Arabic is mirrored."""
    make_site(cards=deck(locale)).write(web[0] / locale)
    page = open_page(f"{web[1]}/{locale}/{OWN}/index.html", has_touch=True)
    wall = page.locator(".leaf:visible .wall")
    wide = wall.bounding_box()["width"]
    on, back = sorted(((wide * 0.9, 60), (wide * 0.1, 60)), reverse=sense > 0)
    wall.tap(position={"x": on[0], "y": 60})
    assert shown(page) == "card-1"
    wall.click(position={"x": on[0], "y": 60})
    wall.click(position={"x": back[0], "y": 60})
    assert shown(page) == "card-1"
    swipe(page, -150 * sense)
    assert shown(page) == "card-2"
    swipe(page, 150 * sense)
    swipe(page, 20)
    assert shown(page) == "card-1"
    page.keyboard.press("ArrowLeft" if sense < 0 else "ArrowRight")
    assert shown(page) == "card-2"


def test_the_story_goes_on_by_itself_until_somebody_reads(open_page: Open, address: str) -> None:
    """It steps every seven seconds, stands still at the end, and stops for good for a reader."""

    def begin(**options: object) -> Page:
        return open_page(
            address, before=lambda page: page.clock.install(), reduced_motion="no-preference", **options
        )

    page = begin()
    for card in ("card-0", "card-1", "card-2", "card-3"):
        assert shown(page) == card
        page.clock.run_for(7000)
    assert shown(page) == "card-3"
    page.get_by_role("button", name="Play").click()
    assert shown(page) == "card-0"
    page.get_by_role("button", name="Pause").click()
    page.clock.run_for(30000)
    assert shown(page) == "card-0"
    for reads in (
        lambda page: page.locator(".leaf:visible summary").focus(),
        lambda page: page.get_by_role("link", name="Save").focus(),
        # Some browsers give no focus to what is touched, and a finger that stays is followed by its menu.
        lambda page: page.get_by_role("link", name="Save").dispatch_event("pointerdown"),
        lambda page: page.locator(".leaf:visible .wall").dispatch_event("contextmenu"),
        lambda page: page.evaluate(
            "Object.defineProperty(document, 'hidden', {value: true});"
            "document.dispatchEvent(new Event('visibilitychange'))"
        ),
    ):
        page = begin()
        page.clock.run_for(6000)
        reads(page)
        page.clock.run_for(30000)
        assert shown(page) == "card-0"
    desk = begin(viewport={"width": 1280, "height": 800})
    desk.clock.run_for(30000)
    assert shown(desk) == "card-0", "there is text beside the picture to read"


def test_whoever_wants_little_motion_is_not_hurried(open_page: Open, address: str) -> None:
    """With reduced motion nothing moves unless Play is pressed."""
    page = open_page(address, before=lambda page: page.clock.install())
    page.clock.run_for(30000)
    assert shown(page) == "card-0"
    page.get_by_role("button", name="Play").click()
    page.clock.run_for(7000)
    assert shown(page) == "card-1"


def test_a_saved_picture_is_the_file(open_page: Open, address: str, site: Site) -> None:
    """Save gives the PNG of the card and format that is shown, under its name, byte for byte."""
    page = open_page(f"{address}#card-2")
    options(page)
    page.get_by_role("radio", name="Square").check()
    assert said(page) == "Format: Square."
    assert picture(page) == f"{OWN}/02-months.square.png"
    with page.expect_download() as saving:
        page.get_by_role("link", name="Save").click()
    assert saving.value.suggested_filename == "02-months.square.png"
    assert saving.value.path().read_bytes() == site.files[f"{OWN}/02-months.square.png"]
    assert said(page) == "The picture is saved."


def test_all_are_saved_as_one_zip(open_page: Open, address: str, site: Site) -> None:
    """The zip made in the page is sound and holds every picture of the format."""
    page = open_page(address)
    options(page)
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save all (ZIP)").click()
    assert saving.value.suggested_filename == "Soundwave-story.zip"
    with zipfile.ZipFile(io.BytesIO(saving.value.path().read_bytes())) as made:
        assert made.testzip() is None
        there = {name: made.read(name) for name in made.namelist()}
    assert there == {
        path.removeprefix(f"{OWN}/"): data
        for path, data in site.files.items()
        if path.startswith(OWN) and path.endswith(".story.png")
    }
    expect(page.locator(".said")).to_have_text("All pictures are saved in one file.")


def test_the_share_sheet_gets_the_picture_itself(open_page: Open, address: str, site: Site) -> None:
    """One file with its name, type and bytes; a cancel is told; a late click asks for another one."""
    page = open_page(address, before=lambda page: page.add_init_script(SHARE))
    share = page.get_by_role("button", name="Share")
    assert page.locator(".keep > :visible").all_inner_texts() == ["Share", "Save", "More"]
    assert page.locator(".button--main:visible").all_inner_texts() == ["Share"]
    share.click()
    expect(page.locator(".said")).to_have_text("Shared.")
    (sent,) = page.evaluate("shares")
    assert bytes(sent.pop("bytes")) == site.files[f"{OWN}/00-cover.story.png"]
    assert sent == {"title": "Your year in sound", "name": "00-cover.story.png", "type": "image/png"}
    page.evaluate("window.refusal = 'AbortError'")
    share.click()
    expect(page.locator(".said")).to_have_text("Nothing was shared.")
    page.evaluate("window.refusal = 'NotAllowedError'")
    share.click()
    expect(page.locator(".said")).to_contain_text("Press Share once more")
    share.click()
    expect(page.locator(".said")).to_have_text("Shared.")


def test_where_sharing_fails_the_picture_is_saved_and_the_link_copied(
    open_page: Open, address: str, site: Site
) -> None:
    """Nobody is left with nothing."""
    page = open_page(
        address,
        before=lambda page: page.add_init_script(SHARE + "window.refusal = 'DataError'"),
        permissions=["clipboard-read", "clipboard-write"],
    )
    with page.expect_download() as saving:
        page.get_by_role("button", name="Share").click()
    assert saving.value.path().read_bytes() == site.files[f"{OWN}/00-cover.story.png"]
    expect(page.locator(".said")).to_contain_text("saved and the link is copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{BASE}/{OWN}/index.html"


def test_link_and_description_are_copied(open_page: Open, address: str, site: Site) -> None:
    """The link is the published one, and leads to a preview of the card that was chosen."""
    page = open_page(address, permissions=["clipboard-read", "clipboard-write"])

    def copied(button: str) -> str:
        page.get_by_role("button", name=button).click()
        expect(page.locator(".said")).to_contain_text("is copied.")
        return str(page.evaluate("navigator.clipboard.readText()"))

    assert copied("Copy link") == f"{BASE}/{OWN}/index.html"
    options(page)
    page.get_by_label("Card shown with the link").select_option("3. Month by month")
    assert copied("Copy link") == f"{BASE}/{OWN}/02.html"
    assert f"{OWN}/02.html" in site.files
    options(page)
    assert copied("Copy description") == site.page.cards[0].card.alt_text


def test_without_my_name_everything_that_leaves_is_nameless(
    open_page: Open, address: str, site: Site
) -> None:
    """Picture, file, share, description and link are those of the other rendition."""
    page = open_page(
        address,
        before=lambda page: page.add_init_script(SHARE),
        permissions=["clipboard-read", "clipboard-write"],
    )
    assert picture(page) == f"{OWN}/00-cover.story.webp"
    options(page)
    page.get_by_role("checkbox", name="Without my name").check()
    assert said(page) == "The pictures and the link are now without your name."
    assert picture(page) == f"{SHARED}/00-cover.story.webp"
    with page.expect_download() as saving:
        page.get_by_role("link", name="Save").click()
    assert saving.value.path().read_bytes() == site.files[f"{SHARED}/00-cover.story.png"]
    page.get_by_role("button", name="Share").click()
    expect(page.locator(".said")).to_have_text("Shared.")
    (sent,) = page.evaluate("shares")
    assert bytes(sent.pop("bytes")) == site.files[f"{SHARED}/00-cover.story.png"]
    assert "title" not in sent
    options(page)
    page.get_by_role("button", name="Copy description").click()
    expect(page.locator(".said")).to_have_text("The description is copied.")
    assert page.evaluate("navigator.clipboard.readText()") == "Nameless."
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".said")).to_have_text("The link is copied.")
    assert page.evaluate("navigator.clipboard.readText()") == f"{BASE}/{SHARED}/index.html"


def test_figures_are_text_that_folds(open_page: Open, address: str) -> None:
    """On the phone they unfold on every card at once; on a desk they lie open beside the picture."""
    page = open_page(f"{address}#card-1")
    row = page.get_by_text("The Velvet Keys")
    assert not row.is_visible()
    page.locator(".leaf:visible summary").click()
    assert row.is_visible()
    page.keyboard.press("ArrowRight")
    assert page.locator(".leaf:visible").get_by_text("880", exact=True).is_visible()
    desk = open_page(f"{address}#card-1", viewport={"width": 1280, "height": 800})
    there, text = (
        desk.locator(".leaf:visible img").bounding_box(),
        desk.get_by_text("The Velvet Keys").bounding_box(),
    )
    assert text["x"] > there["x"] + there["width"]


def test_after_its_last_day_the_page_shows_only_that(open_page: Open, address: str) -> None:
    """The last day is shown in full, wherever the viewer is; a minute later there is nothing left."""

    def at(*moment: int) -> Page:
        when = datetime(*moment, tzinfo=UTC)
        return open_page(
            address, before=lambda page: page.clock.set_fixed_time(when), timezone_id="Pacific/Auckland"
        )

    assert at(2027, 3, 31, 23, 59).locator("img").count() == 4
    page = at(2027, 4, 1, 0, 0)
    assert page.get_by_role("heading").all_text_contents() == ["This recap has ended"]
    assert "March 31, 2027" in page.locator("main").inner_text()
    assert page.locator("img, .tools, .leaf").count() == 0


def test_without_javascript_it_is_a_plain_page(open_page: Open, address: str, site: Site) -> None:
    """Every card with its picture and figures, and a link to each file; nothing that does not work."""
    page = open_page(address, java_script_enabled=False)
    assert page.locator(".leaf:visible").count() == 4
    assert page.get_by_text("The Velvet Keys").is_visible()
    assert page.get_by_text("You can see this page until March 31, 2027.").is_visible()
    links = {link.get_attribute("href") for link in page.locator(".leaf a:visible").all()}
    assert links == {card.png for each in site.page.cards for card in each.pictures}
    assert {f"{OWN}/{link}" for link in links} <= site.files.keys()
    assert page.locator("button:visible").count() == 0


def test_it_opens_from_disk(open_page: Open, web: tuple[Path, str], site: Site) -> None:
    """Style, font, script and pictures are found; what cannot work from disk is not offered."""
    page = open_page((web[0] / OWN / "index.html").as_uri() + "#card-1")
    assert shown(page) == "card-1"
    assert picture(page).endswith(f"{OWN}/01-artists.story.webp")
    assert page.evaluate(
        "document.fonts.ready.then(() => [...document.fonts].some(f => f.status === 'loaded'))"
    )
    page.keyboard.press("ArrowRight")
    options(page)
    assert page.get_by_text("Your browser opens the picture.").is_visible()
    for name in ("Save all (ZIP)", "Share"):
        assert not page.get_by_role("button", name=name).is_visible()
    save = page.get_by_role("link", name="Save")
    save.evaluate("link => link.addEventListener('click', (event) => event.preventDefault())")
    save.click()
    assert said(page) == "The picture opens."


def test_a_preview_page_leads_on_to_its_card(open_page: Open, web: tuple[Path, str], site: Site) -> None:
    """With a script by itself, without one by a link."""
    there = f"{web[1]}/{OWN}/02.html"
    page = open_page(there)
    page.wait_for_url("**/index.html#card-2")
    assert shown(page) == "card-2"
    plain = open_page(there, java_script_enabled=False)
    plain.get_by_role("link", name="See the whole recap").click()
    assert plain.url.endswith("index.html#card-2")


@pytest.mark.parametrize("theme", THEMES)
def test_it_is_light_and_fits_a_narrow_screen(open_page: Open, web: tuple[Path, str], theme: str) -> None:
    """Under 100 KB before pictures, these in the light form to look at, and nothing to scroll sideways."""
    cards = deck(headline="Wiedergabemillisekundenzähler sind wirklich außergewöhnlich.", title="X" * 60)
    make_site(theme, cards).write(web[0] / theme)
    weight, pictures = [], []

    def note(response: object) -> None:
        kind = response.request.resource_type
        pictures.append(response.url) if kind == "image" else weight.append(len(response.body()))

    page = open_page(
        f"{web[1]}/{theme}/{OWN}/index.html",
        before=lambda page: page.on("requestfinished", lambda request: note(request.response())),
        viewport={"width": 320, "height": 256},
    )
    page.evaluate("document.fonts.ready")
    page.wait_for_load_state("networkidle")
    assert len(weight) == 4, "the page, its style, its script and one font"
    assert 10_000 < sum(weight) < 100_000
    assert {url.rsplit(".", 1)[-1] for url in pictures} == {"webp"}
    for card in range(4):
        page.evaluate(f"location.hash = 'card-{card}'")
        page.locator(f"#card-{card}").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    options(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.keyboard.press("Escape")
    assert not page.locator(".panel").is_visible()
    assert (TEMPLATES / "themes" / theme / "page.css").is_file()


def test_a_picture_and_its_fold_fit_above_the_bar(
    open_page: Open, web: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In each theme, upright and wide: no part of a story is hidden, and it takes what there is."""
    monkeypatch.setitem(SIZES, "story", (1080, 1920))
    page = open_page("about:blank", before=lambda page: page.add_init_script(SHARE))
    for theme in THEMES:
        make_site(theme, deck("de")[:1], webp=False).write(web[0] / "tall")
        page.goto(f"{web[1]}/tall/{OWN}/index.html")
        page.evaluate("document.fonts.ready")
        for width, height, least in ((320, 568, 0.58), (390, 664, 0.63), (1280, 800, 0.65), (844, 390, 0.45)):
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            image, fold, bar = page.evaluate(
                "['.wall img', '.figures > summary', '.tools'].map(part => "
                "document.querySelector(part).getBoundingClientRect())"
            )
            assert image["bottom"] <= bar["top"], (theme, width)
            assert fold["bottom"] <= bar["top"] + 1, (theme, width)
            assert image["height"] >= least * height, (theme, width, image["height"] / height)


def test_foreign_text_stays_text(open_page: Open, web: tuple[Path, str]) -> None:
    """Markup in names and sentences is shown as it is written, and nothing of it runs."""
    evil = "\"'><img src=x onerror=alert(1)><script>alert(2)</script></title>{{ 7*7 }}"
    cards = deck(headline=evil, title=evil, hero=evil, alt_text=evil, brand=evil, customer=evil)
    make_site(cards=cards, title=evil).write(web[0] / "evil")
    page = open_page(f"{web[1]}/evil/{OWN}/index.html")
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    assert page.title() == evil
    assert page.locator("h2").first.inner_text().casefold() == evil.casefold()
    assert page.locator("img").count() == 4
    assert page.locator("script").count() == 1
