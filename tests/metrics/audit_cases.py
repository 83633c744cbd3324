"""Made-up events through both sides, the SQL and the audit: what the audit's tests share."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import polars as pl

from recap.campaign import Campaign, build_campaign
from recap.campaign.document import Document
from recap.metrics.audit.audit import audit_values
from recap.metrics.audit.read import Activity
from recap.metrics.audit.report import AuditReport
from recap.metrics.compute import compute_values
from recap.metrics.registry import MODELS

EXAMPLES = int(os.environ.get("RECAP_AUDIT_EXAMPLES", "8"))
"""How many bases each property is tried on; every one of them holds several customers."""

ZONE = ZoneInfo("Europe/Berlin")
YEAR: Mapping[str, Any] = {"year": 2026}
FIELDS = {
    "item": "VARCHAR",
    "basket": "VARCHAR",
    "amount": "DECIMAL(18,2)",
    "size": "DOUBLE",
    "units": "INTEGER",
    "gift": "BOOLEAN",
}
VALUE_COLUMNS = 'customer_id, metric, number, text, detail, "rows", "rank", cohort, top_percent'


@dataclass(frozen=True, slots=True)
class MadeUp:
    """An event; its local time is that of Berlin."""

    customer: str
    utc: datetime
    item: str | None = None
    basket: str | None = None
    amount: Decimal | None = None
    size: float | None = None
    units: int | None = None
    gift: bool | None = None

    @property
    def local(self) -> datetime:
        return self.utc.replace(tzinfo=UTC).astimezone(ZONE).replace(tzinfo=None)


def at(customer: str, local: str, **fields: Any) -> MadeUp:
    """Make an event at a local time of Berlin."""
    moment = datetime.fromisoformat(local).replace(tzinfo=ZONE).astimezone(UTC).replace(tzinfo=None)
    return MadeUp(customer, moment, **fields)


def make_campaign(metrics: Sequence[Mapping[str, Any]], period: Mapping[str, Any] = YEAR) -> Campaign:
    """Build a campaign over FIELDS."""
    data = {
        "id": "test",
        "title": "Test",
        "brand": {"name": "Test"},
        "period": dict(period),
        "sources": {"path": "x", "customer": "c", "time": "t", "fields": {name: name for name in FIELDS}},
        "metrics": [dict(metric) for metric in metrics],
    }
    return build_campaign(Document(data, {}), MODELS)


def load_events(
    campaign: Campaign, events: Sequence[MadeUp], *, with_utc: bool = True
) -> duckdb.DuckDBPyConnection:
    """Make the tables that the sources make, and `made_up`, which has the place of each event."""
    connection = duckdb.connect()
    columns = ["customer_id VARCHAR", "ts TIMESTAMP", *(["_utc TIMESTAMP"] if with_utc else [])]
    columns += [f"{name} {type_}" for name, type_ in FIELDS.items()]
    connection.execute(f"CREATE TABLE made_up (line BIGINT, {', '.join(columns)})")
    rows = [
        (line, e.customer, e.local, *((e.utc,) if with_utc else ()), *(getattr(e, name) for name in FIELDS))
        for line, e in enumerate(events, start=1)
        if e.local.date() < campaign.period.stop
    ]
    if rows:
        connection.executemany(f"INSERT INTO made_up VALUES ({', '.join('?' * len(rows[0]))})", rows)
    start = f"TIMESTAMP '{campaign.period.start}'"
    for table, sign in (("events", ">="), ("history", "<")):
        connection.execute(
            f"CREATE TABLE {table} AS SELECT * EXCLUDE (line) FROM made_up WHERE ts {sign} {start}"
        )
    connection.execute(
        "CREATE TABLE customers (customer_id VARCHAR, name VARCHAR, locale VARCHAR, "
        "time_zone VARCHAR, opt_out BOOLEAN, avatar VARCHAR)"
    )
    connection.execute(
        "CREATE TABLE wishes (customer_id VARCHAR, wish VARCHAR, field VARCHAR, value VARCHAR)"
    )
    return connection


def read_made_up(
    campaign: Campaign, connection: duckdb.DuckDBPyConnection, *, with_utc: bool = True
) -> Activity:
    """Give the events as the audit's own reader does."""
    conditions = "".join(
        f', coalesce(({metric.where}\n), false) AS "where:{metric.id}"'
        for metric in campaign.metrics
        if metric.where is not None
    )
    table = connection.sql(
        f"""SELECT customer_id, ts AS local, {"_utc" if with_utc else "ts"} AS instant,
  ts >= TIMESTAMP '{campaign.period.start}' AS in_period, {", ".join(FIELDS)}{conditions},
  'made_up.csv' AS "row:source", line AS "row:line"
FROM made_up ORDER BY line"""
    ).to_arrow_table()
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return Activity(frame, {}, ())


def compute_both(
    metrics: Sequence[Mapping[str, Any]],
    events: Sequence[MadeUp],
    period: Mapping[str, Any] = YEAR,
    *,
    with_utc: bool = True,
) -> tuple[Campaign, Activity, pl.DataFrame]:
    """Compute by SQL; the campaign, the events as the audit reads them, and the published values."""
    campaign = make_campaign(metrics, period)
    connection = load_events(campaign, events, with_utc=with_utc)
    compute_values(campaign, connection, FIELDS)
    query = f'SELECT {VALUE_COLUMNS} FROM "values" ORDER BY customer_id, metric'
    values = pl.from_arrow(connection.sql(query).to_arrow_table())
    assert isinstance(values, pl.DataFrame)
    activity = read_made_up(campaign, connection, with_utc=with_utc)
    connection.close()
    return campaign, activity, values


def audit(
    campaign: Campaign, activity: Activity, values: pl.DataFrame, sample: int | None = None, seed: str = "s"
) -> AuditReport:
    """Audit without telling the progress, by a clock that stands still."""
    return audit_values(
        campaign,
        activity,
        values,
        sample=sample,
        seed=seed,
        progress=lambda done, total: None,
        clock=lambda: 0.0,
    )


def audit_both(
    metrics: Sequence[Mapping[str, Any]],
    events: Sequence[MadeUp],
    period: Mapping[str, Any] = YEAR,
    *,
    with_utc: bool = True,
    sample: int | None = None,
) -> AuditReport:
    """Compute by SQL, then audit."""
    return audit(*compute_both(metrics, events, period, with_utc=with_utc), sample)


def tell(report: AuditReport) -> str:
    """Write the first differences for a failing test."""
    return "\n".join(
        f"{d.customer_id} {d.metric} {d.what}: published {d.published!r}, recomputed {d.recomputed!r}"
        for d in report.differences[:20]
    )
