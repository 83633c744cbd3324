"""Days and weeks in a row, and the gaps between them: streak, weekly_streak, longest_gap, comeback."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from recap.metrics.audit.customers import Customer, Events, Recomputed
from recap.metrics.audit.exact import date_text


def find_runs(steps: Sequence[int]) -> list[tuple[int, int]]:
    """Cut ascending whole numbers into runs without a gap: the first and the last of each."""
    runs: list[tuple[int, int]] = []
    for step in steps:
        if runs and runs[-1][1] == step - 1:
            runs[-1] = (runs[-1][0], step)
        else:
            runs.append((step, step))
    return runs


def monday_of(week: int) -> int:
    """Give the Monday of a week as `week_of` counts them."""
    return 7 * week - 3


def week_of(day: int) -> int:
    """Count the weeks, Monday to Sunday, from that of 1970-01-01, a Thursday."""
    return (day + 3) // 7


def streak(metric: Any, customer: Customer) -> Recomputed | None:
    """Find the longest run of days."""
    return _longest_run(metric, customer, lambda day: day, lambda day: day, "day")


def weekly_streak(metric: Any, customer: Customer) -> Recomputed | None:
    """Find the longest run of weeks."""
    return _longest_run(metric, customer, week_of, monday_of, "week")


def _longest_run(
    metric: Any,
    customer: Customer,
    step_of: Callable[[int], int],
    day_of_step: Callable[[int], int],
    unit: str,
) -> Recomputed | None:
    """Find the longest run of steps; before the period only those that lead to an event in it."""
    events = customer.events(metric, "ever" if metric.from_before else "period")
    days = sorted(events.groups("day"))
    # What lies before the period is in no later step than the first of the period.
    reaching = min((step_of(day) for day in days if day >= customer.base.start), default=None)
    runs = [
        (first, last)
        for first, last in find_runs(sorted({step_of(day) for day in days}))
        if reaching is not None and last >= reaching
    ]
    if not runs:
        return None
    length = max(last - first + 1 for first, last in runs)
    longest = [(first, last) for first, last in runs if last - first + 1 == length]
    first, last = longest[0]
    told = [day for day in days if first <= step_of(day) <= last]
    detail = {
        "exact": length,
        f"first_{unit}": date_text(day_of_step(first)),
        f"last_{unit}": date_text(day_of_step(last)),
        "tied_runs": len(longest),
        "running": last == step_of(customer.base.end),
        "began_before": told[0] < customer.base.start,
    }
    return Recomputed(length, None, detail, _on_days(events, told[0], told[-1]))


def _on_days(events: Events, first: int, last: int) -> list[int]:
    """Give the events of the days from `first` to `last`."""
    return [at for at, day in zip(events.at, events.column("day"), strict=True) if first <= day <= last]


def longest_gap(metric: Any, customer: Customer) -> Recomputed | None:
    """Find the longest gap between two days of the period."""
    events = customer.events(metric)
    found = _longest_gap(events, customer.base.start)
    if found is None:
        return None
    last, back, detail = found
    rests = [*_on_days(events, last, last), *_on_days(events, back, back)]
    return Recomputed(back - last - 1, None, detail, rests)


def comeback(metric: Any, customer: Customer) -> Recomputed | None:
    """Find the longest gap ever that ended in the period."""
    events = customer.events(metric, "ever")
    found = _longest_gap(events, customer.base.start)
    if found is None:
        return None
    last, back, detail = found
    return Recomputed(back - last - 1, None, detail, _on_days(events, back, customer.base.end))


def _longest_gap(events: Events, since: int) -> tuple[int, int, dict[str, Any]] | None:
    """Find the days around the longest gap that ends on `since` or later, the earliest of equal ones."""
    days = sorted(events.groups("day"))
    gaps = [(last, back) for last, back in pairwise(days) if back - last > 1 and back >= since]
    if not gaps:
        return None
    longest = max(back - last for last, back in gaps)
    tied = [(last, back) for last, back in gaps if back - last == longest]
    last, back = tied[0]
    detail = {
        "exact": longest - 1,
        "last_day": date_text(last),
        "back_day": date_text(back),
        "tied_gaps": len(tied),
    }
    return last, back, detail
