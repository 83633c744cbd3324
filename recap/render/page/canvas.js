/* Draws the stage into a canvas, in this process, and gives its pixels as runs of one colour: `recapDraw`.

   Needs layout.js, unfit.js and Chromium's HTML-in-canvas: `drawElementImage` replays what the page painted with
   the same rasteriser that the compositor uses, without a frame, an encoder and two copies between. Pictures are
   cut into bands of some rows. A band that this page has given before is not given again but named by its number;
   the other side keeps what it made of it. Both forget in step: `dropped` says which.

   Answers why this page cannot be drawn so, or nothing. */
((width, height, bandRows, memoryWords, levels) => {
  if (!("drawElementImage" in CanvasRenderingContext2D.prototype)) return "this browser cannot draw HTML into a canvas";
  // What a theme's page has for every card is told at once.
  const why = recapUnfit();
  if (why) return why;
  const { documentElement: root, body } = document;
  const stage = document.getElementById("stage");

  // --- Two canvases: gradients are dithered in eight bits a channel, and not in sixteen --------------------------

  // Canvas and page stand in the shadow of <body>: the stage stays its child, so selectors, scripts and inheritance
  // find all as it was, and no style sheet of the theme reaches what stands between.
  const fillPage = (element) => {
    element.style.cssText = `all: unset; display: block; position: absolute; inset: 0; width: ${width}px; height: ${height}px; visibility: visible`;
    return element;
  };
  const page = fillPage(document.createElement("div"));
  page.append(document.createElement("slot"));
  const stood = stage.getBoundingClientRect();
  const shadow = body.attachShadow({ mode: "open" });
  shadow.append(page);
  const { right, bottom } = stage.getBoundingClientRect();
  if (right !== stood.right || bottom !== stood.bottom) return "the stage is measured by another page than the picture";

  const canvasOf = (colorType) => {
    const canvas = fillPage(document.createElement("canvas"));
    canvas.setAttribute("layoutsubtree", "");
    canvas.style.visibility = "hidden";
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext("2d", { willReadFrequently: true, colorType });
    return async (bytes) => {
      if (page.parentElement !== canvas) {
        canvas.append(page);
        shadow.replaceChildren(canvas);
      }
      // The colour of the page is that of <html> or else of <body>, and is part of what is blended with.
      page.style.backgroundColor = [root, body].map((element) => getComputedStyle(element).backgroundColor)
        .find((colour) => colour !== "rgba(0, 0, 0, 0)") ?? "";
      await new Promise((done) => { canvas.onpaint = done; canvas.requestPaint(); });
      context.fillStyle = "#fff";
      context.fillRect(0, 0, width, height);
      context.drawElementImage(page, 0, 0);
      // As a frame of a film the pixels come as they lie in memory; `getImageData` converts each.
      const frame = new VideoFrame(canvas, { timestamp: 0 });
      await frame.copyTo(bytes, { format: "BGRX" });
      frame.close();
    };
  };

  const bytes = new Uint8Array(4 * width * height);
  const pixels = new Uint32Array(bytes.buffer);
  const [paint, paintFinely] = [canvasOf("unorm8"), canvasOf("float16")];

  // Sixteen bits also round shadows, blends and pictures otherwise. So they count only where they are within the
  // promised levels of what the browser shows.
  let dithered;
  const paintSmoothly = async () => {
    dithered ??= new Uint32Array(width * height);
    await paint(new Uint8Array(dithered.buffer));
    await paintFinely(bytes);
    const isFar = (one, other, shift) => Math.abs(((one >> shift) & 255) - ((other >> shift) & 255)) > levels;
    for (let at = 0; at < pixels.length; at++) {
      const [one, other] = [pixels[at], dithered[at]];
      if (one !== other && (isFar(one, other, 0) || isFar(one, other, 8) || isFar(one, other, 16))) pixels[at] = other;
    }
  };

  // --- Bands ----------------------------------------------------------------------------------------------------

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

  globalThis.recapDraw = async (card, inspect) => {
    const problems = await recapLayout(card, inspect);
    const unfit = recapUnfit();
    if (unfit) return { problems, unfit };
    await (recapIsSmooth() ? paintSmoothly() : paint(bytes));
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
