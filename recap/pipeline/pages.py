"""A customer's page, put together from cards in words and the manifest's rows of their pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from recap.delivery.assets import ASSETS
from recap.delivery.page import CustomerPage, PageCard, PagePicture
from recap.delivery.pictures import SHARED, customer_folder, jpeg_path, webp_path
from recap.pipeline.look import Look
from recap.pipeline.shards import Person
from recap.wording import Card
from recap.wording.setting import campaign_title

ROOT = "../../.."
"""From a page to the folder that holds them all."""


def further_files(path: str, person: Person, look: Look, format_name: str) -> list[str]:
    """List every file that a picture has beside its PNG.

    A link picture has a JPEG, for previews. Where pages are to be published, the format shown first has a
    copy for browsers; and where there is a nameless rendition, all of it is there once more.
    """

    def copies(path: str) -> list[str]:
        if format_name == "link":
            return [jpeg_path(path)]
        shown_first = format_name == look.campaign.formats[0]
        return [webp_path(path)] if shown_first and look.campaign.base_url else []

    if person.share_token is None:
        return copies(path)
    nameless = f"{customer_folder(person.share_token, 'shared')}/{PurePosixPath(path).name}"
    return [*copies(path), nameless, *copies(nameless)]


def make_pages(
    look: Look,
    person: Person,
    cards: Sequence[Card],
    nameless: Sequence[Card],
    rows: Sequence[Mapping[str, Any]],
) -> dict[str, Mapping[str, bytes]]:
    """Return the files of the customer's page and of its nameless rendition, by folder and name.

    `rows` are the manifest's of all pictures; `nameless` are the cards without the name, or empty.
    """
    folder = customer_folder(person.token)
    if person.share_token is None:
        return {folder: _render(look, cards, rows, folder)}
    shared = customer_folder(person.share_token, "shared")
    return {
        folder: _render(look, cards, rows, folder, shared, nameless),
        shared: _render(look, nameless, rows, shared),
    }


def _render(
    look: Look,
    cards: Sequence[Card],
    rows: Sequence[Mapping[str, Any]],
    folder: str,
    shared: str = "",
    nameless: Sequence[Card] = (),
) -> Mapping[str, bytes]:
    """Render the page in a folder, which offers the pictures of `nameless` in the folder `shared` as well."""
    campaign, locale = look.campaign, cards[0].locale
    is_nameless = folder.startswith(f"{SHARED}/")

    told = {(row["card"], row["format"]): row for row in rows}

    def pictures(card: Card, place: str) -> tuple[PagePicture, ...]:
        way = "" if place == folder else f"{ROOT}/{place}/"
        return tuple(_picture(told[card.index, name], place, way) for name in campaign.formats)

    def shown(card: Card) -> Card:
        """Let a card that was mended say what its picture says."""
        if is_nameless:
            return card
        row = told[card.index, campaign.formats[0]]
        return replace(card, headline=row["headline"], alt_text=row["alt_text"])

    page = CustomerPage(
        title=campaign_title(campaign, look.lexicons[locale]),
        locale=locale,
        brand=campaign.brand.name,
        cards=tuple(
            PageCard(
                shown(card),
                pictures(card, folder),
                pictures(card, shared) if shared else (),
                nameless[card.index].alt_text if shared else "",
            )
            for card in cards
        ),
        url=f"{campaign.base_url}/{folder}" if campaign.base_url else None,
        nameless_url=f"{campaign.base_url}/{shared}" if campaign.base_url and shared else None,
        expires=campaign.page.expires,
        assets=f"{ROOT}/{ASSETS}/{look.pages.digest}",
    )
    return look.pages.render(page)


def _picture(row: Mapping[str, Any], place: str, way: str) -> PagePicture:
    """Describe a picture as it lies in the folder `place`, which is reached from the page by `way`."""
    path = f"{place}/{PurePosixPath(row['path']).name}"
    sizes = {row["path"]: row["bytes"]} | {file["path"]: file["bytes"] for file in row["files"]}

    def link(other: str) -> str:
        return way + PurePosixPath(other).name if other in sizes else ""

    return PagePicture(
        format=row["format"],
        width=row["width"],
        height=row["height"],
        png=link(path),
        bytes=sizes[path],
        webp=link(webp_path(path)),
        jpeg=link(jpeg_path(path)),
    )
