"""Every kind but `sql`, recomputed from one customer's events: plain Python, written from the definitions."""

from collections.abc import Callable, Mapping
from typing import Any

from recap.metrics.audit.customers import Customer, Recomputed
from recap.metrics.audit.recompute import ages, derived, groups, moments, runs, times, totals

Recomputation = Callable[[Any, Customer], Recomputed | None]

RECOMPUTATIONS: Mapping[str, Recomputation] = {
    "active_days": totals.active_days,
    "archetype": derived.archetype,
    "average": totals.average,
    "biggest_event": moments.biggest_event,
    "busiest_day": times.busiest_day,
    "busiest_hour": times.busiest_hour,
    "busiest_month": times.busiest_month,
    "busiest_weekday": times.busiest_weekday,
    "calendar": times.calendar,
    "comeback": runs.comeback,
    "community": derived.community,
    "comparison": derived.comparison,
    "count": totals.count,
    "discoveries": groups.discoveries,
    "distinct": totals.distinct,
    "early_adopter": derived.early_adopter,
    "first_event": moments.first_event,
    "growth": ages.growth,
    "last_event": moments.last_event,
    "longest_gap": runs.longest_gap,
    "longest_session": moments.longest_session,
    "maximum": totals.maximum,
    "milestone": moments.milestone,
    "minimum": totals.minimum,
    "monthly": times.monthly,
    "pair": groups.pair,
    "ratio": derived.ratio,
    "returning": groups.returning,
    "sessions": moments.sessions,
    "standing": derived.standing,
    "streak": runs.streak,
    "sum": totals.add_up,
    "tenure": ages.tenure,
    "time_of_day": times.time_of_day,
    "top": groups.top,
    "top_share": groups.top_share,
    "variety": groups.variety,
    "weekday_profile": times.weekday_profile,
    "weekly_streak": runs.weekly_streak,
}
"""By kind. The metric's own keys are read as attributes of its model."""
