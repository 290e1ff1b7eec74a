// An expression of our language: checked on the server as it is typed, completed from what is known there.
import { field, make } from "./fields.js";

const WORD = /[\p{L}_][\p{L}\p{N}_]*$/u;
let lists = 0;

export class Expressions {
  constructor({ words, address, headers, path }) {
    Object.assign(this, { words, address, headers, path });
    this.asked = new Map();
  }

  /** {fault, hint, line, column, unknown, names, functions}; null when the server cannot be reached. */
  async ask(source, position, process) {
    const key = JSON.stringify([source, position, process]);
    if (!this.asked.has(key)) {
      const body = new URLSearchParams({ source, position, process, path: this.path });
      const answer = fetch(this.address, { method: "POST", body, headers: this.headers(), credentials: "same-origin" })
        .then((got) => (got.ok ? got.json() : null)).catch(() => null);
      this.asked.set(key, answer);
      answer.then((found) => { if (!found) this.asked.delete(key); });
    }
    return this.asked.get(key);
  }

  /** What was known about the variables may have changed with the draft. */
  forget() {
    this.asked.clear();
  }

  /** A field for one expression. `position`: condition, timer, collection, parameter or script. */
  field({ label, value = "", position, process, key, help, set, rows }) {
    const { say } = this.words;
    const list = make("ul", { class: "completion", role: "listbox", id: `completion-${(lists += 1)}`, hidden: true, "aria-label": say("Suggestions") });
    const control = make("textarea", {
      rows: rows ?? 1, class: "mono", spellcheck: "false", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": list.id,
    });
    control.value = value;
    const row = field({ label, control, help, key, beside: list });
    let waiting = 0;
    let sent = value;
    const commit = () => {
      clearTimeout(waiting);
      if (control.value === sent) return;
      sent = control.value;
      set(sent);
    };
    const look = async () => {
      const source = control.value;
      const found = source.trim() ? await this.ask(source, position, process) : null;
      if (control.value !== source || !found) { if (!source.trim()) row.wrong(null); return; }
      row.dataset.checked = source;
      row.wrong(found.fault ? `${found.fault} ${found.hint}` : found.unknown.length
        ? say("Nobody writes this variable: {names}.", { names: found.unknown.join(", ") }) : null);
    };
    const completion = new Completion(control, list, async () => (await this.ask("", position, process)) ?? { names: [], functions: [] }, say);
    control.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => { look(); commit(); }, 250);
      completion.open();
    });
    control.addEventListener("change", commit);
    control.addEventListener("settle", commit);
    if (value) look();
    return row;
  }
}

class Completion {
  constructor(control, list, known, say) {
    Object.assign(this, { control, list, known, say, at: -1 });
    control.addEventListener("keydown", (event) => this.key(event));
    control.addEventListener("blur", () => setTimeout(() => this.close(), 150));
  }

  prefix() {
    return this.control.value.slice(0, this.control.selectionStart).match(WORD)?.[0] ?? "";
  }

  async open(always = false) {
    const { names, functions } = await this.known();
    const prefix = this.prefix();
    if (!prefix && !always) return this.close();
    const fits = (name) => name.startsWith(prefix) && name !== prefix;
    const rows = [
      ...names.filter(fits).map((name) => [name, name, this.say("variable")]),
      ...functions.filter((one) => fits(one.name)).map((one) => [`${one.name}(`, one.usage, one.help]),
    ].slice(0, 12);
    if (!rows.length) return this.close();
    this.at = 0;
    this.list.replaceChildren(...rows.map(([put, shown, help], index) => make("li", {
      role: "option", id: `${this.list.id}-${index}`, "data-put": put, "aria-selected": "false",
      onmousedown: (event) => { event.preventDefault(); this.take(put); },
    }, make("code", {}, shown), " ", make("span", { class: "fine" }, help))));
    this.list.hidden = false;
    this.mark();
  }

  mark() {
    [...this.list.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === this.at)));
    this.control.setAttribute("aria-activedescendant", this.list.children[this.at]?.id ?? "");
    this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
  }

  close() {
    this.list.hidden = true;
    this.control.removeAttribute("aria-activedescendant");
  }

  take(put) {
    const at = this.control.selectionStart;
    const from = at - this.prefix().length;
    this.control.setRangeText(put, from, at, "end");
    this.close();
    this.control.dispatchEvent(new Event("input", { bubbles: true }));
    this.close();
  }

  key(event) {
    if (event.key === " " && event.ctrlKey) { event.preventDefault(); this.open(true); return; }
    if (this.list.hidden) return;
    const last = this.list.children.length - 1;
    const moves = { ArrowDown: Math.min(this.at + 1, last), ArrowUp: Math.max(this.at - 1, 0) };
    if (event.key in moves) { event.preventDefault(); this.at = moves[event.key]; this.mark(); }
    if (event.key === "Enter" || event.key === "Tab") { event.preventDefault(); this.take(this.list.children[this.at].dataset.put); }
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); this.close(); }
  }
}
