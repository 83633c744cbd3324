"""A page that keeps one shell loaded in one format, fonts and all, and shows one card after another.

Two kinds of stage give a picture of what they show: `CaptureStage` here asks the browser for a screenshot,
`recap.render.canvas.CanvasStage` draws it into a canvas within the page.
"""

import base64
import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from recap.errors import RecapError
from recap.render.browser import LostError, Tab
from recap.render.formats import Format
from recap.render.png import decode, encode

LEFT_OUT = "was left out"
"""How the problem ends that tells of something in a card's markup that has no place there."""
FALLBACK = "drawn by the exact engine"
"""How the problem ends that tells of a picture which the fast engine could not draw."""


@dataclass(frozen=True, slots=True)
class Document:
    """One card, as HTML."""

    shell: str
    """A complete HTML document with styles and fonts inlined and an empty `<main id="stage">`."""
    body: str
    """The card: the fragment put on the stage. Scripts and handlers in it are left out."""
    script: str
    """A JavaScript function expression, run after each layout; returns an array of problems, as strings."""
    template: str = "card"
    """What errors call it: the name of its template."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """One finished picture."""

    png: bytes
    """RGB, 8 bits a channel."""
    width: int
    height: int
    problems: tuple[str, ...]
    """What the script and the engine saw wrong with the card in this format; usually nothing."""

    @property
    def faults(self) -> tuple[str, ...]:
        """The problems that can be seen in the picture; the others tell what the engine did about them."""
        return tuple(problem for problem in self.problems if not problem.endswith((LEFT_OUT, FALLBACK)))


class DrawingError(RecapError):
    """One card cannot be drawn; the reason is for the customer's outcome, the others go on."""


def page_script(name: str) -> str:
    """Read a script that pages run."""
    return files("recap.render").joinpath("page", name).read_text(encoding="utf-8")


class Stage:
    """One shell in one page."""

    def __init__(self, tab: Tab, size: Format) -> None:
        self._tab = tab
        self._size = size
        self._scripts: dict[str, int] = {}

    async def set_up(self, shell: str) -> None:
        """Load the shell. Raises DrawingError where it has no stage, LostError."""
        await self._tab.send(
            "Emulation.setDeviceMetricsOverride",
            width=self._size.width,
            height=self._size.height,
            deviceScaleFactor=self._size.scale,
            mobile=False,
        )
        await self._tab.load(shell)
        if not await self._evaluate(page_script("layout.js"), "the theme's page"):
            raise DrawingError('the theme\'s page has no <main id="stage"> to show a card on')

    async def draw(self, document: Document) -> Drawing:
        """Show a card and give its picture. Raises DrawingError where the card is at fault, LostError."""
        raise NotImplementedError

    async def inspect(self, document: Document) -> tuple[str, ...]:
        """Show a card and return the problems that the script and the page saw. Raises as `draw`."""
        return tuple(await self._call("recapLayout", document))

    async def close(self) -> None:
        """Close the page. Raises LostError."""
        await self._tab.close()

    async def _call(self, function: str, document: Document) -> Any:
        """Call a function of the page with the card and its script, which is compiled when first seen."""
        number = self._scripts.get(document.script)
        if number is None:
            number = self._scripts[document.script] = len(self._scripts)
            await self._evaluate(
                f"(globalThis.recapScripts ??= [])[{number}] = ({document.script}\n), 0", "its script"
            )
        return await self._evaluate(
            f"{function}({json.dumps(document.body)}, recapScripts[{number}])", "its script"
        )

    async def _evaluate(self, expression: str, what: str) -> Any:
        answer = await self._tab.send(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if details := answer.get("exceptionDetails"):
            thrown = details.get("exception", {})
            said = thrown.get("description") or thrown.get("value") or details.get("text", "no reason given")
            first_line = str(said).partition("\n")[0]
            fault = first_line.removeprefix("Fault: ")
            raise DrawingError(fault if fault != first_line else f"{what} failed: {first_line}")
        return answer["result"].get("value")


class CaptureStage(Stage):
    """Takes a screenshot: what the browser's compositor shows, whatever it is."""

    async def draw(self, document: Document) -> Drawing:
        """Show a card and take its picture, as `Stage.draw`."""
        problems = await self._call("recapLayout", document)
        answer = await self._tab.send("Page.captureScreenshot", format="png", optimizeForSpeed=True)
        if late := await self._evaluate("recapLate()", "the theme's page"):
            raise DrawingError(late)
        try:
            picture = decode(base64.b64decode(answer["data"]))
        except OSError as error:
            raise LostError(f"the browser gave a picture that cannot be read: {error}") from error
        if picture.size != self._size.pixels:
            wrong = f"{picture.width} x {picture.height}"
            raise LostError(f"the browser gave a picture of {wrong} for {self._size.name}")
        return Drawing(encode(picture), picture.width, picture.height, tuple(problems))

    async def name_at(self, left: int, top: int) -> str:
        """Name the element of the card that is shown at a point. Raises LostError."""
        return str(await self._evaluate(f"recapNameAt({left}, {top})", "the theme's page"))
