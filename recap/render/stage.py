"""A page that keeps one shell loaded, fonts and all, and shows one card after another on its stage."""

import base64
import json

from recap.errors import RecapError
from recap.render.browser import Tab
from recap.render.formats import Format

_SET_UP = """
(() => {
  const still = new CSSStyleSheet();
  still.replaceSync(`*, *::before, *::after {
    animation: none !important; transition: none !important; caret-color: transparent !important;
  }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, still];
  return document.getElementById("stage") !== null;
})()
"""

# The body goes through an inert template first: there nothing loads and no handler can fire, whatever the
# shell's content policy says. A font is asked for by the layout that needs it, and changes that layout.
_LAY_OUT = """
(async (body, inspect) => {
  const stage = document.getElementById("stage");
  const problems = [];
  const inert = document.createElement("template");
  inert.innerHTML = body;
  for (const element of inert.content.querySelectorAll(
      "script, iframe, frame, object, embed, base, meta, link, portal, fencedframe")) {
    problems.push(`<${element.localName}> has no place in a card and was left out`);
    element.remove();
  }
  for (const element of inert.content.querySelectorAll("*")) {
    for (const name of element.getAttributeNames().filter((name) => /^on/i.test(name))) {
      problems.push(`the attribute ${name} has no place in a card and was left out`);
      element.removeAttribute(name);
    }
    if (element.localName === "img") element.loading = "eager";
  }
  stage.replaceChildren(document.importNode(inert.content, true));
  window.scrollTo(0, 0);
  const pictures = [...stage.querySelectorAll("img, image")];
  await Promise.all(pictures.map((picture) => picture.decode().catch(
    () => problems.push("a picture in the card cannot be read"))));
  for (let round = 0; round < 4; round++) {
    stage.getBoundingClientRect();
    if (document.fonts.status === "loaded") break;
    await document.fonts.ready;
  }
  for (const face of document.fonts) {
    if (face.status === "error") problems.push(`the font ${face.family} cannot be loaded`);
  }
  const found = await inspect();
  if (!Array.isArray(found)) throw new TypeError("it must return an array");
  return problems.concat(found.map(String));
})
"""


class DrawingError(RecapError):
    """One card cannot be drawn; the reason is for the customer's outcome, the others go on."""


class Stage:
    """One shell in one page."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        self._format: Format | None = None

    async def set_up(self, shell: str) -> None:
        """Load the shell. Raises DrawingError where it has no stage, LostError."""
        await self._tab.load(shell)
        if not await self._evaluate(_SET_UP, "the shell"):
            raise DrawingError('the theme\'s page has no <main id="stage"> to show a card on')

    async def show(self, body: str, script: str, size: Format) -> tuple[str, ...]:
        """Lay a card out in one size and run `script` on it; return the problems that were seen.

        The card is put up anew for every size, so that what a script did to it for one format cannot show in
        the next, and a picture depends on nothing that was drawn before. Raises DrawingError where the script
        fails, LostError.
        """
        if size != self._format:
            self._format = None
            await self._tab.send(
                "Emulation.setDeviceMetricsOverride",
                width=size.width,
                height=size.height,
                deviceScaleFactor=1,
                mobile=False,
            )
            self._format = size
        found = await self._evaluate(
            f"({_LAY_OUT.strip()})({json.dumps(body)}, {script})", "the card's script"
        )
        return tuple(found) if isinstance(found, list) else ()

    async def capture(self) -> bytes:
        """Take the picture of what is shown, as a large PNG that was quickly made. Raises LostError."""
        answer = await self._tab.send("Page.captureScreenshot", format="png", optimizeForSpeed=True)
        return base64.b64decode(answer["data"])

    async def close(self) -> None:
        """Close the page. Raises LostError."""
        await self._tab.close()

    async def _evaluate(self, expression: str, what: str) -> object:
        answer = await self._tab.send(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if details := answer.get("exceptionDetails"):
            thrown = details.get("exception", {})
            said = thrown.get("description") or thrown.get("value") or details.get("text", "no reason given")
            raise DrawingError(f"{what} failed: {str(said).partition(chr(10))[0]}")
        return answer["result"].get("value")
