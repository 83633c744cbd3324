"""What a theme may do to a card, drawn fast: bit for bit what the browser shows, and without a note."""

import base64
import io

import numpy as np
import pytest
from both_engines import Pair, broken_promise, differences
from PIL import Image

from recap.render.engine import Document
from recap.render.formats import Format

pytestmark = pytest.mark.browser

SIZE = Format("small", 300, 220)
CARD = (
    "<div class=card><p class=a>Hello Wörld</p><p class=b>second</p>"
    "<div class=c><span class=d>in</span></div><i class=e></i></div>"
)
BASE = """
  * { margin: 0; padding: 0; box-sizing: border-box } html, body { height: 100%; overflow: hidden }
  #stage { width: 100vw; height: 100vh }
  .card { position: relative; width: 100%; height: 100%; overflow: hidden; background: #fed }
  p { font: 50px serif; color: #235 } .d { font: italic 40px sans-serif }
  .c { position: absolute; left: 60px; top: 60px; width: 120px; height: 80px; background: #48c }
  .e { position: absolute; left: 120px; top: 30px; width: 90px; height: 130px; background: #e83 }
"""
SEPARABLE = ["multiply", "screen", "overlay", "darken", "lighten", "color-dodge", "color-burn", "hard-light"]
OTHERS = ["soft-light", "difference", "exclusion", "hue", "saturation", "color", "luminosity", "plus-lighter"]


def page(style: str = "", body: str = CARD, script: str = "() => []", template: str = "card") -> Document:
    """A card on a shell of its own."""
    shell = (
        f"<!doctype html><html><head><meta charset='utf-8'><style>{BASE}{style}</style></head>"
        "<body><main id='stage'></main></body></html>"
    )
    return Document(shell, body, script, template)


def assert_equal(pair: Pair, document: Document, size: Format = SIZE) -> None:
    fast, exact = pair.draw(document, size)
    assert fast.problems == exact.problems
    assert fast.png == exact.png, broken_promise(fast, exact) or "some pixels differ by a little"


@pytest.mark.parametrize("ground", ["", ".card { isolation: isolate }", ".card { background: none }"])
def test_blend_modes(pair: Pair, ground: str) -> None:
    """All of them, isolated or not, and upon nothing but the page."""
    for mode in SEPARABLE + OTHERS:
        style = f"{ground} .c {{ mix-blend-mode: {mode} }} .e {{ background-blend-mode: {mode} }}"
        assert_equal(pair, page(style))


EFFECTS = {
    "a layer under the text": ".card { isolation: isolate } .c { z-index: -1 } .e { z-index: 2 }",
    "a static box over the slots": ".a { position: relative; z-index: 1 } .e { z-index: 3; opacity: 0.9 }",
    "a box's shadows": ".c { box-shadow: 0 0 80px 20px #000a, inset 5px 5px 10px red, 30px -40px 0 #0a0 }",
    "a text's shadows": "p { text-shadow: 10px 10px 20px #f008, -3px 0 lime, 90px 60px 4px #000 }",
    "a dropped shadow": ".c { border-radius: 20px; filter: drop-shadow(30px 40px 20px #000) }",
    "a dropped shadow of a text": "p { filter: drop-shadow(4px 4px 3px #f00) drop-shadow(50px 0 0 #0808) }",
    "a blur": ".c { filter: blur(12px) }",
    "a blur over the edge": ".c { left: -30px; filter: blur(12px) }",
    "a chain of filters": ".c { filter: hue-rotate(40deg) contrast(1.5) sepia(0.3) brightness(1.2) }",
    "a stroke": "p { -webkit-text-stroke: 6px red; paint-order: stroke fill }",
    "letters that overlap": "p { letter-spacing: -14px; font-style: italic; width: 90px }",
    "lines that overlap": "p { line-height: 0.4; font-size: 70px }",
    "a polygon": ".c { clip-path: polygon(50% 0, 100% 50%, 50% 100%, 0 50%) }",
    "a circle of text": "p { clip-path: circle(60px at 100px 30px) }",
    "a path": ".c { clip-path: path('M0 0 C 50 80 80 20 120 80 L 0 80 Z') }",
    "a mask of hard edges": ".c { mask-image: radial-gradient(circle, #000 30px, transparent 30px) }",
    "a rotated box that cuts": ".c { border-radius: 30px; overflow: hidden; rotate: 17deg }",
    "a skewed box that cuts": ".c { overflow: clip; overflow-clip-margin: 9px; transform: skewX(13deg) }",
    "a group that is see-through": ".c { opacity: 0.37 } .d { background: #0f0; margin: -5px }",
    "a text of stripes": "p { background: repeating-linear-gradient(90deg, red 0 20px, blue 0 40px); "
    "background-clip: text; color: transparent }",
    "stripes": ".card { background: repeating-linear-gradient(30deg, #f02 0 40px, #0af 40px 60px) }",
    "checkers": ".card { background: conic-gradient(#f02 25%, #0af 0 50%, #f02 0 75%, #0af 0) 0 0 / 80px }",
    "a gradient of one colour": ".card { background: linear-gradient(#f02, #f02) }",
    "a turned text": ".c { writing-mode: vertical-rl } .d { text-orientation: upright }",
    "columns": ".card { columns: 2 } p { word-break: break-all }",
    "a zoomed card": ".card { zoom: 1.37 }",
    "a path to follow": ".c { offset-path: circle(50px); offset-distance: 30% }",
    "an outline": ".c { outline: 5px dashed #a0a; outline-offset: 8px; border-radius: 11px }",
    "a scrolled box that shows no bars": ".c { overflow: hidden } .d { display: block; height: 300px }",
    "colours of wide screens": ".c { background: color(display-p3 1 0 0) } .e { color: oklch(80% 0.4 150) }",
    "a coloured page": "body { background: #fa0 } .card { background: none }",
    "a coloured root": "html { background: #fa0 } .card { background: none }",
    "blending upon a coloured page": "body { background: #fa0 } .card { background: none } "
    ".c { mix-blend-mode: difference }",
    "everything has an outline": "*:not(html, body) { outline: 1px solid #0808 }",
    "all that is empty is green": ":empty { background: lime !important }",
    "all boxes are framed": "div, canvas { border: 3px solid red !important; background: #00ff0020 }",
    "sizes of the root": "html { font-size: 30px } body { font: 17px/2 monospace; color: #a00 } "
    "p { font: inherit; font-size: 1.4rem; color: inherit }",
}


