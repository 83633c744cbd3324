"""What is hard about people's cards: the cases that every design must bear, for the gallery and for tests."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from recap.render.everyday import BASE, EVERYDAY
from recap.render.translated import ARABIC, JAPANESE, Language, months_as
from recap.wording.card import Bar, Card, Cell, Line, Row

__all__ = ["BASE", "COMPOUND", "EVERYDAY", "NAME_60", "PERSONAS", "stretch"]

NAME_60 = "Maximiliane-Friederike Konstantinopolitanische von Hohenzolle"[:60]
COMPOUND = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk"
LONG_QUESTION = "Wer hat vom 1. Januar bis zum 31. Dezember 2026 länger für dich gespielt als alle anderen?"
SENTENCE = "Du hast 9.999.999.999 Wiedergabemillisekunden lang Musik gehört, mehr als jemals zuvor."
HUGE = 9_999_999_999
GERMAN = months_as("Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.")
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"


def stretch(card: Card, hero: str) -> Card:
    """Give a card the longest of everything, and this hero."""
    german = _called(card, GERMAN)
    units = {"streak": "aufeinanderfolgende Wochenendtage", "comparison": "mehr als im Vergleichszeitraum"}
    return replace(
        german,
        hero=hero,
        second=COMPOUND if card.second else "",
        title="Gesamtwiedergabedauer in Millisekunden, ungerundet",
        unit=units.get(card.layout, "Wiedergabemillisekunden") if card.unit else "",
        headline=SENTENCE,
        support="Das sind ungefähr 115 Tage und Nächte am Stück, ohne eine einzige Pause dazwischen.",
        badge="Top 100\u00a0%" if card.badge else "",
        small_print="Wiedergaben vom 1. Januar bis zum 31. Dezember 2026, nach deiner eigenen Uhr gezählt.",
        customer=NAME_60,
        brand="Lautsprecherwagenvermietungsgesellschaft Süd",
        period="Jan – Sep 2026",
        locale="de",
        rows=_fill(card, COMPOUND, ".", tied=2),
        bars=tuple(map(_longest_bar, card.bars)) if card.layout == "comparison" else german.bars,
        lines=(Line("Wiedergabemillisekunden", _amount(HUGE, ".")), Line("Künstlerin", COMPOUND)) * 2
        if card.lines
        else (),
    )


def _longest_bar(bar: Bar) -> Bar:
    return replace(bar, name=f"Jan. – Sept. {bar.name}", amount=_amount(HUGE * bar.share, "."))


def _called(card: Card, names: Mapping[str, str]) -> Card:
    """Give months, and whatever else bars and weeks stand for, other names where there are some."""
    return replace(
        card,
        bars=tuple(replace(bar, name=names.get(bar.name, bar.name)) for bar in card.bars),
        weeks=tuple(replace(week, name=names.get(week.name, week.name)) for week in card.weeks),
    )


def _amount(number: float, mark: str) -> str:
    return f"{int(number):,}".replace(",", mark)


def _fill(card: Card, name: str, mark: str, tied: int) -> tuple[Row, ...]:
    """Make a list as long as it may be, of one name; options have no amount and none leads."""
    if card.layout == "question":
        return tuple(Row(letter, name, "", 0.0, leads=False) for letter in "ABCDE")
    rows = []
    for place in range(1, 11) if card.rows else ():
        leads = place <= tied
        share = 1.0 if leads else 1 / place
        rows.append(Row("1" if leads else str(place), name, _amount(HUGE * share, mark), share, leads))
    return tuple(rows)


def _has_number(card: Card) -> bool:
    digits = any(character.isdigit() for character in card.hero)
    return digits and card.layout not in {"summary", "moment", "question", "standing", "dial"}


def _named(card: Card, name: str, item: str) -> Card:
    """Call the customer and everything else that has a name by other names, in sentences too."""
    hero = card.hero
    if not any(character.isdigit() for character in hero):
        hero = name if card.layout in {"cover", "fallback"} else item
    headline = card.headline if card.layout == "fallback" else card.headline.replace(card.hero, hero)
    return replace(
        card,
        customer=name,
        hero=hero,
        headline=headline.replace(card.second, item) if card.second else headline,
        second=item if card.second else "",
        rows=tuple(replace(row, name=item) for row in card.rows),
        lines=tuple(
            line if any(c.isdigit() for c in line.value) else replace(line, value=item) for line in card.lines
        ),
    )


def _shortest(card: Card) -> Card:
    heroes = {"question": "Who?", "moment": "Mo", "dial": "Mo", "standing": "No. 1"}
    named = _named(card, "Q", "Mo")
    return replace(
        named,
        title="You",
        hero="5" if _has_number(card) else heroes.get(card.layout, named.hero),
        unit="x" if card.unit else "",
        headline="Who?" if card.layout == "question" else "Well done.",
        support="",
        badge="",
        small_print="2026.",
        brand="Ox",
        rows=named.rows[: 2 if card.layout == "question" else 1],
        lines=named.lines[:1],
    )


def _longest(card: Card) -> Card:
    heroes = {"question": LONG_QUESTION, "top": COMPOUND, "moment": COMPOUND, "pair": COMPOUND}
    number = _amount(HUGE, ".") if _has_number(card) else NAME_60
    return stretch(card, heroes.get(card.layout, number))


def _spoken(card: Card, language: Language) -> Card:
    said = language.said
    texts: dict[str, Any] = {"support": "", "unit": ""} | language.texts(card)
    return replace(
        _called(card, language.words),
        locale=language.locale,
        direction=language.direction,
        customer=said(card.customer),
        rows=tuple(replace(row, place=said(row.place), name=said(row.name)) for row in card.rows),
        lines=tuple(Line(said(line.label), said(line.value)) for line in card.lines),
        **texts,
    )


def _emoji(card: Card) -> Card:
    return _named(
        card, f"Mia {FAMILY} \U0001f1e7\U0001f1f7", "\U0001f44d\U0001f3fd Peach \U0001f351\u2764\ufe0f"
    )


def _zero(card: Card) -> Card:
    """Count nothing; cards that count nothing in any case stay as they are."""
    if not (card.rows or card.bars or _has_number(card)) or card.layout == "question":
        return card
    return replace(
        card,
        hero="0" if _has_number(card) else card.hero,
        headline="There was nothing to count in 2026.",
        support="",
        badge="",
        unit=card.unit if _has_number(card) else "",
        rows=tuple(replace(row, amount="0", share=0.0) for row in card.rows),
        bars=tuple(replace(bar, amount="0", share=0.0, leads=False) for bar in card.bars),
        weeks=tuple(
            replace(week, days=tuple(Cell(0.0, leads=False) for _ in week.days)) for week in card.weeks
        ),
    )


def _huge(card: Card) -> Card:
    number = f"{HUGE:,}"
    has_number = _has_number(card)
    return replace(
        card,
        hero=number if has_number else card.hero,
        unit=re.sub(r"^[\d,]+", number, card.unit),
        headline=f"Your total came to {number} in 2026." if has_number else card.headline,
        support="" if has_number else card.support,
        rows=_fill(card, "Mira Sol & The Velvet Keys", ",", tied=1),
        bars=tuple(replace(bar, amount=_amount(HUGE * bar.share, ",")) for bar in card.bars),
        lines=tuple(replace(line, value=number) for line in card.lines),
        badge="Top 1%" if card.badge else "",
    )


def _level(bars: tuple[Bar, ...], first: int, second: int) -> tuple[Bar, ...]:
    """Let two bars lead and none besides."""
    leader = next(bar for bar in bars if bar.leads)
    told = {
        first: replace(leader, name=bars[first].name),
        second: replace(leader, name=bars[second].name),
        bars.index(leader): replace(bars[first], name=leader.name),
    }
    return tuple(told.get(place, bar) for place, bar in enumerate(bars))


def _tie(card: Card) -> Card:
    """Let two share the first place, where there are places; other cards stay as they are."""
    if card.layout == "question":
        # Where two lead nothing is asked; this is the least that may be chosen from.
        return replace(card, rows=card.rows[:2])
    if card.layout == "top":
        first, second, third = card.rows
        rows = (first, replace(first, name=second.name), third)
        return replace(
            card,
            title="A shared first place",
            hero=f"{first.name} and {second.name}",
            unit="4,812 minutes each",
            headline=f"{first.name} and {second.name} shared first place with you in 2026.",
            support="Each of them came to 4,812 minutes.",
            rows=rows,
        )
    if card.layout == "dial":
        return replace(
            card,
            title="Your hours",
            hero="8:00 and 20:00",
            unit="612 plays each",
            headline="The hours from 8:00 and 20:00 tied as your busiest.",
            support="Each of them brought 612 plays.",
            bars=_level(card.bars, 8, 20),
        )
    if card.layout in {"chart", "line"}:
        bars = _level(card.bars, 2, 7)
        return replace(
            card,
            hero=f"{sum(int(bar.amount) for bar in bars):,}",
            headline="March and August were level at the top.",
            support="Each of them brought 880 plays.",
            bars=bars,
        )
    if card.layout == "moment":
        return replace(
            card,
            title="Your biggest days",
            hero="14 March and 2 May",
            unit="212 plays each",
            headline="Your biggest days were 14 March and 2 May, with 212 plays each.",
            support="",
        )
    return card


PERSONAS: Mapping[str, Callable[[Card], Card]] = {
    "everyday": lambda card: card,
    "shortest": _shortest,
    "longest": _longest,
    "right-to-left": partial(_spoken, language=ARABIC),
    "cjk": partial(_spoken, language=JAPANESE),
    "emoji": _emoji,
    "zero": _zero,
    "huge": _huge,
    "tie": _tie,
}
"""What makes an ordinary card that of a hard case, by what is hard about it."""
