/* Draws the stage into a canvas, in this process, and gives its pixels as runs of one colour: `recapDraw`.

   Needs layout.js and Chromium's HTML-in-canvas: `drawElementImage` replays what the page painted with the same
   rasteriser that the compositor uses, without a frame, an encoder and two copies between. Pictures are cut into
   bands of some rows. A band that this page has given before is not given again but named by its number; the
   other side keeps what it made of it. Both forget in step: `dropped` says which.

   Answers why this page cannot be drawn so, or nothing. */
((width, height, bandRows, memoryWords) => {
  const stage = document.getElementById("stage");
  const { documentElement: root, body } = document;

  const tell = (element) => {
    const name = element.getAttribute("class");
    return name ? `<${element.localName} class="${name}">` : `<${element.localName}>`;
  };

  // --- What a canvas cannot show, told by the page itself -------------------------------------------------------

  // What the page does to everything on it, beyond <main>.
  const PAGE_WIDE = {
    "opacity": "1", "filter": "none", "backdrop-filter": "none", "transform": "none", "rotate": "none", "scale": "none",
    "translate": "none", "clip-path": "none", "mask-image": "none", "mix-blend-mode": "normal", "zoom": "1",
    "box-shadow": "none", "background-image": "none", "border-top-width": "0px", "outline-style": "none", "will-change": "auto",
  };

  const whyPage = () => {
    for (const element of [root, body]) {
      const style = getComputedStyle(element);
      for (const [property, plain] of Object.entries(PAGE_WIDE)) {
        if (style.getPropertyValue(property) !== plain) return `the theme gives ${tell(element)} a ${property}`;
      }
      for (const part of ["::before", "::after"]) {
        if (getComputedStyle(element, part).content !== "none") return `the theme paints on ${tell(element)}${part}`;
      }
    }
    return colours().length > 1 ? "the theme has a colour on <html> and another on <body>" : "";
  };

  const whyStage = () => {
    if (!("drawElementImage" in CanvasRenderingContext2D.prototype)) return "this browser cannot draw HTML into a canvas";
    const { left, top } = stage.getBoundingClientRect();
    if (left || top) return "the stage does not begin in the page's corner";
    return body.children.length === 1 ? "" : "the theme's page has more than the stage in it";
  };

  const colours = () => [root, body].map((element) => getComputedStyle(element).backgroundColor)
    .filter((colour) => colour !== "rgba(0, 0, 0, 0)");

  const allRules = (list) => [...list].flatMap((rule) => [rule, ...(rule.cssRules ? allRules(rule.cssRules) : [])]);
  const sheets = () => [...document.styleSheets, ...document.adoptedStyleSheets];
  const rules = sheets().flatMap((sheet) => allRules(sheet.cssRules)).filter((rule) => rule.style && !(rule instanceof CSSFontFaceRule));

  // A selector for whatever a rule may concern whose text is `meant`, or an element that says it itself. What is
  // said through a property of one's own may concern everything below.
  const concernedBy = (meant, own) => {
    const concerned = rules.filter((rule) => meant(rule.style.cssText));
    if (concerned.some((rule) => (rule.style.cssText.match(/--[\w-]+:[^;]*/g) ?? []).some(meant))) return "*";
    const selectors = concerned.map((rule) => rule.selectorText?.replace(/::[\w-]+(\([^)]*\))?/g, "") ?? "*")
      .map((selector) => (/&|:scope/.test(selector) || !selector.trim() ? "*" : selector));
    const all = [...selectors, ...own].join(", ");
    try { stage.querySelector(all); return all; } catch { return "*"; }
  };

  // What brings style sheets of its own, or has had some added, is looked at whole.
  const sheetCount = () => sheets().length + sheets().reduce((sum, sheet) => sum + sheet.cssRules.length, 0);
  const isPlain = () => sheetCount() === knownSheets && !stage.querySelector("style");

  // The compositor gives these a layer of their own, and draws it a little otherwise.
  const SPACE = /perspective|(matrix|rotate|scale|translate|preserve-)3d|rotate[XYZ]|translateZ|scaleZ|backface/;
  const LAYER = /will-change|backdrop-filter|overflow[^:]*:[^;]*(auto|scroll)|position:\s*(fixed|sticky)/;
  const says = (words) => words.map((word) => `[style*="${word}"]`);
  const spatial = concernedBy((text) => SPACE.test(text) || /(rotate|translate|scale):/.test(text), says(["perspective", "3d", "rotate", "translate", "scale", "Z(", "backface"]));
  const layered = concernedBy((text) => LAYER.test(text), says(["will-change", "backdrop", "auto", "scroll", "fixed", "sticky"]));

  // `rotate: x 3deg`, `translate: 0 0 1px`: what a property of its own says in space has three parts or an axis.
  const bare = (value) => { const shorter = value.replace(/\([^()]*\)/g, ""); return shorter === value ? value : bare(shorter); };
  const hasDepth = ({ rotate, scale, translate }) => [scale, translate].some((value) => bare(value).split(" ").length > 2) || bare(rotate).includes(" ");

  const whySpace = (style, text) => {
    const isSaid = text === undefined || SPACE.test(text);
    return (style.transform !== "none" && isSaid) || hasDepth(style) || style.perspective !== "none" || style.backfaceVisibility !== "visible" || style.transformStyle !== "flat"
      ? "a transform in space" : "";
  };

  const whyLayer = (style, element) => {
    if (style.willChange !== "auto") return "will-change";
    if (style.backdropFilter !== "none") return "a backdrop-filter";
    if (["fixed", "sticky"].includes(style.position)) return `position: ${style.position}`;
    const scrolls = (value) => value === "auto" || value === "scroll";
    if ((scrolls(style.overflowX) && element.scrollWidth > element.clientWidth)
      || (scrolls(style.overflowY) && element.scrollHeight > element.clientHeight)) return "contents that scroll";
    return "";
  };

  const whyOf = (selector, whyStyle) => {
    for (const element of stage.querySelectorAll(selector)) {
      for (const part of ["", "::before", "::after"]) {
        const style = getComputedStyle(element, part);
        const why = part && style.content === "none" ? "" : whyStyle(style, element);
        if (why) return `${tell(element)}${part} has ${why}`;
      }
    }
    return "";
  };

  const whyCard = () => {
    const plain = isPlain();
    return whyPage()
      || whyOf(plain ? layered : "*", whyLayer)
      // Only a matrix of three dimensions can be told from the style itself; of rules the text has said it.
      || (plain
        ? whyOf(spatial, (style, element) => whySpace(style, element.matches(spatialRules) ? undefined : element.getAttribute("style") ?? ""))
        : whyOf("*", (style) => whySpace(style, style.transform + style.rotate)));
  };
  const spatialRules = concernedBy((text) => SPACE.test(text), ["x"]);
  const knownSheets = sheetCount();

  // --- Two canvases: gradients are dithered in eight bits a channel, and not in sixteen --------------------------

  // Where each colour ends where the next begins there is nothing to dither.
  const isSmooth = (text) => [...text.matchAll(/gradient\(/g)].some(({ index }) => {
    let [depth, end] = [1, index + 9];
    for (; depth && end < text.length; end++) depth += { "(": 1, ")": -1 }[text[end]] ?? 0;
    const stops = text.slice(index + 9, end - 1).split(/,(?![^(]*\))/).map((stop) => stop.trim())
      .filter((stop) => !/^(from|to|at|in|circle|ellipse|closest|farthest|-?[\d.]+(deg|turn|rad|grad)$)/.test(stop))
      .map((stop) => stop.replace(/\([^)]*\)/g, "").split(/\s+/).slice(1));
    return stops.slice(1).some((places, before) => !/^0(%|px|deg)?$/.test(places[0] ?? "") && (places[0] ?? "") !== stops[before].at(-1));
  });
  const smooth = concernedBy(isSmooth, ['[style*="gradient("]', "linearGradient", "radialGradient"]);

  // What stands between <body> and the stage must change nothing for the stage.
  const fillPage = (element) => {
    element.style.cssText = `all: unset; display: block; position: absolute; inset: 0; width: ${width}px; height: ${height}px`;
    return element;
  };
  const page = fillPage(document.createElement("div"));
  page.style.visibility = "visible";

  const canvasOf = (colorType) => {
    const canvas = fillPage(document.createElement("canvas"));
    canvas.setAttribute("layoutsubtree", "");
    canvas.style.visibility = "hidden";
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext("2d", { willReadFrequently: true, colorType });
    const paint = async () => {
      if (page.parentElement !== canvas) {
        page.parentElement.replaceWith(canvas);
        canvas.append(page);
      }
      await new Promise((done) => { canvas.onpaint = done; canvas.requestPaint(); });
      for (const colour of ["#fff", ...colours()]) { context.fillStyle = colour; context.fillRect(0, 0, width, height); }
      context.drawElementImage(page, 0, 0);
      // As a frame of a film the pixels come as they lie in memory; `getImageData` converts each.
      const frame = new VideoFrame(canvas, { timestamp: 0 });
      await frame.copyTo(bytes, { format: "BGRX" });
      frame.close();
    };
    return { canvas, paint };
  };

  // --- Bands ----------------------------------------------------------------------------------------------------

  const bytes = new Uint8Array(4 * width * height);
  const pixels = new Uint32Array(bytes.buffer);
  const words = new Uint32Array(width * bandRows);
  const known = new Map();
  let [next, kept, dropped] = [0, 0, []];

  // A word is a colour in its lower three bytes, and in the highest how many pixels have it, 1 to 255.
  const readBand = (top) => {
    const end = Math.min(top + bandRows, height) * width;
    let count = 0;
    for (let at = top * width; at < end;) {
      const pixel = pixels[at];
      const limit = Math.min(at + 255, end);
      let to = at + 1;
      while (to < limit && pixels[to] === pixel) to += 1;
      words[count] = (pixel & 0xffffff) | ((to - at) << 24);
      count += 1;
      at = to;
    }
    return words.subarray(0, count);
  };

  const digest = (band) => {
    let hash = band.length;
    for (let at = 0; at < band.length; at++) {
      hash = Math.imul(hash ^ band[at], 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash;
  };

  const areSame = (one, other) => {
    if (one.length !== other.length) return false;
    for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
    return true;
  };

  const forget = (hash, entry) => {
    known.delete(hash);
    kept -= entry.band.length;
    dropped.push(entry.number);
  };

  // The map keeps the order of use: what was used last is put last.
  const numberOf = (band, fresh) => {
    const hash = digest(band);
    let entry = known.get(hash);
    if (entry && !areSame(entry.band, band)) {
      forget(hash, entry);
      entry = undefined;
    }
    if (entry) {
      known.delete(hash);
    } else {
      entry = { number: next++, band: band.slice() };
      kept += band.length;
      fresh.push(entry.band);
    }
    known.set(hash, entry);
    return entry.number;
  };

  const join = (bands) => {
    const all = new Uint32Array(bands.reduce((sum, band) => sum + band.length, 0));
    let at = 0;
    for (const band of bands) { all.set(band, at); at += band.length; }
    return new Uint8Array(all.buffer).toBase64();
  };

  // --- Drawing ---------------------------------------------------------------------------------------------------

  const why = whyStage() || whyPage();
  if (why) return why;
  const [plain, fine] = [canvasOf("unorm8"), canvasOf("float16")];
  stage.replaceWith(plain.canvas);
  plain.canvas.append(page);
  page.append(stage);

  globalThis.recapDraw = async (card, inspect) => {
    const problems = await recapLayout(card, inspect);
    const unfit = whyCard();
    if (unfit) return { problems, unfit };
    await (stage.querySelector(isPlain() ? smooth : "*") ? fine : plain).paint();
    const [bands, fresh, gone] = [[], [], dropped];
    for (let top = 0; top < height; top += bandRows) bands.push(numberOf(readBand(top), fresh));
    // What was put off until now has its turn, so that it is noticed.
    await new Promise((done) => setTimeout(done));
    const late = recapLate();
    if (late) throw new RecapFault(late);
    dropped = [];
    // Only now, so that the other side still has all that this picture names.
    for (const [hash, entry] of known) {
      if (kept <= memoryWords) break;
      forget(hash, entry);
    }
    return { problems, unfit: "", bands, lengths: fresh.map((band) => band.length), fresh: join(fresh), dropped: gone };
  };
  return "";
})
