"""The customers at the edges: the first few of every business, whatever its size, each there for a reason.

A tie, a year's last second, a name of sixty letters: what goes wrong in a recap goes wrong for one of these.
What they did is told as visits, which every business turns into its own rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

Plan = Callable[[], "list[Visit]"]


@dataclass(frozen=True, slots=True)
class Visit:
    """One thing done, by the customer's own clock."""

    moment: datetime
    item: int = 0
    """Index into the business's catalogue, whose first dozen items are the odd ones."""
    size: int = 1
    """How much of it; below zero it is given back, where the business knows such a thing."""
    copies: int = 1
    """More than 1 where the same row was delivered again."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A customer made on purpose."""

    case: str
    """What this customer is there for."""
    name: str | None
    locale: str | None
    time_zone: str | None
    plan: Plan | None = None
    """What they did; without it they live as anybody does, about `events` times."""
    events: str = "regular"
    """`regular`, or `heavy` for far more than anybody."""
    opt_out: bool = False
    listed: bool = True


def _at(day: date, hour: int = 12, minute: int = 0, second: int = 0, fold: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute, second, fold=fold))


def _days(first: date, count: int, step: int = 1) -> list[date]:
    return [first + timedelta(days=n * step) for n in range(count)]


def _on(days: Sequence[date], items: Sequence[int], hour: int = 12) -> list[Visit]:
    return [Visit(_at(day, hour), items[n % len(items)]) for n, day in enumerate(days)]


def _every_day() -> list[Visit]:
    return _on(_days(date(2025, 12, 10), 390), (0, 1, 0, 2, 0, 3, 4), hour=7)


def _over_both_ends() -> list[Visit]:
    over_the_start = _on(_days(date(2025, 12, 22), 20), (3, 5), hour=18)
    over_the_end = _on(_days(date(2026, 12, 15), 25), (3, 6, 7), hour=18)
    return over_the_start + _on(_days(date(2026, 3, 2), 20, 11), (3, 8), hour=18) + over_the_end


def _only_outside() -> list[Visit]:
    return _on(_days(date(2025, 12, 4), 12, 2), (1, 2)) + _on(_days(date(2027, 1, 1), 5), (1, 2))


def _one() -> list[Visit]:
    return [Visit(_at(date(2026, 5, 14), 16, 20), 4)]


def _two_tied() -> list[Visit]:
    return [Visit(_at(date(2026, 2, 3), 9, 5), 1), Visit(_at(date(2026, 9, 10), 20, 45), 2)]


def _three_of_one() -> list[Visit]:
    return _on(_days(date(2026, 6, 1), 3, 9), (5,))


def _dozen_tied() -> list[Visit]:
    return _on(_days(date(2026, 1, 8), 12, 29), (0, 2, 6))


def _weekdays_tied() -> list[Visit]:
    mondays = _on(_days(date(2026, 1, 5), 10, 14), (3, 4), hour=8)
    thursdays = _on(_days(date(2026, 7, 2), 10, 14), (3, 5), hour=19)
    return mondays + thursdays


def _streaks_tied() -> list[Visit]:
    return _on(_days(date(2026, 3, 9), 6), (7, 8)) + _on(_days(date(2026, 8, 17), 6), (7, 9))


def _autumn() -> list[Visit]:
    return _on(_days(date(2026, 9, 19), 34, 3), (9, 10, 9, 1), hour=21)


def _last_seconds() -> list[Visit]:
    moments = (
        _at(date(2025, 12, 31), 23, 59, 59),
        _at(date(2026, 1, 1), 0, 0, 0),
        _at(date(2026, 12, 31), 23, 59, 59),
        _at(date(2027, 1, 1), 0, 0, 0),
    )
    return [Visit(moment, item) for item, moment in enumerate(moments)]


def _clock_changes() -> list[Visit]:
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    return [
        Visit(_at(spring, 1, 59, 59), 1),
        Visit(_at(spring, 3, 0, 0), 2),
        Visit(_at(autumn, 2, 30, 0, fold=0), 3),
        Visit(_at(autumn, 2, 30, 0, fold=1), 4),
        Visit(_at(autumn, 3, 0, 0), 5),
    ]


