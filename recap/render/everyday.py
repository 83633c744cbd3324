"""Made-up ordinary cards, one of every layout: for the gallery, and for tests."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

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
    badge="Top 2%",
    small_print="Plays from 1 Jan to 31 Dec 2026, your own clock.",
    alt_text="Minutes of music: 41,208 minutes. That is 28 days and nights. Top 2%.",
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
SHARES = (0.09, 0.0, 0.36, 0.0, 0.55, 0.64, 0.82)
"""What weekdays bring, from Monday on."""
BIGGEST = date(2026, 12, 19)


def _cell(day: date) -> Cell:
    if not PLAYS[day.month - 1] or day.day % 11 == 0:
        return Cell(0.0, leads=False)
    return Cell(1.0 if day == BIGGEST else SHARES[day.weekday()], leads=day == BIGGEST)


def _weeks(year: int) -> tuple[Week, ...]:
    """Make a year of weeks from Monday on; the first may begin in its middle and the last end there."""
    days = (date(year, 1, 1) + timedelta(n) for n in range(366))
    by_week = groupby((day for day in days if day.year == year), lambda day: day.isocalendar().week)
    weeks = [list(week) for _, week in by_week]
    return tuple(
        Week(
            name=next((MONTHS[day.month - 1] for day in week if day.day == 1), ""),
            first=week[0].weekday() + 1,
            days=tuple(map(_cell, week)),
        )
        for week in weeks
    )


WEEKS = _weeks(BIGGEST.year)
ACTIVE = sum(cell.share > 0 for week in WEEKS for cell in week.days)

EVERYDAY = {
    "cover": replace(
        BASE,
        index=0,
        name="cover",
        layout="cover",
        title="Your year in sound",
        hero="Lina Okafor",
        unit="2026",
        headline="Twelve months with Soundwave.",
        support="7 things to remember, and all of them are yours.",
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
        unit="4,812 minutes",
        headline="Mira Sol was your number one.",
        support="That makes 12% of your total.",
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
        hero=str(ACTIVE),
        unit="days with Soundwave",
        headline=f"You were with Soundwave on {ACTIVE} days, and December 19 brought the most.",
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
        unit="212 plays",
        headline="On 14 March you pressed play 212 times.",
        support="No other day came close.",
    ),
    "standing": replace(
        BASE,
        index=6,
        name="rank",
        layout="standing",
        title="Among all listeners",
        hero="Top 2%",
        unit="of 41,004 listeners",
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
        hero="72%",
        unit="more than before",
        headline="You came to 5,000 plays in 2026, up 72% from 2,910.",
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
        unit="41 times together",
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
        headline="The night owl: that was you in 2026.",
        support="So is 1 in 12 listeners.",
    ),
    "dial": replace(
        BASE,
        index=12,
        name="hour",
        layout="dial",
        title="Your hour",
        hero="21:00",
        unit="612 plays",
        headline="Between 21:00 and 22:00 you listened most.",
        support="612 plays, one in seven.",
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
    "question": replace(
        BASE,
        index=16,
        name="guess",
        layout="question",
        title="Your artists, in minutes",
        hero="Who played for you the longest in 2026?",
        unit="",
        headline="Who played for you the longest in 2026?",
        support="",
        badge="",
        rows=tuple(
            Row(letter, name, "", 0.0, leads=False)
            for letter, name in zip(
                "ABCD", ("Mira Sol", "Neon Goldfish", "The Velvet Keys", "Tom & <Jerry>"), strict=True
            )
        ),
        answer="Nobody played for you longer than Mira Sol. That makes 4,812 minutes.",
    ),
    "summary": replace(
        BASE,
        index=7,
        name="summary",
        layout="summary",
        title="Your year in sound",
        hero="2026",
        unit="at a glance",
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
