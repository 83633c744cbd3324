"""The files of a page: previews, languages, what themes add, and what a page must not say."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from page_cases import BASE, LOCALES, OWN, TEMPLATES, THEMES, deck, lexicons, make_site, templates, theme_of

from recap.delivery.page import PageTemplates
from recap.delivery.page.frame import Frame, hole
from recap.errors import TemplateError
from recap.pipeline.own_theme import new_theme
from recap.render.personas import EVERYDAY
from recap.render.theme import load_theme
from recap.wording.catalogue import PAGE


class _Metas(HTMLParser):
    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(html.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name = told.get("property") or told.get("name") or told.get("http-equiv")
        if tag == "meta" and name:
            assert name not in self.found, f"{name} is told twice"
            self.found[name] = told["content"] or ""


def metas(html: bytes) -> dict[str, str]:
    return _Metas(html).found


def test_each_card_has_a_page_with_its_preview() -> None:
    """Address, picture with its size and words are the card's; the page itself shows the cover's."""
    site = make_site()
    assert sorted(path for path in site.files if path.endswith(".html")) == [
        *(f"{OWN}/0{number}.html" for number in range(1, 4)),
        f"{OWN}/index.html",
    ]
    for name, number in (("index.html", 0), ("01.html", 1), ("02.html", 2)):
        told, card = metas(site.files[f"{OWN}/{name}"]), site.page.cards[number].card
        assert told["og:url"] == f"{BASE}/{OWN}/{name}"
        assert told["og:image"] == told["twitter:image"] == f"{BASE}/{OWN}/0{number}-{card.name}.link.jpg"
        assert (told["og:image:width"], told["og:image:height"]) == ("120", "63")
        assert told["og:image:type"] == "image/jpeg"
        assert told["og:image:alt"] == card.alt_text
        assert told["og:description"] == card.headline
        assert told["og:title"] == "Your year in sound"
        assert told["twitter:card"] == "summary_large_image"
        assert (told["robots"], told["referrer"]) == ("noindex", "no-referrer")
        assert told["Content-Security-Policy"].startswith("default-src 'none'; img-src 'self' blob: data:;")


def test_a_page_without_an_address_promises_no_preview() -> None:
    """Nothing absolute is known, so there is one file and no tag that a messenger would read."""
    site = make_site(url=None, nameless_url=None)
    assert [path for path in site.files if path.endswith(".html")] == [f"{OWN}/index.html"]
    html = site.files[f"{OWN}/index.html"]
    assert not [name for name in metas(html) if name.startswith(("og:", "twitter:"))]
    assert b"https://" not in html


def test_without_link_pictures_the_preview_is_of_words() -> None:
    """No card has a page of its own, and no picture is promised."""
    page = make_site().page
    cards = tuple(
        replace(each, pictures=tuple(p for p in each.pictures if p.format != "link")) for each in page.cards
    )
    files = templates().render(replace(page, cards=cards))
    told = metas(files["index.html"])
    assert list(files) == ["index.html"]
    assert told["twitter:card"] == "summary"
    assert "og:image" not in told


@pytest.mark.parametrize(
    ("locale", "country"),
    [("en", "en_US"), ("de", "de_DE"), ("pt_BR", "pt_BR"), ("ja", "ja_JP"), ("ar", "ar_EG")],
)
def test_a_page_speaks_the_customers_language(locale: str, country: str) -> None:
    """Words, date, direction and the preview's locale; other languages leave no trace."""
    html = make_site(cards=deck(locale)).files[f"{OWN}/index.html"]
    lexicon = lexicons()[locale]
    assert metas(html)["og:locale"] == country
    assert f'<html lang="{locale.replace("_", "-")}" dir="{lexicon.direction}"'.encode() in html
    for path in ("page.save", "page.nameless", "page.said.saved"):
        assert lexicon.phrase(path).encode() in html
    foreign = [lexicons()[other].phrase("page.nameless").encode() for other in LOCALES if other != locale]
    assert not [text for text in foreign if text in html]


def test_every_word_of_the_page_is_used() -> None:
    """What translators write is said somewhere."""
    site = make_site(cards=[*deck(), EVERYDAY["question"]])
    gone = b"".join(templates().render_gone("en", "B", why) for why in ("expired", "revoked"))
    everything = b"".join(data for path, data in site.files.items() if path.endswith(".html")) + gone
    assert b"{" not in re.sub(rb"Format: \{format\}\.|<style>.*?</style>", b"", everything), "a hole was left"
    for name, holes in PAGE.items():
        said = lexicons()["en"].sentence(f"page.{name}").forms["other"].literals[0]
        # The tests' customer has no portraits.
        assert said.encode() in everything or name == "formats.portrait", (name, holes)


def test_an_answer_is_folded_and_nowhere_else() -> None:
    """The page names what may be chosen from, without an empty amount; previews are silent."""
    card = EVERYDAY["question"]
    files = make_site(cards=[*deck(), card]).files
    html = files[f"{OWN}/index.html"].decode()
    assert f'<details class="answer">\n<summary>The answer</summary>\n<p>{card.answer}</p>' in html
    assert "<li><span>B</span> <bdi>Neon Goldfish</bdi></li>" in html
    assert html.count(card.headline) == 1
    assert card.headline in files[f"{OWN}/16.html"].decode()
    assert card.answer not in files[f"{OWN}/16.html"].decode()
    assert 'class="answer"' not in make_site().files[f"{OWN}/index.html"].decode()


