// A diagram that the server has changed, taken into the one that is drawn: as one step of the undo list, nothing redrawn.
const OWN = new Set(["incoming", "outgoing", "lanes", "flowElements", "artifacts", "laneSets", "flowNodeRef", "sourceRef", "targetRef", "attachedToRef",
  "di", "id", "processRef", "rootElements", "diagrams", "participants", "eventDefinitions", "default"]);

export function adopter({ modeler, changing }) {
  return async (xml) => {
    const moddle = modeler.get("moddle");
    const { rootElement } = await moddle.fromXML(xml);
    const fresh = new Map();
    gather(rootElement, fresh, new Set());
    const registry = modeler.get("elementRegistry");
    const drawn = registry.filter((element) => element.businessObject && !element.labelTarget);
    const steps = [];
    const gone = [];
    for (const element of drawn) {
      const now = element.businessObject;
      const next = fresh.get(now.id);
      if (!next) { gone.push(element); continue; }
      const changed = differences(now, next, modeler);
      if (Object.keys(changed).length) steps.push((modeling) => modeling.updateProperties(element, changed));
    }
    if (gone.length) steps.push((modeling) => modeling.removeElements(gone));
    if (steps.length) changing.together(...steps);
  };
}

function gather(node, found, seen) {
  if (!node || typeof node !== "object" || seen.has(node)) return;
  seen.add(node);
  if (node.id && node.$type?.startsWith("bpmn:")) found.set(node.id, node);
  for (const property of node.$descriptor?.properties ?? []) {
    if (property.isReference) continue;
    const value = node[property.ns.localName] ?? node[property.name];
    for (const one of Array.isArray(value) ? value : [value]) gather(one, found, seen);
  }
}

/** What the element itself says otherwise; elements it holds or points to are compared on their own. */
function differences(now, next, modeler) {
  const changed = {};
  for (const property of now.$descriptor.properties) {
    const name = property.ns.localName;
    if (OWN.has(name) && name !== "default") continue;
    const [a, b] = [now.get(property.name), next.get(property.name)];
    if (name === "default") {
      if (a?.id !== b?.id) changed.default = b ? modeler.get("elementRegistry").get(b.id)?.businessObject : undefined;
    } else if (!property.isReference && told(a) !== told(b)) {
      changed[name] = Array.isArray(b) && !b.length ? undefined : b;
    }
  }
  return changed;
}

/** A value as text, to compare. */
function told(value) {
  if (value === undefined || value === null || (Array.isArray(value) && !value.length)) return "";
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return value.map(told).join("|");
  const own = value.$descriptor?.properties.filter((one) => !one.isReference).map((one) => [one.name, told(value.get(one.name))]) ?? [];
  const other = Object.entries(value.$attrs ?? {}).map(([name, one]) => [name, String(one)]);
  return `${value.$type}{${[...own, ...other].filter(([, one]) => one).map((pair) => pair.join("=")).join(";")}}`;
}
