// Keeps what is typed: a second after the last key the form is sent to its draft address. The button does the same.
const form = document.querySelector("form[data-draft]");
const said = form?.querySelector("[data-saved]") ?? document.querySelector("[data-saved]");

if (form && said) {
  let waiting = 0;
  let sent = "";
  const words = said.dataset;

  function say(state, text) {
    said.dataset.state = state;
    said.textContent = text;
  }

  async function keep() {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    const now = new URLSearchParams(data).toString();
    if (now === sent) return;
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST", body: new URLSearchParams(data), headers: { Accept: "application/json" }, redirect: "manual",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      sent = now;
      say("saved", (await answer.json()).said);
    } catch {
      say("failed", words.failed);
    }
  }

  form.addEventListener("input", () => {
    say("typing", words.typing);
    clearTimeout(waiting);
    waiting = setTimeout(keep, 1000);
  });
  form.addEventListener("submit", () => clearTimeout(waiting));
}
