// A step that is done several times: over a list or so many times, at once or one after the other.
import { choice, group, text } from "./fields.js";

export function repeats(context, element) {
  const { changing, words, expressions, process, redraw } = context;
  const { say } = words;
  const bearer = element.businessObject;
  const loop = bearer.loopCharacteristics;
  const multi = loop?.$type === "bpmn:MultiInstanceLoopCharacteristics" ? loop : null;
  const how = !multi ? "" : multi.isSequential ? "sequential" : "parallel";
  const choose = (value) => {
    const made = value && !multi ? changing.create("bpmn:MultiInstanceLoopCharacteristics", { isSequential: value === "sequential" }, bearer) : null;
    if (!value) changing.properties(element, { loopCharacteristics: undefined });
    else if (made) changing.properties(element, { loopCharacteristics: made });
    else changing.inside(element, multi, { isSequential: value === "sequential" });
    redraw();
  };
  const rows = [choice({ label: say("How often"), key: "repeat", value: how, options: [["", say("once")], ["parallel", say("several times at once")], ["sequential", say("several times, one after the other")]], set: choose })];
  if (multi) rows.push(...over(context, element, multi, { changing, words, expressions, process }));
  return group(say("Repetition"), ...rows);
}

function over(context, element, multi, { changing, words, expressions, process }) {
  const { say } = words;
  const formal = (name) => (body) => changing.inside(element, multi, { [name]: body ? changing.create("bpmn:FormalExpression", { body }, multi) : undefined });
  const item = (name, type, suffix) => (value) => {
    const made = value ? changing.create(type, { id: multi[name]?.id ?? `${element.id}_${suffix}`, name: value }, multi) : undefined;
    changing.inside(element, multi, { [name]: made });
  };
  const named = (one) => one?.name ?? one?.id ?? "";
  return [
    expressions.field({ label: say("Over this list"), value: multi.loopDataInputRef ?? "", position: "collection", process, key: "repeat-list",
      set: (value) => changing.inside(element, multi, { loopDataInputRef: value || undefined }) }),
    text({ label: say("Each of it is called"), key: "repeat-item", mono: true, value: named(multi.inputDataItem), set: item("inputDataItem", "bpmn:DataInput", "item") }),
    expressions.field({ label: say("Or so many times"), value: multi.loopCardinality?.body ?? "", position: "parameter", process, key: "repeat-count", set: formal("loopCardinality") }),
    text({ label: say("Gather this variable of each"), key: "repeat-output", mono: true, value: named(multi.outputDataItem), set: item("outputDataItem", "bpmn:DataOutput", "output") }),
    text({ label: say("Into the list"), key: "repeat-into", mono: true, value: multi.loopDataOutputRef ?? "",
      set: (value) => changing.inside(element, multi, { loopDataOutputRef: value || undefined }) }),
    expressions.field({ label: say("Enough when"), value: multi.completionCondition?.body ?? "", position: "condition", process, key: "repeat-enough", set: formal("completionCondition") }),
  ];
}