ROUNDED = {
    "groups in groups": ".card { opacity: 0.9 } .c { opacity: 0.5 } .d { opacity: 0.5; background: red }",
    "a plain page": ".card { background: none } p { opacity: 0.6 }",
    "a see-through root": "html { background: #fa08 } .card { background: none }",
}


@pytest.mark.parametrize("what", EFFECTS)
def test_effects(pair: Pair, what: str) -> None:
    """What style sheets can do to boxes and texts."""
    assert_equal(pair, page(EFFECTS[what]))


@pytest.mark.parametrize("what", ROUNDED)
def test_what_is_rounded_once_less(pair: Pair, what: str) -> None:
    """What is see-through down to the page is put on white before it is rounded, not after."""
    fast, exact = pair.draw(page(ROUNDED[what]), SIZE)
    assert fast.problems == exact.problems == ()
    assert np.abs(differences(fast, exact)).max() <= 1


PLACES = {
    "a stage styled by its place": "body > #stage { background: red }",
    "a card styled by its place": "body > main .a { color: red }",
    "everything on the page": "body > * { border-right: 9px solid red }",
    "whatever holds the stage": "body:has(> #stage) .a { color: red }",
    "the last of its kind": "main:last-child .a { color: red } body > :first-child { padding-top: 9px }",
    "whatever there is": "* { font-variant: small-caps; outline-offset: 3px }",
    "what holds the slot": "slot, div { border: 3px solid red } canvas { display: none }",
    "inherited by the page": "body { font-style: italic; letter-spacing: 3px; direction: rtl }",
}


@pytest.mark.parametrize("what", PLACES)
def test_selectors_find_what_they_found(pair: Pair, what: str) -> None:
    """The canvas and what it holds are nothing to a theme's style sheets."""
    assert_equal(pair, page(f".card {{ background: none }} {PLACES[what]}"))


FILTERS = {
    "noise": "<feTurbulence baseFrequency=.05 numOctaves=3 /><feDisplacementMap in=SourceGraphic scale=30 />",
    "light": "<feGaussianBlur in=SourceAlpha stdDeviation=5 /><feDiffuseLighting surfaceScale=5>"
    "<feDistantLight azimuth=45 elevation=40 /></feDiffuseLighting>",
    "fat": "<feMorphology operator=dilate radius=3 />",
    "flood": "<feFlood flood-color=red flood-opacity=.4 /><feBlend in=SourceGraphic mode=multiply />",
}


@pytest.mark.parametrize("what", FILTERS)
def test_filters_drawn_in_the_card(pair: Pair, what: str) -> None:
    """SVG's own filters, on a box and on a text."""
    body = f"{CARD}<svg width=0 height=0><filter id=f>{FILTERS[what]}</filter></svg>"
    assert_equal(pair, page(".c, .a { filter: url(#f) }", body))


SHAPES = {
    "a clip": "<clipPath id=k><circle cx=50 cy=40 r=35 /></clipPath>",
    "a mask": "<mask id=k><circle cx=50 cy=40 r=35 fill=white /><rect x=60 width=60 height=60 fill=gray />",
}


