"""The week: how much falls on the weekend, and how much on each day."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from recap.campaign import FieldRef, Metric, Period
from recap.metrics.facts import Fact, Facts, Quantity, Ratio, Weekday
from recap.metrics.kind import Kind, Tables
from recap.metrics.kinds.busiest import Time, series_entries
from recap.metrics.kinds.top import share_of
from recap.metrics.needs import Need
from recap.metrics.quotient import quotient
from recap.metrics.value import Value

WEEK = tuple(range(1, 8))


def _different(days: tuple[int, ...]) -> tuple[int, ...]:
    if len(set(days)) < len(days):
        message = "a day of the week is named twice"
        raise ValueError(message)
    return tuple(sorted(days))


Weekend = Annotated[
    tuple[Annotated[int, Field(ge=1, le=7)], ...],
    Field(min_length=1, max_length=6),
    AfterValidator(_different),
]


class WeekdayProfileMetric(Metric):
    """Weekend or weekdays."""

    kind: Literal["weekday_profile"]
    of: FieldRef | None = None
    """The numeric field to add up; without it events are counted."""
    weekend: Weekend = (6, 7)
    """The days of the weekend, 1 Monday to 7 Sunday."""


class WeekdayProfile(Kind[WeekdayProfileMetric]):
    """The share of the weekend, and the seven days."""

    name = "weekday_profile"
    family = "rhythm"
    definition = (
        "The share of all events (or of the sum of a field) that falls on the days of the weekend, by local "
        "day, cut off after nine digits; of weekend and weekdays the one with more is told, at a tie the "
        "weekend. No value where the total is not above zero."
    )
    number = "the weekend's share, 0 to 1 (beyond it where amounts are negative)"
    detail = (
        "`exact`, `weekend` (its events or sum), `total`, `series` (`key`, `value`, weekdays with events)"
    )
    layout = "chart"
    has_share = True
    zero_tells = True
    least_number = 0
    least_rows = 10
    claims = False
    example = """\
id: week
kind: weekday_profile
where: quantity > 0
weekend: [6, 7]
title: Your week"""
    params = WeekdayProfileMetric

    def needs(self, metric: WeekdayProfileMetric) -> tuple[Need, ...]:
        """Events by customer and day."""
        return (Need(by="day", of=metric.of, where=metric.where),)

    def query(self, metric: WeekdayProfileMetric, tables: Tables) -> str:
        """Regroup the days by day of the week."""
        weekend = ", ".join(str(day) for day in metric.weekend)
        share = quotient("weekend", "total")
        return f"""WITH days AS (
  SELECT customer_id, isodow(key) AS key, sum(n)::BIGINT AS n, sum(value) AS value
  FROM {tables.rollup(*self.needs(metric))} GROUP BY ALL
),
weeks AS (
  SELECT customer_id, sum(n)::BIGINT AS rows, sum(value) AS total,
    coalesce(sum(value) FILTER (WHERE key IN ({weekend})), 0) AS weekend,
    min({{'key': key, 'value': value}}, 7) AS series
  FROM days GROUP BY customer_id HAVING total > 0
)
SELECT customer_id, {share} AS number, NULL AS text, to_json({{
  'exact': {share}, 'weekend': weekend, 'total': total, 'series': series
}}) AS detail, rows, false AS alone, least(1, greatest(weekend, total - weekend) / total)::DOUBLE AS share
FROM weeks"""

    def facts(self, metric: WeekdayProfileMetric, value: Value, period: Period) -> Facts:
        """Give `share` and `n` of the side with more, `total`; case `weekend` or `weekdays`; the week."""
        detail = value.detail
        weekend, total = detail["weekend"], detail["total"]
        led = 2 * weekend >= total
        n = weekend if led else total - weekend
        slots: dict[str, Fact] = {
            "share": Ratio(share_of(n, total)),
            "n": Quantity(n),
            "total": Quantity(total),
        }
        amounts: dict[Time, int] = {Weekday(entry["key"]): entry["value"] for entry in detail["series"]}
        columns = series_entries(tuple(Weekday(day) for day in WEEK), amounts)
        # The columns that are lit are the side that is told, not the busiest day.
        entries = tuple(
            replace(column, leads=(day in metric.weekend) == led)
            for day, column in zip(WEEK, columns, strict=True)
        )
        cases = ("weekend",) if led else ("weekdays",)
        return Facts(slots, main="share", layout=self.layout, cases=cases, entries=entries)
