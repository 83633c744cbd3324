/* Fits the texts of the laid-out cards into their boxes, for the format the page has now.

   A box is an element with `data-fit`; its text is the first `[data-text]` in it, and further ones are echoes
   that must say the same. The style sheet gives the bounds:
     font-size     the largest size, wished for
     --fit-wrap    down to this size the text stays on one line
     --fit-min     the smallest size; then the text is cut with an ellipsis, between two graphemes
     --fit-lines   the most lines
   With `data-fit="area"` the text must also keep to the height of its box; with `data-fit="late"` its width is
   known only when the texts beside it have theirs.
   Starts from the style sheet each time, so it may run again for the next format. Returns its problems. */
() => {
  const number = (style, name, otherwise) => {
    const value = parseFloat(style.getPropertyValue(name));
    return Number.isFinite(value) && value > 0 ? value : otherwise;
  };

  const measureBox = (box) => {
    const style = getComputedStyle(box);
    const max = parseFloat(style.fontSize);
    const min = Math.min(max, number(style, "--fit-min", max));
    return {
      max,
      min,
      wrap: Math.min(max, Math.max(min, number(style, "--fit-wrap", min))),
      lines: number(style, "--fit-lines", 1),
      leading: number(style, "line-height", max) / max,
      paddingInline: parseFloat(style.paddingLeft) + parseFloat(style.paddingRight),
      paddingBlock: parseFloat(style.paddingTop) + parseFloat(style.paddingBottom),
    };
  };

  // The `style` of a box is this script's own.
  const restore = (box) => {
    const texts = [...box.querySelectorAll("[data-text]")];
    for (const text of texts) {
      // Kept beside the markup, so that a card fitted twice has the markup of one fitted once.
      text.recapWhole ??= text.textContent;
      if (text.textContent !== text.recapWhole) text.textContent = text.recapWhole;
    }
    box.removeAttribute("style");
    return { box, texts, text: texts[0] };
  };

  const reset = (box) => {
    const item = restore(box);
    box.style.whiteSpace = "nowrap";
    return item;
  };

  // Asked each time: a box may give way to its neighbours, and grow when they shrink.
  const widthOf = ({ box, is }) => box.clientWidth - is.paddingInline;
  const heightOf = ({ box, is }) => (box.dataset.fit === "area" ? box.clientHeight - is.paddingBlock : Infinity);

  const set = (item, size, whiteSpace, overflowWrap) => {
    item.size = size;
    item.box.style.fontSize = `${size}px`;
    item.box.style.whiteSpace = whiteSpace;
    item.box.style.overflowWrap = overflowWrap;
  };

  const say = (item, words) => {
    for (const text of item.texts) text.textContent = words;
  };

  // offsetWidth and offsetHeight know nothing of transforms: a leaning text is measured upright.
  const fits = (item) => {
    const { text, size, is } = item;
    const height = text.offsetHeight;
    return Math.max(text.offsetWidth, text.scrollWidth) <= widthOf(item) + 0.5
      && height <= heightOf(item) + 0.5
      && Math.round(height / (size * is.leading)) <= is.lines;
  };

  /* The largest whole number in [low, high] for which `works`, or null. */
  const largest = (low, high, works) => {
    let best = null;
    let [from, to] = [Math.ceil(low), Math.floor(high)];
    while (from <= to) {
      const middle = (from + to) >> 1;
      if (works(middle)) { best = middle; from = middle + 1; } else to = middle - 1;
    }
    return best;
  };

  const graphemes = (item, words) => {
    const language = item.box.closest("[lang]")?.lang || "en";
    return [...new Intl.Segmenter(language, { granularity: "grapheme" }).segment(words)].map((part) => part.segment);
  };

  // Where a long word must be broken, a soft hyphen says so; scripts that join their letters have none.
  const soften = (item, words) => words.replace(
    /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{M}]{9,}/gu,
    (word) => graphemes(item, word)
      .map((letter, place, all) => (place > 2 && place < all.length - 2 ? `\u00ad${letter}` : letter)).join(""),
  );

  const fitOver = (item, overflowWrap) => {
    say(item, overflowWrap ? soften(item, item.text.recapWhole) : item.text.recapWhole);
    const works = (size) => { set(item, size, "normal", overflowWrap); return fits(item); };
    const size = largest(item.is.min, item.is.max, works);
    if (size === null) return false;
    set(item, size, "normal", overflowWrap);
    return true;
  };

  const cut = (item) => {
    set(item, Math.ceil(item.is.min), "normal", "anywhere");
    const parts = graphemes(item, item.text.recapWhole);
    const start = (count) => `${soften(item, parts.slice(0, count).join("").trimEnd())}\u2026`;
    const kept = largest(1, parts.length - 1, (count) => { say(item, start(count)); return fits(item); });
    say(item, start(kept ?? 0));
  };

  const fitAll = (boxes) => {
    const items = boxes.map(reset).filter((item) => item.text);
    for (const item of items) item.is = measureBox(item.box);
    // Width goes with size, so one look at the largest size tells the size for one line.
    for (const item of items) {
      const wide = Math.max(item.text.offsetWidth, item.text.scrollWidth, 1);
      const most = Math.min(item.is.max, item.is.max * widthOf(item) / wide, heightOf(item) / item.is.leading);
      item.guess = Math.floor(most);
    }
    for (const item of items) set(item, Math.max(item.guess, 1), "nowrap", "");
    for (const item of items) {
      // Glyph widths are rounded: the guess may be a pixel or two too large.
      for (let size = item.size - 1; !fits(item) && size >= item.guess - 3 && size > 0; size--) {
        set(item, size, "nowrap", "");
      }
      if (fits(item) && item.size >= Math.floor(item.is.wrap)) continue;
      if (!fitOver(item, "") && !fitOver(item, "anywhere")) cut(item);
    }
    return items;
  };

  const name = (item) => `${item.box.className || item.box.tagName.toLowerCase()} ${JSON.stringify(item.text.textContent.slice(0, 40))}`;

  const problemsOf = (card) => {
    const boxes = [...card.querySelectorAll("[data-fit]")];
    const all = boxes.filter((box) => box.offsetParent !== null);
    // What another format showed and this one does not.
    for (const box of boxes) if (box.offsetParent === null) restore(box);
    // First what only has a width, then what has one only now, then what fills the height that is left.
    const rooms = ["line", "late", "area"];
    const items = rooms.flatMap((room) => fitAll(all.filter((box) => box.dataset.fit === room)));
    const edge = card.getBoundingClientRect();
    const problems = [];
    for (const item of items) {
      if (!fits(item)) problems.push(`${name(item)} overflows its box`);
      const ink = item.text.getBoundingClientRect();
      const safe = number(getComputedStyle(item.box), "--safe-block", 0);
      if (ink.left < edge.left - 1 || ink.right > edge.right + 1
        || ink.top < edge.top + safe - 1 || ink.bottom > edge.bottom - safe + 1) {
        problems.push(`${name(item)} leaves the safe area`);
      }
    }
    return problems;
  };

  return [...document.querySelectorAll("#stage .card")].flatMap(problemsOf);
}
