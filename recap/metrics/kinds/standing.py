"""Where a customer stands among all the others."""

from typing import Literal

from recap.campaign import Metric, MetricRef, Period
from recap.metrics.facts import Fact, Facts, Quantity, Ratio
from recap.metrics.kind import Kind, Tables
from recap.metrics.needs import Need
from recap.metrics.value import Value


class StandingMetric(Metric):
    """The rank in another metric."""

    kind: Literal["standing"]
    of: MetricRef
    """The id of the metric that is ranked."""


class Standing(Kind[StandingMetric]):
    """Rank and *top x %*."""

    name = "standing"
    family = "standing"
    definition = (
        "The exact rank in another metric over all customers who have a value of it; ties share the better "
        "rank. Top x % is the rank as a share of the cohort, rounded up."
    )
    number = "as the other metric's"
    detail = "as the other metric's, and `of`, its id"
    layout = "standing"
    least_number = 0
    params = StandingMetric

    def needs(self, metric: StandingMetric) -> tuple[Need, ...]:
        """Nothing but the other metric."""
        return ()

    def after(self, metric: StandingMetric) -> str:
        """Name the other metric."""
        return metric.of

    def query(self, metric: StandingMetric, tables: Tables) -> str:
        """Take the other metric's values; the ranks are made anew by this metric's direction."""
        # Put together as text: DuckDB's JSON functions would turn exact decimals into doubles.
        return f"""SELECT customer_id, number, text,
  '{{"of":"{metric.of}",' || substr(detail::VARCHAR, 2) AS detail, rows, alone
FROM {tables.metric(metric.of)} WHERE number IS NOT NULL"""

    def facts(self, metric: StandingMetric, value: Value, period: Period) -> Facts:
        """Give `top`, `rank`, `cohort`, `n`; case `first`."""
        slots: dict[str, Fact] = {
            "top": Ratio((value.top_percent or 100) / 100),
            "rank": Quantity(value.rank or value.cohort, "customer"),
            "cohort": Quantity(value.cohort, "customer"),
            "n": Quantity(value.detail.get("exact", value.number or 0)),
        }
        # A place that others share is not "first place".
        cases = ("first",) if value.rank == 1 and value.holders == 1 else ()
        return Facts(slots, main="top", layout=self.layout, cases=cases)
