"""The computed values against a plain-Python recomputation, on made-up events full of hard cases."""

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recap.campaign import Campaign, build_campaign
from recap.campaign.document import Document
from recap.errors import CampaignError
from recap.metrics.check import check_metrics
from recap.metrics.compute import compute_values
from recap.metrics.registry import MODELS
from recap.metrics.results import read_people, read_standings, read_values, read_wishes
from recap.metrics.value import Value

FIELDS = {"item": "VARCHAR", "amount": "DECIMAL(18,2)", "size": "DOUBLE"}
METRICS: list[dict[str, Any]] = [
    {"id": "events", "kind": "count"},
    {"id": "paid", "kind": "count", "where": "amount > 0 or item = 'a'"},
    {"id": "total", "kind": "sum", "of": "amount"},
    {"id": "sizes", "kind": "sum", "of": "size"},
    {"id": "items", "kind": "distinct", "of": "item"},
    {"id": "days", "kind": "active_days"},
    {"id": "top", "kind": "top", "by": "item", "limit": 2},
    {"id": "top_amount", "kind": "top", "by": "item", "of": "amount"},
    {"id": "streak", "kind": "streak"},
    {"id": "hour", "kind": "busiest_hour"},
    {"id": "weekday", "kind": "busiest_weekday"},
    {"id": "month", "kind": "busiest_month", "of": "amount"},
    {"id": "day", "kind": "busiest_day"},
    {"id": "first", "kind": "first_event", "label": "item"},
    {"id": "last", "kind": "last_event", "label": "item"},
    {"id": "biggest", "kind": "biggest_event", "of": "amount", "label": "item"},
    {"id": "monthly", "kind": "monthly"},
    {"id": "least", "kind": "count", "direction": "less"},
    {"id": "quiet", "kind": "count", "direction": "none"},
    {"id": "ahead", "kind": "standing", "of": "total"},
]
LAST = date(2026, 12, 31)

Event = tuple[str, datetime, str | None, Decimal | None, float | None]


def make_campaign(metrics: list[dict[str, Any]]) -> Campaign:
    data = {
        "id": "test",
        "title": "Test",
        "brand": {"name": "Test"},
        "period": {"year": 2026},
        "sources": {
            "path": "x",
            "customer": "c",
            "time": "t",
            "fields": {"item": "i", "amount": "a", "size": "s"},
        },
        "metrics": metrics,
    }
    return build_campaign(Document(data, {}), MODELS)


def connect(events: list[Event]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(
        """CREATE TABLE events (
  customer_id VARCHAR, ts TIMESTAMP, item VARCHAR, amount DECIMAL(18,2), size DOUBLE
);
CREATE TABLE history AS FROM events LIMIT 0;
CREATE TABLE customers (
  customer_id VARCHAR, name VARCHAR, locale VARCHAR, time_zone VARCHAR, opt_out BOOLEAN, avatar VARCHAR
);
CREATE TABLE wishes (customer_id VARCHAR, wish VARCHAR, field VARCHAR, value VARCHAR)"""
    )
    if events:
        connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?)", events)
    return connection


def compute(events: list[Event]) -> dict[str, dict[str, Value]]:
    """Compute all metrics; by customer and metric."""
    connection = connect(events)
    compute_values(make_campaign(METRICS), connection, FIELDS)
    people = read_people(connection)["customer_id"].to_list()
    values = {customer: read_values(connection, customer) for customer in people}
    connection.close()
    return values


# Few customers, items, amounts and days, so that ties, gaps and runs over the edges come by themselves.
moments = st.builds(
    lambda day, hour: datetime.combine(day, datetime.min.time()) + timedelta(hours=hour),
    st.sampled_from([date(2026, 1, 1), date(2026, 1, 2), date(2026, 3, 1), date(2026, 3, 2), LAST])
    | st.dates(date(2026, 12, 25), LAST),
    st.sampled_from([0, 7, 23]),
)
events_lists = st.lists(
    st.tuples(
        st.sampled_from(["c1", "c2", "c3"]),
        moments,
        st.sampled_from(["a", "b", "ä", None]),
        st.sampled_from([Decimal("-2.50"), Decimal("0.00"), Decimal("0.10"), Decimal("9.99"), None]),
        st.sampled_from([0.1, 0.2, 1e6, None]),
    ),
    min_size=1,
    max_size=40,
)


