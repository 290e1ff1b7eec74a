// Fields of the panel: a label, a control, help and an error that a screen reader hears with it.
let number = 0;

export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** A label over a control. `key` names it, so that the cursor comes back to it when the panel is drawn anew. */
export function field({ label, control, help, key, beside }) {
  const id = `panel-${key ?? (number += 1)}`;
  control.id = id;
  const parts = [];
  if (help) parts.push(make("p", { class: "help", id: `${id}-help` }, help));
  const error = make("p", { class: "error", id: `${id}-error`, hidden: true });
  control.setAttribute("aria-describedby", [help ? `${id}-help` : "", `${id}-error`].filter(Boolean).join(" "));
  const row = make("div", { class: "field" }, make("label", { for: id }, label), ...parts, control, beside ?? null, error);
  row.wrong = (text) => {
    error.hidden = !text;
    error.textContent = text ?? "";
    if (text) control.setAttribute("aria-invalid", "true"); else control.removeAttribute("aria-invalid");
  };
  row.control = control;
  return row;
}

/** Calls `done` half a second after the last key, and at once when the field is left. */
function settled(control, done) {
  let waiting = 0;
  let sent = control.value;
  const send = () => {
    clearTimeout(waiting);
    if (control.value !== sent) done((sent = control.value));
  };
  control.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(send, 500); });
  control.addEventListener("change", send);
  control.addEventListener("settle", send);
  return control;
}

export function text({ label, value = "", key, help, set, lang, rows, mono }) {
  const control = make(rows ? "textarea" : "input", {
    ...(rows ? { rows } : { type: "text" }), lang, class: mono ? "mono" : null, spellcheck: mono ? "false" : null, autocomplete: "off",
  });
  control.value = value;
  return field({ label, control: settled(control, set), help, key });
}

/** `options`: [[value, label]] or, in groups, [[group, [[value, label]]]]. A value that is not among them stays, marked. */
export function choice({ label, value = "", options, key, help, set, none, unknown }) {
  const control = make("select");
  if (none !== undefined) control.append(make("option", { value: "" }, none));
  const known = new Set();
  const option = ([name, text]) => { known.add(name); return make("option", { value: name }, text); };
  for (const [name, inner] of options) {
    control.append(Array.isArray(inner) ? make("optgroup", { label: name }, ...inner.map(option)) : option([name, inner]));
  }
  if (value && !known.has(value)) control.append(make("option", { value }, `${value} — ${unknown}`));
  control.value = value;
  control.addEventListener("change", () => set(control.value));
  return field({ label, control, help, key });
}

export function tick({ label, value, key, help, set }) {
  const id = `panel-${key ?? (number += 1)}`;
  const control = make("input", { type: "checkbox", id, "aria-describedby": help ? `${id}-help` : null });
  control.checked = Boolean(value);
  control.addEventListener("change", () => set(control.checked));
  return make("div", { class: "field option" }, control, make("label", { for: id }, label),
    help ? make("p", { class: "help", id: `${id}-help` }, help) : null);
}

/** Several of a list, kept as names with commas. */
export function ticks({ legend, options, value, key, help, set }) {
  const chosen = new Set(value);
  const rows = options.map(([name, label]) => tick({
    label, value: chosen.has(name), key: `${key}-${name}`,
    set: (on) => { if (on) chosen.add(name); else chosen.delete(name);
      set([...options.map(([one]) => one).filter((one) => chosen.has(one)), ...[...chosen].filter((one) => !options.some(([known]) => known === one))]); },
  }));
  const chosenNow = options.filter(([name]) => chosen.has(name)).map(([name]) => name).join(", ");
  const inside = rows.length > 8
    ? [make("details", {}, make("summary", {}, chosenNow || "–"), ...rows)] : rows;
  return make("fieldset", { class: "field" }, make("legend", {}, legend), help ? make("p", { class: "help" }, help) : null, ...inside);
}

export function group(legend, ...children) {
  return make("fieldset", { class: "group" }, make("legend", {}, legend), ...children);
}

export function button(label, press, look = "small") {
  return make("button", { type: "button", class: `button ${look}`, onclick: press }, label);
}
