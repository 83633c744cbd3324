"""What the audit finds: planted mistakes, each named with customer, metric, both values and the rows."""

import json
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from audit_cases import Activity, at, audit, compute_both

from recap.campaign import Campaign
from recap.metrics.audit.report import AuditReport, Difference, Places

METRICS = [
    {"id": "spent", "kind": "sum", "of": "amount"},
    {"id": "favourite", "kind": "top", "by": "item"},
    {"id": "type", "kind": "archetype", "rules": [
        {"id": "big", "name": "Big", "when": {"spent": {"at_least": 5}}},
        {"id": "rest", "name": "Rest"},
    ]},
    {"id": "ahead", "kind": "standing", "of": "spent", "within": "favourite"},
]  # fmt: skip
EVENTS = [
    at("ada", "2026-01-01T10:00", item="tea", amount=Decimal("2.50")),
    at("ada", "2026-02-01T10:00", item="tea", amount=Decimal("2.50")),
    at("ada", "2026-02-02T10:00", item="jam", amount=Decimal("0.10")),
    at("ben", "2026-03-01T10:00", item="tea", amount=Decimal("5.10")),
    at("cleo", "2026-04-01T10:00", item="jam", amount=Decimal("1.00")),
    at("dan", "2026-04-01T10:00", item="jam"),
]
ADAS = Places(("made_up.csv:1", "made_up.csv:2", "made_up.csv:3"), 3)


def computed() -> tuple[Campaign, Activity, pl.DataFrame]:
    return compute_both(METRICS, EVENTS)


def change(values: pl.DataFrame, customer: str, metric: str, **cells: Any) -> pl.DataFrame:
    """Put other values into a row."""
    its = (pl.col("customer_id") == customer) & (pl.col("metric") == metric)
    assert values.filter(its).height == 1
    return values.with_columns(
        pl.when(its).then(pl.lit(cell, values.schema[name])).otherwise(pl.col(name)).alias(name)
        for name, cell in cells.items()
    )


def without(values: pl.DataFrame, customer: str, metric: str) -> pl.DataFrame:
    return values.filter((pl.col("customer_id") != customer) | (pl.col("metric") != metric))


def detail_of(values: pl.DataFrame, customer: str, metric: str) -> dict[str, Any]:
    row = values.filter(pl.col("customer_id") == customer, pl.col("metric") == metric)
    return dict(json.loads(row["detail"].item()))


def found(report: AuditReport) -> list[Difference]:
    assert report.difference_count == len(report.differences)
    return list(report.differences)


def test_nothing_planted_is_nothing_found() -> None:
    """The report says how much was checked, and that it agrees."""
    report = audit(*computed())
    assert report.agrees
    assert (report.customers, report.values, report.unaudited, report.seconds) == (4, 3 + 4 + 4 + 3, {}, 0.0)


@pytest.mark.parametrize("sample", [None, 4])
@pytest.mark.parametrize(
    ("metric", "cells", "what", "published", "recomputed"),
    [
        ("spent", {"number": 5.11}, "number", 5.11, Decimal("5.10")),
        ("spent", {"number": None}, "number", None, Decimal("5.10")),
        ("spent", {"text": "tea"}, "text", "tea", None),
        ("spent", {"rows": 4}, "rows", 4, 3),
        ("spent", {"detail": '{"exact":5.1000001}'}, "detail.exact", Decimal("5.1000001"), Decimal("5.10")),
        ("spent", {"detail": '{"exact":"5.10"}'}, "detail.exact", "5.10", Decimal("5.10")),
        ("spent", {"detail": '{"exact":5.1,"more":1}'}, "detail.more", 1, None),
        ("spent", {"detail": "{}"}, "detail.exact", None, Decimal("5.10")),
        ("spent", {"detail": "{"}, "detail", "{", {"exact": Decimal("5.10")}),
        ("spent", {"rank": 2}, "rank", 2, 1),
        ("spent", {"rank": None}, "rank", None, 1),
        ("spent", {"cohort": 4}, "cohort", 4, 3),
        ("spent", {"top_percent": 33}, "top_percent", 33, 34),
        ("favourite", {"text": "jam"}, "text", "jam", "tea"),
        ("type", {"rank": 1}, "rank", 1, None),
        ("ahead", {"cohort": 3}, "cohort", 3, 2),
        ("ahead", {"top_percent": 1}, "top_percent", 1, 50),
    ],
)
def test_a_changed_cell_is_found(
    sample: int | None, metric: str, cells: dict[str, Any], what: str, published: Any, recomputed: Any
) -> None:
    """One cell of one row is changed: the first difference names it, and where its events stand."""
    campaign, activity, values = computed()
    report = audit(campaign, activity, change(values, "ada", metric, **cells), sample=sample)
    differences = {d.what: d for d in found(report) if d.metric == metric and d.customer_id == "ada"}
    assert differences[what] == Difference("ada", metric, what, published, recomputed, ADAS)


def test_one_changed_cell_is_one_difference() -> None:
    """With everyone checked, a wrong number makes no other value look wrong."""
    campaign, activity, values = computed()
    assert len(found(audit(campaign, activity, change(values, "ada", "spent", number=5.11)))) == 1


