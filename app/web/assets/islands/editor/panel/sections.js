// What the panel shows for each kind of element. Which of our words stand where is the server's table (offer.places).
import { button, choice, group, make, text, tick, ticks } from "./fields.js";
import { deadlineNames, deadlines, pairs, parameters } from "./rows.js";
import { events } from "./events.js";
import { repeats } from "./repeats.js";
import { texts } from "./texts.js";
import { timer } from "./timers.js";

export const bare = (bearer) => {
  const name = bearer.$type.split(":").pop();
  return name[0].toLowerCase() + name.slice(1);
};
const listed = (value) => (value ?? "").split(",").map((one) => one.trim()).filter(Boolean);
const labelled = (rows) => rows.map(({ name, label }) => [name, label && label !== name ? `${label} — ${name}` : name]);

export function sections(context, element) {
  const bearer = element.businessObject;
  const kind = bare(bearer);
  const fits = (word) => (context.offer.places[word] ?? []).includes(kind);
  const found = [];
  const add = (...parts) => found.push(...parts.filter(Boolean));
  if (!["association", "messageFlow", "group", "textAnnotation", "collaboration"].includes(kind)) {
    add(texts({ ...context, element, bearer, told: ["userTask", "manualTask", "process"].includes(kind) }));
  }
  if (kind === "participant" && bearer.processRef) {
    add(texts({ ...context, element, bearer: bearer.processRef, named: false, told: true, key: "process-" }));
  }
  if (fits("lane")) add(lane(context, element));
  if (fits("task")) add(task(context, element), deadlines({ context, element }), reminders(context, element));
  else if (fits("deadline")) add(deadlines({ context, element }));
  if (fits("start")) add(start(context, element));
  if (fits("call")) add(call(context, element));
  if (fits("decision")) add(decision(context, element));
  if (kind === "scriptTask") add(script(context, element));
  if (kind === "callActivity") add(called(context, element), ...exchange(context, element));
  add(...events(context, element, kind));
  if (kind === "sequenceFlow") add(flow(context, element));
  if (/Task$|^task$|callActivity|subProcess/.test(kind)) add(repeats(context, element));
  return found;
}

function lane({ changing, words, catalogue }, element) {
  const { say } = words;
  return group(say("Who"), choice({ label: say("Role"), key: "role", value: changing.one(element.businessObject, "lane")?.role ?? "",
    none: say("choose a role"), unknown: say("there is no such role"), options: labelled(catalogue.roles),
    set: (role) => changing.set(element, element.businessObject, "lane", { role }) }));
}

function formParts(context, element, word, owner) {
  const { changing, words, catalogue, redraw } = context;
  const { say } = words;
  const own = changing.one(element.businessObject, word) ?? {};
  const set = (values) => changing.set(element, element.businessObject, word, values);
  const form = catalogue.forms.find((one) => one.name === own.form);
  const result = own.result ? own.result : "";
  return [
    choice({ label: say("Form"), key: `${word}-form`, value: own.form ?? "", none: say("no form"), unknown: say("there is no such form"),
      options: labelled(catalogue.forms), set: (value) => { set({ form: value }); redraw(); } }),
    form ? ticks({ legend: say("Answers that become variables"), key: `${word}-outputs`, value: listed(own.outputs), options: labelled(form.fields),
      help: say("Conditions and later steps can read these; all other answers stay with the task."),
      set: (names) => set({ outputs: names.join(",") }) }) : null,
    text({ label: say("Keep them together in the variable"), key: `${word}-result`, mono: true, value: result, set: (value) => set({ result: value }) }),
    text({ label: say("Clause of the recommendation"), key: `${word}-clause`, value: own.clause ?? "", set: (value) => set({ clause: value }) }),
    owner,
  ];
}

function task(context, element) {
  const { changing, words, expressions, process } = context;
  const { say } = words;
  const bearer = element.businessObject;
  const own = changing.one(bearer, "task") ?? {};
  const set = (values) => changing.set(element, bearer, "task", values);
  const asked = (name, label, help) => expressions.field({ label, help, value: own[name] ?? "", position: "parameter", process,
    key: `task-${name}`, set: (value) => set({ [name]: value }) });
  const role = lanes(element);
  return make("div", { class: "stack tight" },
    group(say("Task"), make("p", { class: "fine" }, role ? say("On the lane “{name}”.", { name: role }) : say("On no lane: nobody would see it.")),
      ...formParts(context, element, "task", null)),
    group(say("Who"),
      asked("organisation", say("Body or organisation"), say("An expression that gives its id; empty: whoever holds the role.")),
      asked("person", say("Person"), say("An expression that gives the person’s id; empty: any of them.")),
      asked("exclude", say("Not these people"), null)),
    timer({ legend: say("Deadline of the task"), value: own.due ?? "", names: [], key: "task-due", process, expressions, words,
      none: say("no deadline"), set: (value) => set({ due: value }) }),
    group(say("Further"), asked("subject", say("What it is about"), null), asked("title", say("Title of its own"), null),
      tick({ label: say("No letter about this task"), key: "task-quiet", value: own.quiet === "true", set: (on) => set({ quiet: on ? "true" : "" }) })));
}

function lanes(element) {
  const lane = (element.businessObject.lanes ?? [])[0];
  return lane ? lane.name || lane.id : "";
}

function reminders(context, element) {
  const { words, remind } = context;
  const { say } = words;
  return group(say("Reminders"),
    make("p", { class: "help" }, say("Draws a timer on the border of the task, a letter and an end; the task itself goes on.")),
    button(say("Add a reminder"), () => remind(element)));
}

