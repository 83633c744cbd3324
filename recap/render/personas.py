"""What is hard about people's cards: the cases that every design must bear, for the gallery and for tests."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from recap.render.everyday import BASE, EVERYDAY
from recap.wording.card import Card, Cell, Line, Row

__all__ = ["BASE", "COMPOUND", "EVERYDAY", "NAME_60", "PERSONAS", "stretch"]

NAME_60 = "Maximiliane-Friederike Konstantinopolitanische von Hohenzolle"[:60]
COMPOUND = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk"
LONG_QUESTION = "Wer hat vom 1. Januar bis zum 31. Dezember 2026 länger für dich gespielt als alle anderen?"
SENTENCE = "Du hast 9.999.999.999 Wiedergabemillisekunden lang Musik gehört, mehr als jemals zuvor."


def stretch(card: Card, hero: str) -> Card:
    """Give a card the longest of everything, and this hero."""
    return replace(
        card,
        hero=hero,
        second=COMPOUND if card.second else "",
        title="Gesamtwiedergabedauer in Millisekunden, ungerundet",
        unit="Wiedergabemillisekunden" if card.unit else "",
        headline=SENTENCE,
        support="Das sind ungefähr 115 Tage und Nächte am Stück, ohne eine einzige Pause dazwischen.",
        badge="Top 100\u00a0%" if card.badge else "",
        small_print="Wiedergaben vom 1. Januar bis zum 31. Dezember 2026, nach deiner eigenen Uhr gezählt.",
        customer=NAME_60,
        brand="Lautsprecherwagenvermietungsgesellschaft Süd",
        period="Jan – Sep 2026",
        locale="de",
        rows=_fill(card, COMPOUND, "9.999.999.999", leading=2),
        bars=tuple(replace(bar, name="Jan. – Sept. 2025", amount="9.999.999.999") for bar in card.bars)
        if card.layout == "comparison"
        else card.bars,
        lines=(Line("Wiedergabemillisekunden", "9.999.999.999"), Line("Künstlerin", COMPOUND)) * 2
        if card.lines
        else (),
    )


def _fill(card: Card, name: str, amount: str, leading: int) -> tuple[Row, ...]:
    """Make a list as long as it may be, of one name; options have no amount and none leads."""
    if card.layout == "question":
        return tuple(Row(letter, name, "", 0.0, leads=False) for letter in "ABCDE")
    places = range(1, 11) if card.rows else ()
    return tuple(Row(str(i), name, amount, 1 / i, leads=i <= leading) for i in places)


def _has_number(card: Card) -> bool:
    digits = any(character.isdigit() for character in card.hero)
    return digits and card.layout not in {"summary", "moment", "question"}


def _asked(card: Card, question: str, letters: str) -> Card:
    """Ask in another language; cards that do not ask stay as they are."""
    if card.layout != "question":
        return card
    rows = tuple(replace(row, place=letter) for row, letter in zip(card.rows, letters.split(), strict=False))
    return replace(card, hero=question, headline=question, rows=rows)


def _named(card: Card, name: str, item: str) -> Card:
    """Call the customer and everything else that has a name by other names."""
    return replace(
        card,
        customer=name,
        hero=card.hero if any(c.isdigit() for c in card.hero) else (name if card.layout == "cover" else item),
        second=item if card.second else "",
        rows=tuple(replace(row, name=item) for row in card.rows),
        lines=tuple(
            line if any(c.isdigit() for c in line.value) else replace(line, value=item) for line in card.lines
        ),
    )


def _shortest(card: Card) -> Card:
    short = replace(card, title="You", headline="Well done.", support="", badge="", small_print="2026.")
    short = replace(short, unit="x" if card.unit else "", lines=card.lines[:1])
    short = replace(short, rows=card.rows[: 2 if card.layout == "question" else 1])
    return replace(_named(short, "Q", "Io"), hero="5" if _has_number(card) else "Io", brand="Ox")


def _right_to_left(card: Card) -> Card:
    spoken = replace(
        card,
        locale="ar",
        direction="rtl",
        title="عامك في الموسيقى",
        unit="دقيقة" if card.unit else "",
        headline="استمعت أكثر من أي عام مضى.",
        support="هذا 28 يومًا وليلة." if card.support else "",
        badge="ضمن أعلى 2\u00a0%" if card.badge else "",
        small_print="من 1 يناير إلى 31 ديسمبر 2026.",
    )
    asked = _asked(spoken, "ما الذي تصدّر قائمتك في عام 2026؟", "أ ب ج د هـ")
    return _named(asked, "لينا عبد الرحمن", "أغنية البحر")


def _cjk(card: Card) -> Card:
    spoken = replace(
        card,
        locale="ja",
        title="今年の音楽",
        unit="分" if card.unit else "",
        headline="2026年、いちばん長く聴いた一年でした。",
        support="昼も夜も数えて28日分です。" if card.support else "",
        badge="上位2%" if card.badge else "",
        small_print="2026年1月1日から12月31日まで。",
    )
    asked = _asked(spoken, "2026年、いちばん多かったのはどれ？", "A B C D E")
    return _named(asked, "高橋美咲", "夜明けのネオン金魚")


def _emoji(card: Card) -> Card:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
    return _named(
        card, f"Mia {family} \U0001f1e7\U0001f1f7", "\U0001f44d\U0001f3fd Peach \U0001f351\u2764\ufe0f"
    )


def _zero(card: Card) -> Card:
    return replace(
        card,
        hero="0" if _has_number(card) else card.hero,
        badge="",
        rows=tuple(replace(row, amount=row.amount and "0", share=0.0) for row in card.rows),
        bars=tuple(replace(bar, amount="0", share=0.0, leads=False) for bar in card.bars),
        weeks=tuple(
            replace(week, days=tuple(Cell(0.0, leads=False) for _ in week.days)) for week in card.weeks
        ),
        standing=None,
    )


def _huge(card: Card) -> Card:
    return replace(
        card,
        hero="9,999,999,999" if _has_number(card) else card.hero,
        rows=_fill(card, "Mira Sol & The Velvet Keys", "9,999,999,999", leading=1),
        bars=tuple(replace(bar, amount="9,999,999,999") for bar in card.bars),
        lines=tuple(replace(line, value="9,999,999,999") for line in card.lines),
        badge="Top 1\u00a0%" if card.badge else "",
    )


def _tie(card: Card) -> Card:
    if card.layout == "question":
        # Where two lead nothing is asked; this is the least that may be chosen from.
        return replace(card, rows=card.rows[:2])
    return replace(
        card,
        headline="Two shared the first place.",
        rows=tuple(replace(row, place="1", share=1.0, leads=True, amount="4,812") for row in card.rows[:2]),
        bars=tuple(
            replace(bar, share=1.0, leads=True) if place in {2, 7} else replace(bar, leads=False)
            for place, bar in enumerate(card.bars)
        )
        if len(card.bars) > 2
        else card.bars,
    )


_LONGEST = {**dict.fromkeys(("top", "moment", "pair"), COMPOUND), "question": LONG_QUESTION}

PERSONAS: Mapping[str, Callable[[Card], Card]] = {
    "everyday": lambda card: card,
    "shortest": _shortest,
    "longest": lambda card: stretch(card, _LONGEST.get(card.layout, NAME_60)),
    "right-to-left": _right_to_left,
    "cjk": _cjk,
    "emoji": _emoji,
    "zero": _zero,
    "huge": _huge,
    "tie": _tie,
}
"""What makes an ordinary card that of a hard case, by what is hard about it."""
