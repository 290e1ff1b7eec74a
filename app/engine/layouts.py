"""A tidy drawing for a diagram that came without one: steps from left to right, each lane a band of its own.

Only the drawing is added, before the end of the file; every byte that was there stays. Good enough to read and to be
put in order by hand; lines are straight and may cross where the flow goes back.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import quoteattr

from app.engine.lint_diagram import Diagram, Level, Node, Release, bpmn, local, read_diagram
from app.engine.xml import parse_xml

SPACES = (
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
)
COLUMN, ROW, EDGE, TITLE = 60, 30, 40, 30
SIZES = {"Event": (36, 36), "Gateway": (50, 50)}
ACTIVITY = (120, 80)


@dataclass(slots=True)
class Box:
    """Upper left corner and size, in points of the drawing."""

    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> tuple[int, int]:
        return self.x + self.width // 2, self.y + self.height // 2


@dataclass(slots=True)
class Sheet:
    """The drawing of one file as it comes about: boxes and lines by id, in the order in which they are drawn."""

    boxes: dict[str, Box] = field(default_factory=dict)
    lines: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    """Sub-processes whose inside is drawn."""
    bands: set[str] = field(default_factory=set)
    """Pools and lanes."""
    sizes: dict[Node, tuple[int, int]] = field(default_factory=dict)
    """Of sub-processes, each laid out once to know it."""


def lay_out(content: bytes, file: str) -> bytes | None:
    """The file with a drawing at its end; None where it has one already, or where none can be put."""
    root, _ = parse_xml(content, file)
    if root is None or root.find("{http://www.omg.org/spec/BPMN/20100524/DI}BPMNDiagram") is not None:
        return None
    diagram = read_diagram(file, root, Release({file: content}, None))
    end = content.rstrip().rfind(b"</")
    last = root[-1] if len(root) else None
    if end < 0 or not diagram.processes or not _plane(diagram) or (last is not None and local(last) == "relationship"):
        return None
    return content[:end] + _written(diagram).encode() + content[end:]


def _written(diagram: Diagram) -> str:
    sheet, top = Sheet(), EDGE
    pools = {one.get("processRef"): one for one in diagram.root.iter(bpmn("participant"))}
    for process in diagram.processes:
        pool = pools.get(process.id)
        top = _pool(sheet, process, pool, top) + ROW
    for blind in (one for one in pools.values() if one.get("id") and one.get("id") not in sheet.boxes):
        width = max((box.x + box.width for box in sheet.boxes.values()), default=600) - EDGE
        sheet.boxes[blind.get("id")] = Box(EDGE, top, width, 60)
        sheet.bands.add(blind.get("id"))
        top += 60 + ROW
    for flow in diagram.root.iter(bpmn("messageFlow")):
        ends = [sheet.boxes.get(flow.get(end)) for end in ("sourceRef", "targetRef")]
        if flow.get("id") and ends[0] and ends[1]:
            sheet.lines[flow.get("id")] = [ends[0].middle, ends[1].middle]
    return "".join(_xml(sheet, _plane(diagram)))


def _plane(diagram: Diagram) -> str:
    collaboration = diagram.root.find(bpmn("collaboration"))
    element = diagram.processes[0].element if collaboration is None else collaboration
    return str(element.get("id") or "")


def _pool(sheet: Sheet, process: Level, pool: Any, top: int) -> int:
    """One process with its lanes, below what is there; gives the lower edge."""
    lanes = [lane for own in process.element.iterchildren(bpmn("laneSet")) for lane in own.iter(bpmn("lane"))]
    lanes = [lane for lane in lanes if lane.find(bpmn("childLaneSet")) is None and lane.get("id")]
    left = EDGE + (TITLE if pool is not None else 0)
    place = {
        (ref.text or "").strip(): number for number, lane in enumerate(lanes) for ref in lane.iter(bpmn("flowNodeRef"))
    }
    names = [lane.get("id") for lane in lanes]
    sheet.boxes |= dict.fromkeys([pool.get("id")] if pool is not None else [], Box(0, 0, 0, 0))  # drawn first
    sheet.boxes |= dict.fromkeys(names, Box(0, 0, 0, 0))
    width, edges = _level(sheet, process, left + (TITLE if lanes else 0), top, place, max(1, len(lanes)))
    for name, upper, lower in zip(names, edges, edges[1:], strict=False):
        sheet.boxes[name] = Box(left, upper, width + TITLE, lower - upper)
        sheet.bands.add(name)
    if pool is not None:
        inside = width + (TITLE if lanes else 0)
        sheet.boxes[pool.get("id")] = Box(left - TITLE, top, inside + TITLE, edges[-1] - top)
        sheet.bands.add(pool.get("id"))
    return edges[-1]


def _level(sheet: Sheet, level: Level, left: int, top: int, place: dict[str, int], bands: int) -> tuple[int, list[int]]:
    """Place the nodes of a level; gives its width and the upper edges of its bands, with the lower one of the last."""
    columns = _columns(level)
    size = {node: _size(sheet, node) for node in level.nodes.values()}
    x, ranks = left + EDGE, max(columns.values(), default=0)
    tops, edges = [top + ROW], [top]
    rows: list[dict[int, list[Node]]] = [{} for _ in range(bands)]
    for node, column in columns.items():
        rows[place.get(node.id, 0)].setdefault(column, []).append(node)
    heights = [max((_stack(nodes, size) for nodes in band.values()), default=ACTIVITY[1]) for band in rows]
    for height in heights:
        edges.append(edges[-1] + height + 2 * ROW)
        tops.append(edges[-1] + ROW)
    for column in range(ranks + 1):
        here = [(number, node) for number, band in enumerate(rows) for node in band.get(column, [])]
        widest = max((size[node][0] for _, node in here), default=0)
        used = {number: _stack(band.get(column, []), size) for number, band in enumerate(rows)}
        at = {number: tops[number] + (heights[number] - used[number]) // 2 for number in used}
        for number, node in here:
            width, height = size[node]
            _put(sheet, node, x + (widest - width) // 2, at[number], width, height)
            at[number] += height + ROW
        x += widest + COLUMN
    for flow in level.flows:
        if flow.source is not None and flow.target is not None and flow.element.get("id"):
            sheet.lines[flow.id] = _line(sheet.boxes[flow.source.id], sheet.boxes[flow.target.id], flow.source.host)
    return x - COLUMN + EDGE - left, edges


def _stack(nodes: list[Node], size: dict[Node, tuple[int, int]]) -> int:
    return sum(size[node][1] for node in nodes) + ROW * max(0, len(nodes) - 1)


def _columns(level: Level) -> dict[Node, int]:
    """How many steps from a beginning each node stands at most, arrows that lead back left out."""
    nodes = [node for node in level.nodes.values() if node.host is None]
    after = _forward(nodes)
    waits = dict.fromkeys(nodes, 0)
    for node in nodes:
        for other in after[node]:
            waits[other] += 1
    column = dict.fromkeys(nodes, 0)
    ready = [node for node in nodes if not waits[node]]
    while ready:
        node = ready.pop()
        for other in after[node]:
            column[other] = max(column[other], column[node] + 1)
            waits[other] -= 1
            ready += [] if waits[other] else [other]
    return column


def _forward(nodes: list[Node]) -> dict[Node, list[Node]]:
    """The nodes that follow each one, without the ways that lead back to where they came from."""
    after: dict[Node, list[Node]] = {}
    here: set[Node] = set()
    for first in sorted(nodes, key=lambda node: bool(node.incoming)):
        todo = [(first, iter(_next(first)))] if first not in after else []
        here.update(node for node, _ in todo)
        after.update((node, []) for node, _ in todo)
        while todo:
            node, others = todo[-1]
            other = next(others, None)
            if other is None:
                here.discard(todo.pop()[0])
            elif other not in here:
                after[node].append(other)
                if other not in after:
                    after[other] = []
                    here.add(other)
                    todo.append((other, iter(_next(other))))
    return after


def _next(node: Node) -> list[Node]:
    return [other for other in dict.fromkeys(node.followers()) if other.host is None and other.level is node.level]


def _size(sheet: Sheet, node: Node) -> tuple[int, int]:
    if node.body is not None and node.body.nodes:
        if node not in sheet.sizes:
            width, edges = _level(Sheet(sizes=sheet.sizes), node.body, 0, 0, {}, 1)
            sheet.sizes[node] = max(width, ACTIVITY[0]), edges[-1] + ROW
        return sheet.sizes[node]
    return next((size for ending, size in SIZES.items() if node.kind.endswith(ending)), ACTIVITY)


def _put(sheet: Sheet, node: Node, x: int, y: int, width: int, height: int) -> None:
    """The node, what stands on its edge, and what is drawn inside of it."""
    sheet.boxes[node.id] = Box(x, y, width, height)
    if node.body is not None and node.body.nodes:
        sheet.open.add(node.id)
        _level(sheet, node.body, x, y, {}, 1)
    step = width // (len(node.boundaries) + 1) if node.boundaries else 0
    for number, event in enumerate(node.boundaries, 1):
        sheet.boxes[event.id] = Box(x + number * step - 18, y + height - 18, 36, 36)


def _line(source: Box, target: Box, host: Node | None) -> list[tuple[int, int]]:
    """From the right edge to the left one with a bend; from an event on an edge downwards; back above or below."""
    (_, out), (_, into) = source.middle, target.middle
    right, left = source.x + source.width, target.x
    if host is not None:
        below = max(source.y + source.height, out) + ROW // 2
        first = [(source.middle[0], source.y + source.height), (source.middle[0], below)]
        return [*first, (left - COLUMN // 3, below), (left - COLUMN // 3, into), (left, into)]
    if right >= left:
        under = max(source.y + source.height, target.y + target.height) + ROW // 2
        return [(source.middle[0], source.y + source.height), (source.middle[0], under),
                (target.middle[0], under), (target.middle[0], target.y + target.height)]  # fmt: skip
    half = right + COLUMN // 3
    return [(right, out), (left, into)] if out == into else [(right, out), (half, out), (half, into), (left, into)]


def _xml(sheet: Sheet, plane: str) -> Iterator[str]:
    """Ids are those of the elements with an ending that no editor gives."""
    yield f'<bpmndi:BPMNDiagram {SPACES} id="drawing_of_import"><bpmndi:BPMNPlane id="plane_of_import"'
    yield f" bpmnElement={quoteattr(plane)}>"
    for name, box in sheet.boxes.items():
        marks = ' isExpanded="true"' if name in sheet.open else ' isHorizontal="true"' if name in sheet.bands else ""
        yield f"<bpmndi:BPMNShape id={quoteattr(name + '_drawn')} bpmnElement={quoteattr(name)}{marks}>"
        yield f'<dc:Bounds x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}"/></bpmndi:BPMNShape>'
    for name, points in sheet.lines.items():
        yield f"<bpmndi:BPMNEdge id={quoteattr(name + '_drawn')} bpmnElement={quoteattr(name)}>"
        yield "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in points)
        yield "</bpmndi:BPMNEdge>"
    yield "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