def test_first_picture_at_once_and_others_when_they_are_wanted() -> None:
    """Sizes are told so that nothing jumps; the light copy comes first where there is one."""
    html = make_site().files[f"{OWN}/index.html"].decode()
    images = re.findall(r"<img [^>]*>", html)
    assert [("loading=" in image) for image in images] == [False, True, True, True]
    assert all('width="90" height="160"' in image for image in images)
    assert html.count('<source type="image/webp"') == 4
    assert "<source" not in make_site(webp=False).files[f"{OWN}/index.html"].decode()


def test_only_link_pictures_are_shown_where_there_are_no_others() -> None:
    """A campaign may draw nothing else."""
    page = make_site().page
    cards = tuple(
        replace(each, pictures=tuple(p for p in each.pictures if p.format == "link"), nameless=())
        for each in page.cards
    )
    html = templates().render(replace(page, cards=cards))["index.html"].decode()
    assert re.findall(r'<img src="([^"]*)"', html)[0] == "00-cover.link.png"
    assert 'data-nameless="../' not in html


@pytest.mark.parametrize("why", ["expired", "revoked"])
def test_a_lost_link_is_told_without_any_other_file(why: str) -> None:
    """In each language, in the theme's colours, with nothing to fetch."""
    for locale in LOCALES:
        html = templates("gazette").render_gone(locale, "<Brand>", why).decode()
        assert lexicons()[locale].phrase("page.ended" if why == "expired" else "page.revoked") in html
        assert "&lt;Brand&gt;" in html
        assert theme_of("gazette").tokens["paper"] in html
        assert not re.findall(r'(?:src|href)="(?!data:)', html)


@pytest.mark.parametrize("theme", THEMES)
def test_assets_stand_alone(theme: str) -> None:
    """Each font the style names is there with a licence; nothing is fetched from elsewhere."""
    assets = templates(theme).assets()
    css, script = assets["page.css"].decode(), assets["page.js"].decode()
    fonts = set(re.findall(r"url\(([\w.-]+\.woff2)\)", css))
    assert fonts == {name for name in assets if name.endswith(".woff2")} != set()
    assert {name for name in assets if name.startswith("OFL-")}
    assert not re.findall(r"https?:|/\*", css + script)
    assert "import " not in script


def test_the_digest_names_what_is_shared(tmp_path: Path) -> None:
    """It is the same for the same theme, another for other dress; pictures do not depend on it."""
    again = PageTemplates(load_theme("poster", search=[TEMPLATES]), lexicons())
    assert again.digest == templates("poster").digest
    (tmp_path / "themes/own").mkdir(parents=True)
    (tmp_path / "themes/own/theme.yaml").write_text("title: Own\nextends: poster\n", "utf-8")
    plain = load_theme("own", search=[tmp_path, TEMPLATES])
    (tmp_path / "themes/own/page.css").write_text('.brand { font-family: "Say" }', "utf-8")
    dressed = load_theme("own", search=[tmp_path, TEMPLATES])
    assert plain.digest == dressed.digest == load_theme("own", search=[tmp_path, TEMPLATES]).digest
    one, other = (PageTemplates(theme, lexicons()) for theme in (plain, dressed))
    assert one.digest == templates("poster").digest != other.digest
    assert other.assets()["page.css"].decode().rstrip().endswith('.brand { font-family: "Say" }')
    assert "bricolage-grotesque-latin.woff2" in other.assets().keys() - one.assets().keys()


def test_a_new_theme_is_dressed_in_its_own_colours(tmp_path: Path) -> None:
    """What `recap theme new` writes is worn by the page as well."""
    path = new_theme(tmp_path, "acme", "gallery", None)
    path.write_text(path.read_text("utf-8").replace("#F3EFE6", "#FFEEDD"), "utf-8")
    made = PageTemplates(load_theme("acme", search=[tmp_path, TEMPLATES]), lexicons())
    css = made.assets()["page.css"].decode()
    assert "--token-paper: #FFEEDD;" in css
    assert "fraunces-page-latin.woff2" in css


def test_a_font_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With the theme's file and the name that was meant."""
    (tmp_path / "themes/own").mkdir(parents=True)
    font = "{family: Show, file: fraunces-page-latn.woff2, range: latin}"
    text = f"title: Own\nextends: gallery\npage_fonts: [{font}]\n"
    (tmp_path / "themes/own/theme.yaml").write_text(text, "utf-8")
    with pytest.raises(
        TemplateError, match=r"theme\.yaml: Show: no file .* did you mean 'fraunces-page-latin"
    ):
        load_theme("own", search=[tmp_path, TEMPLATES])


def test_a_page_is_the_same_whenever_it_is_made() -> None:
    """Nothing is left of the customers before."""
    page = make_site().page
    other = make_site(cards=deck("ar", headline="x & <y>")).page
    fresh = PageTemplates(theme_of("poster"), lexicons())
    first = fresh.render(page)
    fresh.render(other)
    assert fresh.render(page) == first == templates().render(page)


def test_frames_escape_what_is_filled_in() -> None:
    """A text is no markup, and a hole's name in a text is no hole."""
    frame = Frame(f"<p title='{hole('url')}'>{hole('alt')}</p>")
    assert frame.fill({"url": "'\"<", "alt": hole("url").unescape()}) == (
        "<p title='&#39;&#34;&lt;'>\x01url\x01</p>"
    )
