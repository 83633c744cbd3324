"""Scripts that do not come to an end, and what moves: told with template and element, by both engines."""

import base64
import os
from collections.abc import Iterator

import pytest
from test_fast_adversarial import CARD, SIZE, page

from recap.render.browser import find_browser
from recap.render.engine import ENGINES, Document, DrawingError, Engine, FastEngine
from recap.render.png import decode

pytestmark = pytest.mark.browser

C = "document.querySelector('.c')"
RED = f"{C}.style.background = 'red'"
LATER = "(change, turns) => turns ? Promise.resolve().then(() => later(change, turns - 1)) : change()"


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with ENGINES[request.param](find_browser(os.environ), timeout_seconds=30) as engine:
        yield engine


def draw(engine: Engine, document: Document) -> bytes:
    (drawing,) = engine.draw(document, [SIZE])
    assert drawing.problems == ()
    return drawing.png


LATE = {
    "in a microtask": (f"const later = {LATER}; later(() => {{ {RED} }}, 40)", '<div class="c">'),
    "at once": (f"setTimeout(() => {{ {RED} }})", '<div class="c">'),
    "in the next frame": (f"requestAnimationFrame(() => {{ {RED} }})", '<div class="c">'),
    "a text": (
        "setTimeout(() => { document.querySelector('.a').firstChild.data = 'late' })",
        '<p class="a">',
    ),
    "an element that goes": ("setTimeout(() => document.querySelector('.a').remove())", '<div class="card">'),
    "the page's class": ("setTimeout(() => { document.body.className = 'late' })", '<body class="late">'),
    "the root's style": ("setTimeout(() => { document.documentElement.style.zoom = 2 })", "<html>"),
    "again and again": (f"setInterval(() => {{ {C}.dataset.at = performance.now() }}, 0)", '<div class="c">'),
}


@pytest.mark.parametrize("what", LATE)
def test_a_change_after_the_script_is_done(engine: Engine, what: str) -> None:
    """A card that still changes when it was said to be ready is an error, and the next card is whole."""
    script, element = LATE[what]
    style = ".late .c { background: lime }"
    document = page(style, script=f"async () => {{ {script}; return [] }}", template="restless")
    with pytest.raises(DrawingError, match=f"^restless: {element} still changes after"):
        engine.draw(document, [SIZE])
    assert draw(engine, page(style)) == draw(engine, page(f"{style} /* another page */"))


def test_what_a_script_left_running_ends_with_its_card(engine: Engine) -> None:
    """A timer set by one card's script does not reach into the next card."""
    # Of its own card it changes nothing, however long that takes to be drawn.
    leaves = (
        f"() => {{ setInterval(() => {{ if (document.querySelector('.next')) {{ {RED} }} }}, 5); return [] }}"
    )
    waits = "async () => { await new Promise((done) => { setTimeout(done, 120) }); return [] }"
    style, body = ".c { top: 50px }", CARD.replace("<i class=e>", "<i class='e next'>")
    expected = draw(engine, page(style, body, script=waits))
    draw(engine, page(style, script=leaves))
    assert draw(engine, page(style, body, script=waits)) == expected


def test_what_a_script_looked_at_last_is_not_marked(engine: Engine) -> None:
    """An element that has the focus is drawn as if it had it not, the first time and later."""
    body = f"<button autofocus class=b>press</button>{CARD}"
    plain = draw(engine, page(body=body.replace(" autofocus", "")))
    focus = "() => { document.querySelector('button').focus(); return [] }"
    assert [draw(engine, page(body=body)) for _ in range(2)] == [plain] * 2
    assert [draw(engine, page(body=body, script=focus)) for _ in range(2)] == [plain] * 2


KEYFRAMES = "@keyframes k { to { left: 200px; background: red } }"


def test_endless_animations_do_not_run(engine: Engine) -> None:
    """A style sheet's animations and transitions are not run: a card is drawn as it stands."""
    still = draw(engine, page())
    style = f"{KEYFRAMES} .c {{ animation: k 1s infinite }} .c::after {{ content: ''; animation: k 9ms }}"
    assert draw(engine, page(style)) == still
    moves = f"() => {{ {C}.offsetLeft; {C}.style.left = '61px'; return [] }}"
    jumps = page(".c { left: 61px }")
    assert draw(engine, page(".c { transition: left 1s }", script=moves)) == draw(engine, jumps)


MOVING = {
    "by an animation that insists": (f"{KEYFRAMES} .c {{ animation: k 1s infinite !important }}", ""),
    "by a transition that insists": (
        ".c { transition: all 1s !important }",
        f"{C}.offsetLeft; {C}.style.left = 0",
    ),
    "by a script": (
        "",
        f"{C}.animate([{{ left: 0 }}, {{ left: '200px' }}], {{ duration: 900, iterations: 1e9 }})",
    ),
    "by a script, a moment later": (
        "",
        f"setTimeout(() => {C}.animate([{{ opacity: 0 }}, {{ opacity: 1 }}], 900))",
    ),
}


@pytest.mark.parametrize("what", MOVING)
def test_what_moves_nonetheless(engine: Engine, what: str) -> None:
    """What a theme sets in motion so that it cannot be held is an error."""
    style, script = MOVING[what]
    document = page(style, script=f"() => {{ {script}; return [] }}", template="lively")
    with pytest.raises(DrawingError, match=r'^lively: <div class="c"> is still moving'):
        engine.draw(document, [SIZE])


