"""A small published folder: one customer's page with drawn-looking pictures, and its nameless rendition."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from PIL import Image

from recap.delivery.page import CustomerPage, PageCard, PagePicture, PageTemplates
from recap.render.personas import EVERYDAY
from recap.render.theme import Theme, load_theme
from recap.shipped import shipped_folder
from recap.wording import Card, Lexicon, load_lexicon

TEMPLATES = shipped_folder("templates")
LOCALES = sorted(path.stem for path in TEMPLATES.glob("wording/*.yaml"))
THEMES = sorted(path.parent.name for path in TEMPLATES.glob("themes/*/theme.yaml"))
OWN, SHARED = "cards/ab/abcdefghijklmnopqrstuvwxyz", "shared/zy/zyxwvutsrqponmlkjihgfedcba"
BASE = "https://recap.example/2026"
SIZES = {"story": (90, 160), "square": (96, 96), "link": (120, 63)}
DECK = ("cover", "top", "chart", "summary")


@cache
def lexicons() -> Mapping[str, Lexicon]:
    return {locale: load_lexicon(locale, TEMPLATES / "wording") for locale in LOCALES}


@cache
def theme_of(name: str) -> Theme:
    return load_theme(name, search=[TEMPLATES])


@cache
def templates(theme: str = "poster") -> PageTemplates:
    return PageTemplates(theme_of(theme), lexicons())


def deck(locale: str = "en", **changes: str) -> list[Card]:
    """Cards with a list, a chart and lines; `changes` are of every card."""
    spoken = {"locale": locale, "direction": lexicons()[locale].direction, **changes}
    return [replace(EVERYDAY[name], index=index, **spoken) for index, name in enumerate(DECK)]


@cache
def _picture(seed: int, size: tuple[int, int], kind: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (seed * 37 % 256, seed * 91 % 256, seed * 53 % 256)).save(file, kind)
    return file.getvalue()


@dataclass
class Site:
    """Files of a published folder, by path below it, and the page they are of."""

    page: CustomerPage
    files: dict[str, bytes]

    def write(self, folder: Path) -> "Site":
        for path, data in self.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        return self


def make_site(
    theme: str = "poster", cards: list[Card] | None = None, *, webp: bool = True, **changes: object
) -> Site:
    """Make everything a customer's page needs; `changes` are of the `CustomerPage`."""
    cards = cards or deck()
    files: dict[str, bytes] = {}

    def pictures(card: Card, place: str, seed: int, way: str) -> tuple[PagePicture, ...]:
        made = []
        for name, size in SIZES.items():
            stem = f"{card.index:02d}-{card.name}.{name}"
            kinds = {".png": "PNG", **({".jpg": "JPEG"} if name == "link" else {})}
            if webp and name == "story":
                kinds[".webp"] = "WEBP"
            for ending, kind in kinds.items():
                files[f"{place}/{stem}{ending}"] = _picture(seed + 3 * card.index + len(name), size, kind)
            there = {ending: f"{way}{stem}{ending}" for ending in kinds}
            made.append(
                PagePicture(name, *size, there[".png"], 1234, there.get(".webp", ""), there.get(".jpg", ""))
            )
        return tuple(made)

    page = CustomerPage(
        title="Your year in sound",
        locale=cards[0].locale,
        brand=cards[0].brand,
        cards=tuple(
            PageCard(
                card,
                pictures(card, OWN, 1, ""),
                pictures(card, SHARED, 2, f"../../../{SHARED}/"),
                "Nameless.",
            )
            for card in cards
        ),
        url=f"{BASE}/{OWN}",
        nameless_url=f"{BASE}/{SHARED}",
        expires=date(2027, 3, 31),
        assets=f"../../../assets/{templates(theme).digest}",
    )
    page = replace(page, **changes)
    for name, data in templates(theme).render(page).items():
        files[f"{OWN}/{name}"] = data
    for name, data in templates(theme).assets().items():
        files[f"assets/{templates(theme).digest}/{name}"] = data
    return Site(page, files)
