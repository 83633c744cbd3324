"""Discoveries and returns: the period's things against those before it."""

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_events import YEAR, compute, event, find_alone, make_campaign

from recap.campaign import Period
from recap.metrics.facts import Entry, Facts, Label, Quantity, Ratio, Several
from recap.metrics.registry import kind_of
from recap.metrics.value import Value

NEW: dict[str, Any] = {"id": "new", "kind": "discoveries", "by": "item"}
AGAIN: dict[str, Any] = {"id": "again", "kind": "returning", "by": "item"}
METRICS = [NEW, AGAIN]


def facts(metric: dict[str, Any], value: Value) -> Facts:
    """Say what a value means."""
    model = make_campaign([metric]).metrics[0]
    return kind_of(model).facts(model, value, Period.model_validate(YEAR))


EVENTS = [
    event("c", "2024-06-01", "old"),
    event("c", "2025-12-31T23:59:59", "again"),
    event("c", "2026-01-01T00:00:00", "again"),
    event("c", "2026-02-01", "again"),
    event("c", "2026-02-01", "z"),
    event("c", "2026-02-02", "z"),
    event("c", "2026-02-03", "b"),
    event("c", "2026-02-03", "b"),
    event("c", "2026-02-03", "a"),
    event("c", "2026-02-04", None),
    event("other", "2025-01-01", "z"),
]


def test_new_is_what_this_customer_had_not_met_before() -> None:
    """The last moment before the period makes a thing known, what others met does not; null is nothing."""
    value = compute(METRICS, EVENTS)["c"]["new"]
    assert (value.number, value.text, value.rows) == (3, "b", 5)
    assert value.detail == {
        "exact": 3,
        "known": 1,
        "newcomer": False,
        "items": [
            {"label": "b", "value": 2, "rows": 2},
            {"label": "z", "value": 2, "rows": 2},
            {"label": "a", "value": 1, "rows": 1},
        ],
        "tied": ["b", "z"],
        "tied_count": 2,
        "groups": 3,
        "total": 5,
    }
    told = facts(NEW, value)
    assert told.slots == {
        "n": Quantity(3),
        "of": Quantity(4),
        "share": Ratio(0.75),
        "label": Label("b"),
        "labels": Several((Label("b"), Label("z"))),
    }
    assert (told.main, told.cases) == ("n", ())
    assert told.entries[1:] == (
        Entry(Label("z"), Quantity(2, "event"), share=1.0, leads=True, place=1),
        Entry(Label("a"), Quantity(1, "event"), share=0.5, leads=False, place=3),
    )


def test_returning_is_what_was_met_before_and_again() -> None:
    """Only things of both times count, with their events in the period."""
    value = compute(METRICS, EVENTS)["c"]["again"]
    assert (value.number, value.text, value.rows) == (1, "again", 2)
    assert value.detail == {
        "exact": 1,
        "items": [{"label": "again", "value": 2, "rows": 2}],
        "tied": ["again"],
        "tied_count": 1,
        "groups": 1,
        "total": 2,
    }
    told = facts(AGAIN, value)
    assert told.slots == {"n": Quantity(1), "label": Label("again"), "labels": Several((Label("again"),))}
    assert (told.main, told.cases, len(told.entries)) == ("n", (), 1)


def test_to_newcomers_everything_is_new_and_nothing_returns() -> None:
    """Customers without any earlier event have discoveries that are never told, and no returns."""
    events = [event("c", "2026-01-01", "a"), event("d", "2025-01-01", None), event("d", "2026-01-01", "a")]
    values = compute(METRICS, events)
    assert {customer: set(got) for customer, got in values.items()} == {"c": {"new"}, "d": {"new"}}
    assert (values["c"]["new"].detail["newcomer"], values["d"]["new"].detail["newcomer"]) == (True, False)
    # An earlier event without a thing makes no newcomer.
    assert find_alone(METRICS, events) == {("c", "new")}


def test_nothing_new_is_no_value() -> None:
    """Who met nothing new has no discoveries, who came back to nothing no returns."""
    events = [event("c", "2025-01-01", "a"), event("c", "2026-01-01", "a"), event("d", "2025-01-01", "a")]
    values = compute(METRICS, [*events, event("d", "2026-01-01", None)])
    assert {customer: set(got) for customer, got in values.items()} == {"c": {"again"}, "d": set()}


def test_the_condition_holds_before_and_in_the_period() -> None:
    """A thing seen before only where the condition fails is new, and a customer without such events too."""
    events = [
        event("c", "2025-01-01", "a", amount="0.00"),
        event("c", "2026-01-01", "a", amount="1.00"),
        event("c", "2026-01-01", "b", amount="0.00"),
    ]
    metrics = [{**metric, "where": "amount > 0"} for metric in METRICS]
    got = compute(metrics, events)["c"]
    assert set(got) == {"new"}
    assert (got["new"].detail["exact"], got["new"].detail["newcomer"]) == (1, True)


def test_entries_are_kept_up_to_the_limit() -> None:
    """The limit shortens the list and nothing else."""
    events = [event("c", f"{year}-01-01", item) for year in (2025, 2026) for item in "abcdef"]
    metrics = [{**AGAIN, "limit": 2}, {**AGAIN, "id": "five"}]
    got = compute(metrics, events)["c"]
    assert [len(got[metric].detail["items"]) for metric in ("again", "five")] == [2, 5]
    assert {value.detail["tied_count"] for value in got.values()} == {6}
    assert {value.number for value in got.values()} == {6}


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["c", "d"]),
            st.sampled_from(["2024-02-29", "2025-12-31T23:59:59", "2026-01-01", "2026-12-31T23:59:59"]),
            st.sampled_from(["a", "b", "ä", "Z", None]),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_novelty_equals_a_plain_recomputation(rows: list[tuple[str, str, str | None]]) -> None:
    """New and returning things are set differences and intersections, the leading told by their events."""
    values = compute(METRICS, [event(customer, when, item) for customer, when, item in rows])
    for customer, got in values.items():
        own = [(when, item) for owner, when, item in rows if owner == customer]
        before = {item for when, item in own if when < "2026"}
        now = Counter(item for when, item in own if when >= "2026" and item is not None)
        for metric, things in (("new", now.keys() - before), ("again", now.keys() & before)):
            assert (metric in got) == bool(things)
            if things:
                ordered = sorted(things, key=lambda item: (-now[item], item))
                detail = got[metric].detail
                assert (detail["exact"], got[metric].number) == (len(things), len(things))
                assert [entry["label"] for entry in detail["items"]] == ordered[:5]
                assert detail["tied"] == sorted(item for item in things if now[item] == now[ordered[0]])
                assert got[metric].rows == detail["total"] == sum(now[item] for item in things)
        if "new" in got:
            assert got["new"].detail["known"] == len(now.keys() & before)
            assert got["new"].detail["newcomer"] == (not before)
