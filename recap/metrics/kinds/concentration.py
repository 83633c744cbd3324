"""How a customer's activity is spread: the share of the leading thing, and how many things it comes to."""

from typing import Literal

from recap.campaign import FieldRef, Metric, Period
from recap.metrics.facts import Fact, Facts, Label, Quantity, Ratio
from recap.metrics.kind import Kind, Tables
from recap.metrics.kinds.top import TIES_KEPT, tied_labels
from recap.metrics.needs import Need
from recap.metrics.quotient import quotient
from recap.metrics.value import Value


class TopShareMetric(Metric):
    """The share of the leading value of a field."""

    kind: Literal["top_share"]
    by: FieldRef
    """The field whose values compete."""
    of: FieldRef | None = None
    """The numeric field that decides; without it the number of events does."""


class VarietyMetric(Metric):
    """How evenly events are spread over the values of a field."""

    kind: Literal["variety"]
    by: FieldRef
    """The field whose different values are looked at."""


class TopShare(Kind[TopShareMetric]):
    """How much of everything the leading value makes."""

    name = "top_share"
    family = "concentration"
    definition = (
        "The events (or the sum) of the leading value of a field as a share of those of all its values, to "
        "nine digits after the point, the rest cut off; null is none, and values whose sum is not above zero "
        "are left out. Ties are all named, in the order of their text."
    )
    number = "share, 0 to 1"
    detail = (
        "`exact`, `most` (of the leading value), `tied` (20 at most), `tied_count`, `groups`, `total` (these "
        "two of the values above zero)"
    )
    layout = "moment"
    has_share = True
    least_number = 0
    least_rows = 10
    example = """\
id: devotion
kind: top_share
by: category
of: quantity"""
    params = TopShareMetric

    def needs(self, metric: TopShareMetric) -> tuple[Need, ...]:
        """Events by customer and value."""
        return (Need(by="field", field=metric.by, of=metric.of, where=metric.where),)

    def query(self, metric: TopShareMetric, tables: Tables) -> str:
        """Find the leaders and divide by the total."""
        return f"""WITH entries AS (SELECT * FROM {tables.rollup(*self.needs(metric))} WHERE value > 0),
totals AS (
  SELECT customer_id, max(value) AS most, sum(value) AS total, sum(n)::BIGINT AS rows, count(*) AS groups
  FROM entries GROUP BY customer_id
),
ties AS (
  SELECT customer_id, count(*) AS tied_count, min(key, {TIES_KEPT}) AS tied
  FROM entries JOIN totals USING (customer_id) WHERE value = most GROUP BY customer_id
),
shares AS (SELECT *, {quotient("most", "total")} AS share FROM totals JOIN ties USING (customer_id))
SELECT customer_id, share AS number, tied[1] AS text, to_json({{
  'exact': share, 'most': most, 'tied': tied, 'tied_count': tied_count, 'groups': groups, 'total': total
}}) AS detail, rows, groups = 1 AS alone, share::DOUBLE AS share
FROM shares"""

    def facts(self, metric: TopShareMetric, value: Value, period: Period) -> Facts:
        """Give `share`, `label`, `labels`, `n` (of the leading one), `total`, `groups`; case `tied`."""
        detail = value.detail
        slots: dict[str, Fact] = {
            "share": Ratio(float(detail["exact"])),
            "label": Label(detail["tied"][0]),
            "labels": tied_labels(detail),
            "n": Quantity(detail["most"]),
            "total": Quantity(detail["total"]),
            "groups": Quantity(detail["groups"], "group"),
        }
        cases = ("tied",) if detail["tied_count"] > 1 else ()
        return Facts(slots, main="share", layout=self.layout, cases=cases)


class Variety(Kind[VarietyMetric]):
    """The effective number of values of a field."""

    name = "variety"
    family = "variety"
    definition = (
        "The effective number of different values of a field, that is how many equally frequent ones would "
        "be as varied: the square of the events divided by the sum of the squares of each value's events, to "
        "nine digits after the point, the rest cut off (Hill's number of order 2, the inverse Simpson index: "
        "M. O. Hill 1973, Ecology 54:427-432). Null is none."
    )
    number = "values, were they equally frequent"
    detail = (
        "`exact`, `groups` (different values), `concentration` (chance that two events are of one value), "
        "`total` (events)"
    )
    layout = "number"
    least_number = 2
    least_rows = 10
    example = """\
id: range
kind: variety
by: category"""
    params = VarietyMetric

    def needs(self, metric: VarietyMetric) -> tuple[Need, ...]:
        """Events by customer and value."""
        return (Need(by="field", field=metric.by, where=metric.where),)

    def query(self, metric: VarietyMetric, tables: Tables) -> str:
        """Sum the squares of the groups."""
        square = "total * total"
        return f"""WITH sums AS (
  SELECT customer_id, sum(n) AS total, sum(n * n) AS squares, count(*) AS groups
  FROM {tables.rollup(*self.needs(metric))} GROUP BY customer_id
),
spread AS (
  SELECT *, {quotient(square, "squares")} AS effective, {quotient("squares", square)} AS concentration
  FROM sums
)
SELECT customer_id, effective AS number, NULL AS text, to_json({{
  'exact': effective, 'groups': groups, 'concentration': concentration, 'total': total
}}) AS detail, total::BIGINT AS rows, groups = 1 AS alone
FROM spread"""

    def facts(self, metric: VarietyMetric, value: Value, period: Period) -> Facts:
        """Give `groups`, `even` (the effective number, cut off), `n`; case `even`: it is half of them."""
        exact, groups = value.detail["exact"], value.detail["groups"]
        slots: dict[str, Fact] = {
            "groups": Quantity(groups),
            "even": Quantity(int(exact)),
            "n": Quantity(value.detail["total"], "event"),
        }
        cases = ("even",) if 2 * exact >= groups else ()
        return Facts(slots, main="groups", layout=self.layout, cases=cases)
