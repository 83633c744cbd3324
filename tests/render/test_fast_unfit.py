"""What a canvas would show otherwise than the browser: told with element and reason, and drawn exactly."""

import pytest
from both_engines import Pair, broken_promise
from test_fast_adversarial import CARD, SIZE, page

from recap.render.engine import FALLBACK, Document, Drawing

pytestmark = pytest.mark.browser

C = '<div class="c">'
SPACE = f"{C} has a transform in space"


def notes(drawing: Drawing) -> list[str]:
    """Why a picture was drawn exactly."""
    ending = f"; {FALLBACK}"
    return [problem.removesuffix(ending) for problem in drawing.problems if problem.endswith(ending)]


def assert_told(pair: Pair, document: Document, *reasons: str) -> None:
    """The picture is the exact one, and every one of the reasons is in its note."""
    fast, exact = pair.draw(document, SIZE)
    told = notes(fast)
    assert fast.png == exact.png, f"{told or 'not told'}: {broken_promise(fast, exact)}"
    assert len(told) == 1
    assert all(reason in told[0] for reason in reasons), told


ELEMENTS = {
    "a layer of its own": (".c { will-change: transform; left: 60.4px }", f"{C} has will-change"),
    "turned around the vertical": (".c { transform: rotateY(30deg) }", SPACE),
    "turned, by a property": (".c { rotate: y 30deg }", SPACE),
    "turned around a slanting line": (".c { rotate: 1 1 0 30deg }", SPACE),
    "seen from near": (".c { transform: perspective(300px) rotateX(30deg) }", SPACE),
    "in a space": (".card { perspective: 400px } .c { transform: rotateY(20deg) }", "transform in space"),
    "a space kept": (
        ".c { transform-style: preserve-3d } .d { transform: rotateY(20deg) }",
        "transform in space",
    ),
    "moved back": (".c { translate: 1px 2px 3px; rotate: 3deg }", SPACE),
    "a matrix": (".c { transform: matrix3d(1,0,0,0.001,0,1,0,0,0,0,1,0,0,0,0,1) }", SPACE),
    "nothing in space, said as if": (".c { transform: translateZ(0) rotate(3deg) }", SPACE),
    "flat, said as if in space": (".c { transform: translate3d(3px, 2px, 0) rotate(3deg) }", SPACE),
    "turned flat, said as if in space": (".c { transform: rotate3d(0, 0, 1, 9deg) }", SPACE),
    "scaled in depth": (".c { scale: 1 1 2; rotate: 3deg }", SPACE),
    "without a back": (".c { backface-visibility: hidden; rotate: 3deg }", SPACE),
    "what is behind, blurred": (
        ".c { background: #48c8; backdrop-filter: blur(6px) }",
        f"{C} has a backdrop-filter",
    ),
    "fixed": (".c { position: fixed }", f"{C} has position: fixed"),
    "sticky": (".c { position: sticky; top: 0 }", f"{C} has position: sticky"),
    "scrolls": (
        ".c { overflow: auto } .d { display: block; height: 300px }",
        f"{C} has contents that scroll",
    ),
    "part of an element": (
        ".c::before { content: 'before'; display: block; background: red; transform: rotateY(40deg) }",
        SPACE.replace(">", ">::before"),
    ),
}


@pytest.mark.parametrize("what", ELEMENTS)
def test_elements_the_compositor_treats_otherwise(pair: Pair, what: str) -> None:
    """The note names the element and what it has."""
    style, reason = ELEMENTS[what]
    assert_told(pair, page(style), reason)


WAYS = {
    "nested": ".card { & .c { transform: rotateY(30deg) } }",
    "nested without a mark": ".card { .c { transform: rotateY(30deg) } }",
    "nested twice": ".card { & { & .c { @media all { transform: rotateY(30deg) } } } }",
    "a custom property": ".card { --t: rotateY(30deg) } .c { transform: var(--t) }",
    "a custom property's fallback": ".c { transform: var(--t, rotateY(30deg)) }",
    "a custom property of the root": ":root { --t: rotateY(30deg) } .c { transform: var(--t) }",
    "a medium": "@media (min-width: 1px) { .c { transform: rotateY(30deg) } }",
    "a container": ".card { container-type: size } @container (width > 9px) { .c { rotate: y 30deg } }",
    "a layer": "@layer base { @supports (display: grid) { .c { transform: rotateY(30deg) } } }",
    "a scope": "@scope (.card) { .c { transform: rotateY(30deg) } }",
    "a scope's root": "@scope (.c) { :scope { transform: rotateY(30deg) } }",
    "a functional selector": ".card :is(.x, .c):not(.y) { transform: rotateY(30deg) }",
}


@pytest.mark.parametrize("way", WAYS)
def test_however_the_style_sheet_says_it(pair: Pair, way: str) -> None:
    """Nesting, conditions and custom properties hide nothing."""
    assert_told(pair, page(WAYS[way]), SPACE)


def test_a_custom_property_of_the_card(pair: Pair) -> None:
    """A card may give what the style sheet leaves open."""
    body = CARD.replace("class=card", "class=card style='--t: rotateY(30deg)'")
    assert_told(pair, page(".c { transform: var(--t) }", body), SPACE)


