// Changes to what an element says, each one step of the undo list.
const COOMET = "coomet:";

/** One command that runs several: undone and redone as one. */
class Together {
  constructor(modeling) { this.modeling = modeling; }
  preExecute({ steps }) {
    for (const step of steps) step(this.modeling);
  }
}
Together.$inject = ["modeling"];

export const togetherModule = {
  __init__: [["commandStack", (stack) => stack.registerHandler("coomet.together", Together)]],
};

export class Changing {
  constructor(modeler) {
    this.stack = modeler.get("commandStack");
    this.factory = modeler.get("bpmnFactory");
    this.modeling = modeler.get("modeling");
    this.modeler = modeler;
  }

  /** Run the steps, each (modeling) => void, as one step of the undo list. */
  together(...steps) {
    this.stack.execute("coomet.together", { steps });
  }

  create(type, values = {}, parent = undefined) {
    const made = this.factory.create(type, values);
    if (parent) made.$parent = parent;
    return made;
  }

  /** What the element says by `coomet:word` (all of them). */
  all(bearer, word) {
    const type = `${COOMET}${word[0].toUpperCase()}${word.slice(1)}`;
    return (bearer.extensionElements?.values ?? []).filter((one) => one.$type === type);
  }

  one(bearer, word, lang) {
    return this.all(bearer, word).find((one) => !lang || one.lang === lang);
  }

  /** Step: replace the extension elements of a bearer. */
  write(element, bearer, values) {
    return (modeling) => {
      const holder = bearer.extensionElements;
      if (!values.length) {
        if (holder) modeling.updateModdleProperties(element, bearer, { extensionElements: undefined });
        return;
      }
      if (holder) {
        for (const one of values) one.$parent = holder;
        modeling.updateModdleProperties(element, holder, { values });
        return;
      }
      const made = this.create("bpmn:ExtensionElements", { values }, bearer);
      for (const one of values) one.$parent = made;
      modeling.updateModdleProperties(element, bearer, { extensionElements: made });
    };
  }

  /** Set attributes (or the body) of `coomet:word`; it comes when first needed and goes when nothing is left in it. */
  set(element, bearer, word, values, { lang, extra = [] } = {}) {
    const held = bearer.extensionElements?.values ?? [];
    const old = this.one(bearer, word, lang);
    const clean = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value === "" ? undefined : value]));
    const type = `${COOMET}${word[0].toUpperCase()}${word.slice(1)}`;
    const kept = old ? Object.fromEntries(Object.keys(old).filter((key) => !key.startsWith("$")).map((key) => [key, old[key]])) : {};
    const next = { ...(lang ? { lang } : {}), ...kept, ...clean };
    const says = Object.entries(next).some(([name, value]) => name !== "lang" && value !== undefined && !(Array.isArray(value) && !value.length));
    const made = says ? this.create(type, next) : null;
    for (const part of made?.parameters ?? []) part.$parent = made;
    let list = old ? held.map((one) => (one === old ? made : one)).filter(Boolean) : made ? [...held, made] : held;
    if (!old && made && word !== "text") list = [made, ...held];
    this.together(this.write(element, bearer, list), ...extra);
  }

  /** Replace all `coomet:word` of a bearer by new ones: [{name, body}] and the like. */
  setAll(element, bearer, word, rows) {
    const type = `${COOMET}${word[0].toUpperCase()}${word.slice(1)}`;
    const held = bearer.extensionElements?.values ?? [];
    const rest = held.filter((one) => one.$type !== type);
    const at = held.findIndex((one) => one.$type === type);
    const made = rows.map((row) => this.create(type, row));
    const list = at < 0 ? [...rest, ...made] : [...rest.slice(0, at), ...made, ...rest.slice(at)];
    this.together(this.write(element, bearer, list));
  }

  /** Plain properties of the element itself. */
  properties(element, values) {
    this.modeling.updateProperties(element, values);
  }

  /** Properties of something inside it. */
  inside(element, part, values) {
    this.modeling.updateModdleProperties(element, part, values);
  }

  /** An element of the file's root (message, error) by what it is called, made when there is none. */
  rooted(type, property, value) {
    const definitions = this.modeler.getDefinitions();
    const found = definitions.rootElements.find((one) => one.$type === type && one[property] === value);
    if (found) return found;
    const made = this.create(type, { [property]: value, ...(property === "errorCode" ? { name: value } : {}) }, definitions);
    definitions.rootElements.push(made);
    return made;
  }
}
