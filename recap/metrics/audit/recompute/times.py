"""When a customer was active: busiest times, monthly, time_of_day, weekday_profile, calendar."""

from collections.abc import Callable
from functools import cache
from typing import Any

from recap.metrics.audit.customers import Customer, Groups, Recomputed
from recap.metrics.audit.exact import date_of, date_text, quotient
from recap.metrics.audit.recompute.leading import TIME_TIES, amount_rests, lead, regroup

PARTS = ("night", "morning", "afternoon", "evening")
HELD = 5


def weekday_of(day: int) -> int:
    """Give the ISO weekday, 1 Monday to 7 Sunday; 1970-01-01 was a Thursday."""
    return (day + 3) % 7 + 1


@cache
def month_text(day: int) -> str:
    """Give a day's month as 2026-03."""
    return date_of(day).strftime("%Y-%m")


def _busiest(
    metric: Any, customer: Customer, key_of: Callable[[Any], Any], *, by_total: bool = False
) -> Recomputed | None:
    events = customer.events(metric)
    groups = regroup(events.groups("day", metric.of), key_of)
    rests = amount_rests(events, metric.of)
    return lead(groups, rests, ties=TIME_TIES, has_series=True, by_total=by_total)


def busiest_hour(metric: Any, customer: Customer) -> Recomputed | None:
    """Find the leading hour of the day."""
    events = customer.events(metric)
    rests = amount_rests(events, metric.of)
    return lead(events.groups("hour", metric.of), rests, ties=TIME_TIES, has_series=True)


def busiest_weekday(metric: Any, customer: Customer) -> Recomputed | None:
    """Find the leading weekday."""
    return _busiest(metric, customer, weekday_of)


def busiest_month(metric: Any, customer: Customer) -> Recomputed | None:
    """Find the leading month."""
    return _busiest(metric, customer, month_text)


def monthly(metric: Any, customer: Customer) -> Recomputed | None:
    """Go through the months; the number is their total."""
    return _busiest(metric, customer, month_text, by_total=True)


def busiest_day(metric: Any, customer: Customer) -> Recomputed | None:
    """Find the leading day and what was most on it."""
    events = customer.events(metric)
    groups = events.groups("day", metric.of)
    found = lead(groups, amount_rests(events, metric.of), ties=TIME_TIES, told=date_text)
    if found is None or metric.holding is None:
        return found
    held: dict[str, int] = {}
    for day, name in zip(events.column("day"), events.column(f"text:{metric.holding}"), strict=True):
        if name is not None and date_text(day) == found.text:
            held[name] = held.get(name, 0) + 1
    first = sorted(held, key=lambda name: (-held[name], name))[:HELD]
    detail = {
        **found.detail,
        "held": [{"label": name, "value": held[name], "rows": held[name]} for name in first],
        "held_groups": len(held),
    }
    return Recomputed(found.number, found.text, detail, found.rests)


def time_of_day(metric: Any, customer: Customer) -> Recomputed | None:
    """Find the leading part of the day; an hour belongs to the part that began last, around midnight too."""
    begun = sorted((getattr(metric, part), place) for place, part in enumerate(PARTS))

    def part_of(hour: int) -> int:
        return next((place for start, place in reversed(begun) if start <= hour), begun[-1][1])

    events = customer.events(metric)
    groups: Groups = regroup(events.groups("hour", metric.of), part_of)
    rests = amount_rests(events, metric.of)
    return lead(groups, rests, ties=len(PARTS), has_series=True, told=lambda place: PARTS[place])


def weekday_profile(metric: Any, customer: Customer) -> Recomputed | None:
    """Divide what falls on the weekend by the total."""
    events = customer.events(metric)
    groups = regroup(events.groups("day", metric.of), weekday_of)
    total = sum(value for _, value in groups.values())
    if total <= 0:
        return None
    weekend = sum(value for day, (_, value) in groups.items() if day in metric.weekend)
    share = quotient(weekend, total)
    series = [{"key": day, "value": groups[day][1]} for day in sorted(groups)]
    detail = {"exact": share, "weekend": weekend, "total": total, "series": series}
    return Recomputed(share, None, detail, amount_rests(events, metric.of))


def calendar(metric: Any, customer: Customer) -> Recomputed | None:
    """Go through the days; the number is their total."""
    events = customer.events(metric)
    groups = events.groups("day", metric.of)
    if not groups:
        return None
    total = sum(value for _, value in groups.values())
    most = max(value for _, value in groups.values())
    tied = [date_text(day) for day in sorted(groups) if groups[day][1] == most]
    detail = {
        "exact": total,
        "active": len(groups),
        "days": [[day - customer.base.start, groups[day][1]] for day in sorted(groups)],
        "most": most,
        "tied": tied[:TIME_TIES],
        "tied_count": len(tied),
    }
    return Recomputed(total, None, detail, amount_rests(events, metric.of))
