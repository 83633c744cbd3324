"""Round numbers: the hundredth event, the thousandth, when it was and what."""

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from recap.campaign import FieldRef, Metric, Period
from recap.metrics.facts import Facts, Quantity
from recap.metrics.kind import Kind, Tables
from recap.metrics.kinds.moments import moment_slots
from recap.metrics.needs import Need
from recap.metrics.value import Value
from recap.sources.sql import quote

ROUND = (100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000)


def _ascending(numbers: tuple[int, ...]) -> tuple[int, ...]:
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        message = "list the milestones from small to large, each once"
        raise ValueError(message)
    return numbers


Milestones = Annotated[
    tuple[Annotated[int, Field(ge=1, le=1_000_000_000)], ...], Field(min_length=1), AfterValidator(_ascending)
]


class MilestoneMetric(Metric):
    """The largest round number reached."""

    kind: Literal["milestone"]
    at: Milestones = ROUND
    """The numbers of events worth telling, from small to large."""
    label: FieldRef | None = None
    """The field that says what the event was."""
    from_before: bool = True
    """Whether counting begins with the first event ever; otherwise with the period's first."""


class Milestone(Kind[MilestoneMetric]):
    """The largest of some round numbers that was reached in the period."""

    name = "milestone"
    family = "milestone"
    definition = (
        "The largest of the numbers in `at` that the customer's events, counted from the first ever (with "
        "`from_before: false` from the period's first), reached in the period, and the event that reached "
        "it. Events are counted by local day, within a day in the order of time, at one moment by label "
        "(null last)."
    )
    number = "events"
    detail = (
        "`exact`, `time` (local), `label`, `reached` (all numbers reached in the period), `total` (events "
        "counted to the period's end)"
    )
    layout = "milestone"
    days = ("$.time",)
    least_number = 0
    example = """\
id: milestone
kind: milestone
at: [10, 50, 100]
label: product
title: A round number"""
    params = MilestoneMetric

    def needs(self, metric: MilestoneMetric) -> tuple[Need, ...]:
        """Events by customer and day."""
        return (Need(by="day", where=metric.where, span="ever" if metric.from_before else "period"),)

    def query(self, metric: MilestoneMetric, tables: Tables) -> str:
        """Find the day on the rollup of days, and only then look at that day's events."""
        at = ", ".join(str(number) for number in metric.at)
        label = f"{quote(metric.label)}::VARCHAR" if metric.label else "NULL::VARCHAR"
        condition = f" WHERE {metric.where}" if metric.where else ""
        return f"""WITH days AS (SELECT * FROM {tables.rollup(*self.needs(metric))}),
counted AS (
  SELECT customer_id, sum(n)::BIGINT AS total,
    coalesce(sum(n) FILTER (WHERE key < DATE '{tables.period.start}'), 0)::BIGINT AS earlier
  FROM days GROUP BY customer_id
),
told AS (
  SELECT customer_id, total, list_filter([{at}]::BIGINT[], lambda k: k > earlier AND k <= total) AS reached,
    reached[-1] AS k
  FROM counted WHERE len(reached) > 0
),
reaching AS (
  SELECT customer_id, key AS day, k, reached, total,
    k - sum(n) OVER (PARTITION BY customer_id ORDER BY key ROWS UNBOUNDED PRECEDING) + n AS place
  FROM days JOIN told USING (customer_id) QUALIFY place BETWEEN 1 AND n
),
candidates AS (
  SELECT reaching.*, ts, label,
    row_number() OVER (PARTITION BY customer_id ORDER BY instant, label NULLS LAST) AS nth
  FROM (
    SELECT customer_id, ts, {tables.instant} AS instant, {label} AS label FROM {tables.events}{condition}
  )
  JOIN reaching USING (customer_id) WHERE ts::DATE = day
)
SELECT customer_id, k AS number, label AS text, to_json({{
  'exact': k, 'time': ts, 'label': label, 'reached': reached, 'total': total
}}) AS detail, k AS rows, false AS alone
FROM candidates WHERE nth = place"""

    def facts(self, metric: MilestoneMetric, value: Value, period: Period) -> Facts:
        """Give `n`, `moment` and, in case `labelled`, `label`."""
        slots, cases = moment_slots(value.detail)
        slots["n"] = Quantity(value.detail["exact"])
        return Facts(slots, main="n", layout=self.layout, cases=cases)
