// The panel beside the diagram: what the chosen element says, in fields.
import { make } from "./fields.js";
import { bare, sections } from "./sections.js";

export class Panel {
  constructor({ place, modeler, changing, words, expressions, offer, catalogue, remind }) {
    Object.assign(this, { place, modeler, changing, words, expressions, offer, catalogue, remind });
    this.own = false;
    modeler.on("selection.changed", () => this.draw());
    // Only when the cursor has come to rest: a field that is left says so before the next one has it.
    modeler.on(["commandStack.changed", "import.done"], () => { setTimeout(() => { if (!this.typing()) this.draw(); }); });
    place.addEventListener("keydown", (event) => event.stopPropagation());
    place.addEventListener("focusin", (event) => this.take(event.target));
  }

  /** A name being written on the diagram is finished when somebody comes here: closing it later would take the cursor away. */
  take(field) {
    const writing = this.modeler.get("directEditing");
    if (!writing.isActive()) return;
    writing.complete();
    (this.place.contains(field) ? field : document.getElementById(field.id))?.focus();
  }

  /** While somebody types here, the panel is not drawn anew under their hands. */
  typing() {
    const active = document.activeElement;
    return this.place.contains(active) && /^(INPUT|TEXTAREA|SELECT)$/.test(active.tagName) && !active.matches("[type=checkbox], select");
  }

  element() {
    const chosen = this.modeler.get("selection").get();
    const found = chosen.length === 1 ? chosen[0] : chosen.length ? null : this.modeler.get("canvas").getRootElement();
    return found?.labelTarget ?? found;
  }

  /** Whatever is half typed is sent to the diagram. */
  settle() {
    const active = document.activeElement;
    if (this.place.contains(active)) active.dispatchEvent(new Event("settle"));
  }

  draw() {
    this.settle(); // what is half typed would be drawn as it was before
    const { say } = this.words;
    const held = this.place.contains(document.activeElement) ? document.activeElement.id : "";
    const scrolled = this.place.scrollTop;
    const element = this.element();
    if (!element) {
      this.place.replaceChildren(make("p", { class: "fine" }, say("Several elements are chosen.")));
      return;
    }
    const bearer = element.businessObject;
    const kind = bare(bearer);
    const context = {
      changing: this.changing, words: this.words, expressions: this.expressions, offer: this.offer, catalogue: this.catalogue,
      modeler: this.modeler, remind: this.remind, kind, process: processOf(bearer), redraw: () => this.draw(),
    };
    const head = make("div", { class: "panel-head" },
      make("h2", { id: "panel-title" }, say(`element ${kind}`)), make("p", { class: "fine mono" }, bearer.id ?? ""));
    const parts = sections(context, element);
    if (!parts.length) parts.push(make("p", { class: "fine" }, say("There is nothing to set here.")));
    const changed = this.shown !== element.id;
    this.shown = element.id;
    this.place.replaceChildren(head, ...parts);
    if (!changed) this.place.scrollTop = scrolled; else this.place.scrollTop = 0;
    if (held && !changed) document.getElementById(held)?.focus({ preventScroll: true });
  }
}

/** Id of the process an element belongs to: its variables are the ones in scope. */
function processOf(bearer) {
  let at = bearer;
  while (at && at.$type !== "bpmn:Process") at = at.$type === "bpmn:Participant" ? at.processRef : at.$parent;
  return at?.id ?? "";
}
