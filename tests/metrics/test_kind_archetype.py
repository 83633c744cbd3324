"""Archetypes: exactly one for everyone, and no rule that nobody could ever match."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_events import YEAR, compute, event, make_campaign

from recap.campaign import Period, build_campaign
from recap.campaign.document import parse_document
from recap.errors import CampaignError
from recap.metrics.facts import Ratio, Term
from recap.metrics.kinds.archetype import Bounds
from recap.metrics.kinds.boxes import Box, covering, is_empty
from recap.metrics.registry import MODELS, kind_of

VISITS = {"id": "visits", "kind": "count"}
SPENT = {"id": "spent", "kind": "sum", "of": "amount"}
LAST = {"id": "rest", "name": "The rest"}


def rule(name: str, **when: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": name, "name": name.title(), "when": when}


def archetype(*rules: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": "type", "kind": "archetype", "rules": [*rules, LAST]}


def refusals(*rules: Mapping[str, Any]) -> list[str]:
    """What is said of an archetype, a sentence a problem; its place without the metric's."""
    with pytest.raises(CampaignError) as raised:
        make_campaign([VISITS, SPENT, {**archetype(), "rules": list(rules)}])
    return [f"{p.path.removeprefix('metrics.2.')}: {p.message}" for p in raised.value.problems]


@pytest.mark.parametrize("parts", [1, 3])
def test_the_first_rule_that_matches_wins_and_everyone_has_one(parts: int) -> None:
    """Bounds are exact, a missing number meets no condition, and the shares are of everyone active."""
    rules = archetype(
        rule("big", spent={"more_than": "10.00"}),
        rule("often", visits={"at_least": 2}),
        rule("thrifty", spent={"at_most": 5}),
    )
    events = [event("more", "2026-01-01", amount="10.01"), event("even", "2026-01-01", amount="10.00")]
    events += [event("often", "2026-01-01"), event("often", "2026-01-02")]
    events += [event("less", "2026-01-01", amount="5.00"), event("unknown", "2026-01-01")]
    events += [event("gone", "2025-01-01", amount="99")]
    values = compute([rules, VISITS, SPENT], events, parts=parts)
    assert {c: got["type"].text for c, got in values.items()} == {
        "more": "big",
        "often": "often",
        "less": "thrifty",
        "even": "rest",
        "unknown": "rest",
    }
    assert values["even"]["type"].detail == {
        "exact": Decimal("0.4"),
        "archetype": "rest",
        "holders": 2,
        "cohort": 5,
    }
    assert (values["often"]["type"].rows, values["often"]["type"].rank) == (2, None)


def test_one_type_for_all_needs_no_other_metric() -> None:
    """Where two types share a metric that few have, everyone else is the last one."""
    rules = archetype(rule("some", rare={"at_least": 0}))
    rare = {**SPENT, "id": "rare", "where": "item = 'rare'"}
    values = compute(
        [rare, rules], [event("a", "2026-01-01", "x"), event("b", "2026-01-01", "rare", amount="0")]
    )
    assert {c: got["type"].text for c, got in values.items()} == {"a": "rest", "b": "some"}


def test_the_name_is_the_campaigns_in_every_language() -> None:
    """The rule's name goes to the card as it was written, the share as a ratio."""
    named = archetype({**rule("often", visits={"at_least": 1}), "name": {"en": "Often", "de": "Oft"}})
    made = make_campaign([VISITS, named]).metrics[1]
    value = compute([VISITS, named], [event("c", "2026-01-01")])["c"]["type"]
    facts = kind_of(made).facts(made, value, Period(**YEAR))
    assert facts.slots == {"type": Term({"en": "Often", "de": "Oft"}), "share": Ratio(1.0)}


def test_every_type_has_an_emblem() -> None:
    """The one that its rule names, or else that of its place."""
    rules = [rule("often", visits={"at_least": 2}), {**rule("once", visits={"at_least": 1}), "emblem": "key"}]
    named = archetype(*rules)
    metric = make_campaign([VISITS, named]).metrics[1]
    events = [event("c", "2026-01-01"), event("c", "2026-01-02"), event("d", "2026-01-01")]
    values = compute([VISITS, named], events)
    shown = {c: kind_of(metric).facts(metric, values[c]["type"], Period(**YEAR)).emblem for c in "cd"}
    assert shown == {"c": "sun", "d": "key"}


def test_rules_that_can_never_match_are_refused() -> None:
    """Whether a rule excludes itself, one before it takes all, or several together, it is found and named."""
    dead = rule("dead", visits={"at_least": 3, "less_than": 3})
    assert refusals(dead, LAST) == [
        "rules.0: no customer can match this rule: its own bounds exclude each other"
    ]
    wide, narrow = (
        rule("wide", visits={"more_than": 1}),
        rule("narrow", visits={"at_least": 2}, spent={"at_least": 0}),
    )
    assert refusals(wide, narrow, LAST) == [
        "rules.1: no customer can match this rule: all are taken by 'wide' before it"
    ]
    low, high = rule("low", visits={"less_than": 5}), rule("high", spent={"at_least": 0})
    middle = rule("middle", visits={"at_least": 5}, spent={"less_than": 0})
    both = rule("both", visits={"at_least": 1}, spent={"more_than": -5})
    assert refusals(low, high, middle, both, LAST) == [
        "rules.3: no customer can match this rule: all are taken by 'low', 'high', 'middle' before it"
    ]


