// Tells the draft that its file is open here, and the reader who else has it open or has saved it since.
for (const line of document.querySelectorAll("[data-presence]")) {
  const token = document.querySelector("[name=csrf_token]")?.value ?? "";
  const address = line.dataset.presence;

  async function touch() {
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams({ csrf_token: token }), redirect: "manual" });
    if (!answer.ok) return;
    const told = await answer.json();
    const known = Number(document.querySelector(line.dataset.revision)?.value ?? told.revision);
    const parts = told.others.length ? [`${line.dataset.also} ${told.others.join(", ")}`] : [];
    if (told.revision > known) parts.push(line.dataset.newer);
    line.textContent = parts.join(" ");
  }

  touch().catch(() => {});
  setInterval(() => touch().catch(() => {}), 15_000);
  window.addEventListener("pagehide", () => {
    navigator.sendBeacon(address, new URLSearchParams({ csrf_token: token, left: "1" }));
  });
}
