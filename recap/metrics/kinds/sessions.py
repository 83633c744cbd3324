"""Sessions: events that follow each other without a long pause."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from recap.campaign import Metric, Period
from recap.metrics.facts import Fact, Facts, Moment, Quantity
from recap.metrics.kind import Kind, Tables
from recap.metrics.needs import Need
from recap.metrics.value import Value


class SessionMetric(Metric):
    """What the two have in common."""

    gap: int = Field(default=30, ge=1, le=1440)
    """Minutes: a longer pause between two events ends a session."""


class SessionsMetric(SessionMetric):
    """How many sessions."""

    kind: Literal["sessions"]


class LongestSessionMetric(SessionMetric):
    """The longest session."""

    kind: Literal["longest_session"]


class Sessions(Kind[SessionsMetric]):
    """How often the customer came and stayed."""

    name = "sessions"
    family = "volume"
    definition = (
        "The number of sessions: a pause of more than `gap` minutes between two neighbouring events, in UTC "
        "where the data tells it and else by the local clock, ends one. A session is cut where the period is."
    )
    number = "sessions"
    detail = "`exact`, `gap` (minutes)"
    layout = "number"
    least_number = 2
    example = """\
id: sessions
kind: sessions
gap: 60
title: You came by"""
    params = SessionsMetric

    def needs(self, metric: SessionsMetric) -> tuple[Need, ...]:
        """Events by customer and session."""
        return (Need(by="session", gap=metric.gap, where=metric.where),)

    def query(self, metric: SessionsMetric, tables: Tables) -> str:
        """Count each customer's sessions."""
        return f"""SELECT customer_id, count(*) AS number, NULL AS text,
  to_json({{'exact': count(*), 'gap': {metric.gap}}}) AS detail, sum(n)::BIGINT AS rows, false AS alone
FROM {tables.rollup(*self.needs(metric))} GROUP BY customer_id"""

    def facts(self, metric: SessionsMetric, value: Value, period: Period) -> Facts:
        """Give slot `n`."""
        return Facts({"n": Quantity(int(value.detail["exact"]), "session")}, main="n", layout=self.layout)


class LongestSession(Kind[LongestSessionMetric]):
    """The longest time the customer stayed."""

    name = "longest_session"
    family = "session"
    definition = (
        "The longest time from the first to the last event of a session, in whole seconds, a begun one not "
        "counted; sessions are made as `sessions` makes them. Of those equally long the earliest is told; no "
        "value where none lasts a second."
    )
    number = "seconds"
    detail = (
        "`exact`, `time` (local, of its first event), `events`, `tied_sessions` (sessions as long, itself "
        "included)"
    )
    layout = "moment"
    days = ("$.time",)
    least_number = 600
    example = """\
id: longest_stay
kind: longest_session
gap: 60
title: Your longest stay"""
    params = LongestSessionMetric

    def needs(self, metric: LongestSessionMetric) -> tuple[Need, ...]:
        """Events by customer and session, and when each began: local times may run twice through an hour."""
        return (Need(by="session", gap=metric.gap, where=metric.where, pick="first"),)

    def query(self, metric: LongestSessionMetric, tables: Tables) -> str:
        """Find the longest session of each customer."""
        return f"""WITH sessions AS (SELECT * FROM {tables.rollup(*self.needs(metric))}),
longest AS (
  SELECT customer_id, count(*) AS sessions,
    min({{'minus': -seconds, 'at': picked.at, 'ts': picked.ts, 'events': n}}) AS told
  FROM sessions GROUP BY customer_id
),
ties AS (
  SELECT customer_id, count(*) AS tied_sessions FROM sessions JOIN longest USING (customer_id)
  WHERE seconds = -told.minus GROUP BY customer_id
)
SELECT customer_id, -told.minus AS number, NULL AS text, to_json({{
  'exact': -told.minus, 'time': told.ts, 'events': told.events, 'tied_sessions': tied_sessions
}}) AS detail, told.events AS rows, sessions = 1 AS alone
FROM longest JOIN ties USING (customer_id) WHERE told.minus < 0"""

    def facts(self, metric: LongestSessionMetric, value: Value, period: Period) -> Facts:
        """Give `n` (minutes), `moment`, `events`; case `tied`."""
        detail = value.detail
        slots: dict[str, Fact] = {
            "n": Quantity(int(detail["exact"]) // 60, "minute"),
            "moment": Moment(datetime.fromisoformat(detail["time"])),
            "events": Quantity(detail["events"], "event"),
        }
        cases = ("tied",) if detail["tied_sessions"] > 1 else ()
        return Facts(slots, main="n", layout=self.layout, cases=cases)
