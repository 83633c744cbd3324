"""The longest run of days in a row."""

from datetime import date
from typing import Literal

from recap.campaign import Metric, Period
from recap.metrics.facts import Day, Fact, Facts, Quantity
from recap.metrics.kind import Kind, Tables
from recap.metrics.needs import Need
from recap.metrics.value import Value


class StreakMetric(Metric):
    """Days in a row."""

    kind: Literal["streak"]


class Streak(Kind[StreakMetric]):
    """The longest run of consecutive days with an event."""

    name = "streak"
    family = "streak"
    definition = (
        "The longest run of consecutive local days with at least one event, inside the period. Of runs "
        "equally long the earliest is told."
    )
    number = "days"
    detail = "`first_day`, `last_day`, `tied_runs`, `running` (it reaches the period's last day)"
    layout = "streak"
    least_number = 3
    params = StreakMetric

    def needs(self, metric: StreakMetric) -> tuple[Need, ...]:
        """Events by customer and day."""
        return (Need(by="day", where=metric.where),)

    def query(self, metric: StreakMetric, tables: Tables) -> str:
        """Find the runs: with a customer's days numbered, day minus number is constant inside a run."""
        return f"""WITH numbered AS (
  SELECT customer_id, key AS day, n, row_number() OVER (PARTITION BY customer_id ORDER BY key) AS place
  FROM {tables.rollup(*self.needs(metric))}
),
runs AS (
  SELECT customer_id, count(*) AS days, min(day) AS first_day, max(day) AS last_day, sum(n)::BIGINT AS events
  FROM numbered GROUP BY customer_id, day - place::INTEGER
),
longest AS (
  SELECT customer_id, min({{'minus': -days, 'first_day': first_day, 'last_day': last_day, 'events': events}})
    AS run
  FROM runs GROUP BY customer_id
),
ties AS (
  SELECT customer_id, count(*) AS tied_runs FROM runs JOIN longest USING (customer_id)
  WHERE days = -run.minus GROUP BY customer_id
)
SELECT customer_id, -run.minus AS number, NULL AS text, to_json({{
  'exact': -run.minus, 'first_day': run.first_day, 'last_day': run.last_day, 'tied_runs': tied_runs,
  'running': run.last_day = DATE '{tables.last_day}'
}}) AS detail, run.events AS rows, false AS alone
FROM longest JOIN ties USING (customer_id)"""

    def facts(self, metric: StreakMetric, value: Value, period: Period) -> Facts:
        """Give `n`, `first`, `last`; cases `running`, `tied`."""
        detail = value.detail
        slots: dict[str, Fact] = {
            "n": Quantity(int(detail["exact"]), "day"),
            "first": Day(date.fromisoformat(detail["first_day"])),
            "last": Day(date.fromisoformat(detail["last_day"])),
        }
        cases = [
            name
            for name, holds in (("running", detail["running"]), ("tied", detail["tied_runs"] > 1))
            if holds
        ]
        return Facts(slots, main="n", layout=self.layout, cases=tuple(cases))
