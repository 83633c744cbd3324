"""The recomputation on its own: numbers worked out by hand, without the SQL beside it."""

import ast
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from audit_cases import Activity, MadeUp, at, audit, load_events, make_campaign, read_made_up
from hypothesis import given, settings
from hypothesis import strategies as st

from recap.metrics.audit import exact as exact_numbers
from recap.metrics.audit.report import Difference
from recap.metrics.audit.stretches import compared_stretches

AUDIT = Path(exact_numbers.__file__).parent
ALLOWED = ("recap.campaign", "recap.errors", "recap.metrics.audit")
VALUES = {
    "customer_id": pl.String,
    "metric": pl.String,
    "number": pl.Float64,
    "text": pl.String,
    "detail": pl.String,
    "rows": pl.Int64,
    "rank": pl.Int64,
    "cohort": pl.Int64,
    "top_percent": pl.Int32,
}
NO_VALUES = pl.DataFrame(schema=VALUES)


def recompute(
    metric: Mapping[str, Any],
    events: Sequence[MadeUp],
    period: Mapping[str, Any] | None = None,
    others: Sequence[Mapping[str, Any]] = (),
) -> dict[str, dict[str, Any]]:
    """Give what the audit expects of a metric: by customer `number`, `text`, `rows` and the detail's keys.

    A value with an empty detail is published for everyone, so that the differences tell all of it.
    """
    campaign = make_campaign([*others, {"id": "m", **metric}], period or {"year": 2026})
    connection = load_events(campaign, events)
    activity = read_made_up(campaign, connection)
    connection.close()
    customers = activity.frame["customer_id"].unique().sort()
    wrong = {"metric": "m", "number": -77.0, "text": "?", "detail": '{"nothing":0}', "rows": -1}
    values = pl.DataFrame([{"customer_id": c, **wrong} for c in customers], schema=VALUES)
    found: dict[str, dict[str, Any]] = {}
    for difference in audit(campaign, activity, values).differences:
        if difference.metric == "m" and difference.what != "unexpected":
            name = difference.what.removeprefix("detail.")
            found.setdefault(difference.customer_id, {})[name] = difference.recomputed
    return found


def days(customer: str, *local: str, **fields: Any) -> list[MadeUp]:
    return [at(customer, f"{day}T12:00", **fields) for day in local]


def test_money_is_divided_exactly_and_cut_off() -> None:
    """An average has nine digits, the rest cut off toward zero; nulls are not counted."""
    events = [at("c", "2026-01-01", amount=Decimal(text)) for text in ("-0.10", "-0.10", "0.00")]
    told = recompute({"kind": "average", "of": "amount"}, [*events, at("c", "2026-01-01")])["c"]
    assert (told["exact"], told["total"], told["rows"]) == (Decimal("-0.066666666"), Decimal("-0.20"), 3)


def test_floats_are_added_as_decimals() -> None:
    """Sums of floats do not depend on their order, and are exact to nine digits."""
    for sizes in ([0.1, 1e15, 0.2, -1e15, 0.3], [1e15, 0.3, 0.2, 0.1, -1e15]):
        events = [at("c", "2026-01-01", size=size) for size in sizes]
        assert recompute({"kind": "sum", "of": "size"}, events)["c"]["number"] == Decimal("0.6")


def test_ties_are_listed_in_the_order_of_their_text() -> None:
    """Capitals go before small letters, letters with accents after; `limit` and null are heeded."""
    events = days("c", "2026-01-01", "2026-01-02", item="ä") + days("c", "2026-01-01", item=None)
    events += days("c", "2026-01-01", "2026-01-02", item="b") + days(
        "c", "2026-01-01", "2026-01-03", item="B"
    )
    told = recompute({"kind": "top", "by": "item", "limit": 2}, events)["c"]
    assert (told["tied"], told["text"], told["rows"], told["total"]) == (["B", "b", "ä"], "B", 6, 6)
    assert [item["label"] for item in told["items"]] == ["B", "b"]


