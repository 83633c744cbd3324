"""The tone: what is held back, what is told plainly, and that each says why."""

from datetime import date

import polars as pl
import pytest
from selection_cases import TOPICS, choose, judge, rule, value, weigh

from recap.campaign.choice import Policy, Selection
from recap.errors import TemplateError
from recap.metrics.facts import Entry, Facts, Label, Quantity, Several
from recap.selection.spread import Spread
from recap.selection.tone import Tone, load_topics
from recap.shipped import shipped_folder

NAMES = {"names": frozenset({"product"})}


@pytest.mark.parametrize(
    ("policy", "label", "reason"),
    [
        ({}, "Corner Pharmacy", "speaks of health"),
        ({}, "ひだまり薬局", "speaks of health"),
        ({}, "Wine", "speaks of alcohol"),
        ({}, "Winery tour", None),
        ({"allow": ["alcohol"]}, "Wine", None),
        ({"blocked_words": ["darn"]}, "The DARN song", "blocked word"),
        ({"blocked_words": ["darn"]}, "Darning wool", None),
        (
            {"sensitive": [{"field": "product", "values": ["Hair dye"], "treat": "hide"}]},
            "Hair dye",
            "sensitive values",
        ),
        ({"sensitive": [{"field": "shop", "values": ["Hair dye"]}]}, "Hair dye", None),
        ({}, "Tea\x1fWine", "speaks of alcohol"),
        ({}, "W\u200bi\u00adne", "speaks of alcohol"),
    ],
)
def test_labels_that_are_not_shown(policy: dict[str, object], label: str, reason: str | None) -> None:
    """Topics nobody asked for, blocked words and sensitive values hold a label back, and only these."""
    got = judge([value("a", text=label)], [rule("a", **NAMES)], policy=Policy.model_validate(policy))["a"]
    assert got["chosen"] is (reason is None)
    assert reason is None or reason in got["reason"]


def test_the_small_hours_are_nobodys_business() -> None:
    """Night as somebody's time of day is told only where the campaign asks for it."""
    for text, quiet in (("3", True), ("night", True), ("14", False), ("5", False)):
        got = judge([value("a", text=text)], [rule("a", tells_hours=True)])["a"]
        assert got["chosen"] is not quiet
        asked = judge(
            [value("a", text=text)], [rule("a", tells_hours=True)], policy=Policy(allow=("late_night",))
        )
        assert asked["a"]["chosen"]
    assert judge([value("a", text="3")], [rule("a")])["a"]["chosen"]


def test_sensitive_metrics_are_hidden_or_plain_or_uncompared() -> None:
    """Hidden is never shown; plain claims nothing; uncompared may be told, and its standing may not."""
    sensitive = [
        {"metric": "a", "treat": "hide"},
        {"metric": "b", "treat": "neutral"},
        {"metric": "d", "treat": "uncompared"},
        {"metric": "e", "treat": "uncompared"},
    ]
    rules = [
        rule("a", rests_on=frozenset("a")),
        rule("b", rests_on=frozenset("b")),
        rule("d", rests_on=frozenset("d")),
        rule("e", rests_on=frozenset("e"), needs_standing=True, compares=True),
    ]
    policy = Policy.model_validate({"sensitive": sensitive})
    got = judge([value(m) for m in "abde"], rules, policy=policy)
    assert got["a"]["reason"] == "policy: it tells of a sensitive metric"
    assert (got["b"]["neutral"], got["b"]["claims"], got["b"]["known"]) == (True, False, False)
    assert (got["d"]["neutral"], got["d"]["claims"], got["d"]["chosen"]) == (False, False, True)
    assert got["e"]["reason"] == "policy: it sets side by side what is never compared"


def test_what_is_made_of_a_sensitive_metric_is_treated_alike() -> None:
    """A standing, a ratio or a comparison would tell it all the same; the most careful treatment counts."""
    sensitive = [{"metric": "a", "treat": "neutral"}, {"metric": "a", "treat": "hide"}]
    rules = [rule("a", rests_on=frozenset("a")), rule("b", rests_on=frozenset("ab"))]
    got = judge([value("a"), value("b")], rules, policy=Policy.model_validate({"sensitive": sensitive}))
    assert {got[m]["reason"] for m in "ab"} == {"policy: it tells of a sensitive metric"}
    wishes = [("c", "hide", None, "a")]
    got = judge([value("a"), value("b")], rules, wishes=wishes)
    assert {got[m]["reason"] for m in "ab"} == {"the customer asked not to be shown it"}


