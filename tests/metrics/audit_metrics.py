"""Every kind with several sets of keys, and made-up bases full of hard cases for the properties."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from audit_cases import ZONE, MadeUp
from hypothesis import strategies as st

Keys = dict[str, Any]
PAID = "amount > 0 OR item = 'a'"
RULES = [
    {"id": "big", "name": "Big", "when": {"events": {"at_least": 6}, "total": {"more_than": 10}}},
    {"id": "low", "name": "Low", "when": {"total": {"less_than": 0}}},
    {"id": "mid", "name": "Mid", "when": {"mean": {"at_most": "0.10", "at_least": -1}}},
    {"id": "rest", "name": "Rest"},
]
THINGS = [
    {"id": "small", "size": "0.1", "noun": {"en": {"one": "x", "other": "xs"}}},
    {"id": "large", "size": 9.99, "noun": {"en": {"one": "y", "other": "ys"}}},
    {"id": "third", "size": 3, "noun": {"en": {"one": "z", "other": "zs"}}},
]


def variants(kind: str, *keys: Keys) -> list[Keys]:
    """Make a metric of each set of keys, and the same with a condition."""
    plain = [{"id": f"{kind}_{at}", "kind": kind, **one} for at, one in enumerate(keys)]
    return [*plain, *({**one, "id": f"{one['id']}_paid", "where": PAID} for one in plain)]


EVENTS: Keys = {"id": "events", "kind": "count"}
TOTAL: Keys = {"id": "total", "kind": "sum", "of": "amount"}
MEAN: Keys = {"id": "mean", "kind": "average", "of": "amount"}
SIZES: Keys = {"id": "sizes", "kind": "sum", "of": "size"}
FAVOURITE: Keys = {"id": "favourite", "kind": "top", "by": "item"}
LARGEST: Keys = {"id": "largest", "kind": "biggest_event", "of": "size"}
TYPE: Keys = {"id": "type", "kind": "archetype", "rules": RULES}
MONEY: list[Keys] = [{"of": "amount"}, {"of": "size"}, {"of": "units"}]
MAYBE: list[Keys] = [{}, *MONEY]

METRICS: Mapping[str, list[Keys]] = {
    "totals": [
        *variants("count", {}, {"direction": "less"}, {"direction": "none"}),
        *variants("sum", *MONEY),
        *variants("distinct", *({"of": name} for name in ("item", "amount", "size", "units", "gift"))),
        *variants("active_days", {}),
        *variants("average", *MONEY),
        *variants("minimum", *MONEY, {"of": "amount", "direction": "more"}),
        *variants("maximum", *MONEY),
    ],
    "groups": [
        *variants(
            "top",
            {"by": "item"},
            {"by": "item", "of": "amount", "limit": 2},
            {"by": "amount"},
            {"by": "size", "of": "size"},
            {"by": "gift", "of": "units"},
        ),
        *variants("top_share", {"by": "item"}, {"by": "item", "of": "amount"}, {"by": "units", "of": "size"}),
        *variants("variety", {"by": "item"}, {"by": "basket"}, {"by": "gift"}),
        *variants(
            "pair", {"by": "item", "within": "basket"}, {"by": "units", "within": "item", "at_most": 2}
        ),
    ],
    "before": [
        *variants("discoveries", {"by": "item"}, {"by": "units", "limit": 1}),
        *variants("returning", {"by": "item"}, {"by": "amount", "limit": 2}),
        *variants("growth", *MAYBE, {"against": "last_year"}, {"against": "last_year", "of": "amount"}),
        *variants("tenure", {}),
    ],
    "times": [
        *variants("busiest_hour", *MAYBE),
        *variants("busiest_weekday", *MAYBE),
        *variants("busiest_month", *MAYBE),
        *variants("busiest_day", *MAYBE, {"holding": "item"}, {"of": "amount", "holding": "units"}),
        *variants("monthly", *MAYBE),
    ],
    "profiles": [
        *variants("time_of_day", *MAYBE, {"night": 22}, {"night": 1, "morning": 7, "evening": 23}),
        *variants("weekday_profile", *MAYBE, {"weekend": [5, 6]}),
        *variants("calendar", *MAYBE),
    ],
    "runs": [
        *variants("streak", {}, {"from_before": True}),
        *variants("weekly_streak", {}, {"from_before": True}),
        *variants("longest_gap", {}),
        *variants("comeback", {}),
    ],
    "moments": [
        *variants("first_event", {}, {"label": "item"}, {"label": "amount"}),
        *variants("last_event", {}, {"label": "item"}, {"label": "size"}),
        *variants(
            "biggest_event", *MONEY, {"of": "amount", "label": "item"}, {"of": "units", "label": "gift"}
        ),
        *variants("sessions", {}, {"gap": 1}, {"gap": 1440}),
        *variants("longest_session", {}, {"gap": 60}, {"gap": 1440}),
        *variants(
            "milestone",
            {"at": [1, 2, 3, 5, 8]},
            {"at": [2, 4], "label": "item"},
            {"at": [1, 3], "from_before": False, "label": "item"},
        ),
    ],
    "derived": [
        EVENTS,
        TOTAL,
        MEAN,
        SIZES,
        FAVOURITE,
        LARGEST,
        TYPE,
        *variants("standing", {"of": "total"}, {"of": "mean", "within": "favourite"}),
        {"id": "least", "kind": "minimum", "of": "amount"},
        {"id": "behind", "kind": "standing", "of": "total", "direction": "less"},
        {"id": "by_least", "kind": "standing", "of": "least", "within": "type"},
        {"id": "quiet", "kind": "standing", "of": "total", "direction": "none", "within": "favourite"},
        {"id": "again", "kind": "standing", "of": "behind"},
        {"id": "of_types", "kind": "standing", "of": "type", "direction": "more"},
        {"id": "each", "kind": "ratio", "of": "total", "to": "events"},
        {"id": "of_each", "kind": "standing", "of": "each", "within": "type"},
        {"id": "sized", "kind": "ratio", "of": "largest", "to": "sizes"},
        {"id": "shared", "kind": "ratio", "of": "total", "to": "type"},
        {"id": "in_things", "kind": "comparison", "of": "total", "things": THINGS},
        {"id": "in_sizes", "kind": "comparison", "of": "largest", "things": THINGS, "direction": "more"},
        {**TYPE, "id": "paid_type", "where": PAID},
        *variants("community", *MAYBE),
        *variants(
            "early_adopter",
            {"by": "item", "customers_at_least": 1},
            {"by": "item", "first": 1, "customers_at_least": 2},
            {"by": "units", "first": 2, "customers_at_least": 2},
        ),
    ],
}
"""By group: one SQL computation and one audit each."""

PERIODS: list[Mapping[str, Any]] = [
    {"year": 2026},
    {"year": 2024},
    {"year": 2026, "month": 3},
    {"year": 2024, "month": 2},
    {"year": 2026, "quarter": 4},
    {"first_day": "2025-09-01", "last_day": "2026-07-31"},
    {"first_day": "2026-01-02", "last_day": "2026-04-01"},
    {"first_day": "2026-10-25", "last_day": "2026-10-25"},
    {"first_day": "2024-02-29", "last_day": "2024-03-30"},
]

# Few days and hours, so that ties, gaps, runs over the edges and equal instants come by themselves.
_edges = [
    date(2023, 2, 28),
    date(2023, 12, 31),
    date(2024, 2, 28),
    date(2024, 2, 29),
    date(2024, 3, 1),
    date(2025, 2, 28),
    date(2025, 8, 31),
    date(2025, 12, 31),
    date(2026, 1, 1),
    date(2026, 1, 2),
    date(2026, 3, 1),
    date(2026, 3, 28),
    date(2026, 3, 29),
    date(2026, 3, 31),
    date(2026, 10, 24),
    date(2026, 10, 25),
    date(2026, 12, 31),
]
_days = (
    st.sampled_from(_edges)
    | st.dates(date(2025, 12, 20), date(2026, 1, 12))
    | st.dates(date(2026, 10, 20), date(2026, 10, 31))
)
_times = st.sampled_from(
    # Of a local day; by UTC the hours around both changes of the clocks, and minutes for sessions.
    [timedelta(0), timedelta(minutes=30), timedelta(minutes=31), timedelta(hours=1, minutes=30)]
    + [timedelta(hours=hour) for hour in (6, 7, 12, 18, 22, 23)]
    + [timedelta(hours=12, seconds=1), timedelta(hours=12, minutes=30, microseconds=500_000)]
)


def _moment(day: date, time: timedelta, from_utc: bool) -> datetime:
    when = datetime.combine(day, datetime.min.time()) + time
    if from_utc:
        return when
    return when.replace(tzinfo=ZONE).astimezone(UTC).replace(tzinfo=None)


moments = st.builds(_moment, _days, _times, st.booleans())
amounts = st.sampled_from([Decimal(text) for text in ("-2.50", "0.00", "0.10", "0.20", "9.99", "1e12")])
sizes = st.sampled_from([0.1, 0.2, -0.3, 1e6, 1e-9, 123456789.123456789, 1 / 3])
made_up_events = st.builds(
    MadeUp,
    customer=st.sampled_from(["c1", "c2", "c3", "ç", "0"]),
    utc=moments,
    item=st.sampled_from(["a", "b", "ä", "B", "💿", None]),
    basket=st.sampled_from(["k1", "k2", None]),
    amount=st.none() | amounts,
    size=st.none() | sizes,
    units=st.sampled_from([None, -1, 0, 2, 3]),
    gift=st.sampled_from([None, True, False]),
)


@st.composite
def bases(draw: st.DrawFn) -> list[MadeUp]:
    """Draw the events of a base: some at random, some twice, at times all customers the same."""
    events = draw(st.lists(made_up_events, min_size=1, max_size=45))
    again = draw(st.lists(st.sampled_from(events), max_size=5))
    events = [*events, *again]
    if draw(st.integers(0, 5)) == 0:
        return [MadeUp(c, *_rest(e)) for c in ("c1", "c2", "c3") for e in events[:10]]
    return events


def _rest(event: MadeUp) -> tuple[Any, ...]:
    return event.utc, event.item, event.basket, event.amount, event.size, event.units, event.gift
