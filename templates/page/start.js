/* Where the page begins: a link preview leads on, a page past its last day has ended, all others become a story. */

function hasEnded() {
  const { expires } = document.documentElement.dataset;
  return Boolean(expires) && new Date().toISOString().slice(0, 10) > expires;
}

function end() {
  const ended = document.querySelector(".ended");
  ended.hidden = false;
  document.documentElement.classList.remove("story", "playing");
  document.body.classList.add("onward");
  const main = document.createElement("main");
  main.append(document.querySelector(".brand"), ended);
  document.body.replaceChildren(main);
}

/* Tell what happened, by its name among the words of the page or as a text; quietly where it can be seen anyway. */
function say(what, isQuiet = false, holes = {}) {
  const region = document.querySelector(".said");
  let text = region.dataset[what] || what;
  for (const [hole, filling] of Object.entries(holes)) text = text.replace(`{${hole}}`, filling);
  region.classList.toggle("quiet", isQuiet);
  /* The same words twice are told twice only if they differ. */
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}

/* Text lies open beside a picture, and folded below it; whoever opens or folds it wants it so on every card. */
function arrangeFigures(deck) {
  const all = deck.leaves.map((leaf) => leaf.querySelector(".figures"));
  const setAll = (isOpen) => all.forEach((figures) => { figures.open = isOpen; });
  setAll(IS_WIDE.matches);
  IS_WIDE.addEventListener("change", () => setAll(IS_WIDE.matches));
  all.forEach((figures) => figures.addEventListener("toggle", () => setAll(figures.open)));
}

/* A picture takes what everything around it leaves of the screen. How much that is, theme and language decide. */
function fitPictures(deck) {
  const find = (name) => document.querySelector(name);
  const [progress, tools, main, until] = [".progress", ".tools", ".deck", ".until"].map(find);
  const padding = (part) => {
    const style = getComputedStyle(part);
    return parseFloat(style.paddingBlockStart) + parseFloat(style.paddingBlockEnd);
  };
  function fit() {
    const above = progress.getBoundingClientRect().bottom + scrollY;
    const [wall, label, fold] = [".wall", ".label", "summary"].map((name) => deck.leaf.querySelector(name));
    const gap = parseFloat(getComputedStyle(deck.leaf).rowGap) + parseFloat(getComputedStyle(label).paddingBlockStart);
    const beneath = IS_WIDE.matches ? until?.offsetHeight || 0 : gap + fold.offsetHeight;
    const inside = padding(main) + padding(deck.leaf) + padding(wall);
    const chrome = above + inside + beneath + tools.offsetHeight;
    document.documentElement.style.setProperty("--page-chrome", `${Math.ceil(chrome)}px`);
  }
  addEventListener("resize", fit);
  new ResizeObserver(fit).observe(document.querySelector(".masthead"));
}

function tellStory() {
  document.documentElement.classList.add("story");
  for (const part of [".progress", ".tools"]) document.querySelector(part).hidden = false;
  const deck = makeDeck(say), pictures = makePictures(deck), links = makeLinks(deck, pictures);
  const keeping = makeKeeping(deck, pictures, links, say);
  makeChoices(pictures, links, say, keeping.refresh);
  makeSharing(deck, pictures, keeping, links, say);
  deck.onShow(keeping.refresh);
  arrangeFigures(deck);
  deck.begin();
  fitPictures(deck);

  const options = document.querySelector(".options");
  const close = (event) => { if (options.open && !options.contains(event.target)) options.open = false; };
  document.addEventListener("pointerdown", close);
  document.addEventListener("focusin", close);
  options.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    options.open = false;
    options.querySelector("summary").focus();
  });
  document.addEventListener("visibilitychange", () => { if (hasEnded()) end(); });
}

const { lead } = document.documentElement.dataset;
if (lead) location.replace(lead);
else if (hasEnded()) end();
else tellStory();
