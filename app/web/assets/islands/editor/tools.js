// The row of buttons above the diagram, and the keys that do the same.
const PALETTE = 112;

/** The whole diagram, beside the palette and not under it. */
export function fit(canvas) {
  canvas.zoom("fit-viewport", "auto");
  const { inner, outer } = canvas.viewbox();
  const scale = Math.min((outer.width - PALETTE - 24) / inner.width, (outer.height - 24) / inner.height, 1);
  if (!(scale > 0)) return;
  canvas.viewbox({
    x: inner.x - PALETTE / scale, y: inner.y - (outer.height / scale - inner.height) / 2,
    width: outer.width / scale, height: outer.height / scale,
  });
}

export function tools({ place, modeler, words, saving, simulation }) {
  const canvas = modeler.get("canvas");
  const stack = modeler.get("commandStack");
  const actions = modeler.get("editorActions");
  const map = modeler.get("minimap");
  const zoom = (by) => () => canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * by)));
  const does = {
    undo: () => stack.undo(), redo: () => stack.redo(), in: zoom(1.25), out: zoom(0.8), fit: () => fit(canvas),
    find: () => modeler.get("searchPad").toggle(), copy: () => actions.trigger("copy"), paste: () => actions.trigger("paste"),
    map: (button) => { map.toggle(); button.setAttribute("aria-pressed", String(map.isOpen())); }, save: () => saving.flush(),
    simulate: () => simulation.toggle(),
  };
  const buttons = [...place.querySelectorAll("[data-do]")];
  for (const button of buttons) button.addEventListener("click", () => does[button.dataset.do]?.(button));
  const states = () => {
    for (const button of buttons) {
      if (button.dataset.do === "undo") button.disabled = !stack.canUndo();
      if (button.dataset.do === "redo") button.disabled = !stack.canRedo();
    }
  };
  modeler.on("commandStack.changed", states);
  states();
  place.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.target.matches("input, textarea, select")) return;
    const key = { s: "save", f: "find" }[event.key.toLowerCase()];
    if (!key) return;
    event.preventDefault();
    does[key]();
  });
  const container = place.querySelector(".bjs-container");
  const pad = container.querySelector(".djs-minimap .toggle");
  if (pad) pad.remove();
  const svg = container.querySelector("svg");
  svg?.setAttribute("role", "application");
  svg?.setAttribute("aria-label", words.say("Diagram; every element is in the outline below as well"));
}
