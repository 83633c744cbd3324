"""How long a customer has been there: since the first event ever."""

from datetime import date, datetime
from typing import Literal

from recap.campaign import Metric, Period
from recap.metrics.facts import Day, Fact, Facts, Quantity
from recap.metrics.kind import Kind, Tables
from recap.metrics.needs import Need
from recap.metrics.value import Value


class TenureMetric(Metric):
    """Time since the first event ever."""

    kind: Literal["tenure"]


class Tenure(Kind[TenureMetric]):
    """Days since the first event ever, and the anniversary in the period."""

    name = "tenure"
    family = "tenure"
    definition = (
        "The days from the local day of the customer's first event ever to the period's last day, for "
        "customers with an event in the period. A year is complete on the same day of a later year, for "
        "February 29 on February 28 where there is no other; of several such days in the period the last is "
        "the anniversary."
    )
    number = "days"
    detail = (
        "`exact`, `time` (local, of the first event), `years` (complete ones on the period's last day), "
        "`anniversary` (the day in the period, or null), `new` (the first event is in the period)"
    )
    layout = "moment"
    days = ("$.time", "$.anniversary")
    least_number = 30
    example = """\
id: with_us_since
kind: tenure"""
    params = TenureMetric

    def needs(self, metric: TenureMetric) -> tuple[Need, ...]:
        """Pick the first event ever, and see whether there is one in the period."""
        return (
            Need(where=metric.where, pick="first", span="ever"),
            Need(where=metric.where),
        )

    def query(self, metric: TenureMetric, tables: Tables) -> str:
        """Count days and years since; DuckDB adds years to February 29 by the same rule."""
        first, active = (tables.rollup(need) for need in self.needs(metric))
        start, end = f"DATE '{tables.period.start}'", f"DATE '{tables.period.end}'"
        return f"""WITH firsts AS (
  SELECT customer_id, picked.ts AS time, picked.ts::DATE AS day, year({end}) - year(picked.ts) AS turns
  FROM {first} SEMI JOIN {active} USING (customer_id)
),
aged AS (
  SELECT *, turns - CASE WHEN (day + to_years(turns))::DATE > {end} THEN 1 ELSE 0 END AS years FROM firsts
),
turned AS (SELECT *, (day + to_years(years))::DATE AS turned FROM aged)
SELECT customer_id, {end} - day AS number, NULL AS text, to_json({{
  'exact': {end} - day, 'time': time, 'years': years,
  'anniversary': CASE WHEN years >= 1 AND turned >= {start} THEN turned END, 'new': day >= {start}
}}) AS detail, 1::BIGINT AS rows, false AS alone
FROM turned"""

    def facts(self, metric: TenureMetric, value: Value, period: Period) -> Facts:
        """Give `first`, `n`, `years`; cases `new`, `anniversary` (with the day), `years` (one or more)."""
        detail = value.detail
        slots: dict[str, Fact] = {
            "n": Quantity(detail["exact"], "day"),
            "years": Quantity(detail["years"], "year"),
            "first": Day(datetime.fromisoformat(detail["time"]).date()),
        }
        if detail["anniversary"] is not None:
            slots["day"] = Day(date.fromisoformat(detail["anniversary"]))
        held = {"new": detail["new"], "anniversary": "day" in slots, "years": detail["years"] >= 1}
        cases = tuple(name for name, holds in held.items() if holds)
        return Facts(slots, main="first", layout=self.layout, cases=cases)
