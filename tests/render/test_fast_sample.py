"""What only a picture drawn both ways can tell: noticed, named, and drawn exactly from then on."""

import os
from collections.abc import Iterator

import pytest
from test_fast_adversarial import CARD, SIZE, page
from test_fast_promise import Unchecked

from recap.render.browser import find_browser
from recap.render.engine import FALLBACK, Document, ExactEngine, FastEngine
from recap.render.formats import Format

pytestmark = pytest.mark.browser

WIDE = Format("wide", 400, 220)
IN_A_CANVAS = "document.querySelector('#stage').closest('canvas')"


def other_in_a_canvas(template: str = "odd", change: str = "background = '#c23'") -> Document:
    """A card whose script sees that it stands in a canvas, and then draws something else."""
    script = f"() => {{ if ({IN_A_CANVAS}) document.querySelector('.e').style.{change}; return [] }}"
    return page(script=script, template=template)


@pytest.fixture
def fast() -> Iterator[FastEngine]:
    with FastEngine(find_browser(os.environ), timeout_seconds=60) as engine:
        yield engine


@pytest.fixture(scope="module")
def exact() -> Iterator[ExactEngine]:
    with ExactEngine(find_browser(os.environ), timeout_seconds=60) as engine:
        yield engine


def test_a_difference_is_named_and_the_exact_picture_given(fast: FastEngine, exact: ExactEngine) -> None:
    """The first picture of a template that differs is the exact one already, with element and levels."""
    odd = other_in_a_canvas()
    (drawing,) = fast.draw(odd, [SIZE])
    assert drawing.png == exact.draw(odd, [SIZE])[0].png
    # From #e83 to #c23: the green is 0x66 lower, and nothing else is as much.
    (problem,) = drawing.problems
    assert problem == f'<i class="e"> differs from what the browser shows by 102 levels; {FALLBACK}'


def test_a_template_that_differed_stays_exact(fast: FastEngine, exact: ExactEngine) -> None:
    """Every later card of it, in that format, is exact and says so; other formats and templates are not."""
    odd, even = other_in_a_canvas(), page(template="even")
    fast.draw(odd, [SIZE])
    later = Document(odd.shell, CARD.replace("second", "later"), odd.script, odd.template)
    (drawing,) = fast.draw(later, [SIZE])
    assert drawing.problems[0].endswith(FALLBACK)
    assert drawing.png == exact.draw(later, [SIZE])[0].png
    assert [d.problems for d in fast.draw(even, [SIZE, WIDE])] == [(), ()]
    # The wide picture of the odd template has not been looked at yet; now it is.
    harmless = Document(odd.shell, CARD.replace("second", "wide"), "() => []", odd.template)
    assert fast.draw(harmless, [WIDE])[0].problems == ()
    assert fast.draw(harmless, [SIZE])[0].problems[0].endswith(FALLBACK)


def test_the_same_template_of_another_theme_is_looked_at_anew(fast: FastEngine) -> None:
    """Two themes have layouts of the same name, and only one of them differs."""
    odd = other_in_a_canvas("number")
    other = page(".c { top: 10px }", template="number")
    assert fast.draw(other, [SIZE])[0].problems == ()
    assert fast.draw(odd, [SIZE])[0].problems[0].endswith(FALLBACK)
    assert fast.draw(other, [SIZE])[0].problems == ()


def test_a_little_is_no_difference(fast: FastEngine) -> None:
    """Two levels, or a handful of pixels, are what dithering and rounding may do."""
    little = other_in_a_canvas("little", "background = 'rgb(240, 136, 51)'")
    assert fast.draw(little, [SIZE])[0].problems == ()
    specks = other_in_a_canvas("specks", "cssText = 'width: 3px; height: 2px; background: #ed8'")
    assert fast.draw(specks, [SIZE])[0].problems[0].endswith(FALLBACK)


def test_what_the_sample_does_not_take_is_fast() -> None:
    """Without a sample the odd picture would have gone out: it is the sample that notices."""
    with FastEngine(find_browser(os.environ), timeout_seconds=60) as engine:
        engine._sample = Unchecked()
        (drawing,) = engine.draw(other_in_a_canvas(), [SIZE])
    assert drawing.problems == ()


def test_longer_cards_are_looked_at(fast: FastEngine) -> None:
    """A template that differs only on its longest cards is found by one of them."""
    odd = f"() => {{ if ({IN_A_CANVAS} && document.querySelector('.long')) "
    script = odd + "document.querySelector('.e').style.background = '#c23'; return [] }"
    short, long = (page(body=body, script=script) for body in (CARD, f"{CARD}<p class=long>{'x ' * 99}</p>"))
    assert fast.draw(short, [SIZE])[0].problems == ()
    assert fast.draw(long, [SIZE])[0].problems[0].endswith(FALLBACK)
    assert fast.draw(short, [SIZE])[0].problems[0].endswith(FALLBACK)
