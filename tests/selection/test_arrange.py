"""The order of a deck."""

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from recap.selection.arrange import Part, Scene, best_first, keep_order, tell_story


def scene(name: str, layout: str, score: float = 1.0, part: Part = "middle", place: int = 1) -> Scene[str]:
    return Scene(name, layout, score, part, place)


def test_a_deck_keeps_the_campaigns_order_but_not_two_alike() -> None:
    """Neighbours with one composition are parted where there is another to put between."""
    deck = [scene("a", "number"), scene("b", "number"), scene("c", "chart"), scene("d", "number")]
    assert keep_order(deck) == ["a", "c", "b", "d"]
    assert keep_order([scene("a", "x"), scene("b", "x")]) == ["a", "b"]
    assert keep_order([]) == []


def test_a_story_opens_with_what_all_know_and_rises() -> None:
    """First the best total, then from the least to the most personal."""
    deck = [
        scene("song", "top", 0.9),
        scene("plays", "number", 0.3, part="opening"),
        scene("hour", "chart", 0.5),
        scene("days", "streak", 0.2, part="opening"),
    ]
    assert tell_story(deck) == ["plays", "days", "hour", "song"]
    assert tell_story([scene("a", "top", 0.9), scene("b", "chart", 0.1)]) == ["b", "a"]


def test_how_it_began_comes_before_how_it_ended() -> None:
    """Whatever they are worth; a single card is what was chosen first."""
    deck = [
        scene("last", "moment", 0.1, "end", 4),
        scene("first", "moment", 0.9, "beginning", 2),
        scene("song", "top", 0.5, place=1),
        scene("plays", "number", 0.3, "opening", 3),
    ]
    assert tell_story(deck) == ["plays", "first", "song", "last"]
    assert best_first(deck)[0] == "song"


@given(
    st.lists(st.tuples(st.sampled_from("xyz"), st.floats(0, 1), st.sampled_from(get_args(Part))), max_size=8)
)
def test_nobody_is_lost(entries: list[tuple[str, float, Part]]) -> None:
    """Both orders tell every highlight once."""
    scenes = [scene(str(i), layout, score, part) for i, (layout, score, part) in enumerate(entries)]
    for order in (tell_story, keep_order, best_first):
        assert sorted(order(scenes), key=int) == [str(i) for i in range(len(scenes))]
