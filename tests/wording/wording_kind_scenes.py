"""Metrics and facts of the kinds beyond the first set, with every special case."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from recap.metrics.facts import (
    Day,
    DayPart,
    Entry,
    Fact,
    Facts,
    Forms,
    Label,
    Moment,
    Number,
    Quantity,
    Ratio,
    Several,
    Term,
    Weekday,
)

PLAYS = {
    "en": {"one": "play", "other": "plays"},
    "de": {"one": "Play", "other": "Plays"},
    "fr": {"one": "écoute", "other": "écoutes"},
    "es": {"one": "reproducción", "other": "reproducciones"},
    "pt_BR": {"one": "reprodução", "other": "reproduções"},
    "ja": {"other": "回再生"},
    "ar": {
        "zero": "تشغيل",
        "one": "تشغيل",
        "two": "تشغيلان",
        "few": "تشغيلات",
        "many": "تشغيلًا",
        "other": "تشغيل",
    },
}
SONGS = {
    "en": {"one": "song", "other": "songs"},
    "de": {"one": "Song", "other": "Songs"},
    "fr": {"one": "chanson", "other": "chansons"},
    "es": {"one": "canción", "other": "canciones"},
    "pt_BR": {"one": "música", "other": "músicas"},
    "ja": {"other": "曲"},
    "ar": {
        "zero": "أغنية",
        "one": "أغنية",
        "two": "أغنيتان",
        "few": "أغانٍ",
        "many": "أغنية",
        "other": "أغنية",
    },
}
MINUTES = {
    "en": {"one": "minute", "other": "minutes"},
    "de": {"one": "Minute", "other": "Minuten"},
    "fr": {"one": "minute", "other": "minutes"},
    "es": {"one": "minuto", "other": "minutos"},
    "pt_BR": {"one": "minuto", "other": "minutos"},
    "ja": {"other": "分"},
    "ar": {
        "zero": "دقيقة",
        "one": "دقيقة",
        "two": "دقيقتان",
        "few": "دقائق",
        "many": "دقيقة",
        "other": "دقيقة",
    },
}
MOON: Mapping[str, Forms] = {
    "en": {"one": "round trip to the Moon", "other": "round trips to the Moon"},
    "de": {"one": "Reise zum Mond und zurück", "other": "Reisen zum Mond und zurück"},
    "fr": {"one": "aller-retour pour la Lune", "other": "allers-retours pour la Lune"},
    "es": {"one": "viaje de ida y vuelta a la Luna", "other": "viajes de ida y vuelta a la Luna"},
    "pt_BR": {"one": "viagem de ida e volta à Lua", "other": "viagens de ida e volta à Lua"},
    "ja": {"other": "回分の月との往復"},
}
SECONDS: dict[str, Any] = {"of": "seconds", "divide_by": 60, "noun": MINUTES}
OWL = Term(
    {
        "en": "the night owl",
        "de": "die Nachteule",
        "fr": "l’oiseau de nuit",
        "es": "ave nocturna",
        "pt_BR": "coruja da noite",
        "ja": "夜ふかし派",
        "ar": "بومة الليل",
    }
)

KIND_METRICS: tuple[dict[str, Any], ...] = (
    {"id": "mean", "kind": "average", **SECONDS, "decimals": 1},
    {"id": "least", "kind": "minimum", **SECONDS},
    {"id": "most", "kind": "maximum", **SECONDS},
    {"id": "loyalty", "kind": "top_share", "by": "song", "noun": PLAYS},
    {"id": "range", "kind": "variety", "by": "song", "noun": SONGS},
    {"id": "finds", "kind": "discoveries", "by": "song", "noun": SONGS},
    {"id": "again", "kind": "returning", "by": "song", "noun": SONGS},
    {"id": "growth", "kind": "growth", "noun": PLAYS},
    {"id": "tenure", "kind": "tenure"},
    {"id": "gap", "kind": "longest_gap"},
    {"id": "back", "kind": "comeback"},
    {"id": "weeks", "kind": "weekly_streak"},
    {"id": "daytime", "kind": "time_of_day", "noun": PLAYS},
    {"id": "week", "kind": "weekday_profile", "noun": PLAYS},
    {"id": "calendar", "kind": "calendar", "noun": PLAYS},
    {"id": "sessions", "kind": "sessions"},
    {"id": "long", "kind": "longest_session"},
    {"id": "thousand", "kind": "milestone", "noun": PLAYS, "label": "song"},
    {"id": "early", "kind": "early_adopter", "by": "song"},
    {"id": "duo", "kind": "pair", "by": "song", "within": "seconds"},
    {"id": "rate", "kind": "ratio", "of": "minutes", "to": "days", "decimals": 2, "noun": MINUTES},
    {"id": "moon", "kind": "comparison", "of": "minutes",
     "things": [{"id": "moon", "size": 60, "noun": MOON}]},
    {"id": "type", "kind": "archetype",
     "rules": [{"id": "owl", "name": OWL.value, "when": {"plays": {"at_least": 9}}},
               {"id": "all", "name": "Everyone"}]},
    {"id": "together", "kind": "community", **SECONDS},
    {"id": "own", "kind": "sql", "expression": "max(seconds)"},
    {"id": "in_city", "kind": "standing", "of": "minutes", "within": "artist"},
)  # fmt: skip


def plain(main: str, layout: str, *cases: str, **slots: Fact) -> Facts:
    """Make facts without entries."""
    return Facts(slots, main=main, layout=layout, cases=cases)


def listed(*amounts: tuple[str, int], **slots: Fact) -> Facts:
    """Make facts with a list, most first."""
    most = amounts[0][1]
    entries = tuple(
        Entry(Label(name), Quantity(n, "event"), n / most, n == most, place)
        for place, (name, n) in enumerate(amounts, 1)
    )
    labels = {"label": Label(amounts[0][0]), "labels": Several((Label(amounts[0][0]),))}
    return Facts({**labels, **slots}, main="n", layout="top", entries=entries)


def day_parts(*leading: str, n: int = 120) -> Facts:
    parts = [DayPart(name) for name in ("night", "morning", "afternoon", "evening")]  # type: ignore[arg-type]
    tied = tuple(part for part in parts if part.value in leading)
    slots: dict[str, Fact] = {
        "part": tied[0], "parts": Several(tied), "n": Quantity(n), "share": Ratio(0.4),
    }  # fmt: skip
    entries = tuple(
        Entry(part, Quantity(n if part in tied else n // 4), 1.0 if part in tied else 0.25, part in tied)
        for part in parts
    )
    return Facts(slots, "part", "chart", ("tied",) if len(tied) > 1 else (), entries)


def week(case: str, n: int, total: int) -> Facts:
    weekend = case == "weekend"
    entries = tuple(
        Entry(Weekday(day), Quantity(40 if (day > 5) == weekend else 9), 1.0 if (day > 5) == weekend else 0.2)
        for day in range(1, 8)
    )
    slots: dict[str, Fact] = {"share": Ratio(n / total), "n": Quantity(n), "total": Quantity(total)}
    return Facts(slots, "share", "chart", (case,), entries)


def calendar(
    amounts: Mapping[date, Number], start: date = date(2026, 1, 1), end: date = date(2026, 12, 31)
) -> Facts:
    """Make a calendar's facts as the kind does: every day of the period, in order."""
    days = [start + timedelta(days=day) for day in range((end - start).days + 1)]
    most = max(amounts.values())
    leading = tuple(Day(day) for day in days if amounts.get(day) == most)
    entries = tuple(
        Entry(Day(day), Quantity(amounts.get(day, 0)), float(amounts.get(day, 0) / most), Day(day) in leading)
        for day in days
    )
    slots: dict[str, Fact] = {
        "total": Quantity(sum(amounts.values())),
        "active": Quantity(len(amounts), "day"),
        "day": leading[0],
        "days": Several(leading[:3], max(0, len(leading) - 3)),
        "n": Quantity(most),
    }
    return Facts(slots, "active", "calendar", ("tied",) if len(leading) > 1 else (), entries)


