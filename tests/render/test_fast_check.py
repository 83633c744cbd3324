"""What only a picture drawn both ways can tell is told, with the element, and can be drawn exactly."""

import pytest
from both_engines import Pair
from test_fast_adversarial import SIZE, page

from recap.render.engine import Document, ExactEngine, FastEngine
from recap.render.formats import Format

pytestmark = pytest.mark.browser

WIDE = Format("wide", 400, 220)


def other_in_a_canvas(change: str = "background = '#c23'", where: str = "true") -> Document:
    """A card whose script sees that it stands in a canvas, and then draws something else."""
    script = (
        f"() => {{ if (document.body.shadowRoot && {where}) document.querySelector('.e').style.{change}; "
        "return [] }"
    )
    return page(script=script, template="odd")


@pytest.fixture
def fast(pair: Pair) -> FastEngine:
    return pair.fast


@pytest.fixture
def exact(pair: Pair) -> ExactEngine:
    return pair.exact


def test_a_difference_is_told_with_its_element(fast: FastEngine) -> None:
    """The element where it is greatest, and by how much, for each format by itself."""
    odd = other_in_a_canvas(where="innerWidth === 300")
    # From #e83 to #c23: the green is 0x66 lower, and nothing else is as much.
    told = '<i class="e"> differs from what the browser shows by 102 levels'
    assert fast.check(odd, [SIZE, WIDE, SIZE]) == (told, "", told)
    assert fast.check(page(), [SIZE, WIDE]) == ("", "")


def test_what_is_not_trusted_is_drawn_exactly(fast: FastEngine, exact: ExactEngine) -> None:
    """In the formats that are named, and no others."""
    odd = other_in_a_canvas()
    small, wide = fast.draw(odd, [SIZE, WIDE], exactly=["small"])
    expected = exact.draw(odd, [SIZE, WIDE])
    assert small == expected[0]
    assert wide != expected[1]


def test_a_little_is_no_difference(fast: FastEngine) -> None:
    """Two levels, or a handful of pixels, are what dithering and rounding may do."""
    assert fast.check(other_in_a_canvas("background = 'rgb(240, 136, 51)'"), [SIZE]) == ("",)
    assert fast.check(other_in_a_canvas("cssText = 'width: 3px; height: 2px; background: #ed8'"), [SIZE]) != (
        "",
    )


def test_what_the_page_tells_is_no_difference(fast: FastEngine, exact: ExactEngine) -> None:
    """A card that is drawn exactly anyway is what the browser shows; so is every exact one."""
    assert fast.check(page(".c { rotate: y 30deg }"), [SIZE]) == ("",)
    assert exact.check(other_in_a_canvas(), [SIZE, WIDE]) == ("", "")