function start(context, element) {
  const { changing, words, catalogue, redraw } = context;
  const { say } = words;
  const bearer = element.businessObject;
  if (bearer.$parent?.$type !== "bpmn:Process") return null;
  const own = changing.one(bearer, "start") ?? {};
  const set = (values) => { changing.set(element, bearer, "start", values); redraw(); };
  return make("div", { class: "stack tight" },
    group(say("Begins by an event"), choice({ label: say("Event"), key: "start-event", value: own.event ?? "", none: say("by no event"),
      unknown: say("there is no such event"), options: labelled(catalogue.events), set: (event) => set({ event }) })),
    group(say("Begins by a person"),
      ticks({ legend: say("Roles that may begin it"), key: "start-roles", value: listed(own.roles), options: labelled(catalogue.roles), set: (names) => set({ roles: names.join(",") }) }),
      ...formParts(context, element, "start", choice({ label: say("Operation that takes the form"), key: "start-operation", value: own.operation ?? "",
        none: say("none"), unknown: say("there is no such operation"), options: labelled(catalogue.operations), set: (operation) => set({ operation }) }))));
}

function call(context, element) {
  const { changing, words, catalogue, redraw } = context;
  const { say } = words;
  const bearer = element.businessObject;
  const own = changing.one(bearer, "call") ?? {};
  const operation = catalogue.operations.find((one) => one.name === own.operation);
  const families = new Map();
  for (const one of labelled(catalogue.operations)) {
    const family = one[0].split(".")[0];
    families.set(family, [...(families.get(family) ?? []), one]);
  }
  const choose = (name) => {
    const next = catalogue.operations.find((one) => one.name === name);
    const kept = (own.parameters ?? []).filter((one) => next && one.name in next.params);
    changing.set(element, bearer, "call", { operation: name, immediate: next?.immediate ? "true" : "", parameters: name ? kept : [], result: next?.result ? own.result : "" });
    redraw();
  };
  return group(say("What is done"),
    choice({ label: say("Operation"), key: "call-operation", value: own.operation ?? "", none: say("choose an operation"), unknown: say("there is no such operation"),
      options: [...families], set: choose }),
    own.operation ? make("p", { class: "fine" }, operation?.immediate ? say("Done at once, in the same step.") : say("Done in the background; the procedure waits for it.")) : null,
    ...(own.operation ? parameters({ context, element, call: own, operation }) : []),
    operation?.result || own.result ? text({ label: say("Keep the result in the variable"), key: "call-result", mono: true, value: own.result ?? "",
      set: (result) => changing.set(element, bearer, "call", { result }) }) : null);
}

function decision({ changing, words, catalogue }, element) {
  const { say } = words;
  const own = changing.one(element.businessObject, "decision") ?? {};
  const set = (values) => changing.set(element, element.businessObject, "decision", values);
  return group(say("Decision"),
    choice({ label: say("Table"), key: "decision-table", value: own.table ?? "", none: say("choose a table"), unknown: say("there is no such table"),
      options: labelled(catalogue.decisions), set: (table) => set({ table }) }),
    text({ label: say("Keep the result in the variable"), key: "decision-result", mono: true, value: own.result ?? "", set: (result) => set({ result }) }));
}

function script({ changing, words, expressions, process }, element) {
  const { say } = words;
  return group(say("Script"), expressions.field({ label: say("Lines like “name = expression”"), value: element.businessObject.script ?? "", position: "script",
    process, key: "script", rows: 6, set: (value) => changing.properties(element, { script: value || undefined }) }));
}

function called({ changing, words, catalogue }, element) {
  const { say } = words;
  return group(say("Called procedure"), choice({ label: say("Process"), key: "called", value: element.businessObject.calledElement ?? "",
    none: say("choose a process"), unknown: say("there is no such process"), options: labelled(catalogue.processes),
    set: (calledElement) => changing.properties(element, { calledElement: calledElement || undefined }) }));
}

function exchange(context, element) {
  const { say } = context.words;
  return [
    pairs({ context, element, word: "input", legend: say("What it is given"), help: say("Nothing listed: it sees all variables.") }),
    pairs({ context, element, word: "output", legend: say("What comes back"), help: say("Its variables, as expressions on its own data.") }),
  ];
}

function flow({ changing, words, expressions, process, redraw }, element) {
  const { say } = words;
  const bearer = element.businessObject;
  const source = bearer.sourceRef;
  const chooses = /ExclusiveGateway|InclusiveGateway/.test(source?.$type ?? "") && source.outgoing.length > 1;
  if (!chooses && !bearer.conditionExpression) return null;
  const standard = source?.default === bearer;
  return group(say("Condition"),
    tick({ label: say("Taken when no other condition holds"), key: "flow-default", value: standard, set: (on) => {
      changing.together((modeling) => modeling.updateProperties(element.source, { default: on ? bearer : undefined }),
        ...(on && bearer.conditionExpression ? [(modeling) => modeling.updateProperties(element, { conditionExpression: undefined })] : []));
      redraw();
    } }),
    standard ? null : expressions.field({ label: say("Taken when"), value: bearer.conditionExpression?.body ?? "", position: "condition", process, key: "condition",
      set: (body) => changing.properties(element, { conditionExpression: body ? changing.create("bpmn:FormalExpression", { body }) : undefined }) }));
}

export { deadlineNames };
