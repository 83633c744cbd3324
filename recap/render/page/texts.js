/* Fits the card, tells its texts - words, name, size, colour, boxes - as JSON, and then gives all one colour, so that a
   picture shows where letters are, or without any what is behind them. The echoes of a fitted text are part of it; other
   texts hidden from the ear, such as the names along a chart, are told as not spoken. */
(fit, colour) => async () => {
  const problems = await fit();
  const hasWords = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && /[\p{L}\p{N}]/u.test(node.data));
  const isEcho = (element) => element.closest("[data-text]")?.closest("[aria-hidden=true]");
  const texts = [...document.querySelectorAll("#stage *")]
    .filter((element) => (element.matches("[data-text]") || hasWords(element)) && !isEcho(element))
    .filter((element) => !element.parentElement.closest("[data-text]") && element.checkVisibility({ visibilityProperty: true }));
  const told = texts.map((text) => {
    const { color, fill, fontSize, fontWeight } = getComputedStyle(text);
    const range = document.createRange();
    range.selectNodeContents(text);
    const boxes = [...range.getClientRects()].map(({ left, top, right, bottom }) => [left, top, right, bottom]);
    return JSON.stringify({
      words: text.textContent, name: recapName(text.closest("[data-fit]") ?? text), spoken: !text.closest("[aria-hidden=true]"),
      color: text instanceof SVGElement ? fill : color, size: parseFloat(fontSize), weight: +fontWeight, boxes,
    });
  });
  for (const text of texts) {
    // Its echoes are part of a text, and no ground.
    for (const echo of text.closest("[data-fit]")?.querySelectorAll("[data-text][aria-hidden=true]") ?? []) echo.style.setProperty("visibility", "hidden", "important");
    for (const property of ["color", "fill", "-webkit-text-fill-color", "-webkit-text-stroke-color"]) text.style.setProperty(property, colour, "important");
    text.style.setProperty("text-shadow", "none", "important");
  }
  return [...problems, ...told];
}
