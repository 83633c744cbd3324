"""When people do things: days of the week, seasons and hours of the day that differ by person.

Only additions, multiplications and `Random.random` are used, so the same seed draws the same moments on every
machine; a function such as `exp` may differ in its last digit from one C library to the next.
"""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

FIRST_DAY = date(2025, 12, 1)
LAST_DAY = date(2027, 1, 10)
DAYS = (LAST_DAY - FIRST_DAY).days + 1
"""Days the data span: the year 2026 with some weeks before and after, so that its boundaries matter."""
YEAR_BEGINS = (date(2026, 1, 1) - FIRST_DAY).days
YEAR_ENDS = (date(2026, 12, 31) - FIRST_DAY).days
DAY_SECONDS = 86_400
EPOCH = int(datetime.combine(FIRST_DAY, time(), UTC).timestamp())
"""Seconds from 1970 to the first day's midnight."""

WEEKS = (
    (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0),
    (1.4, 1.3, 1.3, 1.4, 1.2, 0.4, 0.3),
    (0.4, 0.4, 0.5, 0.5, 1.1, 2.1, 1.9),
    (0.7, 1.6, 0.6, 1.7, 0.6, 1.2, 0.9),
    (0.5, 0.6, 0.8, 1.0, 1.9, 1.8, 0.8),
    (1.9, 0.8, 0.9, 0.8, 0.7, 0.5, 1.6),
)
"""Monday to Sunday: even, working days, weekends, two evenings a week, going out, round the weekend."""

SEASONS = (
    (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0),
    (0.5, 0.6, 0.8, 1.0, 1.3, 1.7, 1.9, 1.6, 1.2, 0.8, 0.6, 0.5),
    (1.6, 1.4, 1.2, 0.9, 0.7, 0.5, 0.4, 0.5, 0.8, 1.1, 1.4, 1.8),
    (2.2, 1.8, 1.4, 1.1, 0.9, 0.7, 0.6, 0.6, 0.7, 0.6, 0.5, 0.4),
    (0.6, 0.6, 0.7, 0.7, 0.8, 0.8, 0.6, 0.8, 1.2, 1.4, 1.5, 2.0),
)
"""January to December: even, summer, winter, good resolutions, growing fond."""

HOURS = (
    (1, 0, 0, 0, 1, 4, 12, 24, 26, 14, 9, 8, 9, 8, 7, 8, 12, 20, 22, 16, 12, 9, 6, 3),
    (0, 0, 0, 0, 2, 14, 28, 24, 12, 6, 4, 3, 4, 3, 3, 3, 4, 5, 5, 4, 3, 2, 1, 0),
    (4, 1, 0, 0, 0, 0, 1, 3, 4, 5, 5, 6, 8, 8, 7, 8, 12, 18, 24, 28, 30, 28, 20, 11),
    (22, 20, 15, 9, 4, 1, 0, 1, 2, 2, 3, 4, 5, 5, 5, 6, 7, 8, 9, 10, 13, 16, 20, 24),
    (0, 0, 0, 0, 0, 1, 3, 8, 12, 16, 18, 22, 26, 22, 18, 17, 16, 16, 14, 10, 7, 4, 2, 0),
)
"""Midnight to eleven at night: commuter, early bird, evening, night owl, daytime."""


@dataclass(frozen=True, slots=True)
class Habit:
    """When one person does things."""

    week: int
    season: int
    hours: int
    first_day: int
    """Days after `FIRST_DAY` on which the person joins."""
    last_day: int
    """The last day, included."""
    daily_spells: tuple[tuple[int, int], ...] = ()
    """Runs of days, first and last included, on each of which something happens, if enough happens at all."""


def draw_habit(rng: Random, hours: Sequence[int] = range(len(HOURS))) -> Habit:
    """Draw a habit: some join in autumn, a few leave in spring, some have weeks of doing it daily."""
    first, last = 0, DAYS - 1
    fate = rng.random()
    if fate < 0.14:
        first = rng.randrange(273, 345)  # September to early November
    elif fate < 0.19:
        last = rng.randrange(90, 180)
    spells = []
    if rng.random() < 0.3:
        length = rng.choice((4, 5, 6, 7, 8, 10, 12, 15, 21, 34))
        begin = rng.randrange(first, max(first + 1, last - length))
        spells.append((begin, min(begin + length - 1, last)))
    if last == DAYS - 1 and rng.random() < 0.06:
        spells.append((max(first, YEAR_ENDS - rng.randrange(3, 25)), YEAR_ENDS + rng.randrange(1, 9)))
    return Habit(
        week=rng.randrange(len(WEEKS)),
        season=rng.randrange(len(SEASONS)),
        hours=rng.choice(hours),
        first_day=first,
        last_day=last,
        daily_spells=tuple(spells),
    )


def draw_moments(rng: Random, habit: Habit, count: int) -> list[int]:
    """Draw `count` moments, in order, as local seconds since midnight of `FIRST_DAY`."""
    random = rng.random
    days, hours = _cumulated_days(habit.week, habit.season), _cumulated_hours(habit.hours)
    low = days[habit.first_day - 1] if habit.first_day else 0.0
    span = days[habit.last_day] - low
    wanted: list[int] = []
    for begin, end in habit.daily_spells:
        spell = range(begin, end + 1)
        # A spell is part of a year, not all of it: at most half of what there is goes into spells.
        if 2 * (len(wanted) + len(spell)) <= count:
            wanted += spell
    # Rounding may lift a draw onto the last sum itself, hence the upper limits.
    wanted += [bisect(days, low + random() * span, 0, habit.last_day) for _ in range(count - len(wanted))]
    wanted.sort()
    last = hours[-1]
    return [
        day * DAY_SECONDS + bisect(hours, random() * last, 0, 23) * 3600 + int(random() * 3600)
        for day in wanted
    ]


@cache
def _cumulated_days(week: int, season: int) -> list[float]:
    dates = (FIRST_DAY + timedelta(days=n) for n in range(DAYS))
    return list(accumulate(WEEKS[week][day.weekday()] * SEASONS[season][day.month - 1] for day in dates))


@cache
def _cumulated_hours(hours: int) -> list[int]:
    return list(accumulate(HOURS[hours]))


@cache
def utc_offsets(zone: str) -> list[int]:
    """Seconds east of UTC on every day of the span, by the clock at noon."""
    noons = (
        datetime.combine(FIRST_DAY + timedelta(days=n), time(12), ZoneInfo(zone)) for n in range(DAYS + 1)
    )
    return [int((noon.utcoffset() or timedelta()).total_seconds()) for noon in noons]


def to_instant(moment: datetime, zone: str) -> int:
    """Seconds since 1970 of a wall-clock moment, its `fold` minded: exact in the nights the clocks change."""
    return int(moment.replace(tzinfo=ZoneInfo(zone)).timestamp())


def to_wall_seconds(moment: datetime) -> int:
    """Seconds from midnight of `FIRST_DAY` to a wall-clock moment, read off the clock alone."""
    return int((moment.replace(fold=0) - datetime.combine(FIRST_DAY, time())).total_seconds())


@cache
def zipf(size: int) -> list[float]:
    """Cumulated weights of `size` favourites: the first much loved, then a long tail."""
    return list(accumulate(1.0 / (place + 1.5) for place in range(size)))
