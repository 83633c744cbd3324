"""The usual way: one query for each metric over the loaded events, ranked by a window."""

import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.metrics.process import Steps, measure
from recap.sources.connection import connect

LOAD = """CREATE TABLE events AS
SELECT card AS customer_id, bought_at AS ts, receipt, product, category, quantity,
  (quantity * price)::DECIMAL(18, 2) AS amount
FROM read_parquet('{path}') WHERE bought_at >= TIMESTAMP '2026-01-01' AND bought_at < TIMESTAMP '2027-01-01'
  AND card IS NOT NULL"""


def simple(number: str, where: str = "true") -> str:
    """Aggregate over all events of a customer."""
    return f"""SELECT customer_id, {number} AS number, NULL AS text, count(*) AS rows
FROM events WHERE {where} GROUP BY customer_id"""


def leader(key: str, value: str) -> str:
    """Find the leading group of each customer, how many tie with it, and its share."""
    return f"""SELECT customer_id, value AS number, key::VARCHAR AS text, rows, tied, total, groups FROM (
  SELECT *, count(*) OVER (PARTITION BY customer_id, value) AS tied, sum(value) OVER c AS total,
    sum(n) OVER c AS rows, count(*) OVER c AS groups
  FROM (SELECT customer_id, {key} AS key, count(*) AS n, {value} AS value FROM events GROUP BY ALL)
  WINDOW c AS (PARTITION BY customer_id)
) QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY value DESC, key) = 1"""


def run_of(unit: str, days: int) -> str:
    """Find the longest run of days or weeks."""
    return f"""SELECT customer_id, count(*) AS number, NULL AS text, sum(n) AS rows,
  min(unit) AS first_unit, max(unit) AS last_unit
FROM (
  SELECT *, unit - ({days} * row_number() OVER (PARTITION BY customer_id ORDER BY unit))::INTEGER AS run
  FROM (SELECT customer_id, {unit} AS unit, count(*) AS n FROM events GROUP BY ALL)
) GROUP BY customer_id, run
QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY number DESC, first_unit) = 1"""


def event(order: str, number: str) -> str:
    """Find one event of each customer."""
    return f"""SELECT customer_id, {number} AS number, product AS text, 1 AS rows, ts FROM events
QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY {order}, product) = 1"""


MONTH = "strftime(ts, '%Y-%m')"
QUERIES = {
    "lines": simple("count(*)"),
    "visits": simple("count(DISTINCT receipt)", "quantity > 0"),
    "spent": simple("sum(amount)"),
    "pieces": simple("sum(quantity)", "quantity > 0"),
    "products": simple("count(DISTINCT product)"),
    "categories": simple("count(DISTINCT category)"),
    "active_days": simple("count(DISTINCT ts::DATE)"),
    "favourite": leader("product", "count(*)"),
    "dearest": leader("product", "sum(amount)"),
    "shelf": leader("category", "sum(amount)"),
    "loyalty": f"""SELECT customer_id, number / total AS number, text, rows
FROM ({leader("product", "count(*)")})""",
    "variety": """SELECT customer_id, sum(n) * sum(n) / sum(n * n) AS number, NULL AS text, sum(n) AS rows
FROM (SELECT customer_id, product, count(*) AS n FROM events GROUP BY ALL) GROUP BY customer_id""",
    "streak": run_of("ts::DATE", 1),
    "weeks": run_of("date_trunc('week', ts)::DATE", 7),
    "hour": leader("hour(ts)", "count(*)"),
    "weekday": leader("isodow(ts)", "count(*)"),
    "month": leader(MONTH, "sum(amount)"),
    "day": leader("ts::DATE", "count(*)"),
    "months": f"""SELECT customer_id, sum(value) AS number, NULL AS text, sum(n) AS rows,
  list((month, value)) AS series
FROM (SELECT customer_id, {MONTH} AS month, count(*) AS n, sum(amount) AS value FROM events GROUP BY ALL)
GROUP BY customer_id""",
    "first": event("ts", "NULL::BIGINT"),
    "last": event("ts DESC", "NULL::BIGINT"),
    "biggest": event("amount DESC, ts", "amount"),
    "average": simple("avg(amount)"),
    "gap": """SELECT customer_id, max(day - earlier) - 1 AS number, NULL AS text, 2 AS rows FROM (
  SELECT customer_id, day, lag(day) OVER (PARTITION BY customer_id ORDER BY day) AS earlier
  FROM (SELECT DISTINCT customer_id, ts::DATE AS day FROM events)
) GROUP BY customer_id""",
    "among": simple("sum(amount)"),
}
RANKED = """CREATE TABLE "{name}" AS
SELECT *, rank() OVER (ORDER BY number DESC) AS place, count(number) OVER () AS cohort FROM ({query})"""


def compute(folder: Path, memory_limit: str, steps: Steps) -> dict[str, Any]:
    """Load the events, then run the queries one after another."""
    with tempfile.TemporaryDirectory(prefix="recap-bench-") as scratch:
        connection = connect(memory_limit, Path(scratch))
        began = time.perf_counter()
        connection.execute(LOAD.format(path=folder / "events.parquet"))
        loaded = time.perf_counter()
        for name, query in QUERIES.items():
            connection.execute(RANKED.format(name=name, query=query))
        steps["reading"] = round(loaded - began, 2)
        steps["computing"] = round(time.perf_counter() - loaded, 2)
        connection.close()
    return {"metrics": len(QUERIES)}


if __name__ == "__main__":
    measure(compute)
