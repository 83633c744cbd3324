"""Cards to draw in tests: everyday ones for every layout, and the extremes a design must bear."""

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
"""One card of each layout, by layout."""

NAME_60 = "Maximiliane-Friederike Konstantinopolitanische von Hohenzolle"[:60]
COMPOUND = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk"
SENTENCE = "Du hast 9.999.999.999 Wiedergabemillisekunden lang Musik gehört, mehr als jemals zuvor."
HARDEST_HEROES = {
    "ten digits": "9,999,999,999",
    "sixty characters": NAME_60,
    "one long word": COMPOUND,
    "one letter": "Q",
}
"""What every format must bear, by what is hard about it."""

FOREIGN_HEROES = {
    "a family": "🦊 Fox \U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "right to left": "لينا عبد الرحمن",
    "no spaces": "高橋美咲高橋美咲高橋美咲高橋美咲高橋美咲",
    "greek": "Αλέξανδρος Παπαδιαμάντης",
    "vietnamese": "Nguyễn Thị Ánh Tuyết",
}
"""Other scripts, and emoji."""


def stretch(card: Card, hero: str) -> Card:
    """Give a card the longest of everything, and this hero."""
    return replace(
        card,
        hero=hero,
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
        lines=(Line("Wiedergabemillisekunden", "9.999.999.999"), Line("Künstlerin", COMPOUND)) * 2
        if card.lines
        else (),
    )
