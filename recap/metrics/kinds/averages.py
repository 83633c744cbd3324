"""What one event is like: the average, the least and the largest amount."""

from typing import ClassVar, Literal

from recap.campaign import FieldRef, Metric, Period
from recap.metrics.facts import Facts, Quantity
from recap.metrics.kind import Kind, Tables
from recap.metrics.kinds.totals import Total
from recap.metrics.needs import Fold, Need
from recap.metrics.quotient import quotient
from recap.metrics.value import Value


class AmountMetric(Metric):
    """What the three have in common."""

    of: FieldRef
    """The numeric field."""


class AverageMetric(AmountMetric):
    """The amount of an average event."""

    kind: Literal["average"]


class MinimumMetric(AmountMetric):
    """The smallest amount."""

    kind: Literal["minimum"]
    direction: Literal["more", "less", "none"] = "less"
    """Which end is worth telling; `none` is never ranked."""


class MaximumMetric(AmountMetric):
    """The largest amount."""

    kind: Literal["maximum"]


class Average(Kind[AverageMetric]):
    """The mean of a field."""

    name = "average"
    family = "average"
    definition = (
        "The sum of a field divided by the number of events in which it is not null, to nine digits after "
        "the point; what comes after them is cut off."
    )
    number = "the field's unit, for one event"
    detail = "`exact`, `total` (the sum)"
    layout = "number"
    least_number = 0
    least_rows = 5
    example = """\
id: line_average
kind: average
of: amount
where: quantity > 0
currency: EUR"""
    params = AverageMetric

    def needs(self, metric: AverageMetric) -> tuple[Need, ...]:
        """One total a customer."""
        return (Need(of=metric.of, where=metric.where),)

    def query(self, metric: AverageMetric, tables: Tables) -> str:
        """Divide the total by its events."""
        return f"""SELECT customer_id, average AS number, NULL AS text,
  to_json({{'exact': average, 'total': value}}) AS detail, n AS rows, false AS alone
FROM (SELECT *, {quotient("value", "n")} AS average FROM {tables.rollup(*self.needs(metric))})"""

    def facts(self, metric: AverageMetric, value: Value, period: Period) -> Facts:
        """Give `n`, `total` and `events`."""
        slots = {
            "n": Quantity(value.detail["exact"]),
            "total": Quantity(value.detail["total"]),
            "events": Quantity(value.rows, "event"),
        }
        return Facts(slots, main="n", layout=self.layout)


class Extreme(Total[AmountMetric]):
    """The minimum and the maximum share everything but the end."""

    family = "extreme"
    number = "the field's unit"
    least_number = 0
    least_rows = 5
    fold: ClassVar[Fold]

    def needs(self, metric: AmountMetric) -> tuple[Need, ...]:
        """One amount a customer."""
        return (Need(of=metric.of, where=metric.where, fold=self.fold),)

    def query(self, metric: AmountMetric, tables: Tables) -> str:
        """Read the amount; one alone is the least and the largest of nothing else."""
        return f"""SELECT customer_id, value AS number, NULL AS text, to_json({{'exact': value}}) AS detail,
  n AS rows, n = 1 AS alone
FROM {tables.rollup(*self.needs(metric))}"""


class Minimum(Extreme):
    """The smallest amount of an event."""

    name = "minimum"
    definition = (
        "The smallest amount of a field in any event, negative ones included; nulls are none. Without a "
        "`direction` of its own, less is better."
    )
    fold = "least"
    example = """\
id: smallest_line
kind: minimum
of: amount
where: quantity > 0
currency: EUR"""
    params: type[AmountMetric] = MinimumMetric


class Maximum(Extreme):
    """The largest amount of an event."""

    name = "maximum"
    definition = "The largest amount of a field in any event; nulls are none."
    fold = "most"
    example = """\
id: largest_line
kind: maximum
of: amount
currency: EUR"""
    params: type[AmountMetric] = MaximumMetric
