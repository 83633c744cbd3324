"""A few made-up events through the real computation: what the tests of the kinds share."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import duckdb

from recap.campaign import Campaign, build_campaign
from recap.campaign.document import Document
from recap.metrics.compute import compute_values
from recap.metrics.registry import MODELS
from recap.metrics.results import read_people, read_standings, read_values
from recap.metrics.value import Value

FIELDS = {"item": "VARCHAR", "basket": "VARCHAR", "amount": "DECIMAL(18,2)", "size": "DOUBLE"}
YEAR = {"year": 2026}

Event = tuple[str, datetime, str | None, str | None, Decimal | None, float | None]


def event(
    customer: str,
    when: str,
    item: str | None = None,
    basket: str | None = None,
    amount: str | None = None,
    size: float | None = None,
) -> Event:
    """Make an event; `when` is ISO 8601 local time."""
    money = None if amount is None else Decimal(amount)
    return customer, datetime.fromisoformat(when), item, basket, money, size


def make_campaign(metrics: Sequence[Mapping[str, Any]], period: Mapping[str, Any] = YEAR) -> Campaign:
    """Build a campaign over the fields of FIELDS."""
    data = {
        "id": "test",
        "title": "Test",
        "brand": {"name": "Test"},
        "period": dict(period),
        "sources": {"path": "x", "customer": "c", "time": "t", "fields": {name: name for name in FIELDS}},
        "metrics": [dict(metric) for metric in metrics],
    }
    return build_campaign(Document(data, {}), MODELS)


def connect(campaign: Campaign, events: Sequence[Event]) -> duckdb.DuckDBPyConnection:
    """Make the tables `events`, `history`, `customers` and `wishes` as the sources do."""
    connection = duckdb.connect()
    columns = ", ".join(f"{name} {type_}" for name, type_ in FIELDS.items())
    start, stop = campaign.period.start, campaign.period.stop
    parts = {
        "events": [e for e in events if start <= e[1].date() < stop],
        "history": [e for e in events if e[1].date() < start],
    }
    for table, rows in parts.items():
        connection.execute(f"CREATE TABLE {table} (customer_id VARCHAR, ts TIMESTAMP, {columns})")
        if rows:
            connection.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?, ?)", rows)
    connection.execute(
        "CREATE TABLE customers (customer_id VARCHAR, name VARCHAR, locale VARCHAR, "
        "time_zone VARCHAR, opt_out BOOLEAN, avatar VARCHAR)"
    )
    connection.execute(
        "CREATE TABLE wishes (customer_id VARCHAR, wish VARCHAR, field VARCHAR, value VARCHAR)"
    )
    return connection


def compute(
    metrics: Sequence[Mapping[str, Any]],
    events: Sequence[Event],
    period: Mapping[str, Any] = YEAR,
    parts: int | None = None,
) -> dict[str, dict[str, Value]]:
    """Compute metrics; by customer and metric. Events before the period are its history."""
    campaign = make_campaign(metrics, period)
    connection = connect(campaign, events)
    compute_values(campaign, connection, FIELDS, parts=parts)
    people = read_people(connection)["customer_id"].to_list()
    values = {customer: read_values(connection, customer) for customer in people}
    connection.close()
    return values


def find_alone(
    metrics: Sequence[Mapping[str, Any]], events: Sequence[Event], period: Mapping[str, Any] = YEAR
) -> set[tuple[str, str]]:
    """Find the customers and metrics whose value had nothing to be compared with."""
    campaign = make_campaign(metrics, period)
    connection = connect(campaign, events)
    compute_values(campaign, connection, FIELDS)
    standings = read_standings(connection)
    connection.close()
    return {(row["customer_id"], row["metric"]) for row in standings.to_dicts() if row["alone"]}
