// Saved as one draws: a second after the last change the whole diagram goes to the server, which puts in only what is new.
const AFTER = 900;
const KEPT = 150;
const AGAIN = 4000;

export class Saving {
  constructor({ modeler, panel, words, place, kit, headers, conflict }) {
    Object.assign(this, { modeler, panel, words, place, kit, headers, conflict });
    this.key = `studio:${kit.path}`;
    this.revision = kit.revision;
    this.listeners = [];
    this.waiting = 0;
    this.busy = null;
    this.stopped = false;
    modeler.on("commandStack.changed", () => this.touched());
    addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && this.dirty) this.flush(); });
    addEventListener("beforeunload", (event) => {
      this.panel?.settle();
      if (this.dirty || this.stopped) event.preventDefault();
    });
    addEventListener("online", () => { if (this.dirty) this.flush(); });
  }

  /** What the editor makes of the file before anything is changed: the server compares with it. */
  async begin(seen) {
    this.seen = seen ?? (await this.modeler.saveXML({ format: true })).xml;
    this.dirty = false;
  }

  onSaved(listener) { this.listeners.push(listener); }

  touched() {
    this.dirty = true;
    this.show("typing", this.words.say("Saving …"));
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.flush(), AFTER);
    clearTimeout(this.keeping);
    this.keeping = setTimeout(async () => { if (this.dirty) this.remember((await this.modeler.saveXML({ format: true })).xml); }, KEPT);
  }

  show(state, text) {
    this.place.dataset.state = state;
    this.place.textContent = text;
  }

  /** Send what is unsent; resolves to true when the server has it. */
  async flush() {
    this.panel?.settle();
    if (this.stopped) return false;
    if (this.busy) { await this.busy; if (!this.dirty) return true; }
    this.busy = this.send();
    try { return await this.busy; } finally { this.busy = null; }
  }

  async send() {
    clearTimeout(this.waiting);
    clearTimeout(this.keeping);
    if (!this.dirty) return true;
    const { xml } = await this.modeler.saveXML({ format: true });
    this.dirty = false;
    this.remember(xml);
    const body = new FormData();
    body.append("revision", this.revision);
    body.append("xml", new Blob([xml], { type: "application/xml" }), "diagram.bpmn");
    body.append("seen", new Blob([this.seen], { type: "application/xml" }), "seen.bpmn");
    try {
      const answer = await fetch(this.kit.addresses.save, { method: "POST", body, headers: this.headers(), credentials: "same-origin" });
      const told = await answer.json();
      if (answer.status === 409) return this.refused(told, xml);
      if (!answer.ok) throw new Error(told.said ?? String(answer.status));
      this.revision = told.revision;
      this.seen = xml;
      if (!this.dirty) { this.forget(); this.show("saved", told.said); }
      for (const listener of this.listeners) listener(told);
      return true;
    } catch (error) {
      this.dirty = true;
      this.show("failed", `${this.words.say("Not saved; your changes are kept in this browser.")} ${error instanceof TypeError || error instanceof SyntaxError ? "" : error.message}`);
      this.waiting = setTimeout(() => this.flush(), AGAIN);
      return false;
    }
  }

  refused(told, xml) {
    this.stopped = true;
    this.dirty = true;
    this.show("failed", told.said);
    this.conflict(told, {
      mine: async () => { this.revision = told.revision; this.stopped = false; this.dirty = true; if (await this.flush()) location.reload(); },
      theirs: () => { this.forget(); this.stopped = false; this.dirty = false; location.reload(); }, xml,
    });
    return false;
  }

  remember(xml) {
    try { localStorage.setItem(this.key, JSON.stringify({ xml, seen: this.seen, revision: this.revision, at: new Date().toISOString() })); } catch { /* no room: the server is asked every second anyway */ }
  }

  forget() {
    try { localStorage.removeItem(this.key); } catch { /* nothing was kept */ }
  }

  /** What an earlier visit could not send: {xml, seen, revision, at}, or null. */
  left() {
    try { return JSON.parse(localStorage.getItem(this.key)); } catch { return null; }
  }
}