def leaders(amounts: dict[Any, Any]) -> tuple[Any, list[Any]]:
    most = max(amounts.values())
    return most, sorted(key for key, amount in amounts.items() if amount == most)


def longest_run(days: set[date]) -> tuple[int, date, date, int]:
    runs = []
    for day in sorted(days):
        if day - timedelta(days=1) in days:
            runs[-1][1] = day
        else:
            runs.append([day, day])
    lengths = [(last - first).days + 1 for first, last in runs]
    best = max(lengths)
    first, last = runs[lengths.index(best)]
    return best, first, last, lengths.count(best)


def summed(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    totals: dict[Any, Any] = {}
    for key, amount in pairs:
        if key is not None and amount is not None:
            totals[key] = totals.get(key, 0) + amount
    return totals


@settings(max_examples=20, deadline=None)
@given(events_lists)
def test_every_kind_equals_a_plain_recomputation(events: list[Event]) -> None:
    """Counts, sums, ties, streaks, moments and series are what a person with a pencil would find."""
    values = compute(events)
    assert set(values) == {event[0] for event in events}
    for customer, got in values.items():
        own = [event for event in events if event[0] == customer]
        days = {event[1].date() for event in own}
        assert got["events"].number == len(own) == got["events"].rows
        paid = [e for e in own if (e[3] is not None and e[3] > 0) or e[2] == "a"]
        assert ("paid" in got) == bool(paid)
        assert not paid or got["paid"].number == len(paid)
        amounts = [event[3] for event in own if event[3] is not None]
        assert ("total" in got) == bool(amounts)
        if amounts:
            assert got["total"].detail["exact"] == sum(amounts)
            biggest = max(amounts)
            first = min((e[1], e[2] is None, e[2] or "") for e in own if e[3] == biggest)
            assert got["biggest"].detail["exact"] == biggest
            assert datetime.fromisoformat(got["biggest"].detail["time"]) == first[0]
            assert got["biggest"].text == (None if first[1] else first[2])
            assert got["biggest"].detail["tied"] == (amounts.count(biggest) > 1)
        assert got["days"].number == len(days)
        assert ("items" in got) == any(e[2] is not None for e in own)
        counts = Counter(e[2] for e in own if e[2] is not None)
        if counts:
            most, tied = leaders(counts)
            assert got["items"].number == len(counts)
            assert (got["top"].number, got["top"].text) == (most, tied[0])
            assert got["top"].detail["tied"] == tied
            ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:2]
            assert [(i["label"], i["value"]) for i in got["top"].detail["items"]] == ordered
            assert got["top"].detail["total"] == sum(counts.values())
        by_amount = summed([(e[2], e[3]) for e in own])
        assert ("top_amount" in got) == bool(by_amount)
        if by_amount:
            most, tied = leaders(by_amount)
            assert (got["top_amount"].detail["items"][0]["value"], got["top_amount"].detail["tied"]) == (
                most,
                tied,
            )
        run = longest_run(days)
        streak = got["streak"].detail
        told = (streak["exact"], streak["first_day"], streak["last_day"], streak["tied_runs"])
        assert told == (run[0], str(run[1]), str(run[2]), run[3])
        assert streak["running"] == (run[2] == LAST)
        for metric, key in (
            ("hour", lambda e: e[1].hour),
            ("weekday", lambda e: e[1].isoweekday()),
            ("day", lambda e: str(e[1].date())),
        ):
            most, tied = leaders(Counter(key(e) for e in own))
            assert (got[metric].number, got[metric].detail["tied"]) == (most, tied)
        months = summed([(e[1].strftime("%Y-%m"), e[3]) for e in own])
        assert ("month" in got) == bool(months)
        if months:
            assert got["month"].detail["tied"] == leaders(months)[1]
        series = Counter(e[1].strftime("%Y-%m") for e in own)
        assert {e["key"]: e["value"] for e in got["monthly"].detail["series"]} == series
        assert got["monthly"].number == len(own)
        assert datetime.fromisoformat(got["first"].detail["time"]) == min(e[1] for e in own)
        assert datetime.fromisoformat(got["last"].detail["time"]) == max(e[1] for e in own)


