"""Can what was drawn be read? Contrast of every text with the pixels behind its letters (WCAG 2.2, 1.4.3)."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from recap.render.contrast import LARGE, TEXT, luminance
from recap.render.engine import Document, Engine
from recap.render.formats import Format
from recap.render.png import decode
from recap.render.stage import page_script

PHONE = 390
"""A card is looked at on a phone of so many CSS pixels across; by that, letters are large or not."""
LARGE_PIXELS, LARGE_BOLD_PIXELS, BOLD = 24.0, 18.66, 700
"""WCAG's large text: 18 point, or 14 point bold."""
LETTERS = 16
"""A pixel belongs to a letter where a black or a white text changes a channel by so many levels."""
SHARE = 0.1
"""So much of the letters may stand on a ground of less contrast: an edge, an ornament."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a drawn card."""

    words: str
    name: str
    """Its element, such as `<p class="title">`."""
    contrast: float
    """With what is behind nine tenths of its letters, 1 to 21; infinite where no letter is seen."""
    needed: float
    is_spoken: bool
    """False for what is hidden from the ear, such as the names along a chart."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A card's texts, and what the page said was wrong with it."""

    texts: tuple[Text, ...]
    problems: tuple[str, ...]


def examine(engine: Engine, document: Document, size: Format) -> Examined:
    """Draw a card without its texts, and with all of them black, and white: that tells where letters are.

    Raises DrawingError, BrowserError.
    """
    fit, script = document.script, page_script("texts.js")
    drawings = [
        engine.draw(replace(document, script=f"({script})({fit}, '{colour}')"), [size])[0]
        for colour in ("transparent", "black", "white")
    ]
    problems = drawings[0].problems
    told = [problem for problem in problems if problem.startswith('{"words"')]
    ground, *inked = (np.asarray(decode(drawing.png), np.int16) for drawing in drawings)
    letters = np.max([np.abs(picture - ground).max(axis=2) for picture in inked], axis=0) >= LETTERS
    texts = tuple(_judge(json.loads(text), letters, ground, size) for text in told)
    return Examined(texts, tuple(problem for problem in problems if problem not in told))


def _judge(told: dict[str, Any], letters: npt.NDArray[np.bool_], ground: Any, size: Format) -> Text:
    behind = np.concatenate([np.empty((0, 3)), *_behind(told["boxes"], letters, ground)])
    displayed = told["size"] * PHONE / size.width
    is_large = displayed >= (LARGE_BOLD_PIXELS if told["weight"] >= BOLD else LARGE_PIXELS)
    contrast = float("inf")
    if len(behind):
        *colour, opacity = _rgba(told["color"])
        ink = _luminances(behind * (1 - opacity) + np.array(colour) * opacity)
        paper = _luminances(behind)
        ratios = (np.maximum(ink, paper) + 0.05) / (np.minimum(ink, paper) + 0.05)
        contrast = float(np.quantile(ratios, SHARE))
    return Text(told["words"], told["name"], contrast, LARGE if is_large else TEXT, told["spoken"])


def _behind(boxes: list[list[float]], letters: npt.NDArray[np.bool_], ground: Any) -> Iterator[Any]:
    for left, top, right, bottom in boxes:
        part = np.s_[max(0, int(top)) : max(0, round(bottom)), max(0, int(left)) : max(0, round(right))]
        yield ground[part][letters[part]]


def _rgba(colour: str) -> tuple[float, ...]:
    """Read `rgb(1, 2, 3)`, `rgba(1, 2, 3, 0.5)` or `color(srgb 0.1 0.2 0.3)`."""
    numbers = [float(number) for number in re.findall(r"[\d.]+(?:e-?\d+)?", colour.partition("(")[2])]
    scale = 255 if colour.startswith("color(") else 1
    return (*(number * scale for number in numbers[:3]), numbers[3] if len(numbers) > 3 else 1.0)


def _luminances(pixels: Any) -> Any:
    linear = _linear()[np.clip(np.rint(pixels), 0, 255).astype(np.uint8)]
    return linear @ np.array([0.2126, 0.7152, 0.0722])


@cache
def _linear() -> Any:
    return np.array([luminance((level, 0, 0)) / 0.2126 for level in range(256)])
