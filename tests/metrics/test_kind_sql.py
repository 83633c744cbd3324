"""A team's own SQL: what it gives, and everything it may not do."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_events import FIELDS, YEAR, Event, compute, connect, event, make_campaign

from recap.campaign import Period
from recap.errors import CampaignError
from recap.metrics.check import check_metrics
from recap.metrics.facts import Label, Quantity
from recap.metrics.registry import kind_of

EVENTS = [
    event("c", "2026-01-01", "a", "r1", "10.00", 0.5),
    event("c", "2026-02-01", "b", "r2", "2.50", None),
    event("d", "2026-01-01", "b", "r3", None, 1.25),
    event("old", "2025-01-01", "x", "r0", "7"),
]


def expression(text: str, **keys: Any) -> dict[str, Any]:
    return {"id": "own", "kind": "sql", "expression": text, **keys}


def query(text: str) -> dict[str, Any]:
    return {"id": "own", "kind": "sql", "query": text}


def results(metric: dict[str, Any], parts: int = 1) -> dict[str, tuple[Any, Any, int]]:
    """The exact number, the text and the rows of every customer with a value."""
    values = compute([metric], EVENTS, parts=parts)
    owns = {customer: got["own"] for customer, got in values.items() if "own" in got}
    return {customer: (own.detail["exact"], own.text, own.rows) for customer, own in owns.items()}


def problems(metric: dict[str, Any], events: list[Event] | None = None) -> list[str]:
    """What checking a metric against the data says; it must leave the tables as they are."""
    campaign = make_campaign([metric])
    connection = connect(campaign, EVENTS if events is None else events)
    before = connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()
    count = connection.execute("SELECT count(*) FROM events").fetchall()
    try:
        check_metrics(campaign, connection, FIELDS)
        found = []
    except CampaignError as error:
        found = [f"{problem.path}: {problem.message}" for problem in error.problems]
    assert connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall() == before
    assert connection.execute("SELECT count(*) FROM events").fetchall() == count
    connection.close()
    return found


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (expression("max(amount) / 3"), {"c": (Decimal("3.333333333"), None, 2)}),
        (expression("sum(amount)", where="item = 'b' -- only b"), {"c": (Decimal("2.5"), None, 1)}),
        (expression("max(item) -- the last"), {"c": (None, "b", 2), "d": (None, "b", 1)}),
        (expression("count(*) > 1"), {"c": (1, None, 2), "d": (0, None, 1)}),
        (expression("first(item ORDER BY amount DESC, item)"), {"c": (None, "a", 2), "d": (None, "b", 1)}),
        (expression("min(size) / 0"), {}),
        (expression("len(list(DISTINCT item ORDER BY item))"), {"c": (2, None, 2), "d": (1, None, 1)}),
        (
            expression("coalesce(min(amount), 0) + count(*) FILTER (WHERE size > 1)"),
            {"c": (2.5, None, 2), "d": (1, None, 1)},
        ),
        (
            query(
                "SELECT customer_id, count(*) AS number, min(item) AS text, 7 AS rows FROM events GROUP BY 1"
            ),
            {"c": (2, "a", 7), "d": (1, "b", 7)},
        ),
        (query("FROM events SELECT customer_id, max(amount) AS Number GROUP BY ALL"), {"c": (10, None, 2)}),
        (
            query(
                "WITH e AS (FROM events UNION ALL FROM history), f AS (FROM e) -- two\n"
                "SELECT customer_id, count(*) AS number FROM f GROUP BY 1 /* all */"
            ),
            {"c": (2, None, 2), "d": (1, None, 1)},
        ),
        (
            query(
                "SELECT customer_id, row_number() OVER (ORDER BY min(ts), customer_id) AS number, "
                "FROM events GROUP BY customer_id"
            ),
            {"c": (1, None, 2), "d": (2, None, 1)},
        ),
        (
            query(
                "WITH RECURSIVE up AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM up WHERE n < 4) "
                "SELECT customer_id, sum(DISTINCT n) AS number FROM events, up GROUP BY 1"
            ),
            {"c": (10, None, 2), "d": (10, None, 1)},
        ),
        (
            query(
                "SELECT customer_id, sum(x) AS number FROM (SELECT DISTINCT customer_id FROM events), "
                "range(3) t(x), (VALUES (1), (2)) v(y), unnest([1]) GROUP BY 1"
            ),
            {"c": (6, None, 2), "d": (6, None, 1)},
        ),
    ],
)
def test_what_it_gives(metric: dict[str, Any], expected: dict[str, tuple[Any, Any, int]]) -> None:
    """Numbers, texts, truths and rows come out exact, nulls and what is no number not at all."""
    assert problems(metric) == []
    assert results(metric) == expected


@pytest.mark.parametrize("parts", [1, 3])
def test_only_the_active_are_told(parts: int) -> None:
    """A query that names customers of before, of nowhere or null gives them no value."""
    own = query(
        "SELECT customer_id, 5 AS number FROM history UNION ALL VALUES ('c', 1), ('nobody', 2), (NULL, 3)"
    )
    assert problems(own) == []
    assert results(own, parts) == {"c": (1, None, 2)}


@settings(max_examples=10, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcdef"), st.integers(1, 28), st.sampled_from(["0.10", "5", "-2.35", None])
        ),
        min_size=1,
        max_size=25,
    ),
    st.sampled_from(
        ["sum(amount)", "max(amount) - min(amount)", "avg(size)", "max(item)", "mode(item ORDER BY item)"]
    ),
)
def test_parts_of_the_customers_change_nothing(rows: list[tuple[str, int, str | None]], text: str) -> None:
    """An expression over parts gives every customer what it gives over all."""
    events = [event(c, f"2026-01-{day:02}", f"i{day % 3}", amount=a, size=day / 7) for c, day, a in rows]
    whole = compute([expression(text, where="size < 3")], events)
    assert compute([expression(text, where="size < 3")], events, parts=4) == whole


WRITES = "only a SELECT may be given: a metric reads, and changes nothing"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("DELETE FROM events", WRITES),
        ("INSERT INTO events SELECT * FROM events", WRITES),
        ("CREATE TABLE stolen AS SELECT * FROM events", WRITES),
        ("COPY events TO 'stolen.csv'", WRITES),
        ("ATTACH 'other.db'", WRITES),
        ("PRAGMA database_list", WRITES),
        ("SET threads = 1", WRITES),
        ("INSTALL httpfs", WRITES),
        ("CALL pragma_version()", WRITES),
        ("EXPORT DATABASE 'x'", WRITES),
        ("EXPLAIN ANALYZE SELECT 1", WRITES),
        (
            "WITH x AS (DELETE FROM events RETURNING *) SELECT customer_id, 1 AS number FROM x",
            "DELETE may not be",
        ),
        (
            "WITH x AS (INSERT INTO customers (customer_id) VALUES ('c') RETURNING customer_id) FROM x",
            "INSERT may not be used: a metric reads events, and changes nothing",
        ),
        (
            "WITH x AS (UPDATE events SET item = 'x' RETURNING *) SELECT customer_id, 1 AS number FROM x",
            "UPDATE may",
        ),
        ("SELECT customer_id, 1 AS number FROM events; DROP TABLE events", ""),
        ("SELECT 1; SELECT 2", "give one query, not several"),
        ("SELECT customer_id, 1 AS number FROM customers;", "without a semicolon"),
        ("SELECT 1) AS a, (SELECT 2", "DuckDB does not understand it"),
        ("SELECT customer_id, 1 AS number FROM events /*", "DuckDB does not understand it"),
        ("-- nothing", "this is no query, but nothing"),
        ("SELEC 1", "DuckDB does not understand it"),
    ],
)
def test_a_query_only_reads(text: str, said: str) -> None:
    """Whatever writes, attaches, sets or comes in several statements is refused before it runs."""
    found = problems(query(text))
    assert found
    assert all(problem.startswith("metrics.0.query: ") for problem in found)
    assert any(said in problem for problem in found), found


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("read_csv('/etc/passwd')", "`read_csv()` may not be read from; there is customers, events, history"),
        ("read_text('/etc/passwd')", "`read_text()` may not be read from"),
        ("glob('*')", "`glob()` may not be read from"),
        ("query('SELECT 1')", "`query()` may not be read from"),
        ("query_table('rejects')", "`query_table()` may not be read from"),
        ("duckdb_secrets()", "`duckdb_secrets()` may not be read from"),
        ("json_execute_serialized_sql('{}')", "may not be read from"),
        ("'file.parquet'", "the table 'file.parquet' may not be read"),
        ("'https://example.org/x.csv'", "may not be read"),
        ("evnts", "the table 'evnts' may not be read; did you mean 'events'?"),
        ("frame", "the table 'frame' may not be read"),
        ("rejects", "the table 'rejects' may not be read"),
        ("main.events", "'main.events' may not be read: name a table without a schema"),
        ("memory.main.events", "'memory.main.events' may not be read"),
        ("information_schema.tables", "'information_schema.tables' may not be read"),
        ("(DESCRIBE events)", "SHOW may not be used"),
        ("(SHOW TABLES)", "SHOW may not be used"),
        ("events TABLESAMPLE 50%", "a sample is another one every time"),
        ("events POSITIONAL JOIN customers", "cannot be joined by their position"),
        ("(WITH rejects AS (SELECT 1) SELECT 1), rejects", "the table 'rejects' may not be read"),
        ("(WITH rejects AS (FROM rejects) FROM rejects)", "the table 'rejects' may not be read"),
        ("(WITH a AS (FROM rejects), rejects AS (SELECT 1) FROM a)", "the table 'rejects' may not be read"),
        ("(SELECT * FROM events LIMIT 1)", "LIMIT without ORDER BY takes other rows every time"),
        ("(SELECT DISTINCT ON (item) * FROM events)", "DISTINCT ON without ORDER BY"),
    ],
)
def test_a_query_reads_the_campaigns_tables_and_nothing_else(source: str, said: str) -> None:
    """No file, no other table, no table of the database's own; a name is known only after it was given."""
    frame = EVENTS  # A variable of this name is no table either.
    assert frame
    found = problems(query(f"SELECT 'c' AS customer_id, count(*) AS number FROM {source}"))
    assert any(said in problem for problem in found), found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("max(amount * random())", "`random` is not the same every time, and a metric must be"),
        ("max(ts) > now()", "`now` is not the same"),
        ("max(ts) > current_timestamp", "`current_timestamp` is not the same"),
        ("max(ts)::DATE - current_date", "`current_date` is not the same"),
        ("max(ts) > ago(INTERVAL 1 DAY)", "`ago` is not the same"),
        ("max(ts::TIME) > localtime", "`localtime` is not the same"),
        ("count(*) || current_localtimestamp()::VARCHAR", "`current_localtimestamp` is not the same"),
        ("uuid()::VARCHAR", "`uuid` is not the same"),
        ("max(rowid)", "`rowid` is not the same"),
        ("max(main.random())", "`random` is not the same"),
        ("getvariable('x')", "`getvariable` is not the same"),
        ("current_setting('threads')", "`current_setting` is not the same"),
        ("count(nextval('s'))", "`nextval` is not the same"),
        ("version()", "`version` is not the same"),
        ("getenv('HOME')", "there is no function 'getenv'"),
        ("pg_sleep(1)", "there is no function 'pg_sleep'"),
        ("sleep_ms(1)", "`sleep_ms` is not the same"),
        ("write_log('x')", "`write_log` is not the same"),
        ("json_serialize_plan('SELECT 1')", "may not be used in a metric: it tells of the machine"),
        ("max(amuont)", "did you mean 'amount'?"),
        ("summ(amount)", "there is no function 'summ'; did you mean 'sum'?"),
        ("sum(item)", "sum"),
        ("amount", "must appear in the GROUP BY clause"),
        ("max(ts)", "gives TIMESTAMP, neither a number nor a text"),
        ("NULL", "neither a number nor a text"),
        ("max(item)::INTEGER", "Could not convert string"),
        ("any_value(item)", "`any_value` takes rows as they come, in no order"),
        ("string_agg(item, ',')", "give it one: `string_agg(... ORDER BY ...)`"),
        ("arg_max(item, amount)", "takes rows as they come"),
        ("approx_quantile(amount, 0.5)", "`approx_quantile` estimates, and metrics are exact"),
        ("(SELECT count(*) FROM events)", "may hold no query; use `query`"),
        ("row_number() OVER (ORDER BY customer_id)", "may hold no window; use `query`"),
        ("unnest([1, 2])", "`unnest` gives several"),
        ("max(COLUMNS(*))", "`*` gives several"),
        ("1), max(2", "give one expression, not a query"),
        ("1) FROM customers WHERE (true", "give one expression, not a query"),
        ("1); DROP TABLE events; SELECT (1", ""),
        ("1 -- ) AS x", ""),
        ("SELECT 1", "may hold no query; use `query`"),
        ("SELECT 1, 2", "may hold no query; use `query`"),
        ("COPY events TO 'x'", "DuckDB does not understand it"),
        ("max($1)", "PARAMETER may not be used"),
        ("count(", "DuckDB does not understand it"),
    ],
)
def test_an_expression_is_one_value_the_same_every_time(text: str, said: str) -> None:
    """Clocks, chance, the machine, other customers, several values and wrong types are refused, with why."""
    found = problems(expression(text))
    if text == "1 -- ) AS x":
        assert found == []  # A comment ends with its line and takes nothing away.
        return
    assert found
    assert all(problem.startswith("metrics.0.expression: ") for problem in found)
    assert any(said in problem for problem in found), found