def busy_year() -> dict[date, int]:
    """Give a year of days as people have them: weekends, a summer break, a loud December."""
    start = date(2026, 1, 1)
    amounts = {}
    for offset in range(365):
        day = start + timedelta(days=offset)
        wave = (offset * 37 + offset * offset * 11) % 23
        if wave < 8 or day.month == 8:
            continue
        amounts[day] = wave + (9 if day.isoweekday() > 5 else 0) + 2 * day.month
    return amounts | {date(2026, 12, 19): 64}


NOON = Moment(datetime(2026, 3, 14, 12, 5))
MARCH, MAY = Day(date(2026, 3, 14)), Day(date(2026, 5, 2))
SINCE = Day(date(2019, 3, 14))
MONDAY, SUNDAY = Day(date(2025, 12, 29)), Day(date(2026, 3, 8))


def kind_facts() -> Iterator[tuple[str, str, Facts]]:
    """Go through the kinds with their cases: a name, the metric's id, the facts."""
    for events in (1, 312):
        yield f"average of {events}", "mean", plain(
            "n", "number", n=Quantity(Decimal("205.5")), total=Quantity(64116),
            events=Quantity(events, "event"),
        )  # fmt: skip
    yield "minimum", "least", plain("n", "number", n=Quantity(1499))
    yield "maximum", "most", plain("n", "number", n=Quantity(1499))
    share = {"share": Ratio(1 / 3), "label": Label("Mira Sol"), "n": Quantity(1300), "total": Quantity(3900)}
    groups = {"groups": Quantity(214, "group")}
    one = Several((Label("Mira Sol"),))
    yield "top_share", "loyalty", plain("share", "moment", **share, labels=one, **groups)
    tied = Several((Label("Mira Sol"), Label("Paper Tigers")), 1)
    yield "top_share tied", "loyalty", plain("share", "moment", "tied", **share, labels=tied, **groups)
    yield (
        "variety",
        "range",
        plain("groups", "number", groups=Quantity(24), even=Quantity(6), n=Quantity(900, "event")),
    )
    yield (
        "variety even",
        "range",
        plain("groups", "number", "even", groups=Quantity(24), even=Quantity(20), n=Quantity(900, "event")),
    )
    finds = (("Mira Sol", 40), ("Paper Tigers", 31), ("Low Tide", 12))
    yield "discoveries", "finds", listed(*finds, n=Quantity(12), of=Quantity(30), share=Ratio(0.4))
    yield "discoveries one", "finds", listed(finds[0], n=Quantity(1), of=Quantity(1), share=Ratio(1))
    yield "returning", "again", listed(*finds, n=Quantity(18))
    yield "returning one", "again", listed(finds[0], n=Quantity(1))
    grown = {
        "change": Ratio(2.509), "now": Quantity(1204), "before": Quantity(343),
        "first": Day(date(2026, 1, 1)), "last": Day(date(2026, 9, 30)),
    }  # fmt: skip
    yield "growth", "growth", plain("change", "number", **grown)
    yield (
        "growth small",
        "growth",
        plain("change", "number", **{**grown, "change": Ratio(0.004), "before": Quantity(1)}),
    )
    joined = {**grown, "joined": Day(date(2025, 10, 4))}
    yield "growth joined", "growth", plain("change", "number", "joined", **joined)
    yield "growth part", "growth", plain("change", "number", "part", **grown)
    yield "growth joined part", "growth", plain("change", "number", "joined", "part", **joined)
    told = {"n": Quantity(2849, "day"), "years": Quantity(7, "year"), "first": SINCE}
    yield "tenure", "tenure", plain("first", "moment", **{**told, "years": Quantity(0, "year")})
    yield "tenure years", "tenure", plain("first", "moment", "years", **told)
    yield "tenure anniversary", "tenure", plain("first", "moment", "anniversary", "years", **told, day=MARCH)
    yield (
        "tenure one year",
        "tenure",
        plain("first", "moment", "anniversary", "years", **{**told, "years": Quantity(1, "year")}, day=MARCH),
    )
    new = {"n": Quantity(60, "day"), "years": Quantity(0, "year"), "first": Day(date(2026, 11, 1))}
    yield "tenure new", "tenure", plain("first", "moment", "new", **new)
    yield from _rhythm()
    yield from _others()


