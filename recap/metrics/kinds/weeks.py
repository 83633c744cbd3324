"""The longest run of weeks in a row."""

from datetime import date, timedelta
from typing import Literal

from recap.campaign import Period
from recap.metrics.facts import Day, Fact, Facts, Quantity
from recap.metrics.kind import Tables
from recap.metrics.kinds.runs import Run, RunMetric, longest_runs, run_cases
from recap.metrics.value import Value


class WeeklyStreakMetric(RunMetric):
    """Weeks in a row."""

    kind: Literal["weekly_streak"]


class WeeklyStreak(Run[WeeklyStreakMetric]):
    """The longest run of consecutive ISO weeks with an event."""

    name = "weekly_streak"
    definition = (
        "The longest run of consecutive ISO weeks (Monday to Sunday of local days, New Year or not) with at "
        "least one event in the period; with `from_before` the longest whose last event is in the period, "
        "with its weeks before it. Of runs equally long the earliest is told."
    )
    number = "weeks"
    detail = (
        "`exact`, `first_week`, `last_week` (their Mondays), `tied_runs`, `running` (it reaches the week of "
        "the period's last day), `began_before` (an event of it is before the period)"
    )
    example = """\
id: weeks
kind: weekly_streak
title: Weeks in a row"""
    params = WeeklyStreakMetric
    days = ("$.first_week", "$.last_week+6")

    def query(self, metric: WeeklyStreakMetric, tables: Tables) -> str:
        """Regroup the days by the Monday of their week and find the runs of weeks."""
        period = tables.period
        weeks = f"""(
  SELECT customer_id, date_trunc('week', key)::DATE AS step, sum(n) AS n, min(key) AS first_day,
    max(key) AS last_day
  FROM {tables.rollup(*self.needs(metric))} GROUP BY ALL
)"""
        return f"""SELECT customer_id, -run.minus AS number, NULL AS text, to_json({{
  'exact': -run.minus, 'first_week': run.first_step, 'last_week': run.last_step, 'tied_runs': tied_runs,
  'running': run.last_step = DATE '{_monday(period.end)}',
  'began_before': run.first_day < DATE '{period.start}'
}}) AS detail, run.events AS rows, false AS alone
FROM ({longest_runs(weeks, stride=7, reaching=period.start)})"""

    def facts(self, metric: WeeklyStreakMetric, value: Value, period: Period) -> Facts:
        """Give `n`, `first` (a Monday), `last` (a Sunday, or the period's last day); `running`, `tied`."""
        detail = value.detail
        sunday = date.fromisoformat(detail["last_week"]) + timedelta(days=6)
        slots: dict[str, Fact] = {
            "n": Quantity(int(detail["exact"]), "week"),
            "first": Day(date.fromisoformat(detail["first_week"])),
            "last": Day(min(sunday, period.end)),
        }
        return Facts(slots, main="n", layout=self.layout, cases=run_cases(detail))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
