// The form editor while one types: what is set is saved a second later, and the form is shown anew at the right.
// Another name or kind of answer is a step that is taken by the button: others may need the field.
const editor = document.querySelector("[data-form-editor]");
const said = editor?.querySelector("[data-saved]");
const panes = document.querySelector("#panes");

if (editor && said) {
  const waiting = new Map();
  let queue = Promise.resolve();

  function say(state, text) {
    said.dataset.state = state;
    said.textContent = text;
  }

  function revised([schema, ui]) {
    for (const input of editor.querySelectorAll("[name=schema_revision]")) input.value = schema;
    for (const input of editor.querySelectorAll("[name=ui_revision]")) input.value = ui;
  }

  // One after the other: each begins from the revision that the one before it made.
  function save(form) {
    queue = queue.then(() => send(form)).catch(() => say("failed", said.dataset.failed));
  }

  async function send(form) {
    const data = new URLSearchParams(new FormData(form));
    data.set("_live", "1");
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" }, redirect: "manual" });
    const told = await answer.json();
    say(answer.ok ? "saved" : "failed", told.said);
    if (!answer.ok) return;
    revised(told.revisions);
    document.querySelector("#findings-list").innerHTML = told.findings;
    await show();
  }

  async function show(trial, button) {
    const form = trial ?? panes.querySelector("form[data-trial]");
    const data = new URLSearchParams(form ? new FormData(form) : {});
    if (button?.name) data.append(button.name, button.value);
    if (!form) data.set("csrf_token", editor.querySelector("[name=csrf_token]").value);
    data.set("_part", "1");
    const answer = await fetch(panes.dataset.address, { method: "POST", body: data, redirect: "manual" });
    if (answer.status !== 200 && answer.status !== 422) return;
    panes.innerHTML = await answer.text();
    for (const shown of panes.querySelectorAll("form")) shown.dispatchEvent(new Event("form-shown", { bubbles: true }));
  }

  editor.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-live]");
    if (!form) return;
    if ("slow" in event.target.dataset) {
      say("typing", said.dataset.nameFirst);
      return;
    }
    say("typing", said.dataset.typing);
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => save(form), 1000));
  });
  editor.addEventListener("submit", (event) => {
    const form = event.target;
    clearTimeout(waiting.get(form));
    if (!form.matches("[data-trial]")) return;
    event.preventDefault();
    show(form, event.submitter);
  });
}
