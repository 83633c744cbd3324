"""What a page shows: cards in words, with their pictures in every format."""

from dataclasses import dataclass
from datetime import date

from recap.wording import Card


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One format of a card. Files are named relative to the page's folder."""

    format: str
    width: int
    """In pixels, as `height`."""
    height: int
    png: str
    bytes: int
    """Of the PNG."""
    webp: str = ""
    """A copy to show, lighter than the PNG; empty where there is none."""
    jpeg: str = ""
    """A copy for link previews; empty where there is none."""


@dataclass(frozen=True, slots=True)
class PageCard:
    """A card with its pictures; the first is the one that is shown first."""

    card: Card
    pictures: tuple[PagePicture, ...]
    nameless: tuple[PagePicture, ...] = ()
    """The same formats without the customer's name, in the other rendition's folder; or none."""
    nameless_alt: str = ""
    """What the nameless pictures say. Without it no description of them can be copied."""


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """A customer's page, or its nameless rendition."""

    title: str
    """Stands above the deck and in every link preview, so it must not hold the customer's name."""
    locale: str
    brand: str
    cards: tuple[PageCard, ...]
    """At least one."""
    url: str | None
    """Absolute address of the folder the page will be in; None where that is not known."""
    nameless_url: str | None
    """The same of the nameless rendition, where there is one."""
    expires: date | None
    """The last day on which the page shows anything."""
    assets: str
    """Relative path of the folder with what `PageTemplates.assets` gives."""
