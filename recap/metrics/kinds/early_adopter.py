"""Who was there first: among the first customers of something that many came to."""

from typing import Literal

from pydantic import Field

from recap.campaign import FieldRef, Metric, Period
from recap.metrics.facts import Fact, Facts, Label, Quantity
from recap.metrics.kind import Kind, Tables
from recap.metrics.kinds.moments import moment_slots
from recap.metrics.needs import Need
from recap.metrics.value import Value


class EarlyAdopterMetric(Metric):
    """A place among the first."""

    kind: Literal["early_adopter"]
    direction: Literal["more", "less", "none"] = "less"
    by: FieldRef
    """The field whose values have first customers: songs, products."""
    first: int = Field(default=100, ge=1, le=10_000)
    """Places that count as early."""
    customers_at_least: int = Field(default=1000, ge=1)
    """Customers that must have come to it by the period's end."""


class EarlyAdopter(Kind[EarlyAdopterMetric]):
    """A customer's place among the first ones of a value."""

    name = "early_adopter"
    family = "early"
    definition = (
        "The customer's place in the order in which customers first came to a value of a field, ever; who "
        "came at the same moment shares the better place. Only values the customer came to in the period, "
        "with a place among the first, and that many customers came to by its end. Of several the one with "
        "the most customers is told; then the better place; then the text that sorts first."
    )
    number = "the place, from 1"
    detail = (
        "`exact`, `label`, `place`, `customers` (ever), `time` (local, the customer's first), `shared` "
        "(another customer came at the same moment), `found` (values with such a place)"
    )
    layout = "moment"
    compares = True
    days = ("$.time",)
    least_number = 0
    example = """\
id: ahead_of_others
kind: early_adopter
by: product
first: 25
customers_at_least: 60"""
    params = EarlyAdopterMetric

    def needs(self, metric: EarlyAdopterMetric) -> tuple[Need, ...]:
        """Ask for the first event ever by customer and value."""
        return (Need(by="field", field=metric.by, where=metric.where, pick="first", span="ever"),)

    def over_base(self, metric: EarlyAdopterMetric) -> bool:
        """Say that it does: a place is one among all customers."""
        return True

    def gather(self, metric: EarlyAdopterMetric, tables: Tables) -> str:
        """Keep for each value how many customers came to it, and those who may be among the first.

        Among the first of all is only who is among the first of a part. Who came with the last of these is
        kept too, as they all share that place.
        """
        return f"""WITH firsts AS (
  SELECT customer_id, key AS label, picked."at" AS came, picked.ts AS ts
  FROM {tables.rollup(*self.needs(metric))}
),
labels AS (
  SELECT label, count(*) AS customers, min(came, {metric.first})[-1] AS latest FROM firsts GROUP BY label
)
SELECT NULL AS customer_id, label, customers, NULL AS came, NULL AS ts FROM labels
UNION ALL
SELECT customer_id, label, NULL, came, ts FROM firsts JOIN labels USING (label) WHERE came <= latest"""

    def query(self, metric: EarlyAdopterMetric, tables: Tables) -> str:
        """Put the early ones of what many came to in order, and take each customer's best."""
        return f"""WITH popular AS (
  SELECT label, sum(customers)::BIGINT AS customers FROM {tables.gathered}
  GROUP BY label HAVING sum(customers) >= {metric.customers_at_least}
),
placed AS (
  SELECT early.customer_id, label, popular.customers, ts,
    rank() OVER (PARTITION BY label ORDER BY came) AS place,
    count(*) OVER (PARTITION BY label, came) > 1 AS shared
  FROM {tables.gathered} early JOIN popular USING (label) WHERE came IS NOT NULL
),
told AS (
  SELECT customer_id, count(*) AS found, min({{
    'minus': -customers, 'place': place, 'label': label, 'time': ts, 'shared': shared
  }}) AS best
  FROM placed WHERE place <= {metric.first} AND ts >= DATE '{tables.period.start}'
  GROUP BY customer_id
)
SELECT customer_id, best.place AS number, best.label AS text, to_json({{
  'exact': best.place, 'label': best.label, 'place': best.place, 'customers': -best.minus,
  'time': best.time, 'shared': best.shared, 'found': found
}}) AS detail, 1::BIGINT AS "rows", false AS alone
FROM told"""

    def facts(self, metric: EarlyAdopterMetric, value: Value, period: Period) -> Facts:
        """Give `label`, `n` (the place), `customers` and `moment`; case `first`."""
        detail = value.detail
        slots, _ = moment_slots(detail)
        more: dict[str, Fact] = {
            "label": Label(detail["label"]),
            "n": Quantity(detail["place"], "customer"),
            "customers": Quantity(detail["customers"], "customer"),
        }
        cases = ("first",) if detail["place"] == 1 and not detail["shared"] else ()
        return Facts({**slots, **more}, main="n", layout=self.layout, cases=cases)