@pytest.mark.parametrize(
    ("select", "said"),
    [
        (
            "SELECT customer_id, 1 AS number FROM events",
            "gives 2 rows for the customer 'c'; it must give one a customer",
        ),
        ("SELECT 1 AS number", "must give a column `customer_id`"),
        ("SELECT customer_id FROM customers", "must give a column `number` or `text`, or both"),
        (
            "SELECT customer_id, 1 AS numbr FROM customers",
            "no use for the column 'numbr'; did you mean 'number'?",
        ),
        ("SELECT customer_id, 'x' AS number FROM customers", "`number` must be a number, and is VARCHAR"),
        ("SELECT customer_id, 1 AS text FROM customers", "`text` must be a text, and is INTEGER"),
        ("SELECT 1 AS customer_id, 1 AS number", "`customer_id` must be the events' own, and is INTEGER"),
        ("SELECT customer_id, 1 AS number, 1.5 AS rows FROM customers", "`rows` must be a whole number"),
        ("SELECT customer_id, max(amuont) AS number FROM events GROUP BY 1", "did you mean 'amount'?"),
        ("SELECT customer_id, max(nam) AS text FROM customers GROUP BY 1", "did you mean 'name'?"),
        (
            "SELECT customer_id, max(item::INTEGER) AS number FROM events GROUP BY 1",
            "Could not convert string",
        ),
        (
            "SELECT customer_id, row_number() OVER () AS number FROM customers",
            "`row_number` needs an order: `row_number(...) OVER (... ORDER BY ...)`",
        ),
    ],
)
def test_a_query_gives_what_a_metric_needs(select: str, said: str) -> None:
    """Its columns, their types and one row a customer are checked, the last on the data."""
    found = problems(query(select))
    assert any(said in problem for problem in found), found


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"expression": "1", "query": "SELECT 1"},
        {"query": "SELECT 1", "where": "true"},
        {"expression": ""},
    ],
)
def test_there_is_one_way_to_give_it(keys: dict[str, str]) -> None:
    """Neither, both, a condition beside a query, and nothing are refused without data."""
    with pytest.raises(CampaignError):
        make_campaign([{"id": "own", "kind": "sql", **keys}])


