/* Shows one card on the stage and lets the theme's script fit it: `recapLayout(body, inspect)`.

   Returns the problems the script saw. What must not be in a card is left out and told; what keeps it from being
   drawn as it was meant is thrown, naming the element. `recapLate()` then tells whether the card changed after
   it was said to be ready, and so must be asked when the picture is taken. */
(async () => {
  const still = new CSSStyleSheet();
  still.replaceSync(`*, *::before, *::after {
    animation: none !important; transition: none !important; caret-color: transparent !important;
  }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, still];

  // Told as it is; any other error is the script's.
  globalThis.RecapFault = class extends Error { name = "Fault"; };

  const MOVING = "animate, animateMotion, animateTransform, set, video, audio";
  const BANNED = `script, iframe, frame, object, embed, base, meta, link, portal, fencedframe, ${MOVING}`;

  const describe = (element) => {
    if (!(element instanceof Element)) return element?.parentElement ? describe(element.parentElement) : "the page";
    const name = element.getAttribute("class");
    return name ? `<${element.localName} class="${name}">` : `<${element.localName}>`;
  };
  globalThis.recapName = describe;

  const stage = document.getElementById("stage");
  const inside = (list) => [...list].flatMap((rule) => [rule, ...(rule.cssRules ? inside(rule.cssRules) : [])]);
  const sheets = () => [...document.styleSheets, ...document.adoptedStyleSheets];

  // Remembers what `look` finds in the rules of the theme's style sheets until a script adds to them.
  globalThis.recapOfTheme = (look) => {
    let [counted, answer] = [-1];
    return () => {
      const own = sheets().filter(({ ownerNode }) => !stage.contains(ownerNode));
      const count = own.reduce((sum, sheet) => sum + 1 + sheet.cssRules.length, 0);
      if (count !== counted) [counted, answer] = [count, look(own.flatMap((sheet) => inside(sheet.cssRules)).filter(isStyle))];
      return answer;
    };
  };
  const isStyle = (rule) => rule.style && !(rule instanceof CSSFontFaceRule);

  // The body goes through an inert template first: there nothing loads and no handler can fire, whatever the
  // shell's content policy says.
  const sanitise = (body, problems) => {
    const inert = document.createElement("template");
    inert.innerHTML = body;
    for (const element of inert.content.querySelectorAll(BANNED)) {
      problems.push(`<${element.localName}> has no place in a card and was left out`);
      element.remove();
    }
    for (const element of inert.content.querySelectorAll("*")) {
      for (const name of element.getAttributeNames().filter((name) => /^on/i.test(name))) {
        problems.push(`the attribute ${name} has no place in a card and was left out`);
        element.removeAttribute(name);
      }
      if (element.localName === "img") element.loading = "eager";
      element.removeAttribute("autofocus");
    }
    return document.importNode(inert.content, true);
  };

  let change = null;
  const changes = new MutationObserver((records) => { change ??= records[0]; });

  // --- Characters that no font has --------------------------------------------------------------------------

  // They are drawn as the box that stands for a code point no font can have. Each is looked at once a page; Latin
  // letters and the marks of a sentence every machine has.
  const RARE = /[^\u0000-\u024F\u2010-\u2026]/;
  const brush = Object.assign(document.createElement("canvas"), { width: 48, height: 48 }).getContext("2d", { willReadFrequently: true });
  const drawable = new Map();
  const pixelsOf = (text) => {
    brush.clearRect(0, 0, 48, 48);
    brush.fillText(text, 4, 36);
    return new Uint32Array(brush.getImageData(0, 0, 48, 48).data.buffer);
  };
  const areSame = (one, other) => one.every((pixel, at) => pixel === other[at]);

  const missingIn = (element, text) => {
    const { fontFamily } = getComputedStyle(element);
    if (!drawable.has(fontFamily)) drawable.set(fontFamily, new Map());
    const known = drawable.get(fontFamily);
    return [...new Set(text)].filter((character) => {
      if (!known.has(character)) {
        // What joins, marks or shapes others has no picture of its own.
        const hasPicture = !/[\p{C}\p{Z}\p{M}\u{1F3FB}-\u{1F3FF}]/u.test(character);
        brush.font = `30px ${fontFamily}`;
        known.set(character, hasPicture && areSame(pixelsOf(character), pixelsOf("\u{10FFFD}")));
      }
      return known.get(character);
    });
  };

  const missingGlyphs = () => {
    const problems = [];
    const texts = document.createTreeWalker(stage, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const { parentElement, data } = texts.currentNode;
      const missing = RARE.test(data) && parentElement.localName !== "style" ? missingIn(parentElement, data) : [];
      if (missing.length) {
        const codes = missing.map((character) => `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`);
        const named = parentElement.closest("[data-fit], [class]:not([class=''])");
        problems.push(`no font draws ${codes.join(", ")} of ${named?.classList[0] ?? parentElement.localName}`);
      }
    }
    return problems;
  };

  // --- Pictures -------------------------------------------------------------------------------------------------

  const unreadable = (what) => { throw new RecapFault(`the picture of ${what} cannot be read`); };

  // Those of style sheets and attributes: each is read once a page, and then there when it is painted.
  const read = new Map();
  const readAll = (style, what) => [...style.cssText.matchAll(/url\("((?!#)(?:[^"\\]|\\.)*)"\)/g)].map(([, quoted]) => {
    const address = quoted.replace(/\\([0-9a-f]{1,6} ?|.)/gi, (_, code) => (code.length > 1 ? String.fromCodePoint(parseInt(code, 16)) : code));
    if (!read.has(address)) read.set(address, Object.assign(new Image(), { src: address }).decode());
    return read.get(address).catch(() => unreadable(what));
  });
  const picturesOfTheme = recapOfTheme((rules) => rules.flatMap((rule) => readAll(rule.style, rule.selectorText ?? "a style sheet")));

  const picturesOf = (body) => {
    const own = /url\(/i.test(body) ? [...stage.querySelectorAll("[style]")].map((element) => [element.style, describe(element)]) : [];
    const sheetsOfCard = [...stage.querySelectorAll("style")].flatMap(({ sheet }) => inside(sheet?.cssRules ?? []).filter(isStyle));
    return [
      ...[...stage.querySelectorAll("img, image")].map((picture) => picture.decode().catch(() => unreadable(describe(picture)))),
      ...[...own, ...sheetsOfCard.map((rule) => [rule.style, rule.selectorText])].flatMap(([style, what]) => readAll(style, what)),
    ];
  };

  // --- Layout ---------------------------------------------------------------------------------------------------

  // What a script has left for later must not reach into the card that comes next.
  let timer = 0;
  const frames = [];
  const { requestAnimationFrame: nextFrame } = globalThis;
  globalThis.requestAnimationFrame = (call) => { frames.push(nextFrame(call)); return frames.at(-1); };
  const endTimers = () => {
    for (const last = setTimeout(() => {}); timer <= last; timer++) clearTimeout(timer);
    frames.splice(0).forEach((frame) => cancelAnimationFrame(frame));
  };

  // A font is asked for by the layout that needs it, and changes that layout.
  const fontsOf = async () => {
    for (let round = 0; round < 4; round++) {
      stage.getBoundingClientRect();
      if (document.fonts.status === "loaded") break;
      await document.fonts.ready;
    }
    for (const face of document.fonts) {
      if (face.status === "error") throw new RecapFault(`the font ${face.family} cannot be loaded`);
    }
  };

  const isMoving = () => {
    const running = document.getAnimations().find(({ playState }) => playState === "running");
    const added = stage.querySelector(MOVING);
    return running || added ? `${describe(running ? running.effect?.target : added)} is still moving` : "";
  };

  globalThis.recapLayout = async (body, inspect) => {
    const problems = [];
    endTimers();
    changes.disconnect();
    change = null;
    stage.replaceChildren(sanitise(body, problems));
    window.scrollTo(0, 0);
    await Promise.all([...picturesOfTheme(), ...picturesOf(body)]);
    await fontsOf();
    let found = await inspect();
    // The script may have been the first to need a font, for a hyphen or a measure; then it looks again.
    for (let round = 0; round < 4 && document.fonts.status !== "loaded"; round++) {
      await fontsOf();
      found = await inspect();
    }
    if (!Array.isArray(found)) throw new TypeError("it must return an array");
    if (document.activeElement !== document.body) document.activeElement?.blur();
    const moving = isMoving();
    if (moving) throw new RecapFault(moving);
    changes.observe(stage, { subtree: true, childList: true, attributes: true, characterData: true });
    for (const element of [document.documentElement, document.body]) changes.observe(element, { attributes: true });
    return [...problems, ...found.map(String), ...missingGlyphs()];
  };

  globalThis.recapLate = () => {
    change ??= changes.takeRecords()[0];
    return change ? `${describe(change.target)} still changes after the theme's script is done` : isMoving();
  };

  globalThis.recapNameAt = (left, top) => describe(document.elementFromPoint(left, top) ?? document.body);

  // What gives a line its height is the first font of a list, even where no letter of it is shown.
  const isFirst = ({ unicodeRange }) => unicodeRange.split(",").some((range) => {
    const [first, last = first] = range.trim().replace(/^U\+/i, "").split("-").map((code) => parseInt(code, 16));
    return first <= 0x20 && 0x20 <= last;
  });
  await Promise.all([...document.fonts].filter(isFirst).map((face) => face.load().catch(() => {})));

  return stage !== null;
})()
