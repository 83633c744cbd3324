"""Texts that can be read and texts that cannot, on whatever is behind them."""

import pytest
from both_engines import Pair

from recap.render.engine import Document, FastEngine
from recap.render.formats import Format
from recap.render.legibility import Text, examine

pytestmark = pytest.mark.browser
SIZE = Format("small", 780, 400)
"""Twice as wide as a phone: letters look half as large as they are."""


@pytest.fixture
def engine(pair: Pair) -> FastEngine:
    return pair.fast


def page(style: str, words: str = "Hello") -> Document:
    shell = (
        "<!doctype html><html><head><style>* { margin: 0 } #stage { width: 100vw; height: 100vh }"
        f" p {{ font: 40px sans-serif; color: #000 }} {style}</style></head>"
        "<body><main id=stage></main></body></html>"
    )
    text = f"<p class=title data-fit=line><span data-text>{words}</span></p>"
    body = f"<div class=card style='height: 100%'>{text}</div>"
    return Document(shell, body, "() => []")


def text_of(engine: FastEngine, style: str, words: str = "Hello") -> Text:
    examined = examine(engine, page(style, words), SIZE)
    assert examined.problems == ()
    (text,) = examined.texts
    return text


@pytest.mark.parametrize(
    ("style", "contrast"),
    [
        ("", 21),
        (".card { background: #777 }", 4.7),
        (".card { background: #ffd } p { color: #fff }", 1),
        ("p { color: #0008 }", 4.48),
        (".card { background: linear-gradient(90deg, #fff 0 20px, #000 20px) }", 1),
        ("p { background: #000; color: #fff }", 21),
        (".card { background: repeating-linear-gradient(90deg, #fff 0 99px, #000 99px 100px) }", 21),
    ],
)
def test_contrast_with_what_is_behind_the_letters(engine: FastEngine, style: str, contrast: float) -> None:
    """Not the colour of an element, but what is seen; a line through a letter is no ground."""
    assert text_of(engine, style).contrast == pytest.approx(contrast, rel=0.05)


@pytest.mark.parametrize(
    ("style", "needed"),
    [
        ("", 4.5),
        ("p { font-size: 48px }", 3.0),
        ("p { font-size: 47px }", 4.5),
        ("p { font-size: 38px; font-weight: 700 }", 3.0),
    ],
)
def test_large_letters_need_less(engine: FastEngine, style: str, needed: float) -> None:
    """Large is what is large on a phone."""
    assert text_of(engine, style).needed == needed


def test_echoes_are_no_texts(engine: FastEngine) -> None:
    """What only repeats a text is not judged, and not taken away from behind the words."""
    shell = page("").shell
    echo = "<p data-fit=line aria-hidden=true><span data-text>echo</span></p>"
    body = f"<div class=card>{echo}<p data-fit=line><span data-text>Hello</span></p></div>"
    examined = examine(engine, Document(shell, body, "() => []"), SIZE)
    assert [(text.words, text.is_spoken) for text in examined.texts] == [("Hello", True)]


def test_the_names_along_a_chart_are_texts(engine: FastEngine) -> None:
    """They are seen, though what they say is told in another way."""
    shell = page("p { background: #fff }").shell
    names = "<ol aria-hidden=true><li style='color:#ddd'>Jan</li></ol>"
    drawn = (
        "<svg aria-hidden=true width=80 height=40><text y=30 fill='#ccc' style='color:#000'>Feb</text></svg>"
    )
    body = f"<div class=card style='background:#fff'>{names}{drawn}</div>"
    texts = examine(engine, Document(shell, body, "() => []"), SIZE).texts
    assert [(text.words, text.is_spoken) for text in texts] == [("Jan", False), ("Feb", False)]
    assert all(1.2 < text.contrast < 2 for text in texts)


def test_a_text_that_is_not_seen_has_no_contrast_to_miss(engine: FastEngine) -> None:
    """Of letters that do not show there is nothing to judge."""
    assert text_of(engine, "p { opacity: 0 }").contrast == float("inf")


def test_words_and_names_are_told(engine: FastEngine) -> None:
    """As the page has them, with what the script complains of."""
    document = page("", "O\u2019Brien &lt;b&gt;")
    complaining = Document(document.shell, document.body, "() => ['too long']")
    examined = examine(engine, complaining, SIZE)
    assert examined.problems == ("too long",)
    assert (examined.texts[0].words, examined.texts[0].name) == ("O\u2019Brien <b>", '<p class="title">')
