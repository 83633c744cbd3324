"""Where a customer stands among all the others."""

from typing import Literal

from recap.campaign import Metric, MetricRef, Period
from recap.metrics.facts import Fact, Facts, Label, Quantity, Ratio
from recap.metrics.kind import Kind, Tables
from recap.metrics.needs import Need
from recap.metrics.value import Value


class StandingMetric(Metric):
    """The rank in another metric."""

    kind: Literal["standing"]
    of: MetricRef
    """The id of the metric that is ranked."""
    within: MetricRef | None = None
    """The id of a metric with a text, such as a `top` by country: only customers with the same text are
    compared."""


class Standing(Kind[StandingMetric]):
    """Rank and *top x %*."""

    name = "standing"
    family = "standing"
    definition = (
        "The exact rank in another metric over all customers who have a value of it, or over those who share "
        "a group; ties share the better rank. Top x % is the rank as a share of the cohort, rounded up."
    )
    number = "as the other metric's"
    detail = "as the other metric's, and `of`, its id, and `group`, the text that makes the cohort, or null"
    layout = "standing"
    labels = ("$.group",)
    compares = True
    least_number = 0
    example = "id: ahead\nkind: standing\nof: visits\n"
    params = StandingMetric

    def needs(self, metric: StandingMetric) -> tuple[Need, ...]:
        """Nothing but the other metric."""
        return ()

    def after(self, metric: StandingMetric) -> tuple[str, ...]:
        """Name the other metric, and the one whose text makes the cohorts."""
        return (metric.of,) if metric.within is None else (metric.of, metric.within)

    def query(self, metric: StandingMetric, tables: Tables) -> str:
        """Take the other metric's values; the ranks are made anew by this metric's direction."""
        grouped = metric.within is not None
        group = "to_json(g.text)::VARCHAR" if grouped else "'null'"
        groups = f" JOIN {tables.metric(metric.within)} g USING (customer_id)" if metric.within else ""
        # Put together as text: DuckDB's JSON functions would turn exact decimals into doubles. What is added
        # comes last, and so is what is read where the other metric has such keys of its own.
        return f"""SELECT customer_id, v.number, v.text,
  substr(v.detail::VARCHAR, 1, length(v.detail::VARCHAR) - 1) || ',"of":"{metric.of}","group":' || {group}
    || '}}' AS detail,
  v.rows, v.alone{", g.text AS cohort_of" if grouped else ""}
FROM {tables.metric(metric.of)} v{groups}
WHERE v.number IS NOT NULL{" AND g.text IS NOT NULL" if grouped else ""}"""

    def facts(self, metric: StandingMetric, value: Value, period: Period) -> Facts:
        """Give `top`, `rank`, `cohort`, `n`; case `grouped` with `group`, or case `first`."""
        slots: dict[str, Fact] = {
            "top": Ratio((value.top_percent or 100) / 100),
            "rank": Quantity(value.rank or value.cohort, "customer"),
            "cohort": Quantity(value.cohort, "customer"),
            "n": Quantity(value.detail.get("exact", value.number or 0)),
        }
        # A place that others share is not "first place".
        cases = ("first",) if value.rank == 1 and value.holders == 1 else ()
        if value.detail["group"] is not None:
            slots["group"] = Label(value.detail["group"])
            cases = ("grouped",)
        return Facts(slots, main="top", layout=self.layout, cases=cases)
