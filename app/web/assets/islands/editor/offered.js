// Only what the engine runs is offered. The table comes from the check on the server; there is no second one here.
import PaletteProvider from "bpmn-js/lib/features/palette/PaletteProvider";
import ContextPadProvider from "bpmn-js/lib/features/context-pad/ContextPadProvider";
import ReplaceMenuProvider from "bpmn-js/lib/features/popup-menu/ReplaceMenuProvider";

const bare = (type) => {
  const name = type.split(":").pop();
  return name[0].toLowerCase() + name.slice(1);
};

/** Whether a target of the editor's menus ({type, eventDefinitionType, …}) is an element that runs. */
export function runs(offer, target, host) {
  const kind = bare(target.type);
  if (!offer.elements.includes(kind) || target.triggeredByEvent || target.isForCompensation) return false;
  const allowed = offer.events[kind];
  if (!allowed) return true;
  if (!target.eventDefinitionType) return kind !== "boundaryEvent" && kind !== "intermediateCatchEvent";
  const event = bare(target.eventDefinitionType).replace(/EventDefinition$/, "");
  if (event === "error" && (target.cancelActivity === false || (host && host.type !== "bpmn:ServiceTask"))) return false;
  return allowed.includes(event);
}

export function offered(offer) {
  class Palette extends PaletteProvider {
    getPaletteEntries() {
      const make = (type, group, look, title, options) => {
        const start = (event) => this._create.start(event, this._elementFactory.createShape({ type, ...options }));
        return { group, className: look, title: this._translate(title), action: { dragstart: start, click: start } };
      };
      const entries = super.getPaletteEntries();
      const found = {};
      for (const [name, entry] of Object.entries(entries)) {
        if (/^create\.(data|intermediate|task)/.test(name)) continue;
        found[name] = entry;
        if (name === "create.exclusive-gateway") {
          found["create.user-task"] = make("bpmn:UserTask", "activity", "bpmn-icon-user-task", "Create user task");
          found["create.service-task"] = make("bpmn:ServiceTask", "activity", "bpmn-icon-service-task", "Create service task");
        }
        if (name === "create.start-event") {
          found["create.timer"] = make("bpmn:IntermediateCatchEvent", "event", "bpmn-icon-intermediate-event-catch-timer",
            "Create timer event", { eventDefinitionType: "bpmn:TimerEventDefinition" });
        }
      }
      found["create.text-annotation"] = make("bpmn:TextAnnotation", "artifact", "bpmn-icon-text-annotation", "Create text annotation");
      const kinds = { "create.group": "bpmn:Group", "create.subprocess-expanded": "bpmn:SubProcess" };
      for (const [name, type] of Object.entries(kinds)) if (!runs(offer, { type })) delete found[name];
      return found;
    }
  }
  Palette.$inject = PaletteProvider.$inject;

  class Pad extends ContextPadProvider {
    getContextPadEntries(element) {
      const entries = super.getContextPadEntries(element);
      if (entries["append.append-task"]) {
        entries["append.append-task"] = this.append("bpmn:UserTask", "bpmn-icon-user-task", "Append user task");
        entries["append.service-task"] = this.append("bpmn:ServiceTask", "bpmn-icon-service-task", "Append service task");
        entries["append.intermediate-event"] = this.append("bpmn:IntermediateCatchEvent",
          "bpmn-icon-intermediate-event-catch-timer", "Append timer event", { eventDefinitionType: "bpmn:TimerEventDefinition" });
      }
      for (const name of Object.keys(entries)) {
        if (/^append\.(condition|signal|compensation)/.test(name)) delete entries[name];
      }
      return entries;
    }

    append(type, look, title, options = {}) {
      const shape = () => this._elementFactory.createShape({ type, ...options });
      return { group: "model", className: look, title: this._translate(title), action: {
        click: (_, source) => this._autoPlace.append(source, shape()),
        dragstart: (event, source) => this._create.start(event, shape(), { source }),
      } };
    }
  }
  Pad.$inject = ContextPadProvider.$inject;

  class Replace extends ReplaceMenuProvider {
    _createEntries(target, options) {
      const fits = options.filter((option) => runs(offer, option.target, target.host));
      return super._createEntries(target, fits);
    }

    _createSequenceFlowEntries(target, options) {
      const chooses = /(Exclusive|Inclusive)Gateway$/.test(target.businessObject.sourceRef?.$type ?? "");
      const { "replace-with-conditional-flow": _, "replace-with-default-flow": standard, ...kept } = super._createSequenceFlowEntries(target, options);
      return chooses && standard ? { ...kept, "replace-with-default-flow": standard } : kept;
    }

    getPopupMenuHeaderEntries(target) {
      const { "toggle-loop": _, "toggle-participant-multiplicity": __, ...kept } = super.getPopupMenuHeaderEntries(target);
      if (target.businessObject.$type === "bpmn:StartEvent") return {};
      return kept;
    }
  }
  Replace.$inject = ReplaceMenuProvider.$inject;

  return {
    paletteProvider: ["type", Palette], contextPadProvider: ["type", Pad], replaceMenuProvider: ["type", Replace],
  };
}
