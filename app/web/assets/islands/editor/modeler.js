// bpmn-js, made to hold what our files hold and to offer what our engine runs.
import Modeler from "bpmn-js/lib/Modeler";
import minimap from "diagram-js-minimap";
import { togetherModule } from "./changing.js";
import { offered } from "./offered.js";

const PLAIN = ["bpmn:loopDataInputRef", "bpmn:loopDataOutputRef"];

/** In our files these two are names of variables; the library takes them for ids of elements and would drop them. */
function mend(moddle) {
  const known = moddle.registry.typeMap["bpmn:MultiInstanceLoopCharacteristics"];
  for (const property of known.properties) {
    if (!PLAIN.includes(property.name)) continue;
    property.type = "String";
    delete property.isReference;
  }
}

/** The library measures a label anew at every change of its element; what was placed by hand stays unless the name changes. */
function leaveLabels(stack) {
  const handler = stack._handlerMap["element.updateProperties"];
  const measure = handler.postExecute.bind(handler);
  handler.postExecute = (context) => { if ("name" in context.properties) measure(context); };
}

export function start({ canvas, words, offer }) {
  const modeler = new Modeler({
    container: canvas,
    additionalModules: [words.module(), offered(offer), togetherModule, minimap],
    moddleExtensions: { coomet: offer.vocabulary },
    textRenderer: { defaultStyle: { fontFamily: "inherit" }, externalStyle: { fontFamily: "inherit" } },
  });
  mend(modeler.get("moddle"));
  leaveLabels(modeler.get("commandStack"));
  return modeler;
}

/** A timer on the border of a task, the letter it causes and an end: as one step of the undo list. */
export function reminder({ modeler, changing, words }) {
  const { say } = words;
  return (task) => {
    const factory = modeler.get("elementFactory");
    const names = changing.all(task.businessObject, "deadline").map((one) => one.name);
    const name = names[0] ?? "answer";
    const texts = (en) => changing.create("bpmn:ExtensionElements", { values: [changing.create("coomet:Text", { lang: "en", name: en })] });
    const named = (shape, [ru, en], extra = []) => {
      shape.businessObject.name = ru;
      const holder = texts(en);
      holder.values.unshift(...extra);
      holder.$parent = shape.businessObject;
      for (const one of holder.values) one.$parent = holder;
      shape.businessObject.extensionElements = holder;
      return shape;
    };
    let event;
    changing.together((modeling) => {
      if (!names.length) {
        const due = changing.one(task.businessObject, "task")?.due || "workdays(14)";
        const held = task.businessObject.extensionElements?.values ?? [];
        changing.write(task, task.businessObject, [...held, changing.create("coomet:Deadline", { name, due })])(modeling);
      }
      event = named(factory.createShape({ type: "bpmn:BoundaryEvent", eventDefinitionType: "bpmn:TimerEventDefinition", cancelActivity: false }),
        ["Срок приближается", "Deadline is near"]);
      const definition = event.businessObject.eventDefinitions[0];
      definition.timeDate = changing.create("bpmn:FormalExpression", { body: `before('${name}', workdays=3)` });
      definition.timeDate.$parent = definition;
      const at = free(task);
      modeling.createShape(event, at, task, { attach: true });
      const call = changing.create("coomet:Call", { operation: "letters.send", parameters: ["letter", "to", "about"].map((one) => changing.create("coomet:Parameter", { name: one, body: "None" })) });
      for (const one of call.parameters) one.$parent = call;
      const down = room(modeler.get("elementRegistry"), event);
      const letter = named(factory.createShape({ type: "bpmn:ServiceTask" }), ["Напомнить", "Remind"], [call]);
      const drawn = modeling.appendShape(event, letter, { x: event.x + 150, y: event.y + down }, task.parent);
      const end = named(factory.createShape({ type: "bpmn:EndEvent" }), ["Напоминание отправлено", "Reminder sent"]);
      modeling.appendShape(drawn, end, { x: drawn.x + 190, y: drawn.y + 40 }, task.parent);
    });
    modeler.get("selection").select(event);
    return say("Reminder added");
  };
}

/** How far below the event a letter and an end behind it cover nothing that is drawn already. */
function room(registry, event) {
  const drawn = registry.filter((one) => one.parent && !/Participant|Lane|SubProcess/.test(one.type)).flatMap((one) => (one.waypoints
    ? one.waypoints.slice(1).map((point, index) => box(one.waypoints[index], point)) : [[one.x, one.y, one.x + one.width, one.y + one.height]]));
  const free = (down) => {
    const [left, top, right, bottom] = [event.x + 60, event.y + down - 50, event.x + 370, event.y + down + 50];
    return drawn.every(([x1, y1, x2, y2]) => x2 < left || x1 > right || y2 < top || y1 > bottom);
  };
  return [110, 130, 150, 180, 210, 240, 280, 320, 360, 400].find(free) ?? 110;
}

const box = (a, b) => [Math.min(a.x, b.x), Math.min(a.y, b.y), Math.max(a.x, b.x), Math.max(a.y, b.y)];

/** A place on the lower border that no other event has taken. */
function free(task) {
  const taken = (task.attachers ?? []).map((one) => one.x + one.width / 2);
  const places = [0.75, 0.25, 0.5].map((part) => task.x + task.width * part);
  const x = places.find((place) => taken.every((other) => Math.abs(other - place) > 30)) ?? places[0];
  return { x, y: task.y + task.height };
}
