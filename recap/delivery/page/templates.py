"""From a customer's page to its files: HTML made with templates that are compiled once.

Themes dress pages with style sheets alone, so these templates are recap's own and need no sandbox. Texts of
customers are foreign: everything is autoescaped, and the page forbids whatever is not a file beside it.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import jinja2
from markupsafe import Markup

from recap.delivery.page.content import CustomerPage, PageCard, PagePicture
from recap.delivery.page.frame import Frame, hole
from recap.delivery.page.sheets import gone_style, page_script, page_style
from recap.delivery.page.words import FileKind, PageWords, speak
from recap.errors import TemplateError
from recap.render.templates import scheme_of
from recap.render.theme import Theme
from recap.shipped import shipped_folder
from recap.wording import Card, Lexicon

INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class _File:
    """A picture to keep."""

    png: str
    webp: str
    nameless: PagePicture | None
    kind: FileKind
    size: str


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A card as the page shows it."""

    card: Card
    scheme: str
    place: str
    page: str
    """The page whose link preview is this card's; empty where there is none."""
    pictures: tuple[PagePicture, ...]
    """Those to look at."""
    files: list[_File]
    nameless_alt: str


class PageTemplates:
    """A theme's pages in the languages of a campaign."""

    def __init__(self, theme: Theme, lexicons: Mapping[str, Lexicon]) -> None:
        """Compile the templates; raises TemplateError where one is broken."""
        folder = shipped_folder("templates") / "page"
        self._theme = theme
        self._lexicons = lexicons
        self._words: dict[str, PageWords] = {}
        self._frames: dict[tuple[str | bool | None, ...], Frame] = {}
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(folder),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._index, self._link, self._preview, self._tools = (
            self._template(folder, name) for name in (INDEX, "link.html", "preview.html", "tools.html")
        )
        self._gone = self._template(folder, "gone.html")
        self._policy = Markup(self._template(folder, "policy.html").render())  # noqa: S704 - no text of others
        self._files = {
            "page.css": page_style(folder, theme).encode(),
            "page.js": page_script(folder).encode(),
            **theme.dress.files,
        }
        self.digest = _digest(self._files)
        """Over everything in the assets folder, which is named by it."""

    def assets(self) -> Mapping[str, bytes]:
        """Return what all pages share, by file name: style sheet, script, fonts with their licences."""
        return self._files

    def render(self, page: CustomerPage) -> Mapping[str, bytes]:
        """Return the page's files by name.

        `index.html`, whose link preview is the first card's; and where the page's address is known,
        `<nn>.html` for every further card that has a link picture: its link preview is that card's, and it
        leads on to the card. Raises TemplateError.
        """
        words = self._speak(page.locale)
        leaves = [self._leaf(place, each, page, words) for place, each in enumerate(page.cards, 1)]
        try:
            files = {INDEX: self._render_index(page, leaves, words).encode()}
            for each, leaf in zip(page.cards, leaves, strict=True):
                if leaf.page not in {"", INDEX}:
                    files[leaf.page] = self._render_link(page, each, leaf, words).encode()
        except jinja2.TemplateError as error:
            raise TemplateError(f"the page cannot be made: {error}") from error
        return files

    def render_gone(self, locale: str, brand: str, why: Literal["expired", "revoked"]) -> bytes:
        """Return a small page that needs no other file, for a link that no longer works."""
        words = self._speak(locale)
        title, more = ("ended", "expired") if why == "expired" else ("revoked", "revoked_more")
        html = self._gone.render(
            lang=words.lang,
            dir=words.lexicon.direction,
            style=Markup(self._gone_style),  # noqa: S704 - the theme's checked colours
            style_hash=_hash_source(self._gone_style),
            brand=brand,
            title=words.texts[title],
            more=words.texts[more],
        )
        return html.encode()

    @cached_property
    def _gone_style(self) -> str:
        return gone_style(self._theme)

    def _template(self, folder: Path, name: str) -> jinja2.Template:
        try:
            return self._environment.get_template(name)
        except jinja2.TemplateSyntaxError as error:
            raise TemplateError(f"{folder / name}:{error.lineno}: {error.message}") from error
        except jinja2.TemplateNotFound as error:
            raise TemplateError(f"{folder / name} is missing; reinstall recap") from error

    def _speak(self, locale: str) -> PageWords:
        if locale not in self._words:
            self._words[locale] = speak(self._lexicons[locale], self._tools)
        return self._words[locale]

    def _leaf(self, place: int, each: PageCard, page: CustomerPage, words: PageWords) -> _Leaf:
        card = each.card
        nameless = {picture.format: picture for picture in each.nameless}
        looked_at = tuple(picture for picture in each.pictures if picture.format != "link")
        has_preview = page.url and any(picture.jpeg for picture in each.pictures)
        return _Leaf(
            card=card,
            scheme=scheme_of(card, self._theme),
            place=words.place(place, len(page.cards)),
            page="" if not has_preview else INDEX if place == 1 else f"{card.index:02d}.html",
            pictures=looked_at or each.pictures,
            files=[
                _File(
                    picture.png,
                    picture.webp,
                    nameless.get(picture.format),
                    words.kind(picture.format, picture.width, picture.height),
                    words.size(picture.bytes),
                )
                for picture in each.pictures
            ],
            nameless_alt=each.nameless_alt,
        )

    def _render_index(self, page: CustomerPage, leaves: list[_Leaf], words: PageWords) -> str:
        expires = page.expires
        return self._index.render(
            lang=words.lang,
            dir=words.lexicon.direction,
            expires=expires.isoformat() if expires else "",
            policy=self._policy,
            preview=self._render_preview(page, page.cards[0], words),
            title=page.title,
            brand=page.brand,
            logo=self._theme.has_logo,
            url=page.url,
            nameless_url=page.nameless_url,
            assets=page.assets,
            cards=words.texts["cards"],
            play=words.texts["play"],
            pause=words.texts["pause"],
            words=words.texts["words"],
            answer=words.texts["answer"],
            files=words.texts["files"],
            leaves=leaves,
            tools=words.tools,
            until=words.until("until", expires) if expires else "",
            ended=words.texts["ended"],
            ended_more=words.until("ended_more", expires) if expires else "",
        )

    def _render_link(self, page: CustomerPage, each: PageCard, leaf: _Leaf, words: PageWords) -> str:
        frame = self._frame(self._link, page, words, with_image=True)
        lead = f"{INDEX}#card-{each.card.index}"
        return frame.fill({**_told(page, each, leaf.page), "scheme": leaf.scheme, "lead": lead})

    def _render_preview(self, page: CustomerPage, each: PageCard, words: PageWords) -> Markup:
        """Write what a messenger shows of the page: nothing that is not in the card's picture as well."""
        if page.url is None:
            return Markup()
        told = _told(page, each, INDEX)
        return self._frame(self._preview, page, words, with_image=bool(told["image"])).fill(told)

    def _frame(
        self, template: jinja2.Template, page: CustomerPage, words: PageWords, *, with_image: bool
    ) -> Frame:
        """Return all of a template that does not change from customer to customer: made once."""
        key = (template.name, page.locale, page.title, page.brand, page.assets, with_image)
        if key not in self._frames:
            common = {
                "lang": words.lang,
                "dir": words.lexicon.direction,
                "policy": self._policy,
                "og_locale": words.og_locale,
                "onward": words.texts["onward"],
                "title": page.title,
                "brand": page.brand,
                "assets": page.assets,
                **{name: hole(name) for name in _HOLES},
                "image": hole("image") if with_image else "",
            }
            preview = Markup(self._preview.render(common))  # noqa: S704 - autoescaped when it was made
            self._frames[key] = Frame(template.render({**common, "preview": preview}))
        return self._frames[key]


_HOLES = ("description", "url", "alt", "width", "height", "scheme", "lead")


def _told(page: CustomerPage, each: PageCard, name: str) -> dict[str, str]:
    """Say what a card's link preview tells, for the page of that name."""
    picture = next((picture for picture in each.pictures if picture.jpeg), None)
    return {
        "description": each.card.headline,
        "url": f"{page.url}/{name}",
        "image": f"{page.url}/{picture.jpeg}" if picture else "",
        "width": str(picture.width) if picture else "",
        "height": str(picture.height) if picture else "",
        "alt": each.card.alt_text,
    }


def _digest(files: Mapping[str, bytes]) -> str:
    total = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name]):
            total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()[:16]


def _hash_source(style: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}"
