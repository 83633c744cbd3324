"""What most often goes together: the commonest pair within an order, a receipt, a session."""

from typing import Literal

from pydantic import Field

from recap.campaign import FieldRef, Metric, Period
from recap.metrics.facts import Fact, Facts, Label, Quantity
from recap.metrics.kind import Kind, Tables
from recap.metrics.needs import Need
from recap.metrics.value import Value
from recap.sources.sql import quote


class PairMetric(Metric):
    """Two things that are often together."""

    kind: Literal["pair"]
    by: FieldRef
    """The field whose values make pairs."""
    within: FieldRef
    """The field whose equal values hold events together: an order's number, a receipt's."""
    at_most: int = Field(default=50, ge=2, le=200)
    """A basket with more different things is left out: in it everything goes with everything."""


class Pair(Kind[PairMetric]):
    """The pair that most baskets hold."""

    name = "pair"
    family = "pair"
    definition = (
        "The two values of a field that most of the customer's baskets hold together; a basket is the events "
        "with the same value of another field, and counts if it holds two different values or more, but not "
        "too many. Null is none. Of pairs equally common the one that sorts first is told."
    )
    number = "baskets that hold both"
    detail = (
        "`exact`, `pair` (the two, in the order of their text), `tied_count` (pairs as common), `baskets` "
        "(those that count)"
    )
    labels = ("$.pair[0]", "$.pair[1]")
    layout = "pair"
    least_number = 3
    example = "id: go_together\nkind: pair\nby: product\nwithin: receipt\n"
    params = PairMetric

    def needs(self, metric: PairMetric) -> tuple[Need, ...]:
        """Nothing that others share: baskets are grouped by two fields."""
        return ()

    def query(self, metric: PairMetric, tables: Tables) -> str:
        """Put each basket's things beside each other, and count the pairs."""
        by, within = quote(metric.by), quote(metric.within)
        condition = f" AND {metric.where}" if metric.where else ""
        return f"""WITH things AS (
  SELECT customer_id, {within}::VARCHAR AS basket, {by}::VARCHAR AS thing, count(*) AS n
  FROM {tables.events} WHERE {within} IS NOT NULL AND {by} IS NOT NULL{condition} GROUP BY ALL
),
baskets AS (
  SELECT customer_id, basket, sum(n)::BIGINT AS n FROM things GROUP BY ALL
  HAVING count(*) BETWEEN 2 AND {metric.at_most}
),
held AS (SELECT customer_id, basket, thing FROM things SEMI JOIN baskets USING (customer_id, basket)),
pairs AS (
  SELECT one.customer_id, one.thing AS a, other.thing AS b, count(*) AS together
  FROM held one JOIN held other
    ON one.customer_id = other.customer_id AND one.basket = other.basket AND one.thing < other.thing
  GROUP BY ALL
),
leaders AS (
  SELECT customer_id, max(together) AS most, min({{'minus': -together, 'a': a, 'b': b}}) AS pair
  FROM pairs GROUP BY customer_id
),
ties AS (
  SELECT customer_id, count(*) AS tied_count FROM pairs JOIN leaders USING (customer_id)
  WHERE together = most GROUP BY customer_id
),
totals AS (
  SELECT customer_id, count(*) AS baskets, sum(n)::BIGINT AS events FROM baskets GROUP BY customer_id
)
SELECT customer_id, most AS number, pair.a || ' + ' || pair.b AS text, to_json({{
  'exact': most, 'pair': [pair.a, pair.b], 'tied_count': tied_count, 'baskets': baskets
}}) AS detail, events AS "rows", false AS alone
FROM leaders JOIN ties USING (customer_id) JOIN totals USING (customer_id)"""

    def facts(self, metric: PairMetric, value: Value, period: Period) -> Facts:
        """Give `first`, `second`, `n` and `baskets`; case `tied`."""
        detail = value.detail
        first, second = detail["pair"]
        slots: dict[str, Fact] = {
            "first": Label(first),
            "second": Label(second),
            "n": Quantity(detail["exact"]),
            "baskets": Quantity(detail["baskets"]),
        }
        cases = ("tied",) if detail["tied_count"] > 1 else ()
        return Facts(slots, main="first", layout=self.layout, cases=cases, second="second")
