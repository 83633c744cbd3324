"""A card that asks, from the campaign to the customer's page."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from recap.metrics.value import Value
from recap.pipeline.draw import stand_ins
from recap.pipeline.look import load_look
from recap.pipeline.prepare import open_campaign
from recap.selection.deck import Customer, Deck, Highlight

Recap = Callable[..., tuple[int, str, str]]


@pytest.fixture
def quiz(shop: Path) -> Path:
    """A shop that asks what was bought most."""
    path = shop / "campaign.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("    by: item\n", "    by: item\n    layout: question\n"), encoding="utf-8")
    return shop


def favourites(out: Path) -> dict[str, tuple[str, str, str]]:
    """Give layout, headline and alternative text of the favourite's card, by customer."""
    manifest = pl.read_parquet(out / "manifest.parquet").filter(pl.col("metric") == "favourite")
    told = manifest.select("customer_id", "template", "headline", "alt_text").rows()
    return {customer: (layout, headline, alt) for customer, layout, headline, alt in told}


@pytest.mark.browser
def test_the_picture_asks_and_the_page_answers(quiz: Path, recap: Recap, tmp_path: Path) -> None:
    """Who bought two things equally often is told so; who is asked finds the answer folded on the page."""
    out = tmp_path / "out"
    code, _, stderr = recap("run", quiz, "--out", out, "--customer", "00001", "--customer", "00004")
    assert code == 0, stderr
    told = favourites(out)
    assert told["00001"][0] == "top"
    layout, headline, alt = told["00004"]
    assert (layout, headline) == ("question", "What was your number one in 2026?")
    assert "To choose from: A. Bread; B. Milk & Honey." in alt
    pages = [path.read_text(encoding="utf-8") for path in out.glob("cards/*/*/index.html")]
    (page,) = (page for page in pages if headline in page)
    answer = '<details class="answer">\n<summary>The answer</summary>\n<p>Bread was your number one in 2026.'
    assert page.count(answer) == 1
    assert page.count("Bread was your number one") == 1


def test_what_cannot_be_asked_is_told(quiz: Path) -> None:
    """The fallback has no place for options: where the layout has a fault, it says the answer instead."""
    file = open_campaign(quiz)
    look = load_look(file.campaign, file.folder)
    items = [{"label": "Bread", "value": 4, "rows": 4}, {"label": "Milk", "value": 3, "rows": 3}]
    detail = {"items": items, "tied": ["Bread"], "tied_count": 1, "groups": 2, "total": 7}
    value = Value("favourite", 4.0, "Bread", detail, 7, rank=1, cohort=9, top_percent=12)
    deck = Deck(Customer("00004", "Lina", "en"), "full", (Highlight(value, 1.0, claims_standing=False),))
    asked, nameless, told = (card for card, _ in stand_ins(look, deck, look.cards(deck)[1]))
    assert (asked.layout, asked.customer) == ("question", "Lina")
    assert (nameless.layout, nameless.customer) == ("question", "")
    assert (told.layout, told.hero, told.customer) == ("fallback", "Bread", "")
    assert told.headline == "Bread was your number one in 2026."
    assert told.headline in told.alt_text


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("    kind: monthly\n    layout: question\n", "has none; use it for discoveries, returning, top"),
        ("    kind: top\n    by: item\n    limit: 1\n    layout: question\n", "set `limit` to 2 or more"),
    ],
)  # fmt: skip
def test_what_has_no_list_is_not_asked(line: str, says: str, shop: Path, recap: Recap) -> None:
    """`check` names the line, and what to do."""
    path = shop / "campaign.yaml"
    text = path.read_text(encoding="utf-8").replace("    kind: monthly\n", line)
    path.write_text(text, encoding="utf-8")
    code, _, stderr = recap("check", shop)
    number = text[: text.index("layout:")].count("\n") + 1
    assert code == 2
    assert f"campaign.yaml:{number} metrics.4.layout: " in stderr
    assert says in stderr
