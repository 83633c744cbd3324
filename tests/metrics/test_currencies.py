"""Amounts of several currencies are refused wherever they would be added or compared."""

from collections.abc import Iterator

import duckdb
import pytest

from recap.campaign import build_campaign
from recap.campaign.document import Document
from recap.metrics.currencies import currency_problems
from recap.metrics.registry import MODELS

FIELDS = {"paid": "DECIMAL(18,2)", "size": "DECIMAL(18,2)", "code": "VARCHAR", "kind": "VARCHAR"}
SUM = {"kind": "sum", "of": "paid"}
PERIOD = [("EUR", "10", "a"), (" eur", "5", "a"), ("USD", "7", "b"), ("GBP", None, "a"), (None, "1", "c")]
HISTORY = [("JPY", "900", "a")]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for table, rows in (("events", PERIOD), ("history", HISTORY)):
            connection.execute(
                f"CREATE TABLE {table} (customer_id VARCHAR, ts TIMESTAMP, paid DECIMAL(18,2), "
                "size DECIMAL(18,2), code VARCHAR, kind VARCHAR)"
            )
            connection.executemany(
                f"INSERT INTO {table} VALUES ('x', '2024-01-01', ?, 1, ?, ?)",
                [(amount, code, kind) for code, amount, kind in rows],
            )
        yield connection


def problems(connection, *metrics, money=None):
    """What is said of metrics, by path."""
    columns = {name: name for name in FIELDS}
    paid = {"column": "paid", "type": "money", "currency": "code"}
    data = {
        "id": "test",
        "title": "Test",
        "brand": {"name": "Test"},
        "period": {"year": 2024},
        "sources": {"path": "x", "customer": "c", "time": "t", "fields": {**columns, "paid": paid}},
        "metrics": [{"id": f"m{index}", **metric} for index, metric in enumerate(metrics)],
    }
    campaign = build_campaign(Document(data | ({"money": money} if money else {}), {}), MODELS)
    return {one.path: one.message for one in currency_problems(campaign, connection, FIELDS)}


def test_a_sum_over_currencies_names_them_and_the_ways_out(connection):
    """Every currency that would be mixed is named, missing ones too, and what can be done about it."""
    found = problems(connection, {"kind": "count"}, SUM)
    assert list(found) == ["metrics.1.of"]
    message = found["metrics.1.of"]
    assert "(EUR, USD, no currency at all)" in message
    assert all(way in message for way in ("`money.rates`", "`code = 'EUR'`", "`kind: top` and `by: code`"))


@pytest.mark.parametrize(
    "metric",
    [
        {"kind": "average", "of": "paid"},
        {"kind": "maximum", "of": "paid"},
        {"kind": "biggest_event", "of": "paid"},
        {"kind": "busiest_day", "of": "paid"},
        {"kind": "monthly", "of": "paid"},
        {"kind": "top", "of": "paid", "by": "kind"},
        {"kind": "top_share", "of": "paid", "by": "code"},
        {"kind": "community", "of": "paid"},
    ],
)
def test_whatever_adds_or_compares_is_refused(connection, metric):
    """Averages, extremes, totals and leaders over several currencies mean nothing."""
    assert list(problems(connection, metric)) == ["metrics.0.of"]


@pytest.mark.parametrize(
    "metric",
    [
        {"kind": "top", "of": "paid", "by": "code"},
        {"kind": "top", "by": "code"},
        {"kind": "sum", "of": "size"},
        {"kind": "distinct", "of": "paid"},
        {**SUM, "where": "trim(upper(code)) = 'EUR'"},
        {**SUM, "where": "kind = 'a' -- all of them euros\n", "currency": "EUR"},
        {**SUM, "where": "code IS NULL"},
        {**SUM, "where": "false", "currency": "EUR"},
    ],
)
def test_what_keeps_to_one_currency_is_fine(connection, metric):
    """Groups by currency, conditions that leave one, and fields that are no such money are told."""
    assert problems(connection, metric) == {}


def test_standing_on_a_metric_called_like_the_field_is_fine(connection):
    """The `of` of a standing is a metric, whatever else has its name."""
    metrics = [{**SUM, "where": "kind = 'a'", "id": "paid"}, {"kind": "standing", "of": "paid"}]
    assert problems(connection, *metrics) == {}


def test_history_counts_where_it_is_read(connection):
    """A metric that looks back must not meet another currency there either."""
    euros = {"where": "kind = 'a'", "of": "paid"}
    found = problems(connection, {"kind": "sum", **euros}, {"kind": "growth", **euros})
    assert list(found) == ["metrics.1.of"]
    assert "EUR, JPY" in found["metrics.1.of"]


def test_what_is_printed_must_be_what_is_there(connection):
    """A card never says euros of dollars, whether they are one currency or told apart."""
    dollars = {**SUM, "where": "kind = 'b'"}
    top = {"kind": "top", "of": "paid", "by": "code", "currency": "USD"}
    found = problems(connection, {**dollars, "currency": "USD"}, {**dollars, "currency": "EUR"}, dollars, top)
    assert list(found) == ["metrics.1.currency", "metrics.3.currency"]
    assert found["metrics.1.currency"] == "the amounts in 'paid' are in USD, and not in EUR"


def test_converted_amounts_are_in_one_currency(connection):
    """With rates everything may be added, and is printed in what it was converted to."""
    money = {"currency": "CHF", "rates": "rates.csv"}
    found = problems(connection, SUM, {**SUM, "currency": "CHF"}, {**SUM, "currency": "EUR"}, money=money)
    assert list(found) == ["metrics.2.currency"]
    assert found["metrics.2.currency"] == "the amounts in 'paid' are in CHF, and not in EUR"