@settings(max_examples=12, deadline=None)
@given(events_lists)
def test_ranks_are_exact_and_never_flatter(events: list[Event]) -> None:
    """Ties share the better rank; top x % is the rank's share rounded up; the cohort has a value."""
    values = compute(events)
    for metric, better in (
        ("events", lambda a, b: a > b),
        ("total", lambda a, b: a > b),
        ("ahead", lambda a, b: a > b),
        ("least", lambda a, b: a < b),
    ):
        numbers = {c: v[metric].number for c, v in values.items() if metric in v}
        for customer, number in numbers.items():
            value = values[customer][metric]
            rank = 1 + sum(better(other, number) for other in numbers.values())
            assert (value.rank, value.cohort) == (rank, len(numbers))
            assert value.top_percent is not None
            assert (value.top_percent - 1) * value.cohort < 100 * rank <= value.top_percent * value.cohort
    assert all(v["quiet"].rank is None and v["quiet"].top_percent is None for v in values.values())


def test_floats_add_up_the_same_in_every_order() -> None:
    """Sums of floating-point fields do not depend on the order of the rows or on the threads."""
    own = [("c1", datetime(2026, 1, 1), "a", None, size) for size in (0.1, 1e15, 0.2, -1e15, 0.3)]
    totals = {compute(order)["c1"]["sizes"].number for order in (own, own[::-1], own[2:] + own[:2])}
    assert totals == {0.6}


def test_people_are_everyone_known_or_active() -> None:
    """Customers of the table without activity and active ones without a row in the table are all there."""
    connection = connect([("c1", datetime(2026, 1, 1), None, None, None)])
    connection.execute("INSERT INTO customers VALUES ('c2', 'Zoë', 'de', NULL, true, 'zoe.png')")
    compute_values(make_campaign(METRICS), connection, FIELDS)
    assert read_people(connection).rows() == [
        ("c1", None, None, False, 1, None, None),
        ("c2", "Zoë", "de", True, 0, None, "zoe.png"),
    ]
    assert set(read_standings(connection)["customer_id"]) == {"c1"}
    connection.close()


def test_people_are_called_as_they_wish() -> None:
    """A wished name comes before the table's, none before any; who is nameless has no picture. All sorted."""
    connection = connect([("c1", datetime(2026, 1, 1), None, None, None)])
    connection.execute(
        """INSERT INTO customers
SELECT id, 'Zoë', NULL, NULL, false, id || '.png' FROM (VALUES ('c2'), ('c3'), ('c4'), ('c5')) v(id);
INSERT INTO wishes VALUES
  ('c3', 'name', NULL, 'Z'), ('c4', 'name', NULL, 'Z'), ('c4', 'anonymous', NULL, NULL),
  ('c2', 'hide', NULL, 'events'), ('c5', 'anonymous', NULL, NULL), ('c1', 'name', NULL, 'One'),
  ('c2', 'not_me', 'item', 'a'), ('c2', 'hide', NULL, 'events')"""
    )
    compute_values(make_campaign(METRICS), connection, FIELDS)
    people = read_people(connection)
    names = dict(people.select("customer_id", "name").iter_rows())
    assert names == {"c1": "One", "c2": "Zoë", "c3": "Z", "c4": None, "c5": None}
    assert people["avatar"].to_list() == [None, "c2.png", "c3.png", None, None]
    wishes = read_wishes(connection)
    assert wishes.columns == ["customer_id", "wish", "field", "value"]
    assert wishes.rows()[:3] == [
        ("c1", "name", None, "One"),
        ("c2", "hide", None, "events"),
        ("c2", "not_me", "item", "a"),
    ]
    assert wishes.height == 7
    connection.close()