def test_files_are_not_even_looked_for(tmp_path: Path) -> None:
    """A file that is there is refused as one that is not."""
    path = tmp_path / "events.csv"
    path.write_text("customer_id,number\nc,1\n", encoding="utf-8")
    assert problems(query(f"SELECT * FROM '{path}'"))
    assert problems(expression(f"(SELECT max(number) FROM '{path}')"))


def test_history_is_loaded_where_a_query_names_it() -> None:
    """Reading what was before the period costs a load, and only who asks for it pays."""
    for metric, reads in (
        (query("SELECT customer_id, 1 AS number FROM History"), True),
        (query("SELECT customer_id, 1 AS number FROM events"), False),
        (expression("count(*)"), False),
    ):
        made = make_campaign([metric]).metrics[0]
        assert kind_of(made).reads_history(made) == reads


def test_the_card_shows_a_number_a_text_or_both() -> None:
    """A number is large, a text alone is; with both the text is named beside the number."""
    shown = []
    for text in ("1 AS number", "'x' AS text", "1 AS number, 'x' AS text"):
        metric = query(f"SELECT 'c' AS customer_id, {text}")
        made = make_campaign([metric]).metrics[0]
        facts = kind_of(made).facts(made, compute([metric], EVENTS)["c"]["own"], Period(**YEAR))
        shown.append((facts.main, facts.layout, facts.cases, dict(facts.slots)))
    number, label = Quantity(Decimal(1)), Label("x")
    assert shown == [
        ("n", "number", (), {"n": number}),
        ("label", "moment", (), {"label": label}),
        ("n", "number", ("labelled",), {"n": number, "label": label}),
    ]
