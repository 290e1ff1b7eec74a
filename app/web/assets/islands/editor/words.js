// Every word on the screen comes from the server, in the reader's language; what it does not know is noted for a test.
export class Words {
  constructor(known, lang) {
    this.known = new Map(Object.entries(known));
    this.lang = lang;
    this.plural = new Intl.PluralRules(lang);
    this.missing = new Set();
  }

  /** The text in the reader's language, its {placeholders} filled; of forms with | between them the one {count} wants. */
  say = (text, values = {}) => {
    const found = this.known.get(text);
    if (found === undefined && this.lang !== "en") this.missing.add(text);
    return this.form(found ?? text, values.count).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  };

  form(text, count) {
    const forms = text.split("|");
    const order = this.lang === "ru" ? ["one", "few", "many"] : ["one", "other"];
    const at = Number.isFinite(Number(count)) ? order.indexOf(this.plural.select(Number(count))) : -1;
    return forms[at] ?? forms[forms.length - 1];
  }

  /** The same for bpmn-js, which asks for a function of its own. */
  module() {
    return { translate: ["value", (text, values) => (text ? this.say(text, values ?? {}) : text)] };
  }
}