def test_the_gap_between_open_bounds_is_a_place() -> None:
    """Below five and above five leave five itself; a rule for it can match, and one for four cannot."""
    below, above = rule("below", visits={"less_than": 5}), rule("above", visits={"more_than": 5})
    exactly = rule("exactly", visits={"at_least": 5, "at_most": 5})
    make_campaign([VISITS, archetype(below, above, exactly)])
    shut, at_all = rule("shut", visits={"at_most": 5}), rule("any", visits={"at_least": 0})
    (problem,) = refusals(shut, above, at_all, LAST)
    assert "all are taken by 'shut', 'above'" in problem


def test_what_is_not_known_is_never_taken_for_covered() -> None:
    """Rules that split one metric between them leave the customers without it to a rule on another."""
    below, rest = rule("below", spent={"less_than": 5}), rule("from", spent={"at_least": 5})
    make_campaign([VISITS, SPENT, archetype(below, rest, rule("silent", visits={"at_least": 1}))])
    assert refusals(below, rest, rule("both", visits={"at_least": 1}, spent={"at_least": 1}), LAST)


def test_the_last_rule_takes_everyone_and_no_other_does() -> None:
    """Without a final rule somebody would be nobody; a rule without conditions earlier ends the list."""
    often = rule("often", visits={"at_least": 2})
    assert refusals(often, rule("else", visits={"less_than": 2})) == [
        "rules.1: the last rule must be without `when`, for the customers whom no other rule matches"
    ]
    assert refusals(LAST, {**LAST, "id": "again"}) == [
        "rules.0: only the last rule may be without `when`: no customer would get past this one"
    ]
    assert refusals(often, {**LAST, "id": "often"}) == ["rules.1: two rules are called 'often'; rename one"]


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        ({}, "give a bound"),
        ({"at_least": 1, "more_than": 1}, "give `at_least` or `more_than`, not both"),
        ({"at_most": 1, "less_than": 1}, "give `at_most` or `less_than`, not both"),
        ({"at_leest": 1}, "did you mean 'at_least'?"),
        ({"at_least": "0.0000000001"}, "9 decimal places"),
    ],
)
def test_bounds_must_say_something(bounds: dict[str, Any], message: str) -> None:
    """No bound, two of one side, a misspelled one and one finer than numbers are kept are refused."""
    found = refusals(rule("x", visits=bounds), LAST)
    assert any(message in problem for problem in found), found
    assert all(problem.startswith("rules.0.when.visits") for problem in found)


def test_a_problem_stands_at_the_line_of_its_rule() -> None:
    """The file's line of the rule is named, not that of the metric."""
    text = """\
id: t
title: T
brand: {name: B}
period: {year: 2026}
sources: {path: x, customer: c, time: t}
metrics:
  - {id: visits, kind: count}
  - id: type
    kind: archetype
    rules:
      - id: all
        name: All
        when: {visits: {at_least: 1}}
      - id: some
        name: Some
        when: {visits: {at_least: 5}}
      - id: rest
        name: Rest
"""
    with pytest.raises(CampaignError) as raised:
        build_campaign(parse_document(text, "c.yaml"), MODELS, file="c.yaml")
    assert str(raised.value) == (
        "c.yaml:14 metrics.1.rules.1: no customer can match this rule: all are taken by 'all' before it"
    )


numbers = st.sampled_from([Decimal(n) for n in range(3)])
bounds_ = st.builds(
    lambda low, high: {**low, **high},
    st.builds(lambda side, n: {side: n}, st.sampled_from(["at_least", "more_than"]), numbers),
    st.builds(lambda side, n: {side: n}, st.sampled_from(["at_most", "less_than"]), numbers) | st.just({}),
)
boxes = st.dictionaries(st.sampled_from("xyz"), bounds_, min_size=1, max_size=3)
GRID = [None, *(Decimal(n) / 2 for n in range(-1, 6))]
"""Not known, every number a bound may be, and one on each side of it: what is between two is like another."""


def inside(point: Mapping[str, Decimal | None], box: Mapping[str, Mapping[str, Decimal]]) -> bool:
    for axis, sides in box.items():
        number = point[axis]
        if number is None:
            return False
        for side, bound in sides.items():
            holds = {
                "at_least": number >= bound,
                "more_than": number > bound,
                "at_most": number <= bound,
                "less_than": number < bound,
            }
            if not holds[side]:
                return False
    return True


def spans(box: Mapping[str, Mapping[str, Any]]) -> Box:
    return {axis: Bounds.model_validate(sides).span for axis, sides in box.items()}


@settings(max_examples=300, deadline=None)
@given(boxes, st.lists(boxes, max_size=6))
def test_covering_equals_trying_every_point(
    box: Mapping[str, Mapping[str, Decimal]], others: Sequence[Mapping[str, Mapping[str, Decimal]]]
) -> None:
    """A box is covered if and only if no point of it is outside all others; those named cover it alone."""
    points = [dict(zip("xyz", numbers, strict=True)) for numbers in product(GRID, repeat=3)]
    held = [point for point in points if inside(point, box)]
    assert is_empty(spans(box)) == (not held)
    if not held:
        return
    found = covering(spans(box), [spans(other) for other in others])
    assert (found is not None) == all(any(inside(p, other) for other in others) for p in held)
    if found is not None:
        assert all(any(inside(p, others[place]) for place in found) for p in held)