@pytest.mark.parametrize(
    ("metric", "message"),
    [
        (
            {"id": "m", "kind": "sum", "of": "item"},
            "metrics.0.of: the field 'item' holds VARCHAR, not numbers",
        ),
        ({"id": "m", "kind": "count", "where": "amuont > 0"}, "did you mean 'amount'?"),
        ({"id": "m", "kind": "count", "where": "amount >"}, "metrics.0.where: DuckDB does not understand it"),
        (
            {"id": "m", "kind": "count", "where": "true); DROP TABLE events; SELECT (1"},
            "a metric reads, and changes nothing",
        ),
        ({"id": "m", "kind": "count", "where": "true); SELECT (true"}, "more than one condition"),
        (
            {"id": "m", "kind": "count", "where": "item IN (SELECT content FROM read_text('/etc/passwd'))"},
            "may hold no query",
        ),
        ({"id": "m", "kind": "count", "where": "amount > random()"}, "random"),
    ],
)
def test_what_only_the_data_can_tell_is_checked(metric: dict[str, Any], message: str) -> None:
    """A sum over text, an unknown column or a broken condition is found before anything is computed."""
    connection = connect([])
    with pytest.raises(CampaignError) as raised:
        check_metrics(make_campaign([metric]), connection, FIELDS)
    assert message in str(raised.value)
    connection.close()


@pytest.mark.parametrize("reverse", [False, True])
def test_a_largest_amount_and_the_event_of_it_are_both_found(*, reverse: bool) -> None:
    """The fold and the picked event have one text in SQL, and two columns, whichever comes first."""
    metrics = [
        {"id": "max", "kind": "maximum", "of": "amount"},
        {"id": "big", "kind": "biggest_event", "of": "amount"},
    ]
    connection = connect([("c1", datetime(2026, 1, day), "a", Decimal(day), None) for day in (1, 2)])
    compute_values(make_campaign(metrics[::-1] if reverse else metrics), connection, FIELDS)
    assert {name: value.number for name, value in read_values(connection, "c1").items()} == {
        "max": 2,
        "big": 2,
    }
    connection.close()


def test_a_standing_is_not_ranked_again() -> None:
    """Ranks of ranks say nothing new, and are refused with the metric they should rank instead."""
    metrics = [{"id": "n", "kind": "count"}, {"id": "a", "kind": "standing", "of": "n"}]
    connection = connect([])
    with pytest.raises(CampaignError, match=r"metrics\.2\.of: 'a' is a standing itself"):
        check_metrics(
            make_campaign([*metrics, {"id": "b", "kind": "standing", "of": "a"}]), connection, FIELDS
        )
    connection.close()


def test_a_condition_may_end_in_a_comment() -> None:
    """A comment in a condition ends with its line and swallows nothing of the query."""
    metric = {"id": "m", "kind": "count", "where": "amount > 0 -- only what was paid"}
    connection = connect([("c1", datetime(2026, 1, 1), None, Decimal(1), None)])
    campaign = make_campaign([metric])
    check_metrics(campaign, connection, FIELDS)
    compute_values(campaign, connection, FIELDS)
    assert read_values(connection, "c1")["m"].number == 1
    connection.close()


def test_metrics_that_rest_on_each_other_are_refused() -> None:
    """Two standings of each other are a circle, and said to be."""
    metrics = [{"id": "a", "kind": "standing", "of": "b"}, {"id": "b", "kind": "standing", "of": "a"}]
    connection = connect([])
    with pytest.raises(CampaignError, match="in a circle: 'a', 'b'"):
        compute_values(make_campaign(metrics), connection, FIELDS)
    connection.close()


def test_who_joined_in_the_period_is_known_where_there_was_a_time_before() -> None:
    """The first day of newcomers is told; of those there before, and where nothing is known, it is not."""
    old = [("old", datetime(2025, 3, 1), "a", None, None), ("old", datetime(2026, 3, 1), "a", None, None)]
    new = [("new", datetime(2026, 10, 9, 23), "a", None, None)]
    for history, joined in (
        ([old[0]], {"old": None, "new": date(2026, 10, 9)}),
        ([], {"old": None, "new": None}),
    ):
        connection = connect([old[1], *new])
        for event in history:
            connection.execute("INSERT INTO history VALUES (?, ?, ?, ?, ?)", event)
        compute_values(make_campaign(METRICS), connection, FIELDS)
        assert dict(read_people(connection).select("customer_id", "joined").iter_rows()) == joined
        connection.close()
