"""Made-up cards of every layout, for people a design must please: for the gallery, and for tests."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from recap.wording.card import Bar, Card, Cell, Line, Row, Week

BASE = Card(
    index=1,
    name="minutes",
    metric="minutes",
    layout="number",
    locale="en",
    direction="ltr",
    brand="Soundwave",
    period="2026",
    title="Minutes of music",
    hero="41,208",
    unit="minutes",
    headline="You listened for 41,208 minutes.",
    support="That is 28 days and nights.",
    badge="Top 2\u00a0%",
    small_print="Plays from 1 Jan to 31 Dec 2026, your own clock.",
    alt_text="Minutes of music: 41,208 minutes. That is 28 days and nights. Top 2 %.",
    customer="Lina Okafor",
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PLAYS = (310, 260, 420, 380, 120, 0, 180, 500, 610, 700, 640, 880)

# fmt: off
HOURS = (
    44, 12, 4, 0, 0, 0, 18, 96, 210, 180, 120, 140,
    260, 240, 160, 150, 190, 260, 340, 420, 510, 612, 380, 150,
)
# fmt: on
SHARES = (0.0, 0.36, 0.04, 0.0, 0.09, 0.64, 1.0)
NAMES = {round(place * 53 / 12): month for place, month in enumerate(MONTHS)}
WEEKS = tuple(
    Week(
        name=NAMES.get(number, ""),
        first=5 if number == 0 else 1,
        days=tuple(Cell(share, share == 1 and number == 50) for share in SHARES[4 if number == 0 else 0 :]),
    )
    for number in range(53)
)
"""A year of weeks; the first begins on its fifth day."""

EVERYDAY = {
    "cover": replace(
        BASE,
        index=0,
        name="cover",
        layout="cover",
        title="Your year in sound",
        hero="Lina Okafor",
        unit="",
        headline="Twelve months, seven stories, all yours.",
        support="",
        badge="",
    ),
    "number": BASE,
    "top": replace(
        BASE,
        index=2,
        name="artists",
        layout="top",
        title="Your artists, in minutes",
        hero="Mira Sol",
        unit="",
        headline="Mira Sol was your number one.",
        support="4,812 minutes, a third of your year.",
        rows=(
            Row("1", "Mira Sol", "4,812", 1.0, leads=True),
            Row("2", "The Velvet Keys", "3,320", 0.69, leads=False),
            Row("3", "Tom & <Jerry>", "1,202", 0.25, leads=False),
        ),
    ),
    "chart": replace(
        BASE,
        index=3,
        name="months",
        layout="chart",
        title="Month by month",
        hero="5,000",
        unit="plays",
        headline="December was your loudest month.",
        support="880 plays, more than any other.",
        bars=tuple(Bar(m, str(n), n / 880, leads=n == 880) for m, n in zip(MONTHS, PLAYS, strict=True)),
    ),
    "line": replace(
        BASE,
        index=15,
        name="course",
        layout="line",
        title="How your year went",
        hero="5,000",
        unit="plays",
        headline="December was your loudest month.",
        support="880 plays, more than any other.",
        bars=tuple(Bar(m, str(n), n / 880, leads=n == 880) for m, n in zip(MONTHS, PLAYS, strict=True)),
    ),
    "calendar": replace(
        BASE,
        index=8,
        name="calendar",
        layout="calendar",
        title="Day by day",
        hero="214",
        unit="days with Soundwave",
        headline="You were with Soundwave on 214 days, and December 19 brought the most.",
        support="All together, that made 5,000 plays.",
        bars=tuple(Bar(m, str(n), n / 880, leads=n == 880) for m, n in zip(MONTHS, PLAYS, strict=True)),
        weeks=WEEKS,
    ),
    "streak": replace(
        BASE,
        index=4,
        name="streak",
        layout="streak",
        title="Longest streak",
        hero="23",
        unit="days in a row",
        headline="You listened 23 days in a row.",
        support="From 3 March to 25 March.",
    ),
    "moment": replace(
        BASE,
        index=5,
        name="day",
        layout="moment",
        title="The biggest day",
        hero="14 March",
        unit="",
        headline="On 14 March you pressed play 212 times.",
        support="No other day came close.",
    ),
    "standing": replace(
        BASE,
        index=6,
        name="rank",
        layout="standing",
        title="Among all listeners",
        hero="Top 2\u00a0%",
        unit="",
        headline="Only 1 in 50 played more than you.",
        support="Place 812 of 41,004 listeners.",
        standing=0.02,
    ),
    "comparison": replace(
        BASE,
        index=9,
        name="growth",
        layout="comparison",
        title="More than before",
        hero="72\u00a0%",
        unit="more than before",
        headline="You came to 5,000 plays in 2026, up 72\u00a0% from 2,910.",
        support="",
        bars=(Bar("2025", "2,910", 0.582, leads=False), Bar("2026", "5,000", 1.0, leads=True)),
    ),
    "pair": replace(
        BASE,
        index=10,
        name="pair",
        layout="pair",
        title="Always together",
        hero="Espresso",
        second="Almond croissant",
        unit="",
        headline="Espresso and Almond croissant came together 41 times.",
        support="More often than any other two.",
    ),
    "archetype": replace(
        BASE,
        index=11,
        name="type",
        layout="archetype",
        title="What kind of listener you are",
        hero="The night owl",
        emblem="moon",
        unit="",
        headline="In 2026 you were the night owl.",
        support="So is 1 in 12 listeners.",
    ),
    "dial": replace(
        BASE,
        index=12,
        name="hour",
        layout="dial",
        title="Your hour",
        hero="21:00",
        unit="",
        headline="Between 21:00 and 22:00 you listened most.",
        support="612 plays, one in eight.",
        bars=tuple(Bar(str(h), str(n), n / 612, leads=n == 612) for h, n in enumerate(HOURS)),
    ),
    "milestone": replace(
        BASE,
        index=13,
        name="milestone",
        layout="milestone",
        title="A round number",
        hero="1,000",
        unit="plays",
        headline="On 14 May came play number 1,000.",
        support="It was “Neon Goldfish” by Mira Sol.",
    ),
    "community": replace(
        BASE,
        index=14,
        name="together",
        layout="community",
        title="All of us together",
        hero="1.2 billion",
        unit="minutes of music",
        headline="That is what 41,004 listeners played in 2026.",
        support="41,208 of them were yours.",
        badge="",
    ),
    "summary": replace(
        BASE,
        index=7,
        name="summary",
        layout="summary",
        title="Lina’s year in sound",
        hero="2026",
        unit="",
        headline="That was your 2026 with Soundwave.",
        support="",
        badge="",
        lines=(Line("Minutes", "41,208"), Line("Top artist", "Mira Sol"), Line("Longest streak", "23 days")),
    ),
    "fallback": replace(
        BASE,
        index=0,
        name="fallback",
        layout="fallback",
        title="2026 with Soundwave",
        hero="One visit",
        unit="",
        headline="One visit in 2026, and we were glad of it.",
        support="",
        badge="",
    ),
}
"""An ordinary card of each layout, by layout."""

NAME_60 = "Maximiliane-Friederike Konstantinopolitanische von Hohenzolle"[:60]
COMPOUND = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk"
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
        rows=tuple(Row(str(i), COMPOUND, "9.999.999.999", 1 / i, leads=i < 3) for i in range(1, 11))
        if card.rows
        else (),
        bars=tuple(replace(bar, name="Jan. – Sept. 2025", amount="9.999.999.999") for bar in card.bars)
        if card.layout == "comparison"
        else card.bars,
        lines=(Line("Wiedergabemillisekunden", "9.999.999.999"), Line("Künstlerin", COMPOUND)) * 2
        if card.lines
        else (),
    )


def _has_number(card: Card) -> bool:
    return any(character.isdigit() for character in card.hero) and card.layout not in {"summary", "moment"}


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
    short = replace(short, unit="x" if card.unit else "", rows=card.rows[:1], lines=card.lines[:1])
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
    return _named(spoken, "لينا عبد الرحمن", "أغنية البحر")


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
    return _named(spoken, "高橋美咲", "夜明けのネオン金魚")


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
        rows=tuple(replace(row, amount="0", share=0.0) for row in card.rows),
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
        rows=tuple(
            Row(str(place), "Mira Sol & The Velvet Keys", "9,999,999,999", 1 / place, leads=place == 1)
            for place in range(1, 11)
        )
        if card.rows
        else (),
        bars=tuple(replace(bar, amount="9,999,999,999") for bar in card.bars),
        lines=tuple(replace(line, value="9,999,999,999") for line in card.lines),
        badge="Top 1\u00a0%" if card.badge else "",
    )


def _tie(card: Card) -> Card:
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


PERSONAS: Mapping[str, Callable[[Card], Card]] = {
    "everyday": lambda card: card,
    "shortest": _shortest,
    "longest": lambda card: stretch(card, COMPOUND if card.layout in {"top", "moment", "pair"} else NAME_60),
    "right-to-left": _right_to_left,
    "cjk": _cjk,
    "emoji": _emoji,
    "zero": _zero,
    "huge": _huge,
    "tie": _tie,
}
"""What makes an ordinary card that of a hard case, by what is hard about it."""