def test_streaks_end_with_the_period_or_begin_before_it() -> None:
    """A run over both edges is cut at both; with `from_before` only at the end."""
    events = days("c", "2025-12-30", "2025-12-31", "2026-01-01", "2026-01-02", "2026-12-31", "2027-01-01")
    cut = recompute({"kind": "streak"}, events)["c"]
    assert (cut["exact"], cut["first_day"], cut["began_before"], cut["running"]) == (
        2,
        "2026-01-01",
        False,
        False,
    )
    whole = recompute({"kind": "streak", "from_before": True}, events)["c"]
    assert (whole["exact"], whole["first_day"], whole["began_before"], whole["rows"]) == (
        4,
        "2025-12-30",
        True,
        4,
    )


def test_weeks_run_over_new_year() -> None:
    """The last days of December and the first of January are one week; an event there is in the period."""
    events = days("c", "2025-12-22", "2025-12-29", "2026-01-08")
    told = recompute({"kind": "weekly_streak", "from_before": True}, events)["c"]
    assert (told["exact"], told["first_week"], told["last_week"]) == (3, "2025-12-22", "2026-01-05")
    assert recompute({"kind": "weekly_streak"}, events)["c"]["exact"] == 1


def test_the_hour_that_comes_twice_is_two_hours_for_sessions() -> None:
    """When clocks are put back, the same local time twice is an hour apart and counted as one hour of day."""
    events = [MadeUp("c", datetime(2026, 10, 25, hour, 30)) for hour in (0, 1)]
    assert [event.local.hour for event in events] == [2, 2]
    assert recompute({"kind": "sessions", "gap": 59}, events)["c"]["exact"] == 2
    assert recompute({"kind": "longest_session", "gap": 60}, events)["c"]["exact"] == 3600
    assert recompute({"kind": "busiest_hour"}, events)["c"]["series"] == [{"key": 2, "value": 2}]


def test_a_gap_and_the_return_after_it() -> None:
    """Gaps lie between active days; the return counts what lies before the period as well."""
    events = days("c", "2025-11-01", "2026-01-10", "2026-01-12", "2026-01-14")
    gap = recompute({"kind": "longest_gap"}, events)["c"]
    assert (gap["exact"], gap["last_day"], gap["tied_gaps"], gap["rows"]) == (1, "2026-01-10", 2, 2)
    back = recompute({"kind": "comeback"}, events)["c"]
    assert (back["exact"], back["back_day"], back["rows"]) == (69, "2026-01-10", 3)


def test_an_anniversary_of_a_leap_day() -> None:
    """February 29 comes round on February 28 where there is no other."""
    told = recompute({"kind": "tenure"}, days("c", "2024-02-29", "2026-06-01"))["c"]
    assert (told["years"], told["anniversary"], told["new"], told["exact"]) == (2, "2026-02-28", False, 1036)


YEAR = {"year": 2026}
MARCH, FEBRUARY = {"year": 2025, "month": 3}, {"year": 2025, "month": 2}
TEN_DAYS = {"first_day": "2026-03-01", "last_day": "2026-03-10"}


@pytest.mark.parametrize(
    ("period", "against", "known", "now", "before", "is_whole"),
    [
        (YEAR, "previous", "2025-01-01 2026-12-31", "2026-01-01 2026-12-31", "2025-01-01 2025-12-31", True),
        (YEAR, "previous", "2025-10-15 2026-11-30", "2026-10-15 2026-11-30", "2025-10-15 2025-11-30", False),
        (MARCH, "previous", "2020-01-01 2025-03-31", "2025-03-01 2025-03-31", "2025-02-01 2025-02-28", True),
        (MARCH, "previous", "2020-01-01 2025-03-30", "2025-03-01 2025-03-30", "2025-02-01 2025-02-28", False),
        (
            FEBRUARY,
            "last_year",
            "2020-01-01 2025-02-28",
            "2025-02-01 2025-02-28",
            "2024-02-01 2024-02-29",
            True,
        ),
        (
            TEN_DAYS,
            "previous",
            "2020-01-01 2026-03-31",
            "2026-03-01 2026-03-10",
            "2026-02-19 2026-02-28",
            True,
        ),
        (MARCH, "previous", "2025-03-01 2025-03-31", None, None, None),
    ],
)
def test_growth_compares_like_with_like(
    period: Mapping[str, Any],
    against: str,
    known: str,
    now: str | None,
    before: str | None,
    is_whole: bool | None,
) -> None:
    """Only days the data covers on both sides are compared; a whole period with a whole one."""
    campaign = make_campaign([{"id": "m", "kind": "growth", "against": against}], period)
    first, last = (datetime.fromisoformat(day).date() for day in known.split())
    found = compared_stretches(campaign.metrics[0], campaign.period, first, last)
    if found is None:
        assert now is None
        return
    text = exact_numbers.date_text
    assert f"{text(found.first)} {text(found.last)}" == now
    assert f"{text(found.before_first)} {text(found.before_last)}" == before
    assert found.is_whole == is_whole


