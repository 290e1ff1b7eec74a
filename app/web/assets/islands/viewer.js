// The diagram of an instance: done, here, waiting, never; choosing an element marks its line of the outline and back.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";

async function show(place) {
  const viewer = new NavigatedViewer({ container: place });
  const xml = await (await fetch(place.dataset.source, { credentials: "same-origin" })).text();
  await viewer.importXML(xml);
  place.dataset.state = "ready";
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  const selection = viewer.get("selection");
  canvas.zoom("fit-viewport", "auto");
  const section = place.closest("section") ?? document;
  const lines = [...section.querySelectorAll("[data-element]")];
  for (const line of lines) {
    const id = line.dataset.element;
    if (registry.get(id)) canvas.addMarker(id, `is-${line.dataset.status}`);
  }
  const overlays = viewer.get("overlays");
  for (const line of lines) {
    if (!line.dataset.count || !registry.get(line.dataset.element)) continue;
    const badge = document.createElement("span");
    badge.className = "stand-count";
    badge.textContent = line.dataset.count;
    overlays.add(line.dataset.element, { position: { top: -14, right: 14 }, html: badge });
  }
  // On a telephone the whole diagram is too small to read: begin, legibly, where the procedure stands.
  const start = registry.get((lines.find((line) => line.dataset.status === "here") ?? lines[0])?.dataset.element);
  if (place.clientWidth < 640 && canvas.zoom() < 0.6 && start) {
    canvas.zoom(0.6);
    canvas.scrollToElement(start, 60);
  }
  function choose(id) {
    for (const line of lines) line.toggleAttribute("data-chosen", line.dataset.element === id);
  }
  viewer.on("selection.changed", ({ newSelection }) => choose(newSelection[0]?.id));
  for (const line of lines) {
    const pick = () => {
      const element = registry.get(line.dataset.element);
      if (element) { selection.select(element); canvas.scrollToElement(element, 80); }
      choose(line.dataset.element);
    };
    line.addEventListener("click", pick);
    line.addEventListener("focusin", pick);
  }
  const zooms = { in: () => canvas.zoom(canvas.zoom() * 1.25), out: () => canvas.zoom(canvas.zoom() / 1.25),
    fit: () => canvas.zoom("fit-viewport", "auto") };
  for (const button of section.querySelectorAll("[data-zoom]")) button.addEventListener("click", zooms[button.dataset.zoom]);
}

for (const place of document.querySelectorAll("[data-island='viewer']")) {
  show(place).catch(() => { place.dataset.state = "failed"; });
}
