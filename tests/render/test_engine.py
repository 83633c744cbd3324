"""What the exact engine draws, and what it lets a card do."""

import base64
import http.server
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from recap.render.browser import find_browser
from recap.render.engine import ENGINES, Document, Drawing, DrawingError, Engine, ExactEngine
from recap.render.formats import FORMATS, Format
from recap.render.png import decode, encode

pytestmark = pytest.mark.browser

COLOURS = {b"\xff\0\0": "R", b"\0\0\xff": "B", b"\xff\xff\xff": "_", b"\0\0\0": "K"}
SHELL = (
    "<!doctype html><html><head><meta charset='utf-8'><style>"
    "body { margin: 0; background: #fff } i { position: absolute }"
    ".r { background: #f00 } .b { background: #00f }"
    "</style></head><body><main id='stage'></main></body></html>"
)
SEES_NOTHING = "() => []"
TINY = Format("tiny", 8, 4)


def box(colour: str, left: int, top: int, width: int, height: int) -> str:
    """One absolutely placed box."""
    return f"<i class={colour} style='left:{left}px;top:{top}px;width:{width}px;height:{height}px'></i>"


def card(body: str, script: str = SEES_NOTHING, shell: str = SHELL) -> Document:
    """A card on the test's own shell."""
    return Document(shell, body, script)


def pixels(drawing: Drawing) -> str:
    """The picture as text, a letter a pixel."""
    picture = decode(drawing.png)
    raw = picture.tobytes()
    letters = [COLOURS.get(raw[at : at + 3], "?") for at in range(0, len(raw), 3)]
    return "\n".join(
        "".join(letters[start : start + picture.width]) for start in range(0, len(letters), picture.width)
    )


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with ENGINES[request.param](find_browser(os.environ), timeout_seconds=30) as engine:
        yield engine


def test_the_pixels_are_those_the_page_asks_for(engine: Engine) -> None:
    """Every pixel is where the card's markup puts it."""
    (drawing,) = engine.draw(card(box("r", 2, 0, 4, 2) + box("b", 0, 3, 8, 1)), [TINY])
    assert pixels(drawing) == "__RRRR__\n__RRRR__\n________\nBBBBBBBB"
    assert (drawing.width, drawing.height, drawing.problems) == (8, 4, ())


def test_each_format_is_laid_out_in_its_own_size(engine: Engine) -> None:
    """The drawings come in the order of the formats, each of its size, with the viewport to match."""
    formats = [FORMATS["link"], TINY, FORMATS["story"]]
    script = "() => [`${innerWidth} x ${innerHeight} @ ${devicePixelRatio}`]"
    drawings = engine.draw(card("", script), formats)
    assert [(d.width, d.height) for d in drawings] == [(f.width, f.height) for f in formats]
    assert [d.problems for d in drawings] == [(f"{f.width} x {f.height} @ 1",) for f in formats]


def test_the_file_is_rgb_without_alpha(engine: Engine) -> None:
    """A PNG has eight bits a channel, three channels, and nothing but pixels in it."""
    (drawing,) = engine.draw(card(""), [TINY])
    assert drawing.png[24:26] == bytes([8, 2])
    assert [drawing.png.count(kind) for kind in (b"IHDR", b"IDAT", b"IEND", b"tEXt", b"tIME")] == [
        1,
        1,
        1,
        0,
        0,
    ]


def test_a_card_is_the_same_bytes_whatever_was_drawn_before(engine: Engine) -> None:
    """Drawing again, after other cards and formats and by another engine, gives identical files."""
    text = card(
        "<p style='font:40px serif; color:#235'>Zażółć gęślą jaźń 12,345</p>" + box("r", 5, 90, 50, 9)
    )
    formats = [FORMATS["square"], FORMATS["link"]]
    first = engine.draw(text, formats)
    engine.draw(
        card(box("b", 0, 0, 9, 9), "() => { document.querySelector('i').style.top = '9px'; return [] }"),
        [TINY],
    )
    assert engine.draw(text, formats[::-1]) == first[::-1]
    with type(engine)(find_browser(os.environ)) as other:
        assert other.draw(text, formats) == first


