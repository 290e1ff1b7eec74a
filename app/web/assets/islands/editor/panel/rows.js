// Lists of named expressions: parameters of an operation, what enters and leaves a called process, deadlines.
import { button, field, group, make, text } from "./fields.js";
import { timer } from "./timers.js";

/** The typed parameters of an operation: one field each, those it must have marked. */
export function parameters({ context, element, call, operation }) {
  const { changing, words, expressions, process } = context;
  const { say } = words;
  const given = new Map((call.parameters ?? []).map((one) => [one.name, one.body ?? ""]));
  const known = Object.entries(operation?.params ?? {});
  const others = [...given.keys()].filter((name) => !known.some(([one]) => one === name)).map((name) => [name, null]);
  const write = (name, value) => {
    const next = new Map((changing.one(element.businessObject, "call")?.parameters ?? []).map((one) => [one.name, one.body ?? ""]));
    if (value) next.set(name, value); else next.delete(name);
    const order = [...known.map(([one]) => one), ...next.keys()];
    const sorted = [...next].sort((a, b) => order.indexOf(a[0]) - order.indexOf(b[0]));
    changing.set(element, element.businessObject, "call", {
      parameters: sorted.map(([one, body]) => changing.create("coomet:Parameter", { name: one, body })),
    });
  };
  return [...known, ...others].map(([name, needed]) => expressions.field({
    label: needed === null ? say("{name} (the operation does not know it)", { name }) : needed ? say("{name} (required)", { name }) : name,
    value: given.get(name) ?? "", position: "parameter", process, key: `parameter-${name}`, set: (value) => write(name, value),
  }));
}

/** Names with an expression each, any number of them. */
export function pairs({ context, element, word, legend, help }) {
  const { changing, words, expressions, process, redraw } = context;
  const { say } = words;
  const bearer = element.businessObject;
  const rows = changing.all(bearer, word).map(({ name, body }) => ({ name, body }));
  const write = () => changing.setAll(element, bearer, word, rows.filter((row) => row.name || row.body));
  const drawn = rows.map((row, index) => make("div", { class: "pair" },
    text({ label: say("Variable"), value: row.name ?? "", key: `${word}-${index}-name`, mono: true, set: (value) => { row.name = value; write(); } }),
    expressions.field({ label: say("Expression"), value: row.body ?? "", position: "parameter", process, key: `${word}-${index}-body`, set: (value) => { row.body = value; write(); } }),
    button(say("Remove “{name}”", { name: row.name ?? "" }), () => { rows.splice(index, 1); write(); redraw(); })));
  const add = button(say("Add a variable"), () => { rows.push({ name: `value_${rows.length + 1}`, body: "None" }); write(); redraw(); });
  return group(legend, help ? make("p", { class: "help" }, help) : null, ...drawn, add);
}

export function deadlineNames(changing, bearer) {
  const owner = bearer.attachedToRef ?? bearer;
  return changing.all(owner, "deadline").map((one) => one.name).filter(Boolean);
}

/** The deadlines a step declares: each is a date people see, and that timers on its border speak of. */
export function deadlines({ context, element, help }) {
  const { changing, words, expressions, process, redraw } = context;
  const { say } = words;
  const bearer = element.businessObject;
  const rows = changing.all(bearer, "deadline").map(({ name, due }) => ({ name, due }));
  const write = () => changing.setAll(element, bearer, "deadline", rows);
  const drawn = rows.map((row, index) => make("div", { class: "pair" },
    text({ label: say("Name of the deadline"), value: row.name ?? "", key: `deadline-${index}-label`, mono: true, set: (value) => { row.name = value; write(); } }),
    timer({ legend: say("When it is reached"), value: row.due ?? "", names: [], key: `deadline-${index}`, process, expressions, words, set: (value) => { row.due = value; write(); } }),
    button(say("Remove “{name}”", { name: row.name ?? "" }), () => { rows.splice(index, 1); write(); redraw(); })));
  const free = ["answer", "deadline", ...Array.from({ length: 9 }, (_, n) => `deadline_${n + 2}`)].find((name) => !rows.some((row) => row.name === name));
  const add = button(say("Add a deadline"), () => { rows.push({ name: free, due: "workdays(14)" }); write(); redraw(); });
  return group(say("Deadlines for timers"), help ? make("p", { class: "help" }, help) : null, ...drawn, add);
}

export { field };
