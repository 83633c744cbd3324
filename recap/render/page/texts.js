/* Fits the card, tells its texts - words, name, size, colour, boxes - as JSON, and then gives all one colour, so that a
   picture shows where letters are, or without any what is behind them. What is hidden from the ear is decoration. */
(fit, colour) => async () => {
  const problems = await fit();
  const texts = [...document.querySelectorAll("#stage [data-text]")]
    .filter((text) => !text.closest("[aria-hidden=true]") && text.checkVisibility({ visibilityProperty: true }));
  const told = texts.map((text) => {
    const { color, fontSize, fontWeight } = getComputedStyle(text);
    const range = document.createRange();
    range.selectNodeContents(text);
    const boxes = [...range.getClientRects()].map(({ left, top, right, bottom }) => [left, top, right, bottom]);
    return JSON.stringify({ words: text.textContent, name: recapName(text.closest("[data-fit]")), color, size: parseFloat(fontSize), weight: +fontWeight, boxes });
  });
  for (const text of texts) {
    // Its echoes are part of a text, and no ground.
    for (const echo of text.closest("[data-fit]").querySelectorAll("[data-text][aria-hidden=true]")) echo.style.setProperty("visibility", "hidden", "important");
    for (const property of ["color", "-webkit-text-fill-color", "-webkit-text-stroke-color"]) text.style.setProperty(property, colour, "important");
    text.style.setProperty("text-shadow", "none", "important");
  }
  return [...problems, ...told];
}