def test_a_script_sees_the_card_fresh_in_every_format(engine: Engine) -> None:
    """What a script changes for one format is not there in the next."""
    script = """() => {
      const box = document.querySelector("i");
      box.dataset.seen = (box.dataset.seen || "") + "x";
      return [box.dataset.seen];
    }"""
    drawings = engine.draw(card(box("r", 0, 0, 1, 1), script), [TINY, FORMATS["link"], TINY])
    assert [d.problems for d in drawings] == [("x",)] * 3


def test_a_script_may_change_what_is_drawn_and_may_wait(engine: Engine) -> None:
    """The picture is taken after the script, and after the promise it returns."""
    script = """async () => {
      await new Promise((done) => setTimeout(done, 30));
      document.querySelector("i").className = "b";
      return ["the headline is cut"];
    }"""
    (drawing,) = engine.draw(card(box("r", 0, 0, 8, 4), script), [TINY])
    assert set(pixels(drawing)) == {"B", "\n"}
    assert drawing.problems == ("the headline is cut",)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("() => { nonsense() }", "ReferenceError: nonsense is not defined"),
        ("() => 'no list'", "must return an array"),
        ("() => {", "SyntaxError"),
        ("async () => { throw 'a bare string' }", "a bare string"),
    ],
)
def test_a_script_that_fails_is_an_error_with_its_reason(engine: Engine, script: str, reason: str) -> None:
    """A broken script costs its card, at once and with the script's own words, and no other."""
    with pytest.raises(DrawingError, match=reason):
        engine.draw(card("", script), [TINY])
    assert engine.draw(card(""), [TINY])[0].problems == ()


def test_a_shell_without_a_stage_is_an_error(engine: Engine) -> None:
    """A theme's page that has no stage is named as such."""
    with pytest.raises(DrawingError, match='<main id="stage">'):
        engine.draw(card("", shell="<p>no stage here</p>"), [TINY])


def test_nothing_in_a_card_runs(engine: Engine) -> None:
    """Scripts, handlers, frames and refreshes in a card's markup do nothing and are reported."""
    body = (
        "<script>document.body.className = 'r'</script>"
        "<b onclick=\"document.body.className = 'r'\"></b>"
        "<svg onload=\"document.body.className = 'r'\"><script>document.body.className = 'r'</script></svg>"
        "<iframe srcdoc=\"<script>parent.document.body.className = 'r'</script>\"></iframe>"
        "<meta http-equiv=refresh content='0;url=data:text/html,gone'>"
    )
    waits = (
        "async () => { await new Promise((done) => setTimeout(done, 100)); return [document.body.className] }"
    )
    (drawing,) = engine.draw(card(body, waits), [TINY])
    assert "R" not in pixels(drawing)
    assert drawing.problems[-1] == ""
    assert {p.split(" has")[0] for p in drawing.problems if " has" in p} == {
        "<script>",
        "<iframe>",
        "<meta>",
        "the attribute onclick",
        "the attribute onload",
    }


