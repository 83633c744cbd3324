"""Shared by the kinds that find a customer's longest run: days in a row, weeks in a row."""

from datetime import date
from typing import Any, TypeVar

from recap.campaign import Metric
from recap.metrics.kind import Kind
from recap.metrics.needs import Need


class RunMetric(Metric):
    """What the kinds have in common."""

    from_before: bool = False
    """Whether what lies before the period and leads into it counts."""


R = TypeVar("R", bound=RunMetric)


class Run(Kind[R]):
    """A run of days, or of what days are in."""

    family = "streak"
    layout = "streak"
    least_number = 3
    days = ("$.first_day", "$.last_day")

    def needs(self, metric: R) -> tuple[Need, ...]:
        """Events by customer and day."""
        return (Need(by="day", where=metric.where, span="ever" if metric.from_before else "period"),)


def run_cases(detail: Any) -> tuple[str, ...]:
    """Say which sentences fit a run: it began earlier, it still goes on, others are as long."""
    fits = {
        "began_before": detail["began_before"],
        "running": detail["running"],
        "tied": detail["tied_runs"] > 1,
    }
    return tuple(case for case, holds in fits.items() if holds)


def longest_runs(steps: str, *, stride: int, reaching: date) -> str:
    """Select `customer_id, run, tied_runs` from `steps` (`customer_id, step, n, first_day, last_day`).

    `steps` is a subquery with a row a customer and step: a day or the Monday of a week, the events in it,
    and the first and the last day with one. Steps `stride` days apart make a run. Only runs with an event on
    `reaching` or later compete; `run` is the longest as a struct `minus` (its length, negated), `first_step`,
    `last_step`, `first_day`, `events`; of equally long ones the earliest, and `tied_runs` counts them.
    """
    # With a customer's steps numbered, step minus stride times number is constant inside a run.
    return f"""WITH numbered AS (
  SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY step) AS place FROM {steps}
),
runs AS (
  SELECT customer_id, count(*) AS steps, min(step) AS first_step, max(step) AS last_step,
    min(first_day) AS first_day, sum(n)::BIGINT AS events
  FROM numbered GROUP BY customer_id, step - {stride} * place::INTEGER
  HAVING max(last_day) >= DATE '{reaching}'
),
longest AS (
  SELECT customer_id, min({{'minus': -steps, 'first_step': first_step, 'last_step': last_step,
    'first_day': first_day, 'events': events}}) AS run
  FROM runs GROUP BY customer_id
)
SELECT customer_id, any_value(run) AS run, count(*) AS tied_runs
FROM runs JOIN longest USING (customer_id) WHERE steps = -run.minus GROUP BY customer_id"""
