/* Saving one picture or all, copying link and description, and the choices that go with it. */

const IS_FILE = location.protocol === "file:";

const act = (name) => document.querySelector(`[data-act=${name}]`);

function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  /* The browser has taken it over by then. */
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

function makeLinks(deck, pictures) {
  const { url, namelessUrl } = document.body.dataset;
  let page = "index.html";
  return {
    get address() {
      if (pictures.state.nameless) return namelessUrl ? namelessUrl + page : "";
      if (url) return url + page;
      return IS_FILE ? "" : location.href.split("#")[0];
    },
    show(name) { page = name; },
    previews: url ? deck.leaves.filter((leaf) => leaf.dataset.page) : [],
  };
}

async function copy(text, say, done) {
  try {
    await navigator.clipboard.writeText(text);
    say(done);
    return true;
  } catch {
    say("failed");
    return false;
  }
}

function makeKeeping(deck, pictures, links, say) {
  const save = act("save"), saveAll = act("save-all"), copyLink = act("copy-link"), copyAlt = act("copy-alt");

  function refresh() {
    const picture = pictures.of(deck.leaf);
    save.href = picture.png;
    save.download = picture.name;
    copyLink.hidden = !navigator.clipboard || !links.address;
    copyAlt.hidden = !navigator.clipboard || !pictures.altOf(deck.leaf);
  }

  save.addEventListener("click", () => say(IS_FILE ? "opened" : "saved"));
  copyLink.addEventListener("click", () => copy(links.address, say, "linkCopied"));
  copyAlt.addEventListener("click", () => copy(pictures.altOf(deck.leaf), say, "altCopied"));

  saveAll.hidden = IS_FILE || deck.leaves.length < 2;
  saveAll.addEventListener("click", async () => {
    say("gathering");
    try {
      const files = [];
      for (const leaf of deck.leaves) {
        const { name } = pictures.of(leaf), blob = await pictures.fetch(leaf);
        files.push({ name, bytes: new Uint8Array(await blob.arrayBuffer()) });
      }
      const brand = document.body.dataset.brand.replace(/[\\/:*?"<>|\u0000-\u001f]/g, "-");
      download(zip(files, new Date()), `${brand}-${pictures.state.format}.zip`);
      say("savedAll");
    } catch {
      say("failed");
    }
  });
  document.querySelector(".hint").hidden = !IS_FILE;
  return { refresh, copyLink: () => copy(links.address, () => {}, "") };
}

/* Format, name and preview. `changed` is told after each choice. */
function makeChoices(pictures, links, say, changed) {
  const formats = document.querySelector(".formats");
  for (const { name, label } of pictures.formats) {
    const choice = document.createElement("label"), radio = document.createElement("input");
    Object.assign(radio, { type: "radio", name: "format", value: name, checked: name === pictures.state.format });
    radio.addEventListener("change", () => {
      pictures.choose({ format: name });
      changed();
      say("format", true, { format: label });
    });
    choice.append(radio, ` ${label}`);
    formats.append(choice);
  }
  formats.hidden = pictures.formats.length < 2;

  const nameless = act("nameless");
  nameless.closest("label").hidden = !pictures.hasNameless;
  nameless.addEventListener("change", () => {
    pictures.choose({ nameless: nameless.checked });
    changed();
    say(nameless.checked ? "nameless" : "named");
  });

  const preview = act("preview");
  preview.closest("label").hidden = links.previews.length < 2;
  links.previews.forEach((leaf, index) => {
    const name = leaf.querySelector(".kicker").textContent;
    preview.append(new Option(`${index + 1}. ${name}`, leaf.dataset.page));
  });
  preview.addEventListener("change", () => {
    links.show(preview.value);
    say("preview");
  });
}