def test_neutral_values_of_a_field_are_told_plainly() -> None:
    """The value that leads decides: hair dye is told plainly, soap as usual."""
    policy = Policy.model_validate(
        {"sensitive": [{"field": "product", "values": ["Hair dye"], "treat": "neutral"}]}
    )
    assert judge([value("a", text="Hair dye")], [rule("a", **NAMES)], policy=policy)["a"]["neutral"]
    assert not judge([value("a", text="Soap")], [rule("a", **NAMES)], policy=policy)["a"]["neutral"]


def test_quiet_days_are_left_in_peace() -> None:
    """A value that names such a day is not told; both ends of the dates count."""
    got = judge([value("a", quiet=True), value("b")], [rule("a"), rule("b")])
    assert got["a"]["reason"] == "policy: it names a day that is to be left in peace"
    policy = Policy.model_validate(
        {"quiet_dates": [{"first_day": "2026-03-01", "last_day": "2026-03-03"}, {"first_day": "2026-03-02"}]}
    )
    assert Tone(policy, TOPICS).quiet_days() == [
        (date(2026, 3, 1), date(2026, 3, 3)),
        (date(2026, 3, 2), date(2026, 3, 2)),
    ]


def test_a_list_is_told_without_what_is_held_back() -> None:
    """Rows go, the others are numbered anew, and those who tie with the leader are counted instead."""
    rows = tuple(
        Entry(Label(name), Quantity(n), 1.0, place=p)
        for p, (name, n) in enumerate([("Soap", 9), ("Wine", 9), ("Tea", 3)], 1)
    )
    facts = Facts({"labels": Several((Label("Soap"), Label("Wine")))}, "labels", "top", entries=rows)
    told = Tone(Policy(), TOPICS).redact(facts, frozenset({"product"}))
    assert [(entry.name, entry.place) for entry in told.entries] == [(Label("Soap"), 1), (Label("Tea"), 2)]
    assert told.slots["labels"] == Several((Label("Soap"),), more=1)
    held = Facts({"held": Several((Label("Wine"),))}, "day", "moment", cases=("tied", "held"))
    told = Tone(Policy(), TOPICS).redact(held, frozenset({"product"}))
    assert (told.slots, told.cases) == ({}, ("tied",))


def test_names_with_blocked_words_are_not_printed() -> None:
    """A customer called so is greeted without a name."""
    tone = Tone(Policy(blocked_words=("darn",)), TOPICS)
    assert not tone.allows_name("Ms DARN")
    assert tone.allows_name("Darnell")


def test_the_shipped_topics_are_all_the_schema_knows(tmp_path) -> None:
    """Every topic that can be allowed has words, and but for the small hours they are the same."""
    from typing import get_args

    from recap.campaign.choice import Topic

    topics = load_topics(shipped_folder("templates") / "policy")
    assert set(topics.words) == set(get_args(Topic)) - {"late_night"}
    assert all(topics.words.values())
    (tmp_path / "topics.yaml").write_text("topics: [a]\n")
    with pytest.raises(TemplateError, match="no list of topics"):
        load_topics(tmp_path)


def test_what_came_of_it_is_counted() -> None:
    """Values, passes and choices of each metric, what was held back and why; warnings where all are alike."""
    rules = [rule("a", 0), rule("b", 1, rows_at_least=999), rule("d", 2, **NAMES)]
    people = [f"c{i}" for i in range(30)]
    values = [value(m, customer_id=c, text="Wine" if m == "d" else None) for c in people for m in "abd"]
    judged = weigh(values, rules, wishes=[("c0", "hide", None, "a")])
    verdicts = choose(judged, rules, Selection())
    spread = Spread(rules)
    spread.add(verdicts.filter(pl.col("customer_id") < "c2"))
    spread.add(verdicts.filter(pl.col("customer_id") >= "c2"))
    assert spread.by_metric()["a"] == {"values": 30, "passed": 29, "chosen": 29}
    assert spread.by_metric()["b"] == {"values": 30, "passed": 0, "chosen": 0}
    assert spread.held_back.total() == 31
    told = [warning.split(";")[0].split(",")[0] for warning in spread.warnings()]
    assert told == [
        "metric 'b' was chosen for nobody",
        "metric 'd' was chosen for nobody",
        "100 % of the decks hold a card of the shape 'number'",
    ]
