"""The longest run of days in a row."""

from datetime import date
from typing import Literal

from recap.campaign import Period
from recap.metrics.facts import Day, Fact, Facts, Quantity
from recap.metrics.kind import Tables
from recap.metrics.kinds.runs import Run, RunMetric, longest_runs, run_cases
from recap.metrics.value import Value


class StreakMetric(RunMetric):
    """Days in a row."""

    kind: Literal["streak"]


class Streak(Run[StreakMetric]):
    """The longest run of consecutive days with an event."""

    name = "streak"
    definition = (
        "The longest run of consecutive local days with at least one event, inside the period; with "
        "`from_before` the longest that reaches into the period, with its days before it. Of runs equally "
        "long the earliest is told."
    )
    number = "days"
    detail = (
        "`exact`, `first_day`, `last_day`, `tied_runs`, `running` (it reaches the period's last day), "
        "`began_before` (it began before the period)"
    )
    example = """\
id: streak
kind: streak
from_before: true
title: Days in a row"""
    params = StreakMetric

    def query(self, metric: StreakMetric, tables: Tables) -> str:
        """Find the runs of days."""
        days = f"""(
  SELECT customer_id, key AS step, n, key AS first_day, key AS last_day
  FROM {tables.rollup(*self.needs(metric))}
)"""
        return f"""SELECT customer_id, -run.minus AS number, NULL AS text, to_json({{
  'exact': -run.minus, 'first_day': run.first_step, 'last_day': run.last_step, 'tied_runs': tied_runs,
  'running': run.last_step = DATE '{tables.period.end}',
  'began_before': run.first_day < DATE '{tables.period.start}'
}}) AS detail, run.events AS rows, false AS alone
FROM ({longest_runs(days, stride=1, reaching=tables.period.start)})"""

    def facts(self, metric: StreakMetric, value: Value, period: Period) -> Facts:
        """Give `n`, `first`, `last`; cases `running`, `tied`."""
        detail = value.detail
        slots: dict[str, Fact] = {
            "n": Quantity(int(detail["exact"]), "day"),
            "first": Day(date.fromisoformat(detail["first_day"])),
            "last": Day(date.fromisoformat(detail["last_day"])),
        }
        return Facts(slots, main="n", layout=self.layout, cases=run_cases(detail))
