"""The year as a series of months."""

from typing import Literal

from recap.campaign import FieldRef, Metric, Period
from recap.metrics.facts import Fact, Facts, Month, Number, Quantity
from recap.metrics.kind import Kind, Tables
from recap.metrics.kinds.busiest import BusiestMonth, Time, month_of, name_tied, series_entries
from recap.metrics.kinds.leaders import regroup, series_query
from recap.metrics.needs import Need
from recap.metrics.value import Value


class MonthlyMetric(Metric):
    """A value for each month."""

    kind: Literal["monthly"]
    of: FieldRef | None = None
    """The numeric field to add up; without it events are counted."""


class Monthly(Kind[MonthlyMetric]):
    """The period month by month."""

    name = "monthly"
    family = "months"
    definition = "Events (or the sum of a field) for each month of the period; months without any are zero."
    number = "the total over all months"
    detail = "`exact`, `series` (`key`, `value`, months with events), `tied` (leading months), `tied_count`"
    layout = "chart"
    has_share = True
    least_number = 0
    least_rows = 10
    example = """\
id: months
kind: monthly
of: quantity
where: quantity > 0"""
    params = MonthlyMetric

    def needs(self, metric: MonthlyMetric) -> tuple[Need, ...]:
        """Events by customer and day."""
        return (Need(by="day", of=metric.of, where=metric.where),)

    def query(self, metric: MonthlyMetric, tables: Tables) -> str:
        """Regroup the days by month, as the busiest month does, and rank by the total."""
        groups = regroup(tables.rollup(*self.needs(metric)), BusiestMonth.key)
        return series_query(groups, number="total", label=BusiestMonth.label)

    def facts(self, metric: MonthlyMetric, value: Value, period: Period) -> Facts:
        """Give `total`, `month`, `months`, `n` (of the leading month); case `tied`; months as entries."""
        detail = value.detail
        tied = [month_of(key) for key in detail["tied"]]
        slots: dict[str, Fact] = {
            "total": Quantity(detail["total"]),
            "month": tied[0],
            "months": name_tied(tied, detail["tied_count"]),
            "n": Quantity(detail["items"][0]["value"]),
        }
        amounts: dict[Time, Number] = {month_of(entry["key"]): entry["value"] for entry in detail["series"]}
        entries = series_entries(tuple(Month(month) for month in period.months), amounts)
        cases = ("tied",) if detail["tied_count"] > 1 else ()
        return Facts(slots, main="total", layout=self.layout, cases=cases, entries=entries)