def test_a_tie_told_apart_is_found() -> None:
    """Two customers with the same number share the better rank: a later one is named."""
    campaign, activity, values = computed()
    planted = change(values, "ben", "spent", rank=2, top_percent=67)
    for sample in (None, 4):
        assert found(audit(campaign, activity, planted, sample=sample)) == [
            Difference("ben", "spent", what, published, recomputed, Places(("made_up.csv:4",), 1))
            for what, published, recomputed in (("rank", 2, 1), ("top_percent", 67, 34))
        ]


def test_a_lost_tie_in_a_detail_is_found() -> None:
    """A list inside the detail is compared entry by entry."""
    campaign, activity, values = computed()
    detail = detail_of(values, "ada", "favourite")
    detail["tied"].append("jam")
    planted = change(values, "ada", "favourite", detail=json.dumps(detail))
    assert found(audit(campaign, activity, planted)) == [
        Difference("ada", "favourite", "detail.tied", ["tea", "jam"], ["tea"], ADAS)
    ]


def test_a_missing_value_is_found() -> None:
    """A value that should be there is missed, with the number and the events it has."""
    campaign, activity, values = computed()
    report = audit(campaign, activity, without(values, "ada", "spent"))
    assert Difference("ada", "spent", "missing", None, Decimal("5.10"), ADAS) in found(report)


def test_a_value_too_many_is_found() -> None:
    """Values that should not be there are named: of a customer's metric, of a stranger, of no metric."""
    campaign, activity, values = computed()
    extra = values.filter(pl.col("customer_id") == "cleo", pl.col("metric") == "spent")
    planted = pl.concat(
        [
            values,
            extra.with_columns(customer_id=pl.lit("dan")),
            extra.with_columns(customer_id=pl.lit("zoe")),
            extra.with_columns(metric=pl.lit("earned")),
        ]
    )
    report = audit(campaign, activity, planted)
    assert found(report) == [
        Difference("cleo", "earned", "unexpected", 1.0, None, Places()),
        Difference("dan", "spent", "unexpected", 1.0, None, Places(("made_up.csv:6",), 1)),
        Difference("zoe", "spent", "unexpected", 1.0, None, Places()),
    ]
    assert (report.customers, report.values) == (5, 17)


def test_a_wrong_type_is_found_where_it_is() -> None:
    """With everyone checked the sizes of types are recomputed; in a sample a wrong type is seen in them."""
    campaign, activity, values = computed()
    detail = detail_of(values, "dan", "type") | {"archetype": "big"}
    planted = change(values, "dan", "type", text="big", detail=json.dumps(detail))
    report = audit(campaign, activity, planted)
    assert {(d.customer_id, d.what) for d in found(report)} == {("dan", "text"), ("dan", "detail.archetype")}
    sizes = {d.what for d in found(audit(campaign, activity, planted, sample=4)) if d.customer_id == "ada"}
    assert sizes == {"number", "detail.exact", "detail.holders"}


def test_all_differences_are_counted_and_a_hundred_kept() -> None:
    """A broken computation does not drown the report."""
    events = [at(f"c{n}", "2026-01-01T10:00") for n in range(120)]
    campaign, activity, values = compute_both([{"id": "n", "kind": "count"}], events)
    report = audit(campaign, activity, values.with_columns(number=pl.lit(2.0), rank=pl.lit(2, pl.Int64)))
    assert (report.difference_count, len(report.differences), report.agrees) == (240, 100, False)


def test_many_rows_are_counted_and_twenty_named() -> None:
    """The events behind a difference are named up to twenty."""
    events = [at("c", "2026-01-01T10:00") for _ in range(30)]
    campaign, activity, values = compute_both([{"id": "n", "kind": "count"}], events)
    (difference,) = found(audit(campaign, activity, values.with_columns(number=pl.lit(2.0))))
    assert difference.rows == Places(tuple(f"made_up.csv:{line}" for line in range(1, 21)), 30)


def test_what_cannot_be_recomputed_is_told_and_not_compared() -> None:
    """Own SQL, metrics whose events are not read, and what rests on them are unaudited, with the reason."""
    metrics = [
        {"id": "own", "kind": "sql", "expression": "count(*)"},
        {"id": "spent", "kind": "sum", "of": "amount"},
        {"id": "ahead", "kind": "standing", "of": "own"},
        {"id": "each", "kind": "ratio", "of": "spent", "to": "n"},
        {"id": "n", "kind": "count"},
    ]
    campaign, activity, values = compute_both(metrics, EVENTS)
    unread = Activity(activity.frame, {"spent": "its field is not read"}, ())
    report = audit(campaign, unread, values.with_columns(number=pl.col("number") + 1))
    assert {d.metric for d in report.differences} == {"n"}
    assert report.unaudited == {
        "own": "the campaign's own SQL can only be computed by the database it is written for",
        "spent": "its field is not read",
        "ahead": "it rests on 'own', which is not audited",
        "each": "it rests on 'spent', which is not audited",
    }


def test_progress_ends_with_everyone() -> None:
    """Progress is told as customers done of all."""
    from recap.metrics.audit.audit import audit_values

    campaign, activity, values = computed()
    told: list[tuple[int, int]] = []
    audit_values(campaign, activity, values, sample=None, seed="", progress=lambda *at: told.append(at))
    assert (told[0], told[-1]) == ((0, 4), (4, 4))
