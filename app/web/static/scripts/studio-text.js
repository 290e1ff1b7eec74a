// Letters and documents while one types: saved a second later, the preview anew; fields are put in by a press or offered.
const form = document.querySelector("form[data-text]");
const said = form?.querySelector("[data-saved]");

if (form && said) {
  const areas = [...form.querySelectorAll("textarea")];
  const known = [...document.querySelectorAll("[data-insert]")].map((one) => one.textContent.trim());
  let last = areas[0];
  let waiting = 0;
  let queue = Promise.resolve();

  function say(state, text) {
    said.dataset.state = state;
    said.textContent = text;
  }

  async function send() {
    const data = new URLSearchParams(new FormData(form));
    data.set("_live", "1");
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" }, redirect: "manual" });
    const told = await answer.json();
    say(answer.ok ? "saved" : "failed", told.said);
    if (!answer.ok) return;
    for (const [key, revision] of Object.entries(told.revisions)) form.elements[`revision.${key}`].value = revision;
    document.querySelector("#findings-list").innerHTML = told.findings;
    const previews = document.querySelector("#previews");
    if (previews) previews.innerHTML = told.previews;
  }

  function typed() {
    say("typing", said.dataset.typing);
    clearTimeout(waiting);
    waiting = setTimeout(() => { queue = queue.then(send).catch(() => say("failed", said.dataset.failed)); }, 1000);
  }

  function put(area, start, end, text) {
    area.focus();
    area.setRangeText(text, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  for (const button of document.querySelectorAll("[data-insert]")) {
    button.addEventListener("click", () => put(last, last.selectionStart, last.selectionEnd, button.dataset.insert));
  }

  // What is being written between {{ or {% and the caret, as far as it may be a field.
  function begun(area) {
    const before = area.value.slice(0, area.selectionStart);
    const found = /\{[{%](?:(?![}%]\}).)*?([a-z_][a-z0-9_'[\]]*)$/.exec(before);
    return found?.[1] ?? "";
  }

  for (const area of areas) {
    const offers = document.createElement("ul");
    let chosen = 0;
    offers.className = "offers";
    offers.id = `${area.id}-offers`;
    offers.setAttribute("role", "listbox");
    offers.setAttribute("aria-label", document.querySelector("summary")?.textContent ?? "");
    offers.hidden = true;
    area.after(offers);
    area.setAttribute("aria-controls", offers.id);

    function offer() {
      const word = begun(area);
      const fit = word ? known.filter((one) => one.startsWith(word) && one !== word).slice(0, 8) : [];
      chosen = 0;
      offers.replaceChildren(...fit.map((one, number) => {
        const line = document.createElement("li");
        line.id = `${offers.id}-${number}`;
        line.setAttribute("role", "option");
        line.textContent = one;
        line.addEventListener("mousedown", (event) => { event.preventDefault(); take(one); });
        return line;
      }));
      offers.hidden = !fit.length;
      mark();
    }

    function mark() {
      [...offers.children].forEach((line, number) => line.setAttribute("aria-selected", String(number === chosen)));
      if (offers.hidden) area.removeAttribute("aria-activedescendant");
      else area.setAttribute("aria-activedescendant", offers.children[chosen].id);
    }

    function take(text) {
      const word = begun(area);
      put(area, area.selectionStart - word.length, area.selectionStart, text);
      offers.hidden = true;
      mark();
    }

    area.addEventListener("focus", () => { last = area; });
    area.addEventListener("blur", () => { offers.hidden = true; });
    area.addEventListener("input", () => { offer(); typed(); });
    area.addEventListener("keydown", (event) => {
      if (offers.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        const count = offers.children.length;
        chosen = (chosen + (event.key === "ArrowDown" ? 1 : count - 1)) % count;
        mark();
      } else if (event.key === "Enter" || event.key === "Tab") take(offers.children[chosen].textContent);
      else if (event.key === "Escape") { offers.hidden = true; mark(); } else return;
      event.preventDefault();
    });
  }
  form.addEventListener("submit", () => clearTimeout(waiting));
}
