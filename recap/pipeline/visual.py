"""What only pictures can tell: texts that cannot be read, alternative texts that do not say what is drawn."""

import re
import unicodedata
from collections.abc import Iterator

import polars as pl

from recap.pipeline.cut import walk_cards
from recap.pipeline.look import Look, Looks
from recap.pipeline.prepare import Prepared
from recap.pipeline.trial import choose_trial
from recap.render.engine import DrawingError, Engine
from recap.render.formats import FORMATS
from recap.render.legibility import Text, examine
from recap.wording import Card

_FORMATTING = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def check_pictures(prepared: Prepared, looks: Looks, engine: Engine) -> list[str]:
    """Draw the cards of the customers whom a run tries first, and look at each; return what is wrong.

    Each problem is told once for a layout, a format and an element, as bad as it was found. Raises
    BrowserError.
    """
    found: dict[tuple[str, str, str], tuple[float, str]] = {}
    people = prepared.people.with_columns(pl.col("customer_id").alias("token")).sort("token")
    for look, card in walk_cards(prepared, looks, choose_trial(prepared.chosen, people)):
        for name in prepared.file.campaign.formats:
            for element, badness, problem in _problems(engine, look, card, name):
                key = (card.layout, name, element)
                if key not in found or badness < found[key][0]:
                    found[key] = (badness, f"{card.layout} as {name}: {problem}")
    return [problem for _, (_, problem) in sorted(found.items())]


def _problems(engine: Engine, look: Look, card: Card, name: str) -> Iterator[tuple[str, float, str]]:
    """Yield the element, how bad it is (the less the worse) and what is wrong, without the words."""
    try:
        examined = examine(engine, look.document(card), FORMATS[name])
    except DrawingError as error:
        yield "", 0.0, str(error)
        return
    for problem in examined.problems:
        yield problem, 0.0, problem
    for text in examined.texts:
        if text.contrast < text.needed:
            ratio = f"{text.contrast:.1f}"
            yield (
                f"contrast {text.name}",
                text.contrast - text.needed,
                f"{text.name} has a contrast of {ratio} with what is behind it; it needs {text.needed}",
            )
        if text.is_spoken and not _is_told(text, card):
            yield f"alt {text.name}", 0.0, f"the alternative text does not say what {text.name} says"


def _is_told(text: Text, card: Card) -> bool:
    """Tell whether the alternative text has a text's words, or what is left of them before an ellipsis."""
    told, words = (
        _plain(part) for part in (card.alt_text, text.words.partition("\N{HORIZONTAL ELLIPSIS}")[0])
    )
    return words in told or all(word in told for word in words.split())


def _plain(text: str) -> str:
    """Leave out what only directs, and differences of blanks and capitals."""
    return " ".join(_FORMATTING.sub("", unicodedata.normalize("NFC", text)).casefold().split())
