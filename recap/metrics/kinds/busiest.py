"""When a customer was most active: the busiest hour, weekday, month and day."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar, Literal, TypeVar

from recap.campaign import FieldRef, Metric, Period
from recap.metrics.facts import (
    Day,
    DayPart,
    Entry,
    Fact,
    Facts,
    Hour,
    Label,
    Month,
    Number,
    Quantity,
    Ratio,
    Several,
    Weekday,
)
from recap.metrics.kind import Kind, Tables
from recap.metrics.kinds.leaders import leaders_query, regroup, series_query
from recap.metrics.kinds.top import label_entries, share_of
from recap.metrics.needs import Need
from recap.metrics.value import Value
from recap.sources.sql import quote

Time = Hour | Weekday | Month | Day | DayPart
TIES_NAMED = 3
HELD_KEPT, HELD_NAMED = 5, 3


class BusiestMetric(Metric):
    """What the kinds have in common."""

    of: FieldRef | None = None
    """The numeric field that decides; without it the number of events does."""


class BusiestHourMetric(BusiestMetric):
    """The hour of the day with the most."""

    kind: Literal["busiest_hour"]


class BusiestWeekdayMetric(BusiestMetric):
    """The day of the week with the most."""

    kind: Literal["busiest_weekday"]


class BusiestMonthMetric(BusiestMetric):
    """The month with the most."""

    kind: Literal["busiest_month"]


class BusiestDayMetric(BusiestMetric):
    """The day with the most."""

    kind: Literal["busiest_day"]
    holding: FieldRef | None = None
    """The field that says what the day held."""


B = TypeVar("B", bound=BusiestMetric)


def month_of(text: str) -> Month:
    """Read `2026-03`."""
    return Month(date.fromisoformat(f"{text}-01"))


class Busiest(Kind[B]):
    """By some cut of time; that is all in which the kinds differ."""

    family = "rhythm"
    number = "events of the leading one, or the sum"
    has_share = True
    detail = "`items` (`label`, `value`, `rows`), `tied`, `tied_count`, `groups`, `total`, `series`"
    layout = "chart"
    least_number = 0
    least_rows = 10
    claims = False
    slot: ClassVar[str]
    grain: ClassVar[Literal["day", "hour"]] = "day"
    key: ClassVar[str] = "key"
    """SQL over the rollup's `key`; sorts in the order of time."""
    label: ClassVar[str] = "{}"
    """SQL that writes such a key as it is told."""
    has_series: ClassVar[bool] = True
    """Whether there are few enough keys to keep all of them."""

    def needs(self, metric: B) -> tuple[Need, ...]:
        """Events by customer and day or hour."""
        return (Need(by=self.grain, of=metric.of, where=metric.where),)

    def query(self, metric: B, tables: Tables) -> str:
        """Regroup the rollup and find the leaders."""
        groups = self.groups(metric, tables)
        if self.has_series:
            return series_query(groups, label=self.label)
        return leaders_query(groups, keep=1, ties=24)

    def groups(self, metric: B, tables: Tables) -> str:
        """Give the subquery of the times that compete, which may be the rollup's own."""
        rollup = tables.rollup(*self.needs(metric))
        return rollup if self.key == "key" else regroup(rollup, self.key)

    def facts(self, metric: B, value: Value, period: Period) -> Facts:
        """Give the time, all tied times, `n` and `share`; case `tied`; the series as entries."""
        detail = value.detail
        most = detail["items"][0]["value"]
        tied = [self.time(key) for key in detail["tied"]]
        slots: dict[str, Fact] = {
            self.slot: tied[0],
            f"{self.slot}s": name_tied(tied, detail["tied_count"]),
            "n": Quantity(most),
            "share": Ratio(share_of(most, detail["total"])),
        }
        entries = series_entries(self.times(period), self.amounts(detail))
        cases = ("tied",) if detail["tied_count"] > 1 else ()
        return Facts(slots, main=self.slot, layout=self.layout, cases=cases, entries=entries)

    @abstractmethod
    def time(self, key: Any) -> Time:
        """Read a key of the detail."""

    def times(self, period: Period) -> tuple[Time, ...]:
        """List every time the chart shows."""
        return ()

    def amounts(self, detail: Mapping[str, Any]) -> Mapping[Time, Number]:
        """Read the series."""
        return {self.time(entry["key"]): entry["value"] for entry in detail.get("series", ())}


def name_tied(times: Sequence[Time], count: int) -> Several:
    """Name the first few of `count` tied times."""
    return Several(tuple(times[:TIES_NAMED]), more=max(0, count - TIES_NAMED))


def series_entries(times: tuple[Time, ...], amounts: Mapping[Time, Number]) -> tuple[Entry, ...]:
    """Make a chart's columns: one for every time, zero where nothing was."""
    most = max(amounts.values(), default=0)
    return tuple(
        Entry(
            name=time,
            amount=Quantity(amounts.get(time, 0)),
            share=share_of(amounts.get(time, 0), most),
            leads=time in amounts and amounts[time] == most,
        )
        for time in times
    )


