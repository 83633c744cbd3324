"""What all customers did together."""

from typing import Literal

from recap.campaign import FieldRef, Metric, Period
from recap.metrics.facts import Fact, Facts, Quantity
from recap.metrics.kind import Kind, Tables
from recap.metrics.needs import Need
from recap.metrics.value import Value


class CommunityMetric(Metric):
    """Everyone's total."""

    kind: Literal["community"]
    of: FieldRef | None = None
    """The numeric field to add up; without it events are counted."""
    direction: Literal["more", "less", "none"] = "none"


class Community(Kind[CommunityMetric]):
    """One total of the whole base, told to everyone with a part in it."""

    name = "community"
    family = "community"
    definition = (
        "The number of events of all customers in the period (or the sum of a field), told to every customer "
        "with an own part in it."
    )
    number = "events of everyone, or the field's unit"
    detail = "`exact`, `customers` (with at least one counted event), `own` (this customer's part)"
    layout = "community"
    claims = False
    example = "id: together\nkind: community\nof: amount\ncurrency: EUR\n"
    params = CommunityMetric

    def needs(self, metric: CommunityMetric) -> tuple[Need, ...]:
        """One total a customer."""
        return (Need(of=metric.of, where=metric.where),)

    def over_base(self, metric: CommunityMetric) -> bool:
        """Say that it does: it is about nothing else."""
        return True

    def gather(self, metric: CommunityMetric, tables: Tables) -> str:
        """Keep everyone's own total."""
        return f"SELECT customer_id, n, value FROM {tables.rollup(*self.needs(metric))}"

    def query(self, metric: CommunityMetric, tables: Tables) -> str:
        """Add all up, and put each customer's own beside it."""
        return f"""WITH together AS (
  SELECT sum(value) AS total, count(*) AS customers, sum(n)::BIGINT AS events FROM {tables.gathered}
)
SELECT customer_id, total AS number, NULL::VARCHAR AS text, to_json({{
  'exact': total, 'customers': customers, 'own': value
}}) AS detail, events AS "rows", false AS alone
FROM {tables.gathered}, together"""

    def facts(self, metric: CommunityMetric, value: Value, period: Period) -> Facts:
        """Give `n`, `customers` and `own`."""
        detail = value.detail
        slots: dict[str, Fact] = {
            "n": Quantity(detail["exact"]),
            "customers": Quantity(detail["customers"], "customer"),
            "own": Quantity(detail["own"]),
        }
        return Facts(slots, main="n", layout=self.layout)
