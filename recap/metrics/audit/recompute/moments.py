"""Single events and runs of minutes: first, last and biggest event, sessions, milestones."""

from bisect import bisect_left, bisect_right
from typing import Any

from recap.metrics.audit.customers import Customer, Events, Recomputed
from recap.metrics.audit.exact import time_text

MINUTE, SECOND = 60_000_000, 1_000_000
"""In microseconds."""


def first_event(metric: Any, customer: Customer) -> Recomputed | None:
    """Find the first event; of several at one instant the label that sorts first."""
    events = customer.events(metric)
    if not events.at:
        return None
    return _told_event(metric, events, events.column("instant")[0])


def last_event(metric: Any, customer: Customer) -> Recomputed | None:
    """Find the last event; of several at one instant the label that sorts first."""
    events = customer.events(metric)
    if not events.at:
        return None
    return _told_event(metric, events, events.column("instant")[-1])


def _told_event(metric: Any, events: Events, instant: int) -> Recomputed:
    instants = events.column("instant")
    first = bisect_left(instants, instant)
    told = min(range(first, bisect_right(instants, instant)), key=_order(metric, events))
    label = _labels(metric, events)[told]
    detail = {"time": time_text(events.column("local")[told]), "label": label}
    return Recomputed(None, label, detail, [events.at[told]])


def _labels(metric: Any, events: Events) -> list[str | None]:
    return [None] * len(events.at) if metric.label is None else events.column(f"text:{metric.label}")


def _order(metric: Any, events: Events) -> Any:
    """Make the key that puts events in order: instant, local time, label; without a label last."""
    instants, locals_, labels = events.column("instant"), events.column("local"), _labels(metric, events)
    return lambda i: (instants[i], locals_[i], labels[i] is None, labels[i] or "")


def biggest_event(metric: Any, customer: Customer) -> Recomputed | None:
    """Find the event with the largest amount; of equal ones the earliest."""
    events = customer.events(metric)
    amounts = events.column(metric.of)
    known = [amount for amount in amounts if amount is not None]
    if not known:
        return None
    most = max(known)
    equal = [i for i, amount in enumerate(amounts) if amount == most]
    told = min(equal, key=_order(metric, events))
    label = _labels(metric, events)[told]
    detail = {
        "exact": most,
        "time": time_text(events.column("local")[told]),
        "label": label,
        "tied": len(equal) > 1,
    }
    return Recomputed(most, label, detail, [events.at[told]])


def _cut_sessions(metric: Any, events: Events) -> list[range]:
    """Cut the events, which are in order, where a pause is longer than the gap."""
    instants = events.column("instant")
    cuts = [i for i in range(1, len(instants)) if instants[i] - instants[i - 1] > metric.gap * MINUTE]
    edges = [0, *cuts, len(instants)]
    return [range(edges[k], edges[k + 1]) for k in range(len(edges) - 1)]


def sessions(metric: Any, customer: Customer) -> Recomputed | None:
    """Count the sessions."""
    events = customer.events(metric)
    if not events.at:
        return None
    n = len(_cut_sessions(metric, events))
    return Recomputed(n, None, {"exact": n, "gap": metric.gap}, events.at)


def longest_session(metric: Any, customer: Customer) -> Recomputed | None:
    """Find the longest session in whole seconds, the earliest of equal ones."""
    events = customer.events(metric)
    if not events.at:
        return None
    instants, locals_ = events.column("instant"), events.column("local")
    cut = _cut_sessions(metric, events)
    seconds = [(instants[one[-1]] - instants[one[0]]) // SECOND for one in cut]
    longest = max(seconds)
    if longest == 0:
        return None
    told = cut[seconds.index(longest)]
    start = min(locals_[i] for i in told if instants[i] == instants[told[0]])
    detail = {
        "exact": longest,
        "time": time_text(start),
        "events": len(told),
        "tied_sessions": seconds.count(longest),
    }
    return Recomputed(longest, None, detail, [events.at[i] for i in told])


def milestone(metric: Any, customer: Customer) -> Recomputed | None:
    """Find the largest of the round numbers that an event of the period reached."""
    events = customer.events(metric, "ever" if metric.from_before else "period")
    days, locals_ = events.column("day"), events.column("local")
    earlier = sum(day < customer.base.start for day in days)
    reached = [number for number in metric.at if earlier < number <= len(days)]
    if not reached:
        return None
    in_time = _order(metric, events)
    ordered = sorted(range(len(days)), key=lambda i: (days[i], in_time(i)))[: reached[-1]]
    told = ordered[-1]
    label = _labels(metric, events)[told]
    detail = {
        "exact": reached[-1],
        "time": time_text(locals_[told]),
        "label": label,
        "reached": reached,
        "total": len(days),
    }
    return Recomputed(reached[-1], label, detail, [events.at[i] for i in ordered])
