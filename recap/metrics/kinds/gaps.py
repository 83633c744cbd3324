"""Pauses: the longest time away, and the return after it."""

from datetime import date
from typing import Any, Literal

from recap.campaign import Metric, Period
from recap.metrics.facts import Day, Fact, Facts, Quantity
from recap.metrics.kind import Kind, M, Tables
from recap.metrics.needs import Need
from recap.metrics.value import Value


class LongestGapMetric(Metric):
    """The longest pause of the period."""

    kind: Literal["longest_gap"]


class ComebackMetric(Metric):
    """The return after the longest pause."""

    kind: Literal["comeback"]


class Gap(Kind[M]):
    """What the two share: gaps between neighbouring active days, of which the longest is told."""

    family = "gap"
    number = "days without an event"
    detail = (
        "`exact`, `last_day` (the active day before it), `back_day` (the one after it), `tied_gaps` (gaps as "
        "long, itself included)"
    )
    claims = False
    days = ("$.last_day", "$.back_day")

    def facts(self, metric: M, value: Value, period: Period) -> Facts:
        """Give `n`, `last`, `back`; case `tied`."""
        cases = ("tied",) if value.detail["tied_gaps"] > 1 else ()
        return Facts(gap_slots(value.detail), main="n", layout=self.layout, cases=cases)


class LongestGap(Gap[LongestGapMetric]):
    """The longest pause between two active days of the period."""

    name = "longest_gap"
    definition = (
        "The most local days in a row without an event, between two days of the period that have one: what "
        "lies before the first and after the last is no gap. Of gaps equally long the earliest is told."
    )
    layout = "streak"
    least_number = 14
    example = """\
id: pause
kind: longest_gap
where: quantity > 0
title: A pause"""
    params = LongestGapMetric

    def needs(self, metric: LongestGapMetric) -> tuple[Need, ...]:
        """Events by customer and day."""
        return (Need(by="day", where=metric.where),)

    def query(self, metric: LongestGapMetric, tables: Tables) -> str:
        """Measure from each active day to the one before; rows are the events on both."""
        days = tables.rollup(*self.needs(metric))
        return _longest_gaps(days, rows="n + lag(n) OVER days", since=tables.period.start)


class Comeback(Gap[ComebackMetric]):
    """The day in the period that ended the longest pause ever."""

    name = "comeback"
    definition = (
        "The return in the period after the most local days in a row without an event, counted from the "
        "active day before it, which may be before the period. Of gaps equally long the earliest is told."
    )
    layout = "moment"
    least_number = 30
    example = """\
id: comeback
kind: comeback
title: Good to have you back"""
    params = ComebackMetric

    def needs(self, metric: ComebackMetric) -> tuple[Need, ...]:
        """Events ever by customer and day."""
        return (Need(by="day", where=metric.where, span="ever"),)

    def query(self, metric: ComebackMetric, tables: Tables) -> str:
        """Measure from each active day of the period to the one before; rows are the events since."""
        days = tables.rollup(*self.needs(metric))
        rows = "sum(n) OVER (days ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)"
        return _longest_gaps(days, rows=rows, since=tables.period.start)

    def facts(self, metric: ComebackMetric, value: Value, period: Period) -> Facts:
        """Give `n`, `last`, `back` and `since`, the events from then on."""
        slots = {**gap_slots(value.detail), "since": Quantity(value.rows, "event")}
        return Facts(slots, main="back", layout=self.layout)


def gap_slots(detail: Any) -> dict[str, Fact]:
    """Read how long the gap was and the two days around it."""
    return {
        "n": Quantity(int(detail["exact"]), "day"),
        "last": Day(date.fromisoformat(detail["last_day"])),
        "back": Day(date.fromisoformat(detail["back_day"])),
    }


def _longest_gaps(days: str, *, rows: str, since: date) -> str:
    """Select each customer's longest gap that ends on `since` or later, from the rollup of days.

    `rows` is SQL over the rollup's `n` and the window `days`: the events a gap rests on, at the day after it.
    """
    return f"""WITH gaps AS (
  SELECT customer_id, lag(key) OVER days AS last_day, key AS back_day, key - lag(key) OVER days - 1 AS gap,
    ({rows})::BIGINT AS events
  FROM {days} WINDOW days AS (PARTITION BY customer_id ORDER BY key)
  QUALIFY gap >= 1 AND key >= DATE '{since}'
),
longest AS (
  SELECT customer_id,
    min({{'minus': -gap, 'last_day': last_day, 'back_day': back_day, 'events': events}}) AS told
  FROM gaps GROUP BY customer_id
),
ties AS (
  SELECT customer_id, count(*) AS tied_gaps FROM gaps JOIN longest USING (customer_id)
  WHERE gap = -told.minus GROUP BY customer_id
)
SELECT customer_id, -told.minus AS number, NULL AS text, to_json({{
  'exact': -told.minus, 'last_day': told.last_day, 'back_day': told.back_day, 'tied_gaps': tied_gaps
}}) AS detail, told.events AS rows, false AS alone
FROM longest JOIN ties USING (customer_id)"""
