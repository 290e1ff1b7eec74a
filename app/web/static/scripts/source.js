// The source of a file: line numbers, Ctrl+S, a word about what is not saved, and who else has it open.
const form = document.querySelector("form[data-source-form]");

if (form) {
  const area = form.querySelector("textarea[name=content]");
  const numbers = form.querySelector("[data-numbers]");
  const said = form.querySelector("[data-state-of-source]");
  const token = form.querySelector("input[name=csrf_token]").value;
  const others = document.querySelector("[data-others]");
  const newer = document.querySelector("[data-newer]");
  const original = area.value;
  let leaving = false;

  function count() {
    const lines = area.value.split("\n").length;
    if (numbers.dataset.lines === String(lines)) return;
    numbers.dataset.lines = String(lines);
    numbers.textContent = Array.from({ length: lines }, (_, line) => line + 1).join("\n");
  }

  function tell() {
    said.dataset.state = area.value === original ? "" : "typing";
    said.textContent = area.value === original ? "" : form.dataset.unsaved;
  }

  numbers.hidden = false;
  count();
  area.addEventListener("input", () => { count(); tell(); });
  area.addEventListener("scroll", () => { numbers.scrollTop = area.scrollTop; });
  form.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); form.requestSubmit(); }
  });
  form.addEventListener("submit", () => { leaving = true; });
  addEventListener("beforeunload", (event) => { if (!leaving && area.value !== original) event.preventDefault(); });

  function send(body) {
    return fetch(form.dataset.presence, {
      method: "POST", body: new URLSearchParams({ csrf_token: token, ...body }), keepalive: true,
      headers: { Accept: "application/json" },
    });
  }

  async function present() {
    try {
      const told = await (await send({})).json();
      others.hidden = told.others.length === 0;
      others.querySelector("[data-names]").textContent = told.others.join(", ");
      newer.hidden = String(told.revision) === form.dataset.revision;
    } catch { /* the next one tells */ }
  }

  present();
  setInterval(present, 15000);
  addEventListener("pagehide", () => { send({ left: "1" }).catch(() => {}); });
}
