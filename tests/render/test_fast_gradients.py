"""Smooth gradients: within two levels of what the browser shows, and without its noise."""

import base64

import numpy as np
import pytest
from both_engines import Pair, broken_promise, differences
from test_fast_adversarial import CARD, SIZE, page, picture

from recap.render.compare import LEVELS
from recap.render.engine import Document, Drawing
from recap.render.formats import FORMATS, Format
from recap.render.png import decode
from recap.render.stage import CaptureStage

pytestmark = pytest.mark.browser

EMPTY = "<div class=card></div>"
DEFS = "<stop stop-color='#f02'/><stop offset=1 stop-color='#c24'/>"
FILLED = f"<svg width=300 height=220><rect width=300 height=220 fill='url(#g)'/><defs>{DEFS}</defs></svg>"


def noise(drawing: Drawing) -> float:
    """The share of pixels unlike the two beside them, which are alike: what dithering makes."""
    pixels = np.asarray(decode(drawing.png))
    left, middle, right = pixels[:, :-2], pixels[:, 1:-1], pixels[:, 2:]
    alike, odd = (left == right).all(axis=2), (left != middle).any(axis=2)
    return float((alike & odd).mean())


GRADIENTS = {
    "downwards": (".card { background: linear-gradient(#102, #fa0) }", EMPTY),
    "sideways": (".card { background: linear-gradient(90deg, #f02, #c24) }", EMPTY),
    "slanting": (".card { background: linear-gradient(41deg, #102, #324 30%, #447) }", EMPTY),
    "faint": (".card { background: linear-gradient(#000, #222) }", EMPTY),
    "with a hint": (".card { background: linear-gradient(#f02, 30%, #0af) }", EMPTY),
    "around": (".card { background: conic-gradient(#102, #fa0, #102) }", EMPTY),
    "outwards": (".card { background: radial-gradient(#102, #fa0) }", EMPTY),
    "through another space": (".card { background: linear-gradient(in oklch, #f02, #0af) }", EMPTY),
    "again and again": (".card { background: repeating-linear-gradient(#f02 0 20px, #0af 90px) }", EMPTY),
    "half see-through": (".card { background: linear-gradient(#f028, #0af3) #fff }", EMPTY),
    "over one another": (
        ".card { background: linear-gradient(9deg, #f028, #0af0), linear-gradient(#fa0, #e90) }",
        EMPTY,
    ),
    "in a part of an element": (
        ".card::before { content: ''; display: block; height: 99%; background: linear-gradient(#f02, #0af) }",
        EMPTY,
    ),
    "in a border": (
        ".card { border: 60px solid; border-image: linear-gradient(45deg, #f02, #c24) 60 }",
        EMPTY,
    ),
    "from a custom property": (
        ":root { --g: linear-gradient(#f02, #0af) } .card { background: var(--g) }",
        EMPTY,
    ),
    "from colours in custom properties": (
        ":root { --a: #f02; --b: #0af8 } .card { background: linear-gradient(var(--a), var(--b)) }",
        EMPTY,
    ),
    "from a fallback": (".card { background: linear-gradient(var(--s, #f02, #0af)) }", EMPTY),
    "from the card's stops": (
        ".card { background: linear-gradient(var(--s)) }",
        "<div class=card style='--s: #f02, #0af'></div>",
    ),
    "from the card": ("", "<div class=card style='background: LINEAR-GRADIENT(#f02, #0af)'></div>"),
    "from the card's style sheet": (
        "",
        f"<style>.card {{ background: linear-gradient(#f02, #0af) }}</style>{EMPTY}",
    ),
    "drawn along a line": ("", FILLED.replace("<defs>", "<defs><linearGradient id=g>")),
    "drawn outwards": ("", FILLED.replace("<defs>", "<defs><radialGradient id=g>")),
}


@pytest.mark.parametrize("what", GRADIENTS)
def test_a_gradient_without_noise(pair: Pair, what: str) -> None:
    """However a gradient comes into a card, it is told from noise, and close to what is meant."""
    fast, exact = pair.draw(page(*GRADIENTS[what]), SIZE)
    assert fast.problems == exact.problems == ()
    assert np.abs(differences(fast, exact)).max() <= LEVELS
    assert noise(exact) > 0.01, "this case proves nothing"
    assert noise(fast) < 0.001


