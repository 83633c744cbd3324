"""Experiments: a stable, even and independent assignment, and campaigns as an alternative has them."""

from typing import Any

import pytest

from recap.campaign import Campaign
from recap.selection.frames import weights_frame
from recap.selection.variants import assign, in_variant


def campaign(**changes: Any) -> Campaign:
    data: dict[str, Any] = {
        "id": "test",
        "title": "Test",
        "brand": {"name": "Test"},
        "period": {"year": 2026},
        "sources": {"path": "a.csv", "customer": "c", "time": "t"},
        "metrics": [{"id": "n", "kind": "count"}],
        "words": {"en": {"cover": {"hero": "Hi", "unit": "you"}}},
        "experiments": [
            {
                "id": "opening",
                "alternatives": [
                    {"id": "plain", "share": 3},
                    {"id": "warm", "words": {"en": {"cover": {"hero": "Hello"}}}, "weights": {"n": 2}},
                ],
            },
            {"id": "look", "alternatives": [{"id": "old"}, {"id": "new", "theme": "other"}]},
        ],
        **changes,
    }
    return Campaign.model_validate(data)


VARIANTS = {
    "opening=plain, look=old",
    "opening=plain, look=new",
    "opening=warm, look=old",
    "opening=warm, look=new",
}


def test_everyone_has_one_alternative_of_each_in_proportion() -> None:
    """Three of four are plain, half are new, and one experiment says nothing of the other."""
    given = [assign(campaign(), f"customer {i}") for i in range(4000)]
    assert set(given) == VARIANTS
    warm = [variant for variant in given if "opening=warm" in variant]
    assert len(warm) == pytest.approx(1000, rel=0.1)
    assert sum("look=new" in variant for variant in warm) == pytest.approx(500, rel=0.15)
    assert given == [assign(campaign(), f"customer {i}") for i in range(4000)]


def test_the_assignment_is_pinned() -> None:
    """The same in every version: who was told one thing in November is not told the other in December."""
    assert [assign(campaign(), name) for name in ("a", "b", "c")] == PINNED


PINNED = ["opening=warm, look=new", "opening=plain, look=old", "opening=plain, look=old"]


def test_a_variant_changes_words_theme_and_weights() -> None:
    """Sections are laid over each other; what the alternative does not say stays."""
    warm = in_variant(campaign(), "opening=warm, look=new")
    assert warm.words["en"] == {"cover": {"hero": "Hello", "unit": "you"}}
    assert warm.look.theme == "other"
    assert in_variant(campaign(), "opening=plain, look=old").words == campaign().words
    weights = weights_frame(campaign(), VARIANTS).rows()
    assert sorted(weights) == [("opening=warm, look=new", "n", 2.0), ("opening=warm, look=old", "n", 2.0)]


def test_without_experiments_there_is_one_variant_without_a_name() -> None:
    """Nothing is assigned, and the campaign is itself."""
    plain = campaign(experiments=[])
    assert assign(plain, "a") == ""
    assert in_variant(plain, "") is plain
    assert weights_frame(plain, [""]).is_empty()