class BusiestHour(Busiest[BusiestMetric]):
    """By hour of the day."""

    name = "busiest_hour"
    layout = "dial"
    family = "clock"
    definition = "The hour of the local clock with the most events (or the largest sum); ties are all named."
    example = """\
id: hour
kind: busiest_hour
of: quantity
where: quantity > 0"""
    params: type[BusiestMetric] = BusiestHourMetric
    slot = "hour"
    grain = "hour"

    def time(self, key: Any) -> Hour:
        """Read 0 to 23."""
        return Hour(int(key))

    def times(self, period: Period) -> tuple[Time, ...]:
        """All 24 hours."""
        return tuple(Hour(hour) for hour in range(24))


class BusiestWeekday(Busiest[BusiestMetric]):
    """By day of the week."""

    name = "busiest_weekday"
    layout = "dial"
    definition = "The weekday with the most events (or the largest sum); ties are all named."
    example = """\
id: weekday
kind: busiest_weekday
where: quantity > 0"""
    params: type[BusiestMetric] = BusiestWeekdayMetric
    slot = "weekday"
    key = "isodow(key)"

    def time(self, key: Any) -> Weekday:
        """Read 1 to 7."""
        return Weekday(int(key))

    def times(self, period: Period) -> tuple[Time, ...]:
        """Monday to Sunday; the wording turns the week to where it begins."""
        return tuple(Weekday(day) for day in range(1, 8))


class BusiestMonth(Busiest[BusiestMetric]):
    """By month."""

    name = "busiest_month"
    family = "months"
    definition = "The month with the most events (or the largest sum); ties are all named."
    example = """\
id: month
kind: busiest_month
of: amount
currency: EUR"""
    params: type[BusiestMetric] = BusiestMonthMetric
    slot = "month"
    key = "date_trunc('month', key)::DATE"
    label = "strftime({}, '%Y-%m')"

    def time(self, key: Any) -> Month:
        """Read 2026-03."""
        return month_of(key)

    def times(self, period: Period) -> tuple[Time, ...]:
        """Every month of the period."""
        return tuple(Month(month) for month in period.months)


class BusiestDay(Busiest[BusiestDayMetric]):
    """By calendar day."""

    name = "busiest_day"
    has_series = False
    family = "peak"
    definition = (
        "The local day with the most events (or the largest sum); ties are all named. What it held is told "
        "of the first of them: the values of a field with the most events on it."
    )
    detail = (
        "`items` (`label`, `value`, `rows`), `tied` (24 at most), `tied_count`, `groups`, `total`; with "
        "`holding` also `held` (`label`, `value` events, `rows`; 5 at most) and `held_groups`"
    )
    layout = "moment"
    least_rows = 5
    example = "id: biggest_day\nkind: busiest_day\nof: amount\nholding: product\n"
    params = BusiestDayMetric
    slot = "day"
    days = ("$.tied[*]",)

    def query(self, metric: BusiestDayMetric, tables: Tables) -> str:
        """Find the leading day, then count what it held."""
        leading = super().query(metric, tables)
        if metric.holding is None:
            return leading
        label = f"{quote(metric.holding)}::VARCHAR"
        condition = f" AND {metric.where}" if metric.where else ""
        # Put together as text: DuckDB's JSON functions would turn exact decimals into doubles.
        return f"""WITH best AS ({leading}),
days AS (
  SELECT customer_id, ts::DATE::VARCHAR AS text, {label} AS label, count(*) AS n
  FROM {tables.events} SEMI JOIN best ON best.customer_id = {tables.events}.customer_id
    AND best.text::DATE = ts::DATE
  WHERE {quote(metric.holding)} IS NOT NULL{condition} GROUP BY ALL
),
held AS (
  SELECT customer_id, count(*) AS held_groups, min({{'minus': -n, 'label': label}}, {HELD_KEPT}) AS held
  FROM days GROUP BY customer_id
)
SELECT customer_id, number, text, left(detail::VARCHAR, -1) || ',"held":' || to_json(list_transform(
  coalesce(held, []), lambda e: {{'label': e.label, 'value': -e.minus, 'rows': -e.minus}}
)) || ',"held_groups":' || coalesce(held_groups, 0) || '}}' AS detail, "rows", alone, share
FROM best LEFT JOIN held USING (customer_id)"""

    def facts(self, metric: BusiestDayMetric, value: Value, period: Period) -> Facts:
        """Give, besides the day, `held`: what was most on it, as a slot, as entries and as a case."""
        facts = super().facts(metric, value, period)
        held = value.detail.get("held")
        if not held:
            return facts
        named = tuple(Label(item["label"]) for item in held[:HELD_NAMED])
        slots = {**facts.slots, "held": Several(named, more=value.detail["held_groups"] - len(named))}
        entries = label_entries(held, "metric" if metric.of is None else "event")
        return replace(facts, slots=slots, cases=(*facts.cases, "held"), entries=entries)

    def time(self, key: Any) -> Day:
        """Read 2026-03-14."""
        return Day(date.fromisoformat(key))
