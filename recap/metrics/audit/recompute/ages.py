"""This period and the time before it: growth and tenure."""

from datetime import date
from typing import Any

from recap.metrics.audit.customers import Customer, Recomputed
from recap.metrics.audit.exact import EPOCH_ORDINAL, date_of, date_text, quotient, time_text


def growth(metric: Any, customer: Customer) -> Recomputed | None:
    """Compare the period with an earlier stretch of days."""
    compared = customer.base.stretches[metric.id]
    events = customer.events(metric, "ever")
    if compared is None or not events.at:
        return None
    groups = events.groups("day", metric.of)
    now_days = [day for day in groups if compared.first <= day <= compared.last]
    before_days = [day for day in groups if compared.before_first <= day <= compared.before_last]
    now, before = (sum(groups[day][1] for day in days) for days in (now_days, before_days))
    if not now_days or before <= 0:
        return None
    change = quotient(now - before, before)
    joined = min(events.column("day"))
    detail = {
        "exact": change,
        "now": now,
        "before": before,
        "first_day": date_text(compared.first),
        "last_day": date_text(compared.last),
        "before_first_day": date_text(compared.before_first),
        "before_last_day": date_text(compared.before_last),
        "whole": compared.is_whole,
        "joined": date_text(joined) if joined > compared.before_first else None,
    }
    days, counted = {*now_days, *before_days}, events.known(None if metric.of is None else f"sum:{metric.of}")
    column = customer.block.column("day")
    return Recomputed(change, None, detail, [at for at in counted if column[at] in days])


def tenure(metric: Any, customer: Customer) -> Recomputed | None:
    """Count the days since the first event ever."""
    if not customer.events(metric).at:
        return None
    events = customer.events(metric, "ever")
    instants, locals_ = events.column("instant"), events.column("local")
    told = min(range(len(instants)), key=lambda i: (instants[i], locals_[i]))
    first = events.column("day")[told]
    turned = [
        day.toordinal() - EPOCH_ORDINAL
        for year in range(date_of(first).year + 1, date_of(customer.base.end).year + 1)
        if (day := anniversary(date_of(first), year)) <= date_of(customer.base.end)
    ]
    detail = {
        "exact": customer.base.end - first,
        "time": time_text(locals_[told]),
        "years": len(turned),
        "anniversary": date_text(turned[-1]) if turned and turned[-1] >= customer.base.start else None,
        "new": first >= customer.base.start,
    }
    return Recomputed(customer.base.end - first, None, detail, [events.at[told]])


def anniversary(day: date, year: int) -> date:
    """Give the same day of another year; for February 29 the 28th where there is no other."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