def _delivered_twice() -> list[Visit]:
    days = _days(date(2026, 4, 7), 15, 8)
    return [Visit(_at(day, 17), n % 3, copies=3 if n % 5 == 0 else 1) for n, day in enumerate(days)]


def _given_back() -> list[Visit]:
    bought = [Visit(_at(day, 10), 6, size=2) for day in _days(date(2026, 5, 4), 4, 7)]
    return bought + [Visit(_at(day, 17), 6, size=-3) for day in _days(date(2026, 6, 8), 3, 7)]


def _nothing() -> list[Visit]:
    return []


EDGES = (
    Edge(
        "every day, over both ends of the year", "Mina Okonkwo-Lindqvist", "en", "Europe/Berlin", _every_day
    ),
    Edge("streaks over both ends of the year", "Jördis Ångström", "de", "Europe/Berlin", _over_both_ends),
    Edge("in the table, did nothing", "Änne Kößler", "de", "Europe/Zurich", _nothing),
    Edge("active outside the year only", "Ignác Šťastný-Dvořáček", "cs", "Europe/Prague", _only_outside),
    Edge("one event", "Γαλάτεια Φεγγαρά", "el", "Europe/Athens", _one),
    Edge("two events, everything tied", "Siobhán O'Neill-D'Arcy", "en_GB", "Europe/London", _two_tied),
    Edge("three events, one item", "Nguyễn Thị Phượng Quỳnh", "vi", "Asia/Ho_Chi_Minh", _three_of_one),
    Edge("a dozen events, three items tied", "Їжакевич Соломія", "uk", "Europe/Kyiv", _dozen_tied),
    Edge("two weekdays tied", "김나래", "ko", "Asia/Seoul", _weekdays_tied),
    Edge("two streaks as long", "渡良瀬 さくら", "ja", "Asia/Tokyo", _streaks_tied),
    Edge("joined in autumn", "ليلى القمري", "ar", "Asia/Riyadh", _autumn),
    Edge("first and last second, far east", "Teraaka Tebuka", "en", "Pacific/Kiritimati", _last_seconds),
    Edge("first and last second, far west", "Sefina Leavasa", "en", "Pacific/Pago_Pago", _last_seconds),
    Edge("the nights the clocks change", "Käthe Öhlschläger", "de", "Europe/Berlin", _clock_changes),
    Edge("rows delivered twice and thrice", "João Conceição", "pt_BR", "America/Sao_Paulo", _delivered_twice),
    Edge("gave back more than was taken", "İpek Şahinalp", "tr", "Europe/Istanbul", _given_back),
    Edge("far more than anybody", "मीरा चन्द्रवंशी", "hi", "Asia/Kathmandu", events="heavy"),
    Edge("opted out", "Rosalie Grünewald", "de_AT", "Europe/Vienna", opt_out=True),
    Edge("markup in the name", '<b>Bobby</b> & "Tables"</script>', "en", "America/New_York"),
    Edge(
        "a name of sixty letters", "Maximiliane-Theodora von Hohenstaufen-Wolkenkuckucksheimburg", "de", None
    ),
    Edge("a name of one letter", "O", "en", "Europe/London"),
    Edge("an emoji name", "🦊 Foxy 👩🏽‍🚀", "en", "America/St_Johns"),
    Edge("a name from right to left", "נועה בן־נחל", "he", "Asia/Jerusalem"),
    Edge("Han characters", "欧阳若兰", "zh_Hans", "Asia/Shanghai"),
    Edge("Thai", "น้ำฝน แสงจันทร์", "th", "Asia/Bangkok"),
    Edge("no name", None, "de", "Europe/Berlin"),
    Edge("no language, no time zone", "Zoë Çelestin", None, None),
    Edge("active, but not in the table", None, None, None, listed=False),
)
