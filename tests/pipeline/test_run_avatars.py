"""Customers' pictures through a run: on the cover, told where missing, never without the name."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from PIL import Image

from recap.pipeline.cut import walk_cards
from recap.pipeline.prepare import open_campaign, open_looks, prepare
from recap.pipeline.progress import Clock, Silence
from recap.wording import Card

Recap = Callable[..., tuple[int, str, str]]
GREEN = (20, 240, 20)
"""In no theme, so that it is the picture's."""
FACES = {"00001": "lina.png", "00002": "gone.png", "00003": "lina.png", "00004": "lina.png", "00005": ""}
SETTINGS = ("customers.avatar=face", "customers.avatars=faces")


@pytest.fixture
def faces(shop: Path) -> Path:
    """Give the shop's customers pictures; the folder has one of the two that are named."""
    head, *lines = (shop / "customers.csv").read_text(encoding="utf-8").splitlines()
    lines = [f"{line},{FACES.get(line[:5], '')}" for line in lines]
    (shop / "customers.csv").write_text("\n".join([f"{head},face", *lines]), encoding="utf-8")
    (shop / "faces").mkdir()
    Image.new("RGB", (300, 200), GREEN).save(shop / "faces" / "lina.png")
    return shop


def cards_of(shop: Path, *settings: str) -> Mapping[str, list[Card]]:
    """Put everyone's decks into words, by customer."""
    file = open_campaign(shop, [*SETTINGS, *settings])
    with prepare(file, Clock(Silence()), Silence()) as prepared:
        looks = open_looks(file)
        decks = prepared.people.filter(pl.col("deck").is_not_null())
        return {
            customer: [card for _, card in walk_cards(prepared, looks, decks.filter(customer_id=customer))]
            for customer in FACES
        }


def has_green(picture: Path) -> bool:
    with Image.open(picture) as image:
        colours = image.convert("RGB").getcolors(image.width * image.height) or []
    return any(all(abs(a - b) < 12 for a, b in zip(colour, GREEN, strict=True)) for _, colour in colours)


def test_a_picture_goes_where_the_name_goes(faces: Path) -> None:
    """On the cover only; not where the customer wishes to have no name, nor where the policy blocks it."""
    (faces / "wishes.csv").write_text("card,wish,value\n00003,anonymous,\n", encoding="utf-8")
    wishes = "wishes={path: wishes.csv, customer: card}"
    decks = cards_of(faces, wishes, "policy={blocked_words: [brien]}")
    shown = {customer: [card.avatar for card in deck] for customer, deck in decks.items()}
    assert (shown["00001"][0] or "").startswith("data:image/webp;base64,")
    assert shown["00002"][0] == ""
    assert [shown[customer][0] for customer in ("00003", "00004", "00005")] == [None] * 3
    assert {avatar for deck in shown.values() for avatar in deck[1:]} == {None}
    named = cards_of(faces, wishes)["00004"][0]
    assert named.avatar == shown["00001"][0]
    look = open_looks(open_campaign(faces, SETTINGS)).of("")
    one, other = (look.fingerprint(card, "", "", "") for card in (named, replace(named, avatar="data:,")))
    assert one != other


def test_a_run_draws_pictures_and_tells_of_missing_ones(faces: Path, recap: Recap, tmp_path: Path) -> None:
    """The cover shows it and no other card; a missing one is a warning, without its name."""
    out = tmp_path / "out"
    some = [f"--set={setting}" for setting in SETTINGS]
    some += ["--customer", "00001", "--customer", "00002", "--out", out]
    code, _, stderr = recap("run", faces, *some)
    assert code == 0, stderr
    manifest = pl.read_parquet(out / "manifest.parquet")
    shown = {
        (customer, card): has_green(out / path)
        for customer, card, path in manifest.select("customer_id", "card", "path").iter_rows()
    }
    assert [place for place, green in shown.items() if green] == [("00001", 0)]
    warnings = json.loads((out / "run.json").read_text(encoding="utf-8"))["warnings"]
    (told,) = [warning for warning in warnings if "a picture of a customer is missing" in warning]
    assert "cover as link" in told
    assert not any("gone.png" in warning for warning in warnings)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (["customers.avatar=face", "customers.avatars=no"], "customers.avatars: there is no folder 'no'"),
        (["customers.avatars=faces"], "say which it is as `avatar`"),
        (["customers={path: customers.csv, customer: card, avatar: face}"], "say which column is the `name`"),
        (["customers.avatar=fase"], "did you mean 'face'"),
    ],
)
def test_what_cannot_be_shown_is_told_before(
    faces: Path, recap: Recap, settings: list[str], said: str
) -> None:
    """A folder that is not there, half of the two keys, a misspelt column."""
    code, _, stderr = recap("check", faces, *(f"--set={setting}" for setting in settings))
    assert code == 2, stderr
    assert said.casefold() in stderr.casefold()
