/* The deck as a story: one card at a time, by tap, swipe, key or mark. It goes on by itself until somebody reads. */

const SECONDS = 7;
const SWIPE = 40;
const HOLD = 500;
/* As in page.css: a picture with its text beside it. */
const IS_WIDE = matchMedia("(min-width: 60rem), (min-width: 40rem) and (max-height: 30rem)");

function makeDeck(say) {
  const root = document.documentElement, body = document.body;
  const leaves = [...document.querySelectorAll(".leaf")];
  const toStart = root.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
  const toEnd = root.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  const playButton = document.querySelector("[data-act=play]");
  const listeners = [];
  let current = 0, timer = 0, hasBegun = false;

  const marks = leaves.map((leaf, index) => {
    const item = document.createElement("li"), mark = document.createElement("button");
    mark.type = "button";
    mark.setAttribute("aria-label", leaf.dataset.place);
    mark.addEventListener("click", () => step(index));
    item.append(mark);
    document.querySelector(".marks").append(item);
    return mark;
  });

  function show(index) {
    const hadFocus = leaves[current].contains(document.activeElement);
    current = index;
    leaves.forEach((leaf, place) => { leaf.hidden = place !== index; });
    marks.forEach((mark, place) => {
      mark.classList.toggle("seen", place < index);
      if (place === index) mark.setAttribute("aria-current", "step");
      else mark.removeAttribute("aria-current");
    });
    const leaf = leaves[index];
    body.dataset.scheme = leaf.dataset.scheme;
    for (const [act, isEnd] of [["previous", index === 0], ["next", index === leaves.length - 1]])
      document.querySelector(`[data-act=${act}]`).setAttribute("aria-disabled", isEnd);
    /* The next picture is there before it is wanted. */
    const next = leaves[index + 1]?.querySelector("img");
    if (next) next.loading = "eager";
    if (hadFocus) leaf.focus({ preventScroll: true });
    /* Not as the page begins: what its address names gets the focus, and that belongs at the top. */
    if (hasBegun) history.replaceState(history.state, "", `#${leaf.id}`);
    listeners.forEach((listener) => listener(leaf));
  }

  /* A step somebody took: told, unlike those the story takes by itself. */
  function step(index) {
    if (index < 0 || index >= leaves.length) return;
    show(index);
    say(`${leaves[index].dataset.place}. ${leaves[index].querySelector("h2").textContent}`, true);
    if (timer) play();
  }

  function play() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (current === leaves.length - 1) return stop();
      show(current + 1);
      play();
    }, SECONDS * 1000);
    setPlaying(true);
  }

  function stop() {
    clearTimeout(timer);
    timer = 0;
    setPlaying(false);
  }

  function setPlaying(isPlaying) {
    root.classList.toggle("playing", isPlaying);
    playButton.setAttribute("aria-label", isPlaying ? playButton.dataset.pause : playButton.dataset.play);
  }

  function place(hash) {
    const match = /^#card-(\d+)$/.exec(hash);
    return match ? leaves.findIndex((leaf) => leaf.id === `card-${Number(match[1])}`) : -1;
  }

  function listen() {
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      if (event.target.closest("input, select, textarea")) return;
      const wanted = { [toStart]: current - 1, [toEnd]: current + 1, Home: 0, End: leaves.length - 1 }[event.key];
      if (wanted === undefined) return;
      event.preventDefault();
      step(wanted);
    });
    document.querySelector("[data-act=previous]").addEventListener("click", () => step(current - 1));
    document.querySelector("[data-act=next]").addEventListener("click", () => step(current + 1));
    playButton.addEventListener("click", () => {
      if (timer) return stop();
      if (current === leaves.length - 1) show(0);
      play();
    });
    const hold = () => { if (timer) play(); };
    leaves.forEach((leaf) => listenToHand(leaf.querySelector(".wall"), { step, hold, stop, at: () => current }));
    addEventListener("hashchange", () => { if (place(location.hash) >= 0) show(place(location.hash)); });
    /* Whoever reads, looks for something or goes away is not hurried on. */
    document.addEventListener("focusin", (event) => {
      /* A card has the focus where the address names it, which nobody did on purpose. */
      if (event.target !== playButton && !leaves.includes(event.target)) stop();
    });
    /* Not every browser gives the focus to what is touched. */
    document.addEventListener("pointerdown", (event) => {
      if (!event.target.closest(".wall, .progress, .steps")) stop();
    });
    document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); });
    addEventListener("scroll", () => { if (scrollY > 40) stop(); }, { passive: true });
    leaves.forEach((leaf) => leaf.querySelector("summary").addEventListener("click", stop));
  }

  return {
    leaves,
    get leaf() { return leaves[current]; },
    onShow(listener) { listeners.push(listener); },
    begin() {
      leaves.forEach((leaf) => { leaf.tabIndex = -1; });
      listen();
      show(Math.max(0, place(location.hash)));
      hasBegun = true;
      /* Where text lies beside the picture there is more to read than a story gives time for. */
      const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches || IS_WIDE.matches || leaves.length < 2;
      if (!isStill && !document.hidden) play();
      else setPlaying(false);
    },
  };
}

/* Taps at the side where the story came from go back, all others on; a swipe pulls a card in; a finger that stays
   holds the story. */
function listenToHand(wall, { step, hold, stop, at }) {
  const sense = document.documentElement.dir === "rtl" ? -1 : 1;
  let start = null, swiped = false, since = 0;
  wall.querySelector("img").draggable = false;
  wall.addEventListener("pointerdown", (event) => {
    start = event.isPrimary && event.button === 0 ? { x: event.clientX, y: event.clientY } : null;
    swiped = false;
    since = event.timeStamp;
    hold();
  });
  wall.addEventListener("contextmenu", stop);
  wall.addEventListener("pointercancel", () => { start = null; });
  wall.addEventListener("pointerup", (event) => {
    if (!start || (visualViewport && visualViewport.scale > 1.05)) return;
    const across = event.clientX - start.x, down = event.clientY - start.y;
    start = null;
    if (Math.abs(across) < SWIPE || Math.abs(across) < 2 * Math.abs(down)) return;
    swiped = true;
    step(at() - Math.sign(across) * sense);
  });
  wall.addEventListener("click", (event) => {
    if (swiped) return;
    /* Aids may click without touching. */
    const isHeld = since && event.timeStamp - since > HOLD;
    since = 0;
    if (isHeld) return stop();
    const box = wall.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    step(at() + ((sense > 0 ? share : 1 - share) < 1 / 3 ? -1 : 1));
  });
}
