"""Made-up events whose place in time is known beside their local time, as where clocks are put back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from made_up_events import FIELDS, YEAR, Event, connect, make_campaign

from recap.metrics.compute import INSTANT, compute_values
from recap.metrics.results import read_values
from recap.metrics.value import Value


def compute_in_time(
    metrics: Sequence[Mapping[str, Any]],
    events: Sequence[tuple[Event, str]],
    period: Mapping[str, Any] = YEAR,
) -> dict[str, Value]:
    """Compute one customer's metrics; each event of the period comes with its instant, ISO 8601 in UTC."""
    campaign = make_campaign(metrics, period)
    connection = connect(campaign, [event for event, _ in events])
    for table in ("events", "history"):
        connection.execute(f"ALTER TABLE {table} ADD COLUMN {INSTANT} TIMESTAMP")
    for row, (_, instant) in enumerate(events):
        at = datetime.fromisoformat(instant)
        connection.execute(f"UPDATE events SET {INSTANT} = ? WHERE rowid = ?", [at, row])
    compute_values(campaign, connection, FIELDS)
    values = read_values(connection, events[0][0][0])
    connection.close()
    return values
