"""One number for the whole period: count, sum, distinct, active days."""

from typing import Literal, TypeVar

from recap.campaign import FieldRef, Metric, Period
from recap.metrics.facts import Fact, Facts, Quantity, Ratio
from recap.metrics.kind import Kind, Tables
from recap.metrics.needs import Need
from recap.metrics.value import Value

M = TypeVar("M", bound=Metric)


class CountMetric(Metric):
    """How many events."""

    kind: Literal["count"]


class SumMetric(Metric):
    """A field added up."""

    kind: Literal["sum"]
    of: FieldRef
    """The numeric field."""


class DistinctMetric(Metric):
    """How many different things."""

    kind: Literal["distinct"]
    of: FieldRef
    """The field whose different values are counted."""


class ActiveDaysMetric(Metric):
    """How many days with something on them."""

    kind: Literal["active_days"]


class Total(Kind[M]):
    """What the four share: one exact number, told as slot `n`."""

    detail = "`exact`: the number with all its decimals"
    layout = "number"

    def query(self, metric: M, tables: Tables) -> str:
        """Read the one total of each customer."""
        return f"""SELECT customer_id, value AS number, NULL AS text, to_json({{'exact': value}}) AS detail,
  n AS rows, false AS alone
FROM {tables.rollup(*self.needs(metric))}"""

    def facts(self, metric: M, value: Value, period: Period) -> Facts:
        """Give slot `n`."""
        return Facts({"n": Quantity(value.detail["exact"])}, main="n", layout=self.layout)


class Groups(Total[M]):
    """A total that counts groups and not events."""

    least_number = 2

    def query(self, metric: M, tables: Tables) -> str:
        """Count the groups of each customer."""
        return f"""SELECT customer_id, count(*) AS number, NULL AS text,
  to_json({{'exact': count(*)}}) AS detail, sum(n)::BIGINT AS rows, false AS alone
FROM {tables.rollup(*self.needs(metric))} GROUP BY customer_id"""


class Count(Total[CountMetric]):
    """Events of the period."""

    name = "count"
    family = "volume"
    definition = "The number of events."
    number = "events"
    example = """\
id: lines
kind: count
where: quantity > 0"""
    params = CountMetric

    def needs(self, metric: CountMetric) -> tuple[Need, ...]:
        """One total a customer."""
        return (Need(where=metric.where),)


class Sum(Total[SumMetric]):
    """A field added up, exactly where it is decimal or money."""

    name = "sum"
    family = "volume"
    definition = "The sum of a field over all events; nulls add nothing. Decimal fields are added exactly."
    number = "the field's unit"
    least_number = 0
    example = """\
id: spent
kind: sum
of: amount
currency: EUR"""
    params = SumMetric

    def needs(self, metric: SumMetric) -> tuple[Need, ...]:
        """One total a customer."""
        return (Need(of=metric.of, where=metric.where),)


class Distinct(Groups[DistinctMetric]):
    """Different values of a field."""

    name = "distinct"
    family = "variety"
    definition = "The number of different values of a field; null is none."
    number = "different values"
    example = """\
id: products
kind: distinct
of: product"""
    params = DistinctMetric

    def needs(self, metric: DistinctMetric) -> tuple[Need, ...]:
        """Events by customer and value."""
        return (Need(by="field", field=metric.of, where=metric.where),)


class ActiveDays(Groups[ActiveDaysMetric]):
    """Days with at least one event."""

    name = "active_days"
    family = "presence"
    definition = "The number of local calendar days with at least one event."
    number = "days"
    example = """\
id: days
kind: active_days"""
    params = ActiveDaysMetric

    def needs(self, metric: ActiveDaysMetric) -> tuple[Need, ...]:
        """Events by customer and day."""
        return (Need(by="day", where=metric.where),)

    def facts(self, metric: ActiveDaysMetric, value: Value, period: Period) -> Facts:
        """Give slots `n`, `of` (days of the period) and `share`; case `every` when no day is missing."""
        days = int(value.detail["exact"])
        slots: dict[str, Fact] = {
            "n": Quantity(days, "day"),
            "of": Quantity(period.days, "day"),
            "share": Ratio(days / period.days),
        }
        return Facts(slots, main="n", layout=self.layout, cases=("every",) if days == period.days else ())