def _rhythm() -> Iterator[tuple[str, str, Facts]]:
    for days in (1, 49):
        gap = {"n": Quantity(days, "day"), "last": MARCH, "back": MAY}
        yield f"longest_gap {days}", "gap", plain("n", "streak", **gap)
    yield "longest_gap tied", "gap", plain("n", "streak", "tied", **gap)
    back = {**gap, "last": Day(date(2025, 11, 3)), "since": Quantity(31, "event")}
    yield "comeback", "back", plain("back", "moment", **back)
    for weeks in (1, 10):
        run = {"n": Quantity(weeks, "week"), "first": MONDAY, "last": SUNDAY}
        yield f"weekly_streak {weeks}", "weeks", plain("n", "streak", **run)
        for case in ("running", "tied", "began_before"):
            yield f"weekly_streak {weeks} {case}", "weeks", plain("n", "streak", case, **run)
    began = {"n": Quantity(40, "day"), "first": Day(date(2025, 12, 20)), "last": Day(date(2026, 1, 28))}
    yield "streak began before", "streak", plain("n", "streak", "began_before", **began)
    yield "time_of_day", "daytime", day_parts("evening")
    yield "time_of_day tied", "daytime", day_parts("morning", "evening")
    yield "weekday_profile weekend", "week", week("weekend", 80, 125)
    yield "weekday_profile weekdays", "week", week("weekdays", 200, 218)
    yield "calendar", "calendar", calendar(busy_year())
    yield "calendar one", "calendar", calendar({MARCH.value: 3})
    yield "calendar tied", "calendar", calendar({MARCH.value: 3, MAY.value: 3, date(2026, 6, 1): 1})
    yield "sessions", "sessions", plain("n", "number", n=Quantity(187, "session"))
    session = {"n": Quantity(214, "minute"), "moment": NOON, "events": Quantity(57, "event")}
    yield "longest_session", "long", plain("n", "moment", **session)
    yield "longest_session tied", "long", plain("n", "moment", "tied", **session)
    yield "milestone", "thousand", plain("n", "moment", n=Quantity(1000), moment=NOON)
    labelled = {"n": Quantity(1000), "moment": NOON, "label": Label("Low Tide")}
    yield "milestone labelled", "thousand", plain("n", "moment", "labelled", **labelled)
    held = Several((Label("Mira Sol"), Label("Low Tide")), 3)
    entries = listed(("Mira Sol", 12), ("Low Tide", 7)).entries
    biggest = {"day": MARCH, "days": Several((MARCH, MAY)), "n": Quantity(40), "share": Ratio(0.1)}
    for cases in (("held",), ("tied", "held")):
        yield " ".join(("busiest_day", *cases)), "day", Facts(
            {**biggest, "held": held}, "day", "moment", cases, entries
        )  # fmt: skip


