/* Fits the texts of the laid-out cards into their boxes, for the format the page has now.

   A box is an element with `data-fit`; its text is the first `[data-text]` in it, and further ones are echoes
   that must say the same. The style sheet gives the bounds:
     font-size     the largest size, wished for; smaller ones come from a scale
     --fit-wrap    down to this size the text stays on one line
     --fit-min     the smallest size; then the text is cut with an ellipsis, between two graphemes
     --fit-lines   the most lines
   With `data-fit="area"` the text must also keep to the height of its box; with `data-fit="late"` its width is
   known only when the texts beside it have theirs. All boxes in a `data-fit-as-one` get one size. What stands in a
   `data-still`, a container of its own size without a text to be fitted, is laid out once when all texts are.
   What is `data-solid`, such as a badge, may not touch texts. Starts from the style sheet each time, so it may run again
   for the next format. Returns its problems. */
() => {
  const number = (style, name, otherwise) => {
    const value = parseFloat(style.getPropertyValue(name));
    return Number.isFinite(value) && value > 0 ? value : otherwise;
  };

  // Texts keep so much of the card's shorter side from its edges; from this share of its width on, a solid thing covers.
  const [MARGIN, SOLID] = [0.012, 0.46];

  // Sizes come from a scale, a few percent apart: a browser makes a font anew for every size, and keeps only so many.
  const SCALE = [];
  for (let size = 1; size <= 2048; size += Math.max(1, 2 ** Math.floor(Math.log2(size) - 5))) SCALE.push(size);
  const sizesBetween = (min, max) => {
    const [low, high] = [Math.ceil(min), Math.floor(max)];
    return low < high ? [low, ...SCALE.filter((size) => size > low && size < high), high] : [max];
  };

  const measureBox = (box) => {
    const style = getComputedStyle(box);
    const max = parseFloat(style.fontSize);
    const min = Math.min(max, number(style, "--fit-min", max));
    return {
      max,
      min,
      sizes: sizesBetween(min, max),
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

  // At the largest size and on one line, as the style sheet has it. Width goes with size, so this tells every size.
  const measure = (item) => {
    item.is = measureBox(item.box);
    item.wide = Math.max(item.text.offsetWidth, item.text.scrollWidth, 1);
  };

  // Asked each time: a box may give way to its neighbours, and grow when they shrink.
  const widthOf = ({ box, is }) => box.clientWidth - is.paddingInline;
  const heightOf = ({ box, is }) => (box.dataset.fit === "area" ? box.clientHeight - is.paddingBlock : Infinity);

  // `step` is a place in the item's sizes.
  const set = (item, step, whiteSpace, overflowWrap) => {
    item.step = step;
    item.size = item.is.sizes[step];
    item.box.style.fontSize = `${item.size}px`;
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

  // Where a long word must be broken, a soft hyphen says so; scripts that join their letters have none. A syllable
  // begins with a consonant before a vowel, and with those that are spoken together with it. Where no size bears that,
  // or a word has no such place, it may be broken after any letter.
  const isVowel = (letter) => /^[aeiouyæœøıаеёиоуыэюяіїєαεηιουω]/i.test(letter?.normalize("NFD") ?? "");
  const soften = (words, anywhere) => words.replace(/[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{M}]{9,}/gu, (word) => {
    const parts = word.match(/schr?|[cpt]h[lr]?|sh|s[pt]r?|qu|[bcfgkp]l|[bcdfgkptv]r|\P{M}\p{M}*/giu) ?? [];
    const starts = parts.map((_, place) => parts.slice(0, place).join("").length);
    const inner = [...parts.keys()].filter((place) => starts[place] > 2 && starts[place] < word.length - 2);
    const syllables = inner.filter((place) => !isVowel(parts[place]) && isVowel(parts[place + 1]) && parts.slice(0, place).some(isVowel));
    const breaks = new Set(syllables.length && !anywhere ? syllables : inner);
    return parts.map((part, place) => (breaks.has(place) ? `\u00ad${part}` : part)).join("");
  });

  const brush = new OffscreenCanvas(1, 1).getContext("2d");

  // The widths of what may not be broken, at a size of 1, and of the spaces that may stand before each.
  const measurePieces = (item, overflowWrap) => {
    const style = getComputedStyle(item.box);
    brush.font = `${style.fontStyle} ${style.fontWeight} 100px ${style.fontFamily}`;
    brush.letterSpacing = `${(100 * parseFloat(style.letterSpacing) || 0) / parseFloat(style.fontSize)}px`;
    const words = style.textTransform === "uppercase" ? item.text.recapWhole.toUpperCase() : item.text.recapWhole;
    const pieces = overflowWrap ? graphemes(item, words) : words.split(/(?<=[\s\-])|(?<=[\p{Lo}--[\p{Script=Arabic}\p{Script=Hebrew}]])/v);
    return pieces.map((piece) => {
      const bare = piece.trimEnd();
      const width = brush.measureText(bare).width / 100;
      return { width, space: bare === piece ? 0 : brush.measureText(piece).width / 100 - width };
    });
  };

  // The largest steps at which the words should fit over several lines, by the width and by the height of the box
  // too, if half a percent is forgiven.
  const likelySteps = (item, overflowWrap) => {
    const { is } = item;
    const [width, height] = [1.005 * widthOf(item), 1.005 * heightOf(item)];
    const pieces = measurePieces(item, overflowWrap);
    const stepWithin = (limit) => largest(0, is.sizes.length - 1, (step) => {
      const size = is.sizes[step];
      let [lines, filled] = [1, 0];
      for (const piece of pieces) {
        if (filled + piece.width * size > width) { lines += 1; filled = 0; }
        if (piece.width * size > width) return false;
        filled += (piece.width + piece.space) * size;
      }
      return lines <= is.lines && lines * size * is.leading <= limit;
    }) ?? 0;
    const likely = stepWithin(height);
    // A box that is just as high as its text grows with it.
    const grows = height < Infinity && Math.abs(heightOf(item) - item.text.offsetHeight) <= 1;
    return { likely, highest: grows ? stepWithin(Infinity) : likely };
  };

  /* Give each item the largest size at which it fits over several lines; return those that fit at none.

     All items take each step together: a layout of the page is what costs, and it serves them all. The search
     starts at the size that should be it, strides away until the page turns, then halves. */
  const fitOver = (items, hyphens, settle = () => {}) => {
    const overflowWrap = hyphens === "none" ? "" : "anywhere";
    const guesses = items.map((item) => likelySteps(item, overflowWrap));
    settle();
    items.forEach((item, place) => {
      say(item, hyphens === "none" ? item.text.recapWhole : soften(item.text.recapWhole, hyphens === "anywhere"));
      // The same words on the same number of lines, balanced or not, and found sooner.
      item.box.style.textWrapStyle = "auto";
      const { likely, highest } = guesses[place];
      Object.assign(item, { best: null, failed: false, low: 0, high: highest, next: likely, stride: 1 });
    });
    let open = items;
    while (open.length) {
      for (const item of open) set(item, item.next, "normal", overflowWrap);
      const verdicts = open.map(fits);
      open = open.filter((item, place) => {
        if (verdicts[place]) { item.best = item.next; item.low = item.next + 1; } else { item.failed = true; item.high = item.next - 1; }
        item.next = (item.low + item.high) >> 1;
        if (item.best === null) item.next = Math.max(item.next, item.high + 1 - item.stride);
        else if (!item.failed) item.next = Math.min(item.next, item.low - 1 + item.stride);
        item.stride *= 2;
        return item.low <= item.high;
      });
    }
    for (const item of items) {
      item.box.style.textWrapStyle = "";
      if (item.best !== null && item.best !== item.step) set(item, item.best, "normal", overflowWrap);
    }
    return items.filter((item) => item.best === null);
  };

  const cut = (item) => {
    set(item, 0, "normal", "anywhere");
    const parts = graphemes(item, item.text.recapWhole);
    const start = (count) => `${soften(parts.slice(0, count).join("").trimEnd(), true)}\u2026`;
    const kept = largest(1, parts.length - 1, (count) => { say(item, start(count)); return fits(item); });
    say(item, start(kept ?? 0));
  };

  const fitAll = (items) => {
    const isTall = ({ is, step }) => step < 0 || is.sizes[step] < Math.floor(is.wrap);
    for (const item of items) {
      const most = Math.min(item.is.max, item.is.max * widthOf(item) / item.wide, heightOf(item) / item.is.leading);
      item.step = item.is.sizes.findLastIndex((size) => size <= most);
    }
    const flat = items.filter((item) => !isTall(item));
    let tall = fitOver(items.filter(isTall), "none", () => {
      for (const item of flat) set(item, item.step, "nowrap", "");
    });
    // Glyph widths are rounded: what was worked out may be a little too large.
    const large = flat.filter((item) => !fits(item));
    for (const item of large) item.step -= 1;
    for (const item of large) if (!isTall(item)) set(item, item.step, "nowrap", "");
    tall = [...tall, ...fitOver(large.filter((item) => isTall(item) || !fits(item)), "none")];
    fitOver(fitOver(tall, "syllables"), "anywhere").forEach(cut);
  };

  // Texts that stand as one, such as the names of a pair, are as large as the smallest of them.
  const level = (items) => {
    const least = Math.min(...items.map(({ size }) => size));
    for (const item of items.filter(({ size }) => size > least)) {
      const step = item.is.sizes.findLastIndex((size) => size <= least);
      set(item, Math.max(0, step), item.box.style.whiteSpace, item.box.style.overflowWrap);
    }
  };

  const name = (item) => `${item.box.className || item.box.tagName.toLowerCase()} ${JSON.stringify(item.text.textContent.slice(0, 40))}`;

  // What cuts off a text that leaves it, between the text and the card. A line may be a little higher than its letters.
  const cuts = new Map();
  const doesCut = (element) => {
    if (!cuts.has(element)) { const { overflowX, overflowY, clipPath } = getComputedStyle(element); cuts.set(element, overflowX !== "visible" || overflowY !== "visible" || clipPath !== "none"); }
    return cuts.get(element);
  };
  const isCut = (card, { text, size }, ink) => {
    for (let at = text.parentElement; at && at !== card; at = at.parentElement) {
      if (!doesCut(at)) continue;
      const edge = at.getBoundingClientRect();
      const above = 1 + 0.15 * size;
      if (ink.left < edge.left - 1 || ink.right > edge.right + 1 || ink.top < edge.top - above || ink.bottom > edge.bottom + above) return true;
    }
    return false;
  };

  // What is solid, such as a badge, lies over what it touches. It is taken for an ellipse: its corners are air.
  const covers = (solid, text) => {
    const frame = solid.getBoundingClientRect();
    const near = text.getBoundingClientRect();
    if (!(near.left < frame.right && near.right > frame.left && near.top < frame.bottom && near.bottom > frame.top)) return false;
    const [across, down] = [(frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2];
    const range = document.createRange();
    range.selectNodeContents(text);
    return [...range.getClientRects()].some((line) => {
      // The letters themselves, without what is kept free above and below them.
      const [top, bottom] = [line.top + 0.25 * line.height, line.bottom - 0.25 * line.height];
      const x = (Math.min(Math.max(across, line.left), line.right) - across) / solid.offsetWidth;
      const y = (Math.min(Math.max(down, top), bottom) - down) / solid.offsetHeight;
      return Math.hypot(x, y) < SOLID;
    });
  };

  const problemsOf = (card) => {
    const boxes = [...card.querySelectorAll("[data-fit]")].map(restore);
    const items = boxes.filter(({ box, text }) => text && box.checkVisibility());
    items.forEach(measure);
    // Hundreds of days would be laid out anew for every size that is tried.
    const still = [...card.querySelectorAll("[data-still]")];
    for (const part of still) part.style.contentVisibility = "hidden";
    // First what only has a width, then what has one only now, then what fills the height that is left.
    for (const room of ["line", "late", "area"]) fitAll(items.filter(({ box }) => box.dataset.fit === room));
    for (const whole of card.querySelectorAll("[data-fit-as-one]")) level(items.filter(({ box }) => whole.contains(box)));
    for (const part of still) part.removeAttribute("style");
    const edge = card.getBoundingClientRect();
    const margin = MARGIN * Math.min(edge.width, edge.height);
    const [problems, upright] = [[], []];
    for (const item of items) {
      if (!fits(item)) problems.push(`${name(item)} overflows its box`);
      const ink = item.text.getBoundingClientRect();
      const safe = Math.max(margin, number(getComputedStyle(item.box), "--safe-block", 0) - 1);
      if (ink.left < edge.left + margin || ink.right > edge.right - margin
        || ink.top < edge.top + safe || ink.bottom > edge.bottom - safe) {
        problems.push(`${name(item)} leaves the safe area`);
      }
      if (isCut(card, item, ink)) problems.push(`${name(item)} is cut off`);
      // A leaning text's frame is larger than the text; only of upright ones it tells where they are.
      const { text, size } = item;
      if (Math.abs(ink.width - text.offsetWidth) > 1 || Math.abs(ink.height - text.offsetHeight) > 1) continue;
      for (const other of upright) {
        const wide = Math.min(ink.right, other.ink.right) - Math.max(ink.left, other.ink.left);
        const high = Math.min(ink.bottom, other.ink.bottom) - Math.max(ink.top, other.ink.top);
        // Lines set tight share some height without touching.
        if (wide > 2 && high > 2 + 0.15 * Math.min(size, other.item.size)) problems.push(`${name(item)} covers ${name(other.item)}`);
      }
      upright.push({ item, ink });
    }
    for (const solid of card.querySelectorAll("[data-solid]")) {
      for (const { item } of upright) if (!solid.contains(item.box) && covers(solid, item.text)) problems.push(`${name(item)} is covered by ${solid.className}`);
    }
    return problems;
  };

  return [...document.querySelectorAll("#stage .card")].flatMap(problemsOf);
}
