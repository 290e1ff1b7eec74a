// Tokens on the diagram: the server's engine moves them; the person says what happens and which way is taken.
import { button, make } from "./panel/fields.js";

export class Simulation {
  constructor({ modeler, words, place, kit, saving, headers, opener }) {
    Object.assign(this, { modeler, words, place, kit, saving, headers, opener });
    this.moves = null;
    this.marks = [];
    modeler.on("commandStack.changed", () => this.stop());
  }

  async toggle() {
    if (this.moves) { this.stop(); return; }
    if (!(await this.saving.flush())) return;
    this.moves = [];
    this.opener.setAttribute("aria-pressed", "true");
    await this.play();
  }

  stop() {
    if (!this.moves) return;
    this.moves = null;
    this.opener.setAttribute("aria-pressed", "false");
    this.clear();
    this.place.replaceChildren();
  }

  process() {
    const chosen = this.modeler.get("selection").get()[0]?.businessObject;
    const all = this.modeler.getDefinitions().rootElements.filter((one) => one.$type === "bpmn:Process");
    return (all.find((one) => one === chosen?.processRef || one.flowElements?.includes(chosen)) ?? all[0])?.id ?? "";
  }

  async play() {
    this.shown ??= this.process();
    const body = new URLSearchParams({ path: this.kit.path, process: this.shown, moves: JSON.stringify(this.moves) });
    const answer = await fetch(this.kit.addresses.play, { method: "POST", body, headers: this.headers(), credentials: "same-origin" });
    const told = await answer.json();
    if (!this.moves) return;
    this.draw(answer.ok ? told : { moves: [], been: [], said: told.said });
  }

  go(element, ways = []) {
    this.moves.push([element, ways]);
    return this.play();
  }

  name(id) {
    const element = this.modeler.get("elementRegistry").get(id)?.businessObject;
    return element?.name || element?.targetRef?.name || id;
  }

  clear() {
    const canvas = this.modeler.get("canvas");
    this.modeler.get("overlays").remove({ type: "token" });
    for (const [id, look] of this.marks) if (this.modeler.get("elementRegistry").get(id)) canvas.removeMarker(id, look);
    this.marks = [];
  }

  mark(id, look) {
    if (!this.modeler.get("elementRegistry").get(id)) return;
    this.modeler.get("canvas").addMarker(id, look);
    this.marks.push([id, look]);
  }

  draw(told) {
    const { say } = this.words;
    this.clear();
    for (const id of told.been) this.mark(id, "token-been");
    const buttons = [];
    for (const move of told.moves) {
      this.mark(move.element, "token-here");
      for (const [label, ways, at] of this.ways(move)) {
        buttons.push(button(label, () => this.go(move.element, ways), "small main"));
        this.put(at, move.what, ways, () => this.go(move.element, ways));
      }
    }
    const said = told.said ?? (told.ended ? say("The procedure has ended.") : say("Waiting: {names}", { names: told.moves.map((move) => this.name(move.element)).join(", ") }));
    this.place.replaceChildren(make("div", { class: "notice", role: "group", "aria-label": say("Try it") }, make("div", { class: "stack tight" },
      make("p", { role: "status" }, said), make("div", { class: "actions" }, ...buttons),
      make("div", { class: "actions" },
        this.moves.length ? button(say("One step back"), () => { this.moves.pop(); this.play(); }) : null,
        this.moves.length ? button(say("From the beginning"), () => { this.moves = []; this.play(); }) : null,
        button(say("End the trial"), () => this.stop())))));
  }

  /** [label, arrows, where the button stands] of what a move allows. */
  ways(move) {
    const { say } = this.words;
    const name = this.name(move.element);
    if (move.what === "done") return [[say("Done: {name}", { name }), [], move.element]];
    if (move.what === "passed") return [[say("It happens: {name}", { name }), [], move.element]];
    const single = move.ways.map((way) => [say("This way: {name}", { name: this.name(way) }), [way], way]);
    return move.many ? [...single, [say("All ways at {name}", { name }), move.ways, move.element]] : single;
  }

  put(at, what, ways, press) {
    const element = this.modeler.get("elementRegistry").get(at);
    if (!element) return;
    const { say } = this.words;
    const label = { done: say("Step done"), passed: say("It happens"), way: say("This way") }[what];
    const html = make("button", { type: "button", class: "token-step", onclick: press }, label);
    const position = element.waypoints ? this.middle(element) : { bottom: 6, left: 0 };
    this.modeler.get("overlays").add(element, "token", { position, html });
  }

  /** Shortly behind the gateway, on the arrow. */
  middle(flow) {
    const [first, second] = flow.waypoints;
    const xs = flow.waypoints.map((point) => point.x);
    const ys = flow.waypoints.map((point) => point.y);
    const x = first.x + Math.sign(second.x - first.x) * 16;
    const y = first.y + Math.sign(second.y - first.y) * 16;
    return { left: x - Math.min(...xs), top: y - Math.min(...ys) - 12 };
  }
}
