"""A campaign with a metric of every kind, and facts for every special case: what wording tests speak of."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from wording_kind_scenes import KIND_METRICS, MINUTES, PLAYS, SONGS, kind_facts

from recap.campaign import Campaign, Metric
from recap.metrics.facts import (
    Day,
    Entry,
    Facts,
    Hour,
    Label,
    Moment,
    Month,
    Number,
    Quantity,
    Ratio,
    Several,
    Weekday,
)
from recap.metrics.registry import MODELS
from recap.metrics.value import Value
from recap.selection.deck import Customer, Deck, Highlight

TITLES = {
    "en": "Your year in sound",
    "de": "Dein Jahr in Klang",
    "fr": "Ton année en musique",
    "es": "Tu año en música",
    "pt_BR": "Seu ano em som",
    "ja": "音楽でふりかえる一年",
    "ar": "عامك مع الموسيقى",
}
METRICS: tuple[dict[str, Any], ...] = (
    {"id": "plays", "kind": "count", "noun": PLAYS},
    {"id": "minutes", "kind": "sum", "of": "seconds", "divide_by": 60, "noun": MINUTES,
     "title": {"en": "Minutes of music", "de": "Minuten Musik", "fr": "Minutes de musique",
               "es": "Minutos de música", "pt_BR": "Minutos de música", "ja": "音楽を聴いた時間",
               "ar": "دقائق الموسيقى"}},
    {"id": "spent", "kind": "sum", "of": "amount", "currency": "EUR"},
    {"id": "steps", "kind": "sum", "of": "steps"},
    {"id": "songs", "kind": "distinct", "of": "song", "noun": SONGS},
    {"id": "days", "kind": "active_days"},
    {"id": "artist", "kind": "top", "by": "song", "noun": PLAYS},
    {"id": "streak", "kind": "streak"},
    {"id": "hour", "kind": "busiest_hour", "noun": PLAYS},
    {"id": "weekday", "kind": "busiest_weekday", "noun": PLAYS},
    {"id": "month", "kind": "busiest_month", "noun": PLAYS},
    {"id": "day", "kind": "busiest_day", "noun": PLAYS},
    {"id": "first", "kind": "first_event", "label": "song"},
    {"id": "last", "kind": "last_event", "label": "song"},
    {"id": "biggest", "kind": "biggest_event", "of": "amount", "currency": "EUR", "label": "song"},
    {"id": "year", "kind": "monthly", "noun": PLAYS},
    {"id": "standing", "kind": "standing", "of": "minutes"},
    *KIND_METRICS,
)  # fmt: skip


def make_campaign(**changes: Any) -> Campaign:
    """Build the campaign; `metrics` may be given as dictionaries."""
    data: dict[str, Any] = {
        "id": "soundwave",
        "title": TITLES,
        "brand": {"name": "Soundwave"},
        "period": {"year": 2026},
        "time_zone": "Europe/Berlin",
        "sources": [{"path": "plays.csv", "customer": "user", "time": "at",
                     "fields": {"song": "song", "seconds": "s", "amount": "a", "steps": "n"}}],
        "languages": list(TITLES),
        "metrics": METRICS,
        **changes,
    }  # fmt: skip
    metrics = tuple(MODELS[metric["kind"]].model_validate(metric) for metric in data["metrics"])
    return Campaign.model_validate({**data, "metrics": metrics})


def metric_of(campaign: Campaign, name: str) -> Metric:
    """Find a metric by id."""
    return next(metric for metric in campaign.metrics if metric.id == name)


@dataclass(frozen=True)
class Scene:
    """Something to be told."""

    name: str
    metric: str
    facts: Facts
    claims_standing: bool = False
    changes: dict[str, Any] = field(default_factory=dict)


def make_deck(
    *scenes: Scene,
    name: str | None = "Lina",
    kind: str = "full",
    joined: date | None = None,
    neutral: bool = False,
) -> Deck:
    """Make a deck of scenes."""
    highlights = tuple(
        Highlight(
            value=Value(scene.metric, 1.0, None, {}, 10, rank=2, cohort=120, top_percent=2),
            score=1.0,
            claims_standing=scene.claims_standing,
            neutral=neutral,
        )
        for scene in scenes
    )
    return Deck(Customer("c1", name, "en", joined), kind, highlights)  # type: ignore[arg-type]


def number(n: Number, of: str = "metric") -> Facts:
    return Facts({"n": Quantity(n, of)}, main="n", layout="number")


def days(n: int, of: int) -> Facts:
    slots = {"n": Quantity(n, "day"), "of": Quantity(of, "day"), "share": Ratio(n / of)}
    return Facts(slots, main="n", layout="number", cases=("every",) if n == of else ())


def top(*labels: str, n: int = 312, total: int = 3900, more: int = 0, only: bool = False) -> Facts:
    tied = len(labels) > 1
    slots = {
        "label": Label(labels[0]),
        "labels": Several(tuple(map(Label, labels)), more),
        "n": Quantity(n),
        "share": Ratio(n / total if total else 0.0),
        "total": Quantity(total),
        "groups": Quantity(1 if only else 214, "group"),
    }
    entries = [Entry(Label(label), Quantity(n), 1.0, leads=True, place=1) for label in labels]
    if not only and n > 1:
        entries.append(Entry(Label("Low Tide"), Quantity(n // 2), 0.5, place=len(labels) + 1))
    return Facts(slots, "label", "top", ("only",) if only else ("tied",) if tied else (), tuple(entries))


def streak(n: int, first: date, last: date, *cases: str) -> Facts:
    slots = {"n": Quantity(n, "day"), "first": Day(first), "last": Day(last)}
    return Facts(slots, main="n", layout="streak", cases=cases)


def busiest(
    slot: str, times: list[Any], every: list[Any], n: int = 120, share: float = 0.125, layout: str = "chart"
) -> Facts:
    slots = {
        slot: times[0],
        f"{slot}s": Several(tuple(times)),
        "n": Quantity(n),
        "share": Ratio(share),
    }
    entries = tuple(
        Entry(time, Quantity(n if time in times else n // 3), 1.0 if time in times else 0.33, time in times)
        for time in every
    )
    return Facts(slots, slot, layout, ("tied",) if len(times) > 1 else (), entries)


def moment(at: datetime, label: str | None = None) -> Facts:
    slots = {"moment": Moment(at), **({"label": Label(label)} if label else {})}
    return Facts(slots, main="moment", layout="moment", cases=("labelled",) if label else ())


def biggest(n: Number, *, tied: bool = False, label: str | None = None) -> Facts:
    facts = moment(datetime(2026, 3, 14, 20, 31), label)
    cases = (*(("tied",) if tied else ()), *facts.cases)
    return replace(facts, slots={**facts.slots, "n": Quantity(n)}, main="n", cases=cases)


def monthly(months: list[int], total: int = 1204, n: int = 210) -> Facts:
    every = [Month(date(2026, month, 1)) for month in range(1, 13)]
    facts = busiest("month", [Month(date(2026, month, 1)) for month in months], every, n)
    return replace(facts, slots={**facts.slots, "total": Quantity(total)}, main="total")


def standing(top_percent: int, rank: int, cohort: int = 12345, n: int = 2472480) -> Facts:
    slots = {
        "top": Ratio(top_percent / 100),
        "rank": Quantity(rank, "customer"),
        "cohort": Quantity(cohort, "customer"),
        "n": Quantity(n),
    }
    return Facts(slots, main="top", layout="standing", cases=("first",) if rank == 1 else ())


HOURS = [Hour(hour) for hour in range(24)]
WEEKDAYS = [Weekday(day) for day in range(1, 8)]
MONTHS = [Month(date(2026, month, 1)) for month in range(1, 13)]
MARCH, MAY = Day(date(2026, 3, 14)), Day(date(2026, 5, 2))
EVENING = datetime(2026, 12, 30, 20, 31, 12)


def all_scenes() -> Iterator[Scene]:
    """Go through every kind with every special case, and numbers from none to many."""
    for n in (0, 1, 2, 41208):
        yield Scene(f"count {n}", "plays", number(n), claims_standing=n > 2)
    yield Scene("sum below one", "minutes", number(59))
    yield Scene("sum one", "minutes", number(119))
    yield Scene("sum many", "minutes", number(2472539), claims_standing=True)
    yield Scene("sum money", "spent", number(Decimal("1234.567")))
    yield Scene("sum without noun", "steps", number(9876543210))
    yield Scene("distinct one", "songs", number(1))
    yield Scene("distinct many", "songs", number(214))
    yield Scene("active_days one", "days", days(1, 365))
    yield Scene("active_days many", "days", days(214, 365))
    yield Scene("active_days every", "days", days(365, 365))
    yield Scene("top", "artist", top("Mira Sol"), claims_standing=True)
    yield Scene("top once", "artist", top("Mira Sol", n=1, total=400))
    yield Scene("top without share", "artist", top("Mira Sol", total=0))
    yield Scene("top tied", "artist", top("Mira Sol", "Paper Tigers"))
    yield Scene("top tied many", "artist", top("Mira Sol", "Paper Tigers", "Echo Parade", more=4, n=2))
    yield Scene("top only", "artist", top("Mira Sol", total=312, only=True))
    yield Scene("top right to left", "artist", top("أم كلثوم"))
    yield Scene("streak one", "streak", streak(1, MARCH.value, MARCH.value))
    yield Scene("streak many", "streak", streak(12, date(2026, 3, 3), MARCH.value))
    yield Scene("streak running", "streak", streak(12, date(2026, 12, 20), date(2026, 12, 31), "running"))
    yield Scene("streak running one", "streak", streak(1, date(2026, 12, 31), date(2026, 12, 31), "running"))
    yield Scene("streak tied", "streak", streak(5, date(2026, 3, 3), date(2026, 3, 7), "tied"))
    yield Scene("streak tied one", "streak", streak(1, MARCH.value, MARCH.value, "tied"))
    yield Scene("busiest_hour", "hour", busiest("hour", [Hour(11)], HOURS))
    yield Scene("busiest_hour midnight once", "hour", busiest("hour", [Hour(0)], HOURS, n=1, share=0.004))
    yield Scene("busiest_hour tied", "hour", busiest("hour", [Hour(8), Hour(20)], HOURS))
    yield Scene("busiest_weekday", "weekday", busiest("weekday", [Weekday(5)], WEEKDAYS))
    yield Scene("busiest_weekday tied", "weekday", busiest("weekday", [Weekday(1), Weekday(5)], WEEKDAYS))
    yield Scene("busiest_month", "month", busiest("month", [MONTHS[6]], MONTHS))
    yield Scene("busiest_month tied", "month", busiest("month", [MONTHS[6], MONTHS[10]], MONTHS))
    yield Scene("busiest_day", "day", busiest("day", [MARCH], [], layout="moment"))
    yield Scene("busiest_day tied", "day", busiest("day", [MARCH, MAY], [], layout="moment"))
    for name in ("first", "last"):
        yield Scene(f"{name}_event", name, moment(EVENING))
        yield Scene(f"{name}_event labelled", name, moment(EVENING, "Low Tide"))
        yield Scene(f"{name}_event without time", name, moment(datetime(2026, 12, 30)))
    yield Scene("biggest_event", "biggest", biggest(Decimal("38.70")))
    yield Scene("biggest_event labelled", "biggest", biggest(Decimal("38.70"), label="Low Tide"))
    yield Scene("biggest_event tied", "biggest", biggest(Decimal("38.70"), tied=True, label="Low Tide"))
    yield Scene("monthly one", "year", monthly([7], total=1, n=1))
    yield Scene("monthly", "year", monthly([7]))
    yield Scene("monthly tied", "year", monthly([7, 11]))
    yield Scene("standing", "standing", standing(2, 246))
    yield Scene("standing first", "standing", standing(1, 1))
    for name, metric, facts in kind_facts():
        yield Scene(name, metric, facts)
