"""The planner: the fewest rollups for all needs together, each from one scan or from another rollup."""

from typing import Literal

import pytest

from recap.campaign import Metric
from recap.metrics.kinds.totals import Count, CountMetric
from recap.metrics.needs import Need
from recap.metrics.registry import KINDS, register
from recap.metrics.rollups import PART_EVENTS, PART_HISTORY, plan_rollups


def test_needs_of_one_grain_make_one_table() -> None:
    """Whatever they add up and under whatever condition, needs of a grain share one scan."""
    needs = [
        Need(by="day"),
        Need(by="day", of="amount"),
        Need(by="day", of="amount", where="(amount > 0)"),
        Need(by="day", where="(amount > 0)"),
        Need(by="day"),
    ]
    plan = plan_rollups(needs)
    (rollup,) = plan.rollups
    assert (rollup.name, rollup.source) == ("rollup_by_day", PART_EVENTS)
    assert [m.alias for m in rollup.measures] == [
        "n_1",
        "n_2",
        "sum_3",
        "n_4",
        "sum_5",
        "n_6",
    ]
    assert "FILTER (WHERE (amount > 0))" in rollup.sql
    assert len({plan.view(need) for need in needs}) == 4


def test_the_customer_rollup_is_merged_from_the_daily_one() -> None:
    """What can be merged is not scanned for again, and its measures are carried by the daily rollup."""
    plan = plan_rollups([Need(of="amount"), Need(of="amount", fold="least"), Need(by="day")])
    daily, total = plan.rollups
    assert (daily.name, daily.source) == ("rollup_by_day", PART_EVENTS)
    assert (total.name, total.source) == ("rollup_by_customer", "rollup_by_day")
    assert {m.alias for m in total.measures} <= {m.alias for m in daily.measures}
    assert "sum(sum_" in total.sql
    assert "min(least_" in total.sql


def test_single_events_are_looked_for_at_the_edges_only() -> None:
    """First, last and largest events share a scan for where they are, and one for what they are."""
    needs = [Need(of="amount", pick="largest"), Need(pick="first", label="item"), Need(by="day")]
    plan = plan_rollups(needs)
    assert [(r.name, r.made_of) for r in plan.rollups] == [
        ("rollup_by_day", None),
        ("rollup_edges", None),
        ("rollup_moments", "rollup_edges"),
    ]
    assert plan.tables[needs[0]] == ("rollup_edges", "rollup_moments")


def test_all_time_is_merged_from_before_and_the_period() -> None:
    """What is asked of the period, of the time before and of both takes two scans, not three."""
    needs = [Need(by="field", field="item", span=span) for span in ("period", "before", "ever")]
    plan = plan_rollups(needs)
    assert [(r.name, r.source) for r in plan.rollups] == [
        ("rollup_field_item", PART_EVENTS),
        ("rollup_field_item_before", PART_HISTORY),
    ]
    assert plan.tables[needs[2]] == ("rollup_field_item_before", "rollup_field_item")


def test_sessions_are_cut_once_for_each_gap_and_condition() -> None:
    """Metrics over the same sessions share them; another pause or other events make others."""
    needs = [
        Need(by="session", gap=30),
        Need(by="session", gap=30, of="amount"),
        Need(by="session", gap=60),
        Need(by="session", gap=30, where="(amount > 0)"),
    ]
    plan = plan_rollups(needs, instant="_utc")
    assert len(plan.rollups) == 3
    assert all("ORDER BY _utc" in rollup.sql for rollup in plan.rollups)


def test_no_field_takes_the_place_of_a_builtin_grain() -> None:
    """Fields called like a grain, or like another's alias, get tables and columns of their own."""
    needs = [
        *(Need(by="field", field=name) for name in ("customer", "day", "hour", "by_day")),
        *(Need(by="customer"), Need(by="day"), Need(by="hour")),
        *(Need(of="a", where="(x)"), Need(of="a_w1"), Need(of="n_1")),
        *(Need(pick="first", label="unlabelled"), Need(pick="first")),
        *(Need(of="p", pick="largest", label="i_n"), Need(of="p_i", pick="largest", label="n")),
    ]
    plan = plan_rollups(needs)
    assert len({rollup.name for rollup in plan.rollups}) == len(plan.rollups) == 9
    assert len(set(plan.views.values())) == len(needs)


def test_a_field_may_have_any_name() -> None:
    """Names that SQL keeps for itself are quoted."""
    plan = plan_rollups([Need(by="field", field="order", of="group")])
    (rollup,) = plan.rollups
    assert '"order"::VARCHAR AS key' in rollup.sql
    assert 'sum("group")' in rollup.sql


def test_the_registry_refuses_malformed_kinds() -> None:
    """A kind twice, or one whose parameters speak of another, is an error at import."""

    class Other(Metric):
        kind: Literal["other"]

    class Strange(Count):
        params: type[CountMetric] = Other  # type: ignore[assignment]

    class Vague(Count):
        definition = ""

    with pytest.raises(TypeError, match="two kinds are called 'count'"):
        register(Count(), Count())
    with pytest.raises(TypeError, match="parameters say kind"):
        register(Strange())
    with pytest.raises(TypeError, match="catalogue is incomplete"):
        register(Vague())


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_names_its_parts(kind: object) -> None:
    """Definition, number and detail are sentences for people; the layout is one of the shipped."""
    from recap.shipped import shipped_folder

    layouts = {path.stem for path in (shipped_folder("templates") / "cards").glob("*.html")}
    assert kind.layout in layouts  # type: ignore[attr-defined]
    assert kind.definition[0].isupper()  # type: ignore[attr-defined]