def test_the_first_of_many_share_a_place() -> None:
    """Who came at the same instant shares the better place; the next one is two places on."""
    events = [at(c, "2026-01-01T10:00", item="x") for c in "ab"] + [at("c", "2026-01-01T10:01", item="x")]
    told = recompute({"kind": "early_adopter", "by": "item", "customers_at_least": 3}, events)
    assert {c: (v["place"], v["shared"]) for c, v in told.items()} == {
        "a": (1, True),
        "b": (1, True),
        "c": (3, False),
    }


def test_types_count_everyone() -> None:
    """The first rule that holds counts; whoever lacks the number falls through."""
    rules = [{"id": "rich", "name": "R", "when": {"s": {"at_least": 5}}}, {"id": "rest", "name": "X"}]
    events = [
        at("a", "2026-01-01", amount=Decimal(5)),
        at("b", "2026-01-01", amount=Decimal(4)),
        at("c", "2026-01-01"),
    ]
    others = [{"id": "s", "kind": "sum", "of": "amount"}]
    told = recompute({"kind": "archetype", "rules": rules}, events, others=others)
    assert {c: (v["text"], v["exact"]) for c, v in told.items()} == {
        "a": ("rich", Decimal("0.333333333")),
        "b": ("rest", Decimal("0.666666666")),
        "c": ("rest", Decimal("0.666666666")),
    }


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(-1e17, 1e17) | st.floats(-1e-6, 1e-6), min_size=1, max_size=50))
def test_floats_become_decimals_as_the_database_makes_them(numbers: list[float]) -> None:
    """Rounding to nine digits is the database's own, to the last digit."""
    with duckdb.connect() as connection:
        rows = connection.execute("SELECT unnest(?::DOUBLE[])::DECIMAL(38, 9)", [numbers]).fetchall()
    assert [row[0] for row in rows] == [
        exact_numbers.from_nanos(exact_numbers.nanos(number)) for number in numbers
    ]


@settings(max_examples=100, deadline=None)
@given(st.decimals(-(10**9), 10**9, places=4), st.decimals(-(10**6), 10**6, places=3).filter(bool))
def test_quotients_are_cut_off_toward_zero(of: Decimal, by: Decimal) -> None:
    """A quotient times its divisor misses the dividend by less than one unit of the ninth digit."""
    quotient = exact_numbers.quotient(of, by)
    with_all_digits = exact_numbers.EXACT.copy()
    rest = with_all_digits.subtract(of, with_all_digits.multiply(quotient, by))
    assert abs(rest) < with_all_digits.multiply(abs(by), Decimal("1e-9"))
    assert rest == 0 or (rest > 0) == (of > 0)


def test_a_missing_value_names_what_it_rests_on() -> None:
    """Without any published value every expected one is missing, and the empty activity expects none."""
    campaign = make_campaign([{"id": "m", "kind": "count"}])
    connection = load_events(campaign, [at("c", "2026-01-01")])
    activity = read_made_up(campaign, connection)
    connection.close()
    (difference,) = audit(campaign, activity, NO_VALUES).differences
    assert (difference.what, difference.recomputed, difference.rows.first) == (
        "missing",
        1,
        ("made_up.csv:1",),
    )
    assert isinstance(difference, Difference)
    empty = Activity(activity.frame.clear(), {}, ())
    assert audit(campaign, empty, NO_VALUES).customers == 0


@pytest.mark.parametrize("path", sorted(AUDIT.rglob("*.py")), ids=lambda path: str(path.relative_to(AUDIT)))
def test_nothing_is_shared_with_the_sql(path: Path) -> None:
    """The audit knows the campaign and the errors, nothing of the computation; DuckDB opens DuckDB files."""
    doors = ("recap",) if path.name == "databases.py" else ("recap", "duckdb")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            assert name.startswith(ALLOWED) or not name.startswith(doors), name
