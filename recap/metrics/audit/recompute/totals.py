"""One number of all events: count, sum, distinct, active_days, average, minimum, maximum."""

from typing import Any

from recap.metrics.audit.customers import Customer, Events, Recomputed
from recap.metrics.audit.exact import quotient


def count(metric: Any, customer: Customer) -> Recomputed | None:
    """Count the events."""
    events = customer.events(metric)
    n = len(events.at)
    return Recomputed(n, None, {"exact": n}, events.at) if n else None


def add_up(metric: Any, customer: Customer) -> Recomputed | None:
    """Add up a field."""
    events = customer.events(metric)
    amounts = events.values(f"sum:{metric.of}")
    if not amounts:
        return None
    total = sum(amounts)
    return Recomputed(total, None, {"exact": total}, events.known(f"sum:{metric.of}"))


def distinct(metric: Any, customer: Customer) -> Recomputed | None:
    """Count different values of a field."""
    return _count_groups(customer.events(metric), f"text:{metric.of}")


def active_days(metric: Any, customer: Customer) -> Recomputed | None:
    """Count different days."""
    return _count_groups(customer.events(metric), "day")


def _count_groups(events: Events, column: str) -> Recomputed | None:
    n = len(set(events.values(column)))
    return Recomputed(n, None, {"exact": n}, events.known(column)) if n else None


def average(metric: Any, customer: Customer) -> Recomputed | None:
    """Divide the sum of a field by the number of its values."""
    events = customer.events(metric)
    amounts = events.values(f"sum:{metric.of}")
    if not amounts:
        return None
    total = sum(amounts)
    mean = quotient(total, len(amounts))
    return Recomputed(mean, None, {"exact": mean, "total": total}, events.known(f"sum:{metric.of}"))


def minimum(metric: Any, customer: Customer) -> Recomputed | None:
    """Find the least value of a field."""
    events = customer.events(metric)
    amounts = events.values(metric.of)
    if not amounts:
        return None
    return Recomputed(min(amounts), None, {"exact": min(amounts)}, events.known(metric.of))


def maximum(metric: Any, customer: Customer) -> Recomputed | None:
    """Find the largest value of a field."""
    events = customer.events(metric)
    amounts = events.values(metric.of)
    if not amounts:
        return None
    return Recomputed(max(amounts), None, {"exact": max(amounts)}, events.known(metric.of))
