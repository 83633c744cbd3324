/* Which pictures are shown, saved and shared: their format, and whether the customer's name is on them. */

function makePictures(deck) {
  const offered = new Map(deck.leaves.map((leaf) => [
    leaf,
    [...leaf.querySelectorAll(".files a")].filter((link, _, all) => link.dataset.format !== "link" || all.length < 2),
  ]));
  const first = offered.get(deck.leaves[0]);
  const state = { format: first[0].dataset.format, nameless: false };

  /* The picture of a card as it is wanted now: {png, webp, name, width, height}, addresses relative. */
  function of(leaf) {
    const links = offered.get(leaf);
    const link = links.find((each) => each.dataset.format === state.format) || links[0], data = link.dataset;
    const nameless = state.nameless && data.nameless;
    const png = nameless ? data.nameless : link.getAttribute("href");
    return {
      png,
      webp: (nameless ? data.namelessWebp : data.webp) || "",
      name: png.split("/").pop(),
      width: data.width,
      height: data.height,
    };
  }

  function apply() {
    for (const leaf of deck.leaves) {
      const image = leaf.querySelector("img"), source = leaf.querySelector("source"), wanted = of(leaf);
      if (source) source.srcset = wanted.webp;
      image.width = wanted.width;
      image.height = wanted.height;
      image.src = wanted.png;
      image.alt = altOf(leaf) || leaf.dataset.alt;
    }
  }

  /* What a picture says, as it may be given away; empty where only the text with the name is known. */
  function altOf(leaf) {
    leaf.dataset.alt ||= leaf.querySelector("img").alt;
    return state.nameless ? leaf.dataset.namelessAlt || "" : leaf.dataset.alt;
  }

  return {
    state,
    of,
    altOf,
    formats: first.map(({ dataset }) => ({ name: dataset.format, label: dataset.label })),
    hasNameless: first.some((link) => link.dataset.nameless),
    choose(change) {
      Object.assign(state, change);
      apply();
    },
    async fetch(leaf) {
      const answer = await fetch(of(leaf).png);
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      return answer.blob();
    },
  };
}
