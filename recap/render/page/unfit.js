/* What a canvas would not show as the browser does: `recapUnfit()` tells why of the card on the stage, or nothing.
   `recapIsSmooth()` tells whether the card has a gradient that is dithered.

   Looking at every element takes longer than painting it. So the words of all style sheets and of the card are
   looked at first, and then only those elements of which these words say something. */
(() => {
  const stage = document.getElementById("stage");
  const { documentElement: root, body } = document;

  // --- The page --------------------------------------------------------------------------------------------------

  // What the page does to everything on it.
  const PAGE_WIDE = {
    "opacity": "1", "filter": "none", "backdrop-filter": "none", "transform": "none", "rotate": "none", "scale": "none",
    "translate": "none", "clip-path": "none", "mask-image": "none", "mix-blend-mode": "normal", "zoom": "1",
    "box-shadow": "none", "background-image": "none", "border-top-width": "0px", "outline-style": "none", "will-change": "auto",
    "visibility": "visible", "text-decoration-line": "none",
  };

  const whyPage = () => {
    for (const element of [root, body]) {
      const style = getComputedStyle(element);
      for (const [property, plain] of Object.entries(PAGE_WIDE)) {
        if (style.getPropertyValue(property) !== plain) return `the theme gives ${recapName(element)} a ${property}`;
      }
      for (const part of ["::before", "::after"]) {
        if (getComputedStyle(element, part).content !== "none") return `the theme paints on ${recapName(element)}${part}`;
      }
    }
    if (body.children.length > 1) return "the theme's page has more than the stage in it";
    const { left, top } = stage.getBoundingClientRect();
    if (left || top) return "the stage does not begin in the page's corner";
    return [root, body].every((element) => getComputedStyle(element).backgroundColor !== "rgba(0, 0, 0, 0)")
      ? "the theme has a colour on <html> and another on <body>" : "";
  };

  // --- The card ---------------------------------------------------------------------------------------------------

  // Which elements a rule is about, if it says a thing; all, if others may take the thing over from it.
  const selectorOf = ({ selectorText = "&", style }, isSaid) => {
    const isForAll = [...style].some((name) => name.startsWith("--") && isSaid(`${name}: ${style.getPropertyValue(name)}`));
    const bare = selectorText.replace(/::?(before|after)\b/g, "");
    return !isForAll && !/&|:scope/.test(bare) && CSS.supports(`selector(${bare})`) ? bare : "*";
  };

  // Tells of the first element for which `whyStyle` has a reason, where `isSaid` finds it in some text.
  const search = (isSaid, whyStyle) => {
    const isMeant = (text) => isSaid(text) || /:\s*(inherit|unset)/.test(text);
    const selectorOfTheme = recapOfTheme((rules) => (rules.some((rule) => isSaid(rule.style.cssText))
      ? rules.filter((rule) => isMeant(rule.style.cssText)).map((rule) => selectorOf(rule, isSaid)).join(", ") : ""));
    return (markup) => {
      const selector = isSaid(markup) ? "*" : selectorOfTheme();
      if (!selector) return "";
      for (const element of [stage, ...stage.querySelectorAll(selector)]) {
        for (const part of ["", "::before", "::after"]) {
          const style = getComputedStyle(element, part);
          const why = part && style.content === "none" ? "" : whyStyle(style, element, part);
          if (why) return `${recapName(element)}${part} has ${why}`;
        }
      }
      return "";
    };
  };

  // --- What the compositor draws otherwise ------------------------------------------------------------------------

  const SPACE = /3d|perspective|backface|[XYZ]\(|\brotate:\s*[^;"}]*\s[^;"}]|\b(translate|scale):\s*\S+\s+\S+\s+[^;"}]|\b(transform|rotate|translate|scale):[^;"}]*var\(/i;
  const bare = (value) => { const shorter = value.replace(/\([^()]*\)/g, ""); return shorter === value ? value : bare(shorter); };
  const parts = (value) => bare(value).split(" ").length;

  // Only its own words tell a transform in space from a flat one; those of a part cannot be asked for.
  const isFlat = (element, part) => !part && element.computedStyleMap().get("transform").is2D;

  const whySpace = (style, element, part) => {
    const turns = style.transform !== "none" && !isFlat(element, part);
    return turns || parts(style.rotate) > 1 || parts(style.scale) > 2 || parts(style.translate) > 2
      || style.perspective !== "none" || style.backfaceVisibility !== "visible" || style.transformStyle !== "flat"
      ? "a transform in space" : "";
  };

  const LAYER = /will-change|backdrop-filter|overflow[^:]*:[^;]*(auto|scroll)|position:\s*(fixed|sticky)/i;
  const whyLayer = (style, element) => {
    if (style.willChange !== "auto") return "will-change";
    if (style.backdropFilter !== "none") return "a backdrop-filter";
    if (["fixed", "sticky"].includes(style.position)) return `position: ${style.position}`;
    const scrolls = (value) => value === "auto" || value === "scroll";
    return (scrolls(style.overflowX) && element.scrollWidth > element.clientWidth)
      || (scrolls(style.overflowY) && element.scrollHeight > element.clientHeight) ? "contents that scroll" : "";
  };

  // --- Gradients that are dithered --------------------------------------------------------------------------------

  // Between stops of one colour, or where each begins as the one before ends, there is nothing to dither.
  const isHard = (gradient) => {
    const stops = gradient.split(/,(?![^(]*\))/).map((stop) => stop.trim().match(/^(#?[\w-]+(?:\(.*?\))?)\s*(.*)$/) ?? [])
      .filter(([, colour]) => !/^(from|to|at|in|circle|ellipse|closest-.*|farthest-.*|[\d.-]+(deg|turn|rad|grad))$/.test(colour));
    const places = stops.map(([, , place]) => place?.split(/\s+/) ?? []);
    return !/\bvar\(/.test(gradient) && stops.slice(1).every(([, colour], before) =>
      colour === stops[before][1] || /^0(%|px|deg)?$/.test(places[before + 1][0]) || (places[before + 1][0] && places[before + 1][0] === places[before].at(-1)));
  };

  const isSmooth = (text) => /(linear|radial)Gradient/.test(text) || [...text.matchAll(/gradient\(/gi)].some(({ index }) => {
    let [depth, end] = [1, index + 9];
    for (; depth && end < text.length; end++) depth += { "(": 1, ")": -1 }[text[end]] ?? 0;
    return !isHard(text.slice(index + 9, end - 1));
  });

  const IMAGES = ["backgroundImage", "borderImageSource", "maskImage", "listStyleImage", "content"];
  const whySmooth = (style, element) =>
    (["linearGradient", "radialGradient"].includes(element.localName) || IMAGES.some((name) => isSmooth(style[name])) ? "a smooth gradient" : "");

  const searches = [search((text) => LAYER.test(text), whyLayer), search((text) => SPACE.test(text), whySpace)];
  const smooth = search(isSmooth, whySmooth);

  globalThis.recapUnfit = () => {
    const markup = stage.innerHTML;
    return searches.reduce((why, look) => why || look(markup), whyPage());
  };
  globalThis.recapIsSmooth = () => smooth(stage.innerHTML) !== "";
})()
