// Events: timers as sentences, messages with their key, errors with their code.
import { choice, group, text, tick } from "./fields.js";
import { deadlineNames } from "./rows.js";
import { elementOf, timer } from "./timers.js";

const TIMES = ["timeDuration", "timeDate", "timeCycle"];

export function events(context, element, kind) {
  const { changing, words } = context;
  const { say } = words;
  const bearer = element.businessObject;
  const definition = bearer.eventDefinitions?.[0];
  const found = [];
  if (kind === "boundaryEvent" && definition?.$type !== "bpmn:ErrorEventDefinition") {
    found.push(group(say("On the border"), tick({ label: say("Ends the step"), key: "interrupts", value: bearer.cancelActivity !== false,
      help: say("Otherwise the step goes on, and this way is taken beside it."), set: (cancelActivity) => changing.properties(element, { cancelActivity }) })));
  }
  if (definition?.$type === "bpmn:TimerEventDefinition") found.push(timed(context, element, definition));
  if (definition?.$type === "bpmn:MessageEventDefinition" || kind === "sendTask" || kind === "receiveTask") {
    found.push(message(context, element, definition ?? bearer));
  }
  if (definition?.$type === "bpmn:ErrorEventDefinition") found.push(fault(context, element, definition));
  return found;
}

function timed({ changing, words, expressions, process, redraw }, element, definition) {
  const { say } = words;
  const held = TIMES.find((name) => definition[name]);
  const value = definition[held]?.body ?? "";
  const write = (body, into) => {
    const cleared = Object.fromEntries(TIMES.map((name) => [name, undefined]));
    const made = body ? changing.create("bpmn:FormalExpression", { body }, definition) : undefined;
    changing.inside(element, definition, { ...cleared, [into]: made });
  };
  const again = element.businessObject.cancelActivity === false;
  return group(say("Timer"),
    timer({ legend: say("When it happens"), value, names: deadlineNames(changing, element.businessObject), key: "timer", process, expressions, words,
      set: (body) => write(body, held === "timeCycle" ? held : elementOf(body)) }),
    again ? tick({ label: say("Again and again"), key: "timer-cycle", value: held === "timeCycle",
      help: say("Repeated at the same distance until the step is done."),
      set: (on) => { write(value, on ? "timeCycle" : elementOf(value)); redraw(); } }) : null);
}

function message(context, element, holder) {
  const { changing, words, expressions, process, offer, kind, modeler } = context;
  const { say } = words;
  const bearer = element.businessObject;
  const own = changing.one(bearer, "message") ?? {};
  const known = (modeler.getDefinitions().rootElements ?? []).filter((one) => one.$type === "bpmn:Message" && one.name);
  const set = (values) => changing.set(element, bearer, "message", values);
  const write = (name) => {
    const messageRef = name ? changing.rooted("bpmn:Message", "name", name) : undefined;
    if (holder === bearer) changing.properties(element, { messageRef }); else changing.inside(element, holder, { messageRef });
  };
  return group(say("Message"),
    text({ label: say("Name of the message"), key: "message-name", value: holder.messageRef?.name ?? "", set: write,
      help: known.length ? say("In this diagram: {names}.", { names: known.map((one) => one.name).join(", ") }) : null }),
    (offer.places.message ?? []).includes(kind) ? expressions.field({ label: say("Key: which of them is meant"), value: own.key ?? "", position: "parameter", process,
      key: "message-key", set: (key) => set({ key }) }) : null,
    text({ label: say("Keep what it brings in the variable"), key: "message-result", mono: true, value: own.result ?? "", set: (result) => set({ result }) }));
}

function fault({ changing, words }, element, definition) {
  const { say } = words;
  const bearer = element.businessObject;
  return group(say("Error"),
    text({ label: say("Code of the error"), key: "error-code", value: definition.errorRef?.errorCode ?? "", help: say("Empty: any error of the step."),
      set: (code) => changing.inside(element, definition, { errorRef: code ? changing.rooted("bpmn:Error", "errorCode", code) : undefined }) }),
    text({ label: say("Keep what it brings in the variable"), key: "error-result", mono: true, value: changing.one(bearer, "error")?.result ?? "",
      set: (result) => changing.set(element, bearer, "error", { result }) }));
}

export { choice };
