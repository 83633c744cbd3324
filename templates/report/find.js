// Opens the page of one customer of millions, from disk: loads the one script of report/find/ that must have the
// id, by the same hash as in recap/delivery/report_find.py.
(() => {
  const form = document.getElementById("find");
  const box = form.querySelector("input");
  const status = form.querySelector("[role=status]");
  const files = Number(form.dataset.files);
  const loaded = new Map();
  let asked = 0;

  // FNV-1a, 32 bits, over the first 64 bytes of the id.
  const hash = (id) => {
    let value = 0x811c9dc5;
    for (const byte of new TextEncoder().encode(id).subarray(0, 64)) {
      value = Math.imul(value ^ byte, 0x01000193) >>> 0;
    }
    return value;
  };

  window.recapFind = (rows) => loaded.set(document.currentScript.dataset.name, rows);

  const load = (name) => new Promise((resolve, reject) => {
    if (loaded.has(name)) {
      resolve(loaded.get(name));
      return;
    }
    const script = document.createElement("script");
    script.dataset.name = name;
    script.onload = () => resolve(loaded.get(name) ?? []);
    script.onerror = reject;
    script.src = `report/find/${name}.js`;
    document.head.append(script);
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const id = box.value.trim();
    const turn = ++asked;
    let rows;
    try {
      rows = await load((hash(id) % files).toString(16).padStart(2, "0"));
    } catch {
      status.textContent = "The folder report/find is missing beside this page: copy it too, or run again.";
      return;
    }
    if (turn !== asked) return;
    const [, token, outcome] = rows.find(([other]) => other === id) ?? [];
    if (token) {
      status.textContent = "";
      location.href = `cards/${token.slice(0, 2)}/${token}/index.html`;
    } else if (outcome) {
      status.textContent = `${id} has no page. The outcome is: ${outcome.replace("_", " ")}.`;
    } else {
      status.textContent = `There is no customer ${id} in this folder. Ids are written as in the data: 00029 is not 29.`;
    }
  });

  form.hidden = false;
})();