def test_what_has_moved_is_drawn_where_it_is(engine: Engine) -> None:
    """An animation that a script has ended, or stopped, is where it was ended or stopped."""
    there = draw(engine, page(".c { left: 100px }"))
    frames = f"{C}.animate([{{ left: '0px' }}, {{ left: '100px' }}], {{ duration: 300, fill: 'forwards' }})"
    ended = f"() => {{ {frames}.finish(); return [] }}"
    stopped = f"() => {{ const a = {frames}; a.pause(); a.currentTime = 300; return [] }}"
    assert draw(engine, page(script=ended)) == draw(engine, page(script=stopped)) == there


SMIL = "<animate attributeName='x' from='0' to='200' dur='1s' repeatCount='indefinite'/>"
BOX = "<svg width='200' height='50'><rect width='50' height='50' fill='red'>{}</rect></svg>"


def test_animations_of_drawings_are_left_out(engine: Engine) -> None:
    """An animation within a drawing has no place in a card; one that a script adds is an error."""
    (drawing,) = engine.draw(page(body=BOX.format(SMIL) + CARD), [SIZE])
    assert drawing.problems == ("<animate> has no place in a card and was left out",)
    assert drawing.png == draw(engine, page(body=BOX.format("") + CARD))
    adds = (
        "() => { const a = document.createElementNS('http://www.w3.org/2000/svg', 'animate'); "
        "for (const [name, value] of Object.entries({ attributeName: 'x', to: 200, dur: '1s' })) "
        "a.setAttribute(name, value); document.querySelector('rect').append(a); return [] }"
    )
    with pytest.raises(DrawingError, match="<animate> is still moving"):
        engine.draw(page(body=BOX.format("") + CARD, script=adds), [SIZE])


def data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def moving_pictures() -> dict[str, str]:
    """Pictures of four frames, and drawings that move."""
    import io

    from PIL import Image

    frames = [Image.new("RGB", (50, 50), colour) for colour in ("red", "green", "blue", "yellow")]
    found = {}
    for kind in ("gif", "webp", "png"):
        file = io.BytesIO()
        frames[0].save(
            file, kind, save_all=True, append_images=frames[1:], duration=20, loop=0, lossless=True
        )
        found[kind] = data(f"image/{kind}", file.getvalue())
    head = "<svg xmlns='http://www.w3.org/2000/svg'"
    found["smil"] = data("image/svg+xml", BOX.format(SMIL).replace("<svg", head).encode())
    return found


@pytest.mark.parametrize("kind", ["gif", "webp", "png", "smil"])
@pytest.mark.parametrize("way", ["img", "background"])
def test_pictures_that_move_stand_still(engine: Engine, kind: str, way: str) -> None:
    """A picture of many frames is drawn as it begins, however long it has been on the page."""
    address = moving_pictures()[kind]
    if way == "img":
        style, body = "", f"{CARD}<img src={address} style='position: absolute; left: 60px; top: 60px'>"
    else:
        style, body = f".c {{ background: url({address}) no-repeat }}", CARD
    waits = "async () => { await new Promise((done) => { setTimeout(done, 50) }); return [] }"
    drawn = [draw(engine, page(style, body, waits)) for _ in range(3)]
    assert drawn == drawn[:1] * 3
    assert decode(drawn[0]).getpixel((105, 62)) == (255, 0, 0)


def test_a_script_that_never_settles_costs_its_card() -> None:
    """The limit holds, and the next card is drawn."""
    never = page(script="() => new Promise(() => {})", template="endless")
    with FastEngine(find_browser(os.environ), timeout_seconds=1, attempts=1) as engine:
        fine = engine.draw(page(), [SIZE])
        with pytest.raises(DrawingError, match=r"^endless: .*not finished within 1 s"):
            engine.draw(never, [SIZE])
        assert engine.draw(page(), [SIZE]) == fine


BROKEN = data("font/woff2", b"no font")
FACE = f"@font-face {{ font-family: Broken; src: url({BROKEN}) }}"
UNREADABLE = {
    "a picture": ("", "<img class=photo src=nowhere.png>", "", '<img class="photo">'),
    "a picture that is none": (
        "",
        f"<img class=photo src={data('image/png', b'x')}>",
        "",
        '<img class="photo">',
    ),
    "a drawing's picture": (
        "",
        "<svg><image class=photo href=nowhere.png /></svg>",
        "",
        '<image class="photo">',
    ),
    "a background": (f".c {{ background: url({data('image/png', b'x')}) }}", "", "", r"\.c"),
    "a card's background": (
        "",
        f"<i class=x style='background: url({data('image/png', b'x')})'></i>",
        "",
        '"x"',
    ),
    "a font": (f"{FACE} .a {{ font-family: Broken }}", "", "", "the font Broken"),
    "a part's font": (f"{FACE} .c::after {{ content: 'x'; font-family: Broken }}", "", "", "the font Broken"),
    "a font the script needs": (
        f"{FACE} .z {{ font-family: Broken }}",
        "",
        "document.querySelector('.a').classList.add('z')",
        "the font Broken",
    ),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_read_is_named(engine: Engine, what: str) -> None:
    """A picture or a font that cannot be read is an error that names it."""
    style, more, script, name = UNREADABLE[what]
    document = page(style, CARD + more, f"() => {{ {script}; return [] }}", "holey")
    with pytest.raises(DrawingError, match=f"^holey: .*{name}.* cannot be (read|loaded)"):
        engine.draw(document, [SIZE])
