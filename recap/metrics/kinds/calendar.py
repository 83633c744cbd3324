"""The period day by day, as for a heat map."""

from datetime import date, timedelta
from typing import Literal

from recap.campaign import FieldRef, Metric, Period
from recap.metrics.facts import Day, Fact, Facts, Number, Quantity
from recap.metrics.kind import Kind, Tables
from recap.metrics.kinds.busiest import Time, name_tied, series_entries
from recap.metrics.needs import Need
from recap.metrics.value import Value

TIES_KEPT = 24


class CalendarMetric(Metric):
    """A value for each day."""

    kind: Literal["calendar"]
    of: FieldRef | None = None
    """The numeric field to add up; without it events are counted."""


class Calendar(Kind[CalendarMetric]):
    """The period day by day."""

    name = "calendar"
    family = "calendar"
    definition = (
        "Events (or the sum of a field) for each local day of the period; days without any, or where the "
        "field is always null, are empty. Days tied for the most are all named, in the order of time."
    )
    number = "the total over all days"
    detail = (
        "`exact`, `active` (days with events), `days` (pairs of a day, counted from the period's first as 0, "
        "and its value), `most`, `tied` (the leading days, 24 at most), `tied_count`"
    )
    layout = "calendar"
    days = ("$.tied[*]",)
    least_number = 0
    least_rows = 20
    example = """\
id: calendar
kind: calendar
where: quantity > 0
title: Your days with us"""
    params = CalendarMetric

    def needs(self, metric: CalendarMetric) -> tuple[Need, ...]:
        """Events by customer and day."""
        return (Need(by="day", of=metric.of, where=metric.where),)

    def query(self, metric: CalendarMetric, tables: Tables) -> str:
        """List each customer's days; as unnamed structs, a pair's number and value keep their own types."""
        return f"""WITH days AS (SELECT * FROM {tables.rollup(*self.needs(metric))}),
totals AS (
  SELECT customer_id, sum(value) AS total, sum(n)::BIGINT AS rows, count(*) AS active, max(value) AS most,
    list_sort(list(row(key - DATE '{tables.period.start}', value))) AS days
  FROM days GROUP BY customer_id
),
ties AS (
  SELECT customer_id, count(*) AS tied_count, min(key, {TIES_KEPT}) AS tied
  FROM days JOIN totals USING (customer_id) WHERE value = most GROUP BY customer_id
)
SELECT customer_id, total AS number, NULL AS text, to_json({{
  'exact': total, 'active': active, 'days': days, 'most': most, 'tied': tied, 'tied_count': tied_count
}}) AS detail, rows, active = 1 AS alone
FROM totals JOIN ties USING (customer_id)"""

    def facts(self, metric: CalendarMetric, value: Value, period: Period) -> Facts:
        """Give `total`, `active`, `day`, `days` and `n` of the leading; case `tied`; every day as entries."""
        detail = value.detail
        tied = [Day(date.fromisoformat(day)) for day in detail["tied"]]
        slots: dict[str, Fact] = {
            "total": Quantity(detail["exact"]),
            "active": Quantity(detail["active"], "day"),
            "day": tied[0],
            "days": name_tied(tied, detail["tied_count"]),
            "n": Quantity(detail["most"]),
        }
        calendar = tuple(Day(period.start + timedelta(days=day)) for day in range(period.days))
        amounts: dict[Time, Number] = {calendar[day]: amount for day, amount in detail["days"]}
        cases = ("tied",) if detail["tied_count"] > 1 else ()
        entries = series_entries(calendar, amounts)
        return Facts(slots, main="active", layout=self.layout, cases=cases, entries=entries)