@pytest.mark.parametrize("what", SHAPES)
def test_shapes_drawn_in_the_card(pair: Pair, what: str) -> None:
    """SVG's own clips and masks, and HTML within SVG."""
    body = (
        f"{CARD}<svg width=0 height=0>{SHAPES[what]}</svg>"
        "<svg width=300 height=120 style='position:absolute;left:0;top:80px'>"
        "<foreignObject x=20 y=20 width=200 height=90>"
        "<div style='background:#fa0;font:30px serif'>Foreign</div></foreignObject>"
        "<text x=150 y=60 style='font:40px serif' textLength=120 transform='rotate(9)'>SVG</text></svg>"
    )
    assert_equal(pair, page(f".c {{ {'clip-path' if 'clip' in what else 'mask'}: url(#k) }}", body))


WORDS = {
    "families, flags and skins": "👨‍👩‍👧‍👦 🇩🇪🇯🇵 👍🏽👍🏿 🏳️‍🌈 1️⃣",
    "arabic": "لينا عبد الرحمن، ٢٠٢٦ (Top 2 %)",
    "both ways": "ABC نوعה 123 \u202eabc\u202c لا",
    "no spaces": "高橋美咲の一年、お疲れ様でした。",
    "marks on marks": "Ẹ̀kọ́ Z̸̢̛͍a̴̡̛l̵͎͝g̶̱̈o̸ ṩ̂ ก็ที่ नमस्ते",
    "nothing to see": "a\u200bb\u00adc\ufeffd \u2060 e\u00a0\u00a0f",
}


@pytest.mark.parametrize("what", WORDS)
@pytest.mark.parametrize("style", ["", "p { font-size: 333px; line-height: 0.7 }", "p { rotate: -7.3deg }"])
def test_words(pair: Pair, what: str, style: str) -> None:
    """Other scripts, emoji and marks: small, huge and leaning."""
    words = CARD.replace("Hello Wörld", WORDS[what]).replace("second", "12,345")
    assert_equal(pair, page(style, words))


def test_places_between_pixels(pair: Pair) -> None:
    """Boxes and letters that begin within a pixel, turned or not."""
    boxes = "".join(
        f"<b style='position:absolute;left:{7 + 31.37 * n}px;top:{9 + 17.61 * n}px;"
        f"width:20.5px;height:13.3px;background:#a0c8;rotate:{n * 3.3}deg;border-radius:{n}px'>{n}</b>"
        for n in range(9)
    )
    assert_equal(
        pair, page("p { margin-left: 0.37px; letter-spacing: 0.21px; font-size: 31.7px }", CARD + boxes)
    )


def picture(width: int, height: int) -> str:
    """A picture with every kind of pixel, some of them see-through."""
    pixels = np.random.default_rng(width).integers(0, 256, (height, width, 4), np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


DRAWING = (
    "data:image/svg+xml;base64,"
    + base64.b64encode(
        b"<svg xmlns='http://www.w3.org/2000/svg' width='60' height='40'>"
        b"<circle cx='30' cy='20' r='19' fill='lime' "
        b"opacity='.5'/><text y='30'>hi</text></svg>"
    ).decode()
)


@pytest.mark.parametrize("fit", ["fill", "contain", "cover", "none", "scale-down"])
@pytest.mark.parametrize("rendering", ["auto", "pixelated"])
def test_pictures(pair: Pair, fit: str, rendering: str) -> None:
    """Larger and smaller than they are, and as backgrounds, borders, masks and bullets."""
    style = f"""
      img {{ position: absolute; width: 83px; height: 57.5px; object-fit: {fit} }}
      * {{ image-rendering: {rendering} }}
      .c {{ background: url({picture(30, 20)}) 3px 5px / 41px }}
      .c {{ border: 9px solid; border-image: url({picture(9, 9)}) 3 }}
      .e {{ mask: url({DRAWING}) 0 0 / contain }} .d::before {{ content: url({picture(8, 8)}) }}
      .b {{ display: list-item; list-style: inside url({picture(11, 11)}) }}
    """
    pictures = (picture(12, 8), picture(200, 120), DRAWING)
    body = CARD + "".join(f"<img src={p} style='left:{90 * n}px;top:90px'>" for n, p in enumerate(pictures))
    assert_equal(pair, page(style, body))


@pytest.mark.parametrize("size", [(1, 1), (7, 5), (31, 32), (33, 33), (257, 65), (1080, 97)])
def test_sizes(pair: Pair, size: tuple[int, int]) -> None:
    """Pictures whose height is no whole number of bands, and whose rows are no whole number of words."""
    assert_equal(pair, page(), Format("odd", *size))
