// The studio's diagram editor: bpmn-js, a panel of our own, findings, and saving as one draws.
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn.css";
import "diagram-js-minimap/assets/diagram-js-minimap.css";
import { adopter } from "./adopting.js";
import { Changing } from "./changing.js";
import { Findings } from "./findings.js";
import { reminder, start } from "./modeler.js";
import { Expressions } from "./panel/expression.js";
import { make } from "./panel/fields.js";
import { Panel } from "./panel/panel.js";
import { Saving } from "./saving.js";
import { Simulation } from "./simulation.js";
import { fit, tools } from "./tools.js";
import { Words } from "./words.js";

async function edit(place) {
  const kit = JSON.parse(document.getElementById("kit").textContent);
  const words = new Words(kit.words, kit.lang);
  const headers = () => ({ "X-CSRFToken": kit.token, Accept: "application/json" });
  const part = (name) => place.querySelector(`[data-part="${name}"]`);
  const fetched = fetch(kit.addresses.source, { credentials: "same-origin" });
  const modeler = start({ canvas: part("canvas"), words, offer: kit.offer });
  const changing = new Changing(modeler);
  const answer = await fetched;
  if (!answer.ok) throw new Error(String(answer.status));
  kit.revision = answer.headers.get("ETag")?.replace(/^W\//, "").replaceAll('"', "") ?? kit.revision;
  const { warnings } = await modeler.importXML(await answer.text());
  const canvas = modeler.get("canvas");
  fit(canvas);
  const expressions = new Expressions({ words, address: kit.addresses.expressions, headers, path: kit.path });
  const panel = new Panel({ place: part("panel"), modeler, changing, words, expressions, offer: kit.offer, catalogue: kit.catalogue,
    remind: reminder({ modeler, changing, words }) });
  const saving = new Saving({ modeler, panel, words, place: part("saved"), kit, headers, conflict: (told, choices) => conflict(part("notices"), words, told, choices) });
  await saving.begin();
  saving.onSaved(() => expressions.forget());
  const findings = new Findings({ modeler, words, place: part("findings"), kit, saving, headers, adopt: adopter({ modeler, changing }), icons: kit.icons });
  const simulation = new Simulation({ modeler, words, place: part("trial"), kit, saving, headers, opener: place.querySelector("[data-do='simulate']") });
  tools({ place, modeler, words, saving, simulation });
  outline(modeler, saving);
  offerLeft(part("notices"), words, saving, modeler);
  panel.draw();
  place.dataset.state = "ready";
  performance.mark("editor-ready");
  place.studio = { modeler, words, saving, findings, warnings: warnings.length };
  jumpToAsked(modeler);
  beat(kit, headers, part("presence"), words);
  requestIdleCallback?.(() => findings.load()) ?? findings.load();
}

/** Somebody else saved in between: both are kept, and it is said where. */
function conflict(place, words, told, choices) {
  const { say } = words;
  const box = make("div", { class: "notice late", role: "alert" }, make("div", { class: "stack tight" }, make("p", {}, told.said),
    make("p", { class: "fine" }, say("Your version is kept in the history either way.")),
    make("div", { class: "actions" },
      make("button", { type: "button", class: "button small main", onclick: () => { box.remove(); choices.mine(); } }, say("Put my changes into theirs")),
      make("button", { type: "button", class: "button small", onclick: () => choices.theirs() }, say("Take theirs: open it anew")))));
  place.replaceChildren(box);
}

/** What an earlier visit could not send is offered, never put in by itself. */
function offerLeft(place, words, saving, modeler) {
  const left = saving.left();
  if (!left?.xml) return;
  const { say } = words;
  const box = make("div", { class: "notice", role: "status" }, make("div", { class: "stack tight" },
    make("p", {}, say("This browser holds changes that were not saved ({at}).", { at: new Date(left.at).toLocaleString(words.lang) })),
    make("div", { class: "actions" },
      make("button", { type: "button", class: "button small main", onclick: async () => {
        box.remove();
        await modeler.importXML(left.xml);
        fit(modeler.get("canvas"));
        saving.touched();
      } }, say("Bring them back")),
      make("button", { type: "button", class: "button small", onclick: () => { saving.forget(); box.remove(); } }, say("Drop them")))));
  place.append(box);
}

/** Lines of the outline lead to their element here; its form waits for what is unsaved and says which revision it follows. */
function outline(modeler, saving) {
  for (const line of document.querySelectorAll(".outline a[data-element]")) {
    line.addEventListener("click", (event) => {
      const element = modeler.get("elementRegistry").get(line.dataset.element);
      if (!element || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      modeler.get("selection").select(element);
      modeler.get("canvas").scrollToElement(element, 120);
      document.querySelector(".editor-panel :is(textarea, input, select)")?.focus();
    });
  }
  for (const form of document.querySelectorAll("#outline-part form, #check-part form")) {
    form.addEventListener("submit", async (event) => {
      if (form.dataset.ready) return;
      event.preventDefault();
      if (!(await saving.flush())) return;
      const field = form.querySelector("[name=revision]");
      if (field) field.value = saving.revision;
      form.dataset.ready = "yes";
      form.requestSubmit();
    });
  }
}

function jumpToAsked(modeler) {
  const wanted = new URLSearchParams(location.search).get("element");
  const element = wanted && modeler.get("elementRegistry").get(wanted);
  if (!element) return;
  modeler.get("selection").select(element);
  modeler.get("canvas").scrollToElement(element, 120);
}

/** Says every half minute that this diagram is being edited, and shows who else does so. */
function beat(kit, headers, place, words) {
  if (!kit.addresses.presence) return;
  const send = async () => {
    if (document.visibilityState === "hidden") return;
    try {
      const answer = await fetch(kit.addresses.presence, { method: "POST", headers: headers(), credentials: "same-origin", body: new URLSearchParams() });
      const { others } = answer.ok ? await answer.json() : { others: [] };
      place.textContent = others.length ? words.say("Also here: {names}", { names: others.join(", ") }) : "";
    } catch { /* the next beat tells */ }
  };
  send();
  setInterval(send, 30000);
  addEventListener("pagehide", () => {
    fetch(kit.addresses.presence, { method: "POST", headers: headers(), credentials: "same-origin", keepalive: true, body: new URLSearchParams({ left: "1" }) }).catch(() => {});
  });
}

for (const place of document.querySelectorAll("[data-island='editor']")) {
  edit(place).catch((error) => { place.dataset.state = "failed"; place.dataset.reason = String(error?.message ?? error).slice(0, 300); console.warn(error); });
}