@pytest.mark.parametrize("style", ["linear-gradient(#000, #222)", "linear-gradient(#f02, #0af)"])
def test_rows_of_one_colour(pair: Pair, style: str) -> None:
    """Where a gradient goes downwards every row has one colour, and no two have more than there are steps."""
    fast, _ = pair.draw(page(f".card {{ background: {style} }}", EMPTY), SIZE)
    pixels = np.asarray(decode(fast.png))
    assert (pixels == pixels[:, :1]).all()
    steps = (np.diff(pixels[:, 0].astype(int), axis=0) != 0).any(axis=1).sum()
    assert steps == len(np.unique(pixels[:, 0], axis=0)) - 1


def screenshot(pair: Pair, document: Document, size: Format) -> bytes:
    """The browser's own file of the card that the exact engine has just drawn."""
    session = pair.exact._session
    assert session is not None

    async def take() -> bytes:
        stage = await session.stage(CaptureStage, document.shell, size)
        answer = await stage._tab.send("Page.captureScreenshot", format="png")
        return base64.b64decode(answer["data"])

    return session.run(take(), timeout_seconds=60)


@pytest.mark.parametrize(
    "style",
    [
        "linear-gradient(160deg, #102, #62a 40%, #fa0)",
        "radial-gradient(at 30% 20%, #fa0, #102)",
        "conic-gradient(from 40deg, #102, #fa0, #0af, #102)",
    ],
)
def test_the_file_is_half_as_large(pair: Pair, style: str) -> None:
    """A page of a smooth gradient is a file of at most half the size of the browser's own."""
    document = page(f".card {{ background: {style} }}")
    fast, _ = pair.draw(document, FORMATS["story"])
    assert 2 * len(fast.png) <= len(screenshot(pair, document, FORMATS["story"]))


GROUND = ".card { background: linear-gradient(#f02, #0af) }"
UPON = {
    "words": "p { font-size: 90px }",
    "shadows": ".c { box-shadow: 0 0 60px 40px #000a } p { text-shadow: 0 0 30px #000 }",
    "blurs": ".c { filter: blur(20px) } .e { filter: drop-shadow(0 0 30px #000) }",
    "groups": ".c { opacity: 0.3; border-radius: 20px; rotate: 17deg } .d { opacity: 0.4 }",
    "masks": ".c { mask-image: linear-gradient(#000, transparent) } .e { clip-path: circle(40%) }",
    "letters of it": "p { background: linear-gradient(red, blue); background-clip: text; color: #fff0 }",
    "a filter that exaggerates": ".card { filter: brightness(3) contrast(4) }",
    "more of it": ".c { inset: 0; width: auto; background: linear-gradient(#f02, #0af); opacity: 0.5 }",
    "many of it": ".card { background: "
    + ", ".join(f"linear-gradient({angle}deg, #f024, #0af4)" for angle in range(0, 360, 30))
    + " }",
    "colours of wide screens": ".c { background: color(display-p3 1 0 0) } .e { color: lab(80% 90 0) }",
    "pictures": f".c {{ background: url({picture(12, 8)}) 0 0 / cover }}",
}
MODES = ("multiply", "screen", "difference", "soft-light", "color-dodge", "color-burn", "hue", "saturation")
UPON |= {
    f"blended by {mode}": ".card { background: linear-gradient(90deg, #fa0, #224) } "
    ".c { inset: 0; width: auto; "
    "height: auto; background: linear-gradient(#f02, #0af); mix-blend-mode: " + mode
    for mode in MODES
}


@pytest.mark.parametrize("what", UPON)
def test_what_stands_upon_a_gradient(pair: Pair, what: str) -> None:
    """The promise holds for whatever is drawn over it, or of it."""
    fast, exact = pair.draw(page(f"{GROUND} {UPON[what]}"), SIZE)
    assert fast.problems == exact.problems
    assert broken_promise(fast, exact) == ""


def test_flat_and_smooth_cards_by_turns(pair: Pair) -> None:
    """Whether a card before had a gradient changes nothing, within one page."""
    style = ".smooth .card { background: linear-gradient(#f02, #0af) }"
    smooth, flat = page(style, f"<div class=smooth style='height: 100%'>{CARD}</div>"), page(style)
    first = [pair.draw(document, SIZE) for document in (smooth, flat)]
    assert first[1][0].png == first[1][1].png
    again = [pair.fast.draw(document, [SIZE])[0] for document in (flat, smooth, smooth, flat)]
    assert [drawing.png for drawing in again] == [first[n][0].png for n in (1, 0, 0, 1)]