def _others() -> Iterator[tuple[str, str, Facts]]:
    early = {"label": Label("Low Tide"), "moment": NOON, "customers": Quantity(4012, "customer")}
    for place in (1, 12):
        yield f"early_adopter {place}", "early", plain("n", "moment", **early, n=Quantity(place, "customer"))
    yield "early_adopter first", "early", plain("n", "moment", "first", **early, n=Quantity(1, "customer"))
    for n in (1, 12):
        pair = {
            "first": Label("Croissant"), "second": Label("Flat White"), "n": Quantity(n),
            "baskets": Quantity(40),
        }  # fmt: skip
        yield f"pair {n}", "duo", plain("first", "moment", **pair)
        yield f"pair {n} tied", "duo", plain("first", "moment", "tied", **pair)
    yield "ratio", "rate", plain("n", "number", n=Quantity(Decimal("12.345678901")), share=Ratio(1.0))
    for n in ("1.000000000", "12.900000000"):
        compared = {"n": Quantity(Decimal(n), noun=MOON), "of": Quantity(2472480)}
        yield f"comparison {n[:2]}", "moon", plain("n", "number", **compared)
    yield "archetype", "type", plain("type", "moment", type=OWL, share=Ratio(0.0405))
    yield "archetype of few", "type", plain("type", "moment", type=Term("Everyone"), share=Ratio(0.0001))
    for customers, own in ((1, 60), (41004, 2472480), (41004, 0)):
        yield (
            f"community of {customers} with {own}",
            "together",
            plain(
                "n",
                "number",
                n=Quantity(987654321),
                customers=Quantity(customers, "customer"),
                own=Quantity(own),
            ),
        )
    yield "sql", "own", plain("n", "number", n=Quantity(42))
    yield "sql labelled", "own", plain("n", "number", "labelled", n=Quantity(42), label=Label("Low Tide"))
    yield "sql text", "own", plain("label", "moment", label=Label("Low Tide"))
    place = {
        "top": Ratio(0.05), "rank": Quantity(5, "customer"), "cohort": Quantity(120, "customer"),
        "n": Quantity(2472480), "group": Label("Berlin"),
    }  # fmt: skip
    yield "standing grouped", "in_city", plain("top", "standing", "grouped", **place)
    first = {**place, "top": Ratio(0.01), "rank": Quantity(1, "customer")}
    yield "standing first grouped", "in_city", plain("top", "standing", "first", "grouped", **first)
