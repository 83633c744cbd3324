"""The facts each metric kind gives to its sentences: placeholders with their types, and the special cases."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class KindFacts:
    """The facts a metric kind gives, by placeholder, with their types; and those of its special cases."""

    facts: Mapping[str, str]
    by: str
    """The quantity that chooses plural forms where the sentence names none."""
    cases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    is_total: bool = False
    """The main quantity is what the whole period came to."""
    has_list: bool = False
    """There is a list, whose first a card may ask for."""


def _quantities(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "quantity")


def _busiest(time: str, **cases: Mapping[str, str]) -> KindFacts:
    tied = {f"{time}s": "several"}
    return KindFacts({time: time, "n": "quantity"}, "n", {"tied": tied, "shared": _SHARE, **cases})


_N = _quantities("n")
_SHARE = {"share": "ratio"}
_LABEL = {"label": "label"}
_TOTAL = KindFacts(_N, "n", is_total=True)
_EDGE = KindFacts({"moment": "moment"}, "", {"labelled": _LABEL, "timed": {}})
_RUN = KindFacts({**_N, "first": "day", "last": "day"}, "n", {"running": {}, "tied": {}, "began_before": {}})
_GAP = {**_N, "last": "day", "back": "day"}
_LIST = {**_LABEL, "labels": "several"}

_FIRST_SET: Mapping[str, KindFacts] = {
    "count": _TOTAL,
    "sum": _TOTAL,
    "distinct": _TOTAL,
    "active_days": KindFacts(_quantities("n", "of"), "n", {"every": {}}, is_total=True),
    "top": KindFacts(
        {**_LABEL, **_quantities("n", "total", "groups")},
        "n",
        {"tied": {"labels": "several"}, "only": {}, "shared": _SHARE},
        has_list=True,
    ),
    "streak": _RUN,
    "busiest_hour": _busiest("hour"),
    "busiest_weekday": _busiest("weekday"),
    "busiest_month": _busiest("month"),
    "busiest_day": _busiest("day", held={"held": "several"}),
    "first_event": _EDGE,
    "last_event": _EDGE,
    "biggest_event": KindFacts({**_N, "moment": "moment"}, "n", {"tied": {}, "labelled": _LABEL}),
    "monthly": KindFacts(
        {**_quantities("total", "n"), "month": "month"}, "total", {"tied": {"months": "several"}}
    ),
    "standing": KindFacts(
        {"top": "ratio", **_quantities("rank", "cohort", "n")},
        "n",
        {"first": {}, "grouped": {"group": "label"}},
    ),
}

_TOTALS: Mapping[str, KindFacts] = {
    "average": KindFacts(_quantities("n", "total", "events"), "n"),
    "minimum": KindFacts(_N, "n"),
    "maximum": KindFacts(_N, "n"),
    "top_share": KindFacts({**_SHARE, **_LIST, **_quantities("n", "total", "groups")}, "n", {"tied": {}}),
    "variety": KindFacts(_quantities("groups", "even", "n"), "groups", {"even": {}}),
    "discoveries": KindFacts({**_quantities("n", "of"), **_LIST}, "n", {"shared": _SHARE}, has_list=True),
    "returning": KindFacts({**_N, **_LIST}, "n", has_list=True),
    "growth": KindFacts(
        {"change": "ratio", **_quantities("now", "before"), "first": "day", "last": "day"},
        "now",
        {"joined": {"joined": "day"}, "part": {}},
    ),
    "tenure": KindFacts(
        {**_quantities("n", "years"), "first": "day"},
        "n",
        {"new": {}, "anniversary": {"day": "day"}, "years": {}},
    ),
}

_RHYTHM: Mapping[str, KindFacts] = {
    "longest_gap": KindFacts(_GAP, "n", {"tied": {}}),
    "comeback": KindFacts({**_GAP, "since": "quantity"}, "n"),
    "weekly_streak": _RUN,
    "time_of_day": _busiest("part"),
    "weekday_profile": KindFacts(
        {**_SHARE, **_quantities("n", "total")}, "n", {"weekend": {}, "weekdays": {}}
    ),
    "calendar": KindFacts(
        {**_quantities("total", "active", "n"), "day": "day"},
        "active",
        {"tied": {"days": "several"}},
        is_total=True,
    ),
    "sessions": _TOTAL,
    "longest_session": KindFacts({**_quantities("n", "events"), "moment": "moment"}, "n", {"tied": {}}),
    "milestone": KindFacts({**_N, "moment": "moment"}, "n", {"labelled": _LABEL}),
}

_OTHERS: Mapping[str, KindFacts] = {
    "early_adopter": KindFacts(
        {**_LABEL, **_quantities("n", "customers"), "moment": "moment"}, "n", {"first": {}}
    ),
    "pair": KindFacts(
        {"first": "label", "second": "label", **_quantities("n", "baskets")}, "n", {"tied": {}}
    ),
    "ratio": KindFacts(_N, "n", {"shared": _SHARE}),
    "comparison": KindFacts(_quantities("n", "of"), "n"),
    "archetype": KindFacts({"type": "term", **_SHARE}, ""),
    "community": KindFacts(_quantities("n", "customers", "own"), "n"),
    "sql": KindFacts(_N, "n", {"labelled": _LABEL, "text": _LABEL}),
}

KINDS: Mapping[str, KindFacts] = {**_FIRST_SET, **_TOTALS, **_RHYTHM, **_OTHERS}
"""The facts of every metric kind, by its name."""
