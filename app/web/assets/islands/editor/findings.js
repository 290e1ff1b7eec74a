// What the check says, on the elements and in a list below; a fix where there is one, shown before it is made.
import { make } from "./panel/fields.js";

const AFTER = 1200;

export class Findings {
  constructor({ modeler, words, place, kit, saving, headers, adopt, icons }) {
    Object.assign(this, { modeler, words, place, kit, saving, headers, adopt, icons });
    this.marks = [];
    this.waiting = 0;
    saving.onSaved(() => { clearTimeout(this.waiting); this.waiting = setTimeout(() => this.load(), AFTER); });
  }

  async load() {
    if (this.asking) { this.asking = "again"; return; }
    this.asking = "yes";
    try {
      const answer = await fetch(this.kit.addresses.findings, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (answer.ok) this.show((await answer.json()).findings);
    } catch { /* the next save asks again */ }
    const again = this.asking === "again";
    this.asking = "";
    if (again) this.load();
  }

  show(all) {
    const { say } = this.words;
    const own = all.filter((one) => one.file === this.kit.path);
    const order = { error: 0, publishing: 1, warning: 2 };
    own.sort((a, b) => order[a.severity] - order[b.severity]);
    this.mark(own);
    const elsewhere = all.length - own.length;
    const count = (severity) => own.filter((one) => one.severity === severity).length;
    const summary = own.length ? say("Errors: {errors} · stop publishing: {publishing} · warnings: {warnings}",
      { errors: count("error"), publishing: count("publishing"), warnings: count("warning") }) : say("The check has nothing to say about this diagram.");
    const list = make("ul", { class: "finding-list", role: "list" }, ...own.map((one) => this.row(one)));
    this.place.replaceChildren(make("p", { class: "findings-sum", role: "status", "data-count": own.length }, summary,
      elsewhere ? ` · ${say("In other files: {number}.", { number: elsewhere })}` : ""), list);
    this.place.dataset.loaded = "yes";
  }

  row(one) {
    const { say } = this.words;
    const registry = this.modeler.get("elementRegistry");
    const element = one.element ? registry.get(one.element) : null;
    const name = element?.businessObject?.name || one.element || say("the diagram");
    const words = { error: say("Error"), publishing: say("Stops publishing"), warning: say("Warning") };
    const jump = element ? make("button", { type: "button", class: "linklike", onclick: () => this.jump(element) }, name) : make("span", {}, name);
    const fix = one.fix ? make("button", { type: "button", class: "button small", onclick: (event) => this.preview(one, event.currentTarget.closest("li")) }, say("Mend it")) : null;
    const icon = make("span", { class: "finding-icon", "aria-hidden": "true" });
    icon.innerHTML = this.icons[one.severity];
    return make("li", { "data-severity": one.severity, "data-rule": one.rule, "data-element": one.element },
      icon, make("div", {}, make("p", {}, make("strong", {}, words[one.severity]), " · ", jump, ": ", one.message, " ", make("span", { class: "fine" }, one.hint)), fix));
  }

  jump(element) {
    this.modeler.get("selection").select(element);
    this.modeler.get("canvas").scrollToElement(element, 120);
  }

  mark(own) {
    const canvas = this.modeler.get("canvas");
    const overlays = this.modeler.get("overlays");
    const registry = this.modeler.get("elementRegistry");
    overlays.remove({ type: "finding" });
    for (const [id, look] of this.marks) if (registry.get(id)) canvas.removeMarker(id, look);
    this.marks = [];
    const worst = new Map();
    for (const one of own) if (one.element && registry.get(one.element) && !worst.has(one.element)) worst.set(one.element, one);
    for (const [id, one] of worst) {
      const element = registry.get(id);
      if (element === canvas.getRootElement()) continue;
      canvas.addMarker(id, `finding-${one.severity}`);
      this.marks.push([id, `finding-${one.severity}`]);
      const sign = make("span", { class: "finding-sign", "data-severity": one.severity, title: one.message, role: "img", "aria-label": one.message });
      sign.innerHTML = this.icons[one.severity];
      const at = element.waypoints ? { top: -10, left: 0 } : { top: -10, right: 10 };
      overlays.add(id, "finding", { position: at, html: sign });
    }
  }

  /** The fix as the server would make it: what it says, then yes or no. */
  async preview(one, row) {
    const { say } = this.words;
    if (!(await this.saving.flush())) return;
    row.querySelector(".fix")?.remove();
    const ask = async (choice) => {
      const body = new URLSearchParams({ path: this.kit.path, rule: one.rule, element: one.element ?? "", choice });
      const answer = await fetch(this.kit.addresses.mend, { method: "POST", body, headers: this.headers(), credentials: "same-origin" });
      return answer.json();
    };
    const told = await ask("");
    const box = make("div", { class: "fix notice" });
    const draw = (offer, chosen) => {
      const choose = offer.choices?.length ? make("select", { "aria-label": offer.question }, ...offer.choices.map(([value, label]) => make("option", { value }, label))) : null;
      if (choose && chosen) choose.value = chosen;
      const yes = make("button", { type: "button", class: "button small main", onclick: async () => {
        const made = choose ? await ask(choose.value) : offer;
        if (made.xml) { await this.adopt(made.xml); box.remove(); await this.saving.flush(); }
      } }, say("Make this change"));
      box.replaceChildren(make("p", {}, offer.said), ...(choose ? [choose] : []), yes,
        make("button", { type: "button", class: "button small", onclick: () => box.remove() }, say("Leave it")));
      yes.focus();
    };
    if (!told.said) return;
    row.append(box);
    draw(told);
  }
}
