"""The made-up cards are true in themselves: whoever looks at them judges the picture and not the case."""

import re

import pytest

from recap.render.personas import EVERYDAY, PERSONAS
from recap.wording.card import Card

CHARTS = ("chart", "line", "dial", "calendar", "comparison")
LEFT_AS_THEY_ARE = {"Soundwave", "Tom", "Jerry"}


def made(layout: str, persona: str) -> Card:
    return PERSONAS[persona](EVERYDAY[layout])


def number(text: str) -> float:
    return float(re.sub(r"[^0-9]", "", text))


@pytest.mark.parametrize("persona", PERSONAS)
@pytest.mark.parametrize("layout", CHARTS)
def test_bars_are_as_long_as_their_amounts(layout: str, persona: str) -> None:
    """And those lead that are longest."""
    bars = made(layout, persona).bars
    most = max(number(bar.amount) for bar in bars)
    for bar in bars:
        assert bar.share == pytest.approx(number(bar.amount) / most if most else 0, abs=0.001)
        assert bar.leads == (most > 0 and number(bar.amount) == most)


@pytest.mark.parametrize("persona", PERSONAS)
def test_places_are_those_of_the_amounts(persona: str) -> None:
    """Who has as much has the same place; bars of lists follow their amounts."""
    rows = made("top", persona).rows
    amounts = [number(row.amount) for row in rows]
    assert [row.share for row in rows] == pytest.approx([a / max(*amounts, 1) for a in amounts], abs=0.01)
    if any(amounts):
        assert [int(row.place) for row in rows] == [1 + sum(b > a for b in amounts) for a in amounts]
        assert [row.leads for row in rows] == [row.place == "1" for row in rows]


@pytest.mark.parametrize("persona", ["everyday", "tie", "cjk"])
@pytest.mark.parametrize("layout", ["chart", "line"])
def test_months_come_to_the_total(layout: str, persona: str) -> None:
    """What is said above a chart is the sum of what it shows."""
    card = made(layout, persona)
    assert number(card.hero) == sum(number(bar.amount) for bar in card.bars)


def test_the_year_has_its_days() -> None:
    """One for each; as many with something as the card says, one of them the biggest."""
    card = EVERYDAY["calendar"]
    days = [day for week in card.weeks for day in week.days]
    assert len(days) == 365
    assert sum(day.share > 0 for day in days) == number(card.hero)
    assert [day.share for day in days if day.leads] == [1.0]
    assert [week.name for week in card.weeks if week.name] == [bar.name for bar in card.bars]


@pytest.mark.parametrize("persona", ["right-to-left", "cjk"])
@pytest.mark.parametrize("layout", EVERYDAY)
def test_translated_cards_are_of_one_language(layout: str, persona: str) -> None:
    """Nothing English is left but names."""
    card = made(layout, persona)
    texts = [card.title, card.hero, card.unit, card.second, card.headline, card.support, card.badge]
    texts += [card.small_print, card.customer, *(week.name for week in card.weeks)]
    texts += [text for bar in card.bars for text in (bar.name, bar.amount)]
    texts += [row.name for row in card.rows] + [
        text for line in card.lines for text in (line.label, line.value)
    ]
    assert set(re.findall("[A-Za-z]+", " ".join(texts))) <= LEFT_AS_THEY_ARE


@pytest.mark.parametrize("persona", ["everyday", "right-to-left", "cjk"])
def test_sentences_say_the_figure(persona: str) -> None:
    """The same as stands large."""
    for layout in ("calendar", "streak", "milestone"):
        assert made(layout, persona).hero in made(layout, persona).headline


@pytest.mark.parametrize("layout", EVERYDAY)
def test_a_card_of_nothing_praises_nothing(layout: str) -> None:
    """Where there is a figure it is 0, and no sentence says otherwise."""
    card = made(layout, "zero")
    if card != EVERYDAY[layout]:
        assert (card.badge, card.support) == ("", "")
        assert {bar.amount for bar in card.bars} | {row.amount for row in card.rows} <= {"0"}
