// The table editor while one types: saved a second later, each cell's fault beside it, overlaps and gaps above.
for (const form of document.querySelectorAll("form[data-decision]")) {
  const said = form.querySelector("[data-saved]");
  let waiting = 0;
  let queue = Promise.resolve();

  function say(state, text) {
    said.dataset.state = state;
    said.textContent = text;
  }

  function mark(faults) {
    for (const place of form.querySelectorAll("[data-fault]")) {
      const text = faults[place.dataset.fault] ?? "";
      place.textContent = text;
      place.hidden = !text;
      const input = form.elements[place.dataset.fault];
      if (text) input?.setAttribute("aria-invalid", "true");
      else input?.removeAttribute("aria-invalid");
    }
  }

  async function send() {
    const data = new URLSearchParams(new FormData(form));
    data.delete("do");
    data.set("_live", "1");
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" }, redirect: "manual" });
    const told = await answer.json();
    say(answer.ok ? "saved" : "failed", told.said);
    if (!answer.ok) return;
    for (const one of document.querySelectorAll("[name=revision]")) one.value = told.revision;
    mark(told.faults);
    document.querySelector("#findings-list").innerHTML = told.findings;
  }

  form.addEventListener("input", () => {
    say("typing", said.dataset.typing);
    clearTimeout(waiting);
    waiting = setTimeout(() => { queue = queue.then(send).catch(() => say("failed", said.dataset.failed)); }, 1000);
  });
  form.addEventListener("submit", () => clearTimeout(waiting));
}

for (const form of document.querySelectorAll("form[data-try]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const query = new URLSearchParams(new FormData(form));
    query.set("_part", "1");
    const answer = await fetch(`${form.getAttribute("action")}?${query}`, { redirect: "manual" });
    if (!answer.ok) return;
    const tried = form.parentElement.querySelector(".tried");
    tried.innerHTML = await answer.text();
    const held = [...tried.querySelectorAll("a[href^='#']")].map((one) => one.hash.slice(1));
    for (const row of document.querySelectorAll("tr[data-rule]")) row.classList.toggle("taken", held.includes(row.id));
  });
}
