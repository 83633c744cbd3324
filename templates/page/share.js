/* The device's share sheet, with the picture itself; where there is none, the link is at hand in its place. A click counts for some seconds only, so the picture is fetched
   as soon as somebody reaches for the button. */

function makeSharing(deck, pictures, keeping, links, say) {
  const button = act("share");
  const probe = new File([""], "a.png", { type: "image/png" });
  button.hidden = IS_FILE || !navigator.canShare?.({ files: [probe] });
  if (button.hidden) act("save").after(act("copy-link"));
  else act("save").classList.remove("button--main");
  let fetched = { png: "", file: null }, refused = "";

  async function fetchNow() {
    const { png, name } = pictures.of(deck.leaf);
    if (fetched.png !== png) {
      const file = pictures.fetch(deck.leaf).then((blob) => new File([blob], name, { type: "image/png" }));
      fetched = { png, file };
      file.catch(() => { fetched = { png: "", file: null }; });
    }
    return fetched.file;
  }

  async function share() {
    try {
      const file = await fetchNow();
      /* With the name left out, no text goes along: it may hold the name. */
      const text = pictures.state.nameless ? {} : { title: document.title };
      if (!navigator.canShare({ files: [file], ...text })) return fallBack();
      await navigator.share({ files: [file], ...text });
      say("shared");
    } catch (error) {
      if (error.name === "AbortError") say("cancelled");
      else if (error.name === "NotAllowedError" && refused !== fetched.png) {
        /* The click was too long ago, most likely; the picture is there for the next one. */
        refused = fetched.png;
        say("ready");
      } else fallBack();
    }
  }

  async function fallBack() {
    try {
      download(await fetchNow(), pictures.of(deck.leaf).name);
    } catch {
      return say("failed");
    }
    say(links.address && (await keeping.copyLink()) ? "keptLinked" : "kept");
  }

  for (const event of ["pointerenter", "pointerdown", "focus"])
    button.addEventListener(event, () => { fetchNow().catch(() => {}); });
  button.addEventListener("click", share);
}
