"""The two stretches of days that growth compares: like for like, and covered by the data on both sides."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from recap.campaign import Metric, Period
from recap.metrics.audit.exact import day_of

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretches:
    """Days after 1970-01-01, all included."""

    first: int
    last: int
    before_first: int
    before_last: int
    is_whole: bool
    """The period is compared as a whole."""


def compared_stretches(
    metric: Metric, period: Period, first: date | None, last: date | None
) -> Stretches | None:
    """Find which days of the period are compared with which days before it.

    `first` and `last` are the first day of all events known and the last one of the period. None where no
    day is covered on both sides.
    """
    if first is None or last is None:
        return None
    earlier = _shift(metric, period)
    now_last = min(period.end, last)
    days = (period.start + timedelta(days=n) for n in range((now_last - period.start).days + 1))
    now_first = next((day for day in days if earlier(day) >= first), None)
    if now_first is None:
        return None
    before_first, before_last = earlier(now_first), earlier(now_last)
    is_whole = (now_first, now_last) == (period.start, period.end)
    if is_whole:
        before_first, before_last = _whole_before(metric, period)
    return Stretches(day_of(now_first), day_of(now_last), day_of(before_first), day_of(before_last), is_whole)


def months_before(day: date, months: int) -> date:
    """Go back whole months; a day the month does not have becomes its last."""
    index = day.year * 12 + day.month - 1 - months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def ends_month(day: date) -> bool:
    """Tell whether a day is its month's last."""
    return (day + ONE_DAY).day == 1


def _shift(metric: Metric, period: Period) -> Callable[[date], date]:
    if getattr(metric, "against") == "last_year":  # noqa: B009 - a key of one kind only
        return lambda day: months_before(day, 12)
    if period.start.day == 1 and ends_month(period.end):
        months = len(period.months)
        return lambda day: months_before(day, months)
    return lambda day: day - timedelta(days=period.days)


def _whole_before(metric: Metric, period: Period) -> tuple[date, date]:
    earlier = _shift(metric, period)
    if getattr(metric, "against") == "previous":  # noqa: B009 - a key of one kind only
        return earlier(period.start), period.start - ONE_DAY
    if ends_month(period.end):
        return earlier(period.start), months_before(period.stop, 12) - ONE_DAY
    return earlier(period.start), earlier(period.end)