def test_no_request_leaves_the_page(engine: Engine, tmp_path: Path) -> None:
    """Nothing a card names is fetched, not even from this machine, by name, by address or from a file."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    secret = tmp_path / "secret.png"
    secret.write_bytes(_red_dot())
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        addresses = [
            f"http://{host}:{server.server_port}" for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]")
        ]
        body = "".join(
            f"<style>@import '{a}/css'</style><b>text</b><i>.</i>"
            f"<video src='{a}/video' poster='{a}/poster'></video>"
            for a in addresses
        )
        fetches = (
            "async () => { try { await fetch('"
            + addresses[0]
            + "/fetch') } catch { return ['refused'] } return [] }"
        )
        pictures = (*(f"<img src='{a}/img'>" for a in addresses), f"<img src='file://{secret}'>")
        for picture in (*pictures, f"<svg><image href='{addresses[0]}/svg'/></svg>"):
            with pytest.raises(DrawingError, match=r"the picture of <(img|image)> cannot be read"):
                engine.draw(card(body + picture, fetches), [TINY])
        for address in addresses:
            ground = f"<style>i {{ background: url('{address}/bg') }}</style>"
            with pytest.raises(DrawingError, match="the picture of i cannot be read"):
                engine.draw(card(body + ground, fetches), [TINY])
        source = f"src: url('{addresses[0]}/font')"
        face = f"<style>@font-face {{ font-family: f; {source} }} b {{ font-family: f }}</style>"
        with pytest.raises(DrawingError, match="the font f cannot be loaded"):
            engine.draw(card(body + face, fetches), [TINY])
        (drawing,) = engine.draw(card(body, fetches), [TINY])
        server.shutdown()
    assert asked == []
    assert "refused" in drawing.problems


def test_pictures_in_a_card_are_there_when_it_is_drawn(engine: Engine) -> None:
    """Inlined pictures, as elements and as backgrounds, are decoded before the capture."""
    dot = "data:image/png;base64," + base64.b64encode(_red_dot()).decode()
    body = (
        f"<img loading=lazy src='{dot}' style='position:absolute;left:0;top:0;width:4px;height:4px'>"
        f"<i style='left:4px;top:0;width:4px;height:4px;background:url({dot})'></i>"
    )
    for _ in range(3):
        (drawing,) = engine.draw(card(body), [TINY])
        assert pixels(drawing) == "\n".join(["RRRRRRRR"] * 4)
        assert drawing.problems == ()


def test_a_font_is_there_the_first_time_it_is_needed(engine: Engine) -> None:
    """A font that a card is the first to need is in that card's picture; a broken one is an error."""
    shell = SHELL.replace("<style>", f"<style>@font-face {{ font-family: block; src: url({_block_font()}) }}")
    body = "<p style='margin:0;font:4px/4px block;color:#f00;-webkit-font-smoothing:none'>ab</p>"
    (drawing,) = engine.draw(card(body, shell=shell), [TINY])
    assert pixels(drawing) == "\n".join(["RRRRRRRR"] * 4)
    broken = shell.replace("base64,", "base64,AAAA")
    with pytest.raises(DrawingError, match="card: the font block cannot be loaded"):
        engine.draw(card(body, shell=broken), [TINY])


def test_nothing_moves(engine: Engine) -> None:
    """Animations and transitions of a theme do not run: a card is drawn as it stands."""
    shell = SHELL.replace(
        "<style>", "<style>@keyframes k { to { opacity: 0 } } i { animation: k 1ms forwards }"
    )
    (drawing,) = engine.draw(card(box("r", 0, 0, 8, 4), shell=shell), [TINY])
    assert set(pixels(drawing)) == {"R", "\n"}


def test_more_shells_than_pages_are_drawn_rightly() -> None:
    """Pages are given up and loaded anew as shells come and go, and contexts and browsers likewise."""
    shells = [SHELL.replace("#fff", colour) for colour in ("#f00", "#00f", "#000")]
    browser = find_browser(os.environ)
    with ExactEngine(browser, pages=2, pictures_per_context=5, pictures_per_browser=12) as engine:
        drawn = [pixels(engine.draw(card("", shell=shells[n % 3]), [TINY, TINY])[0])[0] for n in range(8)]
    assert "".join(drawn) == "RBKRBKRB"


def _red_dot() -> bytes:
    from PIL import Image

    return encode(Image.new("RGB", (1, 1), (255, 0, 0)))


def _block_font() -> str:
    """A font whose every letter fills its square."""
    import io

    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for point in ((0, 1000), (1000, 1000), (1000, 0)):
        pen.lineTo(point)
    pen.closePath()
    glyph = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "a", "b"])
    builder.setupCharacterMap({97: "a", 98: "b"})
    builder.setupGlyf({".notdef": glyph, "a": glyph, "b": glyph})
    builder.setupHorizontalMetrics(dict.fromkeys((".notdef", "a", "b"), (1000, 0)))
    builder.setupHorizontalHeader(ascent=1000, descent=0)
    builder.setupNameTable({"familyName": "block", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=1000, sTypoDescender=0, usWinAscent=1000, usWinDescent=0)
    builder.setupPost()
    file = io.BytesIO()
    builder.save(file)
    return "data:font/ttf;base64," + base64.b64encode(file.getvalue()).decode()
