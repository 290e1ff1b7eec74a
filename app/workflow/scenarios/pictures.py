"""A diagram as SVG with what no scenario takes marked in it, by line and by word: for a terminal there is no viewer."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from lxml import etree
from lxml.builder import ElementMaker

from app.engine.xml import BPMN, OURS, parse_xml
from app.i18n import Locale

DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DD = "{http://www.omg.org/spec/DD/20100524/DI}"
SVG = "http://www.w3.org/2000/svg"
_E: Any = ElementMaker(namespace=SVG, nsmap={None: SVG})
_MARGIN, _HEAD, _LINE = 20, 34, 13
_INK, _MISSED, _PAPER, _SOFT = "#26343a", "#b3261e", "#ffffff", "#eef2f3"
_MARKS = {
    "exclusiveGateway": "×",
    "parallelGateway": "+",
    "inclusiveGateway": "○",
    "eventBasedGateway": "◇",
    "serviceTask": "⚙",
    "businessRuleTask": "▤",
    "scriptTask": "≡",
    "callActivity": "⊞",
}
_NARROW = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class _Drawing:
    """One file: its elements by id, where their names stand, and which of them are missed."""

    elements: dict[str, Any]
    labels: dict[str, "_Box"]
    missed: Collection[str]
    locale: Locale

    def name(self, ident: str) -> str:
        element = self.elements[ident]
        if self.locale == "en":
            for text in element.iterfind(f"{BPMN}extensionElements/{OURS}text"):
                if text.get("lang") == "en" and text.get("name"):
                    return str(text.get("name"))
        return str(element.get("name") or "")

    def place(self, ident: str, x: float, y: float) -> tuple[float, float]:
        """Middle and first line of its name: as drawn, else the place given."""
        box = self.labels.get(ident)
        return (box.middle[0], box.y + _LINE - 2) if box else (x, y)

    def colour(self, ident: str) -> str:
        return _MISSED if ident in self.missed else _INK


def draw(content: bytes, missed: Collection[str], head: str, locale: Locale) -> str:
    """The first drawing of the file; `missed` are ids of flows, boundary events and decisions. "" without a drawing."""
    root, findings = parse_xml(content, "")
    plane = None if findings else root.find(f"{DI}BPMNDiagram/{DI}BPMNPlane")
    if plane is None:
        return ""
    elements = {str(one.get("id")): one for one in root.iter(etree.Element) if one.get("id")}
    labels = {str(one.get("bpmnElement")): _box(one.find(DI + "BPMNLabel")) for one in plane if _is_labelled(one)}
    drawing = _Drawing(elements, labels, missed, locale)
    shapes = {str(one.get("bpmnElement")): _box(one) for one in plane.iterchildren(DI + "BPMNShape")}
    edges = {str(one.get("bpmnElement")): _points(one) for one in plane.iterchildren(DI + "BPMNEdge")}
    known = {ident: box for ident, box in shapes.items() if ident in elements}
    parts = [part for ident, box in known.items() for part in _shape(drawing, ident, box)]
    lines = [part for ident, way in edges.items() if ident in elements for part in _edge(drawing, ident, way)]
    return _sheet([*parts, *lines], known.values(), head)


def _is_labelled(shape: Any) -> bool:
    return shape.find(f"{DI}BPMNLabel/{DC}Bounds") is not None


def _box(shape: Any) -> _Box:
    bounds = shape.find(DC + "Bounds")
    return _Box(*(float(bounds.get(name)) for name in ("x", "y", "width", "height")))


def _points(edge: Any) -> list[tuple[float, float]]:
    return [(float(one.get("x")), float(one.get("y"))) for one in edge.iterchildren(DD + "waypoint")]


def _sheet(parts: Iterable[Any], boxes: Iterable[_Box], head: str) -> str:
    every = list(boxes) or [_Box(0, 0, 100, 100)]
    left, top = min(one.x for one in every) - _MARGIN, min(one.y for one in every) - _MARGIN - _HEAD
    width = max(one.x + one.width for one in every) - left + _MARGIN
    height = max(one.y + one.height for one in every) - top + 3 * _MARGIN
    tip = _E.path(d="M0 0 10 5 0 10z", fill="context-stroke")
    marker = _E.marker(tip, id="tip", viewBox="0 0 10 10", refX="9", refY="5", markerWidth="9", markerHeight="9")
    marker.set("orient", "auto-start-reverse")
    marker.set("markerUnits", "userSpaceOnUse")
    paper = _E.rect(x=_n(left), y=_n(top), width=_n(width), height=_n(height), fill=_PAPER)
    title = _E.text(head, x=_n(left + _MARGIN), y=_n(top + _MARGIN + 6), fill=_INK)
    title.set("font-size", "16")
    seen = " ".join(map(_n, (left, top, width, height)))
    drawn = _E.svg(_E.title(head), _E.defs(marker), paper, title, *parts, viewBox=seen)
    drawn.set("font-family", "Golos Text, DejaVu Sans, sans-serif")
    drawn.set("font-size", "11")
    return str(etree.tostring(drawn, encoding="unicode", pretty_print=True))


def _shape(drawing: _Drawing, ident: str, box: _Box) -> Iterator[Any]:
    kind, colour = etree.QName(drawing.elements[ident]).localname, drawing.colour(ident)
    x, y = box.middle
    if kind in ("participant", "lane"):
        yield _rectangle(box, _INK, _PAPER if kind == "participant" else "none", 0)
        label = _E.text(drawing.name(ident), fill=_INK, transform=f"translate({_n(box.x + 19)} {_n(y)}) rotate(-90)")
        label.set("text-anchor", "middle")
        yield label
    elif kind in _NARROW:
        yield from _event(kind, box, colour)
        place = drawing.place(ident, x, box.y + box.height + _LINE)
        yield from _words(drawing.name(ident), *place, 18, colour, below=True)
    elif kind.endswith("Gateway"):
        corners = ((x, box.y), (box.x + box.width, y), (x, box.y + box.height), (box.x, y))
        yield _E.polygon(points=_way(corners), fill=_PAPER, stroke=_INK)
        yield from _words(_MARKS.get(kind, ""), x, y + 7, 3, _INK, size=20)
        place = drawing.place(ident, x, box.y + box.height + _LINE)
        yield from _words(drawing.name(ident), *place, 22, _INK, below=True)
    else:
        yield _rectangle(box, colour, _SOFT, 8)
        yield from _words(_MARKS.get(kind, ""), box.x + 12, box.y + 16, 3, colour, size=13)
        yield from _words(drawing.name(ident), x, y, max(int(box.width / 6.4), 8), colour)


def _rectangle(box: _Box, stroke: str, fill: str, round_: int) -> Any:
    size = {"x": box.x, "y": box.y, "width": box.width, "height": box.height, "rx": round_}
    return _E.rect(**{name: _n(value) for name, value in size.items()}, stroke=stroke, fill=fill)


def _event(kind: str, box: _Box, colour: str) -> Iterator[Any]:
    (x, y), radius = box.middle, box.width / 2
    outer = _E.circle(cx=_n(x), cy=_n(y), r=_n(radius), fill=_PAPER, stroke=colour)
    outer.set("stroke-width", "3" if kind == "endEvent" else "1.4")
    yield outer
    if kind not in ("startEvent", "endEvent"):
        yield _E.circle(cx=_n(x), cy=_n(y), r=_n(radius - 3), fill="none", stroke=colour)


def _edge(drawing: _Drawing, ident: str, way: list[tuple[float, float]]) -> Iterator[Any]:
    if etree.QName(drawing.elements[ident]).localname != "sequenceFlow" or len(way) < 2:
        return
    missed = ident in drawing.missed
    line = _E.polyline(points=_way(way), fill="none", stroke=drawing.colour(ident))
    line.set("marker-end", "url(#tip)")
    if missed:
        line.set("stroke-width", "3")
        line.set("stroke-dasharray", "7 4")
    yield line
    (x1, y1), (x2, y2) = way[0], way[1]
    place = drawing.place(ident, (x1 + x2) / 2, (y1 + y2) / 2 - 5)
    yield from _words(drawing.name(ident), *place, 20, drawing.colour(ident), below=True)
    if missed:
        yield from _words(ident, (x1 + x2) / 2, (y1 + y2) / 2 + _LINE, 60, _MISSED)


def _words(
    text: str, x: float, y: float, letters: int, colour: str, *, below: bool = False, size: int = 0
) -> Iterator[Any]:
    """Lines around the height `y`, or from it downwards."""
    lines = wrap(text, letters)
    first = y if below or len(lines) < 2 else y - (len(lines) - 1) * _LINE / 2
    for number, line in enumerate(lines):
        words = _E.text(line, x=_n(x), y=_n(first + number * _LINE + (0 if below or size else 4)), fill=colour)
        words.set("text-anchor", "middle")
        words.set("style", "paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round")
        if size:
            words.set("font-size", str(size))
        yield words


def _way(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _n(value: float) -> str:
    return f"{value:g}"
