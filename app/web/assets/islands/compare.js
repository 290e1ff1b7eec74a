// Two states of a diagram side by side: what differs is marked on both, moving one moves the other, and the list of
// changes leads to its elements.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";

const SIGNS = { added: "+", removed: "−", changed: "≠", moved: "↔" };

async function draw(place) {
  const viewer = new NavigatedViewer({ container: place });
  const answer = await fetch(place.dataset.source, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  await viewer.importXML(await answer.text());
  place.dataset.state = "ready";
  return viewer;
}

function mark(viewer, changes) {
  const registry = viewer.get("elementRegistry");
  const signed = new Set();
  for (const { id, how } of changes) {
    const element = registry.get(id);
    if (!element) continue;
    viewer.get("canvas").addMarker(id, `differs-${how}`);
    if (signed.has(id) || element.waypoints) continue;
    signed.add(id);
    const sign = document.createElement("span");
    sign.className = `differs-sign differs-${how}`;
    sign.textContent = SIGNS[how];
    viewer.get("overlays").add(id, { position: { top: -12, left: -12 }, html: sign });
  }
}

function follow(viewers) {
  let moving = false;
  for (const viewer of viewers) {
    viewer.on("canvas.viewbox.changed", ({ viewbox }) => {
      if (moving) return;
      moving = true;
      for (const other of viewers) {
        if (other !== viewer) {
          const { x, y, width, height } = viewbox;
          other.get("canvas").viewbox({ x, y, width, height });
        }
      }
      moving = false;
    });
  }
}

async function show(island) {
  const places = [...island.querySelectorAll("[data-source]")];
  const viewers = [];
  for (const place of places) {
    try { viewers.push(await draw(place)); } catch { place.dataset.state = "failed"; }
  }
  if (!viewers.length) return;
  const lines = [...document.querySelectorAll("li[data-element]")];
  const changes = lines.map((line) => ({ id: line.dataset.element, how: line.dataset.how }));
  for (const viewer of viewers) mark(viewer, changes);
  const last = viewers[viewers.length - 1].get("canvas");
  follow(viewers);
  last.zoom("fit-viewport", "auto");
  const zooms = { in: () => last.zoom(last.zoom() * 1.25), out: () => last.zoom(last.zoom() / 1.25),
    fit: () => last.zoom("fit-viewport", "auto") };
  for (const button of island.querySelectorAll("[data-zoom]")) button.addEventListener("click", zooms[button.dataset.zoom]);
  for (const line of lines) {
    line.querySelector("button")?.addEventListener("click", () => {
      for (const other of lines) other.toggleAttribute("data-chosen", other === line);
      const there = [...viewers].reverse().find((viewer) => viewer.get("elementRegistry").get(line.dataset.element));
      if (!there) return;
      if (there.get("canvas").zoom() < 0.6) there.get("canvas").zoom(0.8);
      there.get("canvas").scrollToElement(line.dataset.element, 120);
      for (const viewer of viewers) {
        const element = viewer.get("elementRegistry").get(line.dataset.element);
        viewer.get("selection").select(element ?? null);
      }
      island.scrollIntoView({ block: "nearest" });
    });
  }
  island.dataset.state = "ready";
}

for (const island of document.querySelectorAll("[data-island='compare']")) show(island);