def test_a_style_sheet_of_the_card(pair: Pair) -> None:
    """A card's own style sheet is read, of each card anew, and so are `style` attributes."""
    flat, turned = (f"<style>.c {{ rotate: {turn} }}</style>{CARD}" for turn in ("30deg", "y 30deg"))
    for body in (flat, turned, turned, flat):
        fast, exact = pair.draw(page(body=body), SIZE)
        assert fast.png == exact.png
        assert [SPACE in note for note in notes(fast)] == ([True] if body == turned else [])
    assert_told(pair, page(body=CARD.replace("class=d", "class=d style='TRANSFORM: ROTATEY(30DEG)'")), '"d"')


SCRIPTS = {
    "a style": "document.querySelector('.c').style.transform = 'rotateY(30deg)'",
    "a class": "document.querySelector('.c').classList.add('z')",
    "a rule": "document.styleSheets[0].insertRule('.c { transform: rotateY(30deg) }')",
    "a style sheet": "document.head.append(Object.assign(document.createElement('style'), "
    "{ textContent: '.c { transform: rotateY(30deg) }' }))",
    "a style sheet of its own": "const sheet = new CSSStyleSheet(); "
    "sheet.replaceSync('.c { rotate: y 30deg }'); document.adoptedStyleSheets.push(sheet)",
}


@pytest.mark.parametrize("what", SCRIPTS)
def test_what_a_script_adds(pair: Pair, what: str) -> None:
    """What the theme's script does to a card counts as the card's own."""
    script = f"() => {{ {SCRIPTS[what]}; return [] }}"
    assert_told(
        pair, page(".z { transform: rotateY(30deg) }", script=script), '<div class="c', "transform in space"
    )


GROUNDS = {
    "colours on both": (
        "html { background: #0af } body { background: #fa0; height: 50% }",
        "<html>",
        "<body>",
    ),
    "a picture on the page": (
        "body { background: repeating-linear-gradient(red 0 9px, blue 9px 18px) }",
        "<body>",
    ),
    "a picture on the root": ("html { background: linear-gradient(red, blue) }", "<html>"),
    "words before the stage": (
        "body::before { content: 'x'; position: absolute; color: red }",
        "<body>::before",
    ),
    "words after the page": ("html::after { content: 'x'; position: absolute; top: 0 }", "<html>::after"),
    "a see-through page": ("body { opacity: 0.5 }", "<body>", "opacity"),
    "an inverted page": ("body { filter: invert(1); background: #fa0 }", "<body>", "filter"),
    "an inverted root": ("html { filter: invert(1); background: #fa0 }", "<html>", "filter"),
    "a blended page": ("html { background: #0af } body { mix-blend-mode: difference }", "<body>", "blend"),
    "a clipped page": ("body { clip-path: circle(40%) }", "<body>", "clip-path"),
    "a page in shadow": ("body { box-shadow: inset 0 0 30px red }", "<body>", "box-shadow"),
    "a zoomed page": ("body { zoom: 0.5 }", "<body>", "zoom"),
    "an underlined page": ("body { text-decoration: underline red }", "<body>", "text-decoration"),
    "a turned page": ("body { rotate: 3deg }", "<body>", "rotate"),
    "a small page": ("body { width: 200px; height: 100px } #stage { width: 100%; height: 100% }", "stage"),
    "a stage with a margin": ("#stage { margin: 20px }", "corner"),
    "a page that centres": (
        "body { display: flex; justify-content: center } #stage { width: 80% }",
        "corner",
    ),
    "whatever is see-through": ("* { opacity: 0.9 }", "opacity"),
}


@pytest.mark.parametrize("what", GROUNDS)
def test_what_is_painted_beside_the_stage(pair: Pair, what: str) -> None:
    """Whatever a theme does to the page outside the stage."""
    style, *reasons = GROUNDS[what]
    assert_told(pair, page(f".card {{ background: none }} {style}"), *reasons)


def test_a_second_element_beside_the_stage(pair: Pair) -> None:
    """A theme's page with more than the stage in it is drawn exactly."""
    made = page()
    beside = "<div style='position: absolute; left: 9px; top: 9px'>beside</div></body>"
    assert_told(
        pair, Document(made.shell.replace("</body>", beside), CARD, made.script), "more than the stage"
    )


PAGES = {
    "a colour": "body { background: #fa0 }",
    "a picture": "body { background: repeating-linear-gradient(red 0 9px, blue 9px 18px) }",
    "a see-through colour": "html { background: #fa08 }",
    "a group": "body { opacity: 0.5 }",
}


@pytest.mark.parametrize("what", PAGES)
def test_a_card_that_styles_the_page(pair: Pair, what: str) -> None:
    """A card's own style sheet may speak of the page, and then it concerns that card and not the next."""
    plain = page(".card { background: none }")
    asks = f"<style>{PAGES[what]}</style>{CARD}"
    selects = page(f".card {{ background: none }} {PAGES[what].replace(' {', ':has(.x) {')}")
    for document in (plain, page(".card { background: none }", asks), plain):
        fast, exact = pair.draw(document, SIZE)
        assert broken_promise(fast, exact) == "", what
    for body in (CARD, CARD.replace("class=d", "class=x"), CARD):
        fast, exact = pair.draw(Document(selects.shell, body, selects.script), SIZE)
        assert broken_promise(fast, exact) == "", what
