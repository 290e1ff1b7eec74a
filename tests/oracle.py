"""A token game of BPMN 2.0, written from the text of the standard (OMG formal/2011-01-03, chapters 10 and 13).

It imports no engine. A `Game` holds the tokens of one process instance; `acts` tells what the outside world may do
next (complete a task, fire a timer, deliver a message), `do` lets it happen and moves every token as far as it goes
by itself. What a person, a job or the clock does is given from outside, so that a run is repeatable to the last token.
"""

import operator
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
TASKS = {"userTask", "manualTask", "serviceTask"}
SCOPES = {"subProcess", "callActivity"}
CATCHES = {"intermediateCatchEvent", "receiveTask"}
VERBS = {"message": "receive", "receiveTask": "receive", "error": "fail"}
COMPARE = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, ">=": operator.ge}
UNBOUNDED = -1

Step = tuple[str, int | None]


class Act(NamedTuple):
    """What the world may do: `place` leads from the top process down, with the number of each repeated instance."""

    verb: str
    place: tuple[Step, ...]


class Flow(NamedTuple):
    source: str
    target: str
    condition: str


@dataclass(slots=True)
class Node:
    """A flow node; `each` names the list an activity is repeated over, `times` how often a timer fires."""

    id: str
    kind: str
    event: str = ""
    outgoing: list[str] = field(default_factory=list)
    incoming: list[str] = field(default_factory=list)
    default: str | None = None
    boundaries: list[str] = field(default_factory=list)
    interrupting: bool = True
    times: int = 1
    each: str | None = None
    item: str = ""
    sequential: bool = False
    called: str | None = None
    body: "Graph | None" = None


class Graph:
    """One level of flow: the nodes and sequence flows of a process or of an embedded sub-process."""

    def __init__(self, element: Any) -> None:
        self.flows: dict[str, Flow] = {}
        self.nodes: dict[str, Node] = {}
        for child in element:
            if child.tag == BPMN + "sequenceFlow":
                ends = child.attrib["sourceRef"], child.attrib["targetRef"]
                self.flows[child.attrib["id"]] = Flow(*ends, child.findtext(BPMN + "conditionExpression") or "")
            elif child.get("id") and child.tag != BPMN + "laneSet":
                self.nodes[child.attrib["id"]] = _read_node(child)
        for name, flow in self.flows.items():
            self.nodes[flow.source].outgoing.append(name)
            self.nodes[flow.target].incoming.append(name)
        for child in element.iterchildren(BPMN + "boundaryEvent"):
            self.nodes[child.attrib["attachedToRef"]].boundaries.append(child.attrib["id"])
        self.start = next(node for node in self.nodes.values() if node.kind == "startEvent")

    def reaches(self, start: str, gateway: str) -> set[str]:
        """The flows into the gateway that a token on the flow `start` can reach without passing the gateway."""
        found, seen, todo = set(), {start}, [start]
        while todo:
            name = todo.pop()
            target = self.nodes[self.flows[name].target]
            if target.id == gateway:
                found.add(name)
                continue
            onward = [*target.outgoing, *(out for b in target.boundaries for out in self.nodes[b].outgoing)]
            todo += [out for out in onward if out not in seen]
            seen.update(onward)
        return found


def _read_node(element: Any) -> Node:
    node = Node(element.attrib["id"], etree.QName(element).localname, default=element.get("default"))
    node.interrupting = element.get("cancelActivity") != "false"
    for child in element:
        if child.tag.endswith("EventDefinition"):
            node.event = etree.QName(child).localname.removesuffix("EventDefinition")
            if count := re.match(r"\s*R(\d*)/", child.findtext(BPMN + "timeCycle") or ""):
                node.times = int(count[1] or UNBOUNDED)
        elif child.tag == BPMN + "multiInstanceLoopCharacteristics":
            each = child.findtext(BPMN + "loopDataInputRef") or child.findtext(BPMN + "loopCardinality") or ""
            node.each, node.sequential = each.strip(), child.get("isSequential") == "true"
            node.item = "".join(named.attrib["id"] for named in child.iterchildren(BPMN + "inputDataItem"))
    if node.event == "message" and not node.interrupting:
        node.times = UNBOUNDED
    node.body = Graph(element) if node.kind == "subProcess" else None
    node.called = element.get("calledElement")
    return node


@dataclass(slots=True, eq=False)
class Scope:
    """A running level of flow: tokens on flows, tokens held by nodes, the data they see."""

    graph: Graph
    data: dict[str, Any]
    marks: Counter[str] = field(default_factory=Counter)
    held: "list[Held]" = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Held:
    """A token held by a node until the world acts: running instances, those yet to come, armed events."""

    node: Node
    parts: "list[tuple[int | None, Scope | None]]"
    queue: list[int] = field(default_factory=list)
    armed: dict[str, int] = field(default_factory=dict)


class Game:
    """One instance of a process. `data` is what it starts with; `sources` are all the BPMN files that belong to it."""

    def __init__(self, sources: Iterable[bytes], process: str, data: Mapping[str, Any]) -> None:
        roots: list[Any] = [etree.fromstring(source) for source in sources]
        self.graphs = {one.get("id"): Graph(one) for root in roots for one in root.iter(BPMN + "process")}
        self.ends: list[str] = []
        self.top = _open(self.graphs[process], dict(data))
        self._settle(self.top)

    def copy(self) -> "Game":
        """Another game at the same point; the diagrams are shared."""
        twin = Game.__new__(Game)
        twin.graphs, twin.ends, twin.top = self.graphs, list(self.ends), _copy(self.top, {})
        return twin

    @property
    def ended(self) -> bool:
        """No token is left. A game that has not ended and offers no act is stuck for ever."""
        return not self.top.held and not +self.top.marks

    def acts(self) -> list[Act]:
        """All that the world may do now, in an order that depends on the tokens only; the same act may occur twice."""
        return sorted(_acts(self.top, ()), key=repr)

    def do(self, act: Act, values: Mapping[str, Any] | None = None) -> None:
        """Let it happen; `values` are written to the data that the completed task sees."""
        scope = self.top
        for step in act.place[:-1]:
            scope = next(s for h in scope.held if h.node.id == step[0] for i, s in h.parts if i == step[1] and s)
        last, index = act.place[-1]
        if act.verb == "complete":
            held = next(h for h in scope.held if h.node.id == last and any(i == index for i, _ in h.parts))
            scope.data.update(values or {})
            held.parts.remove((index, None))
        else:
            self._fire(scope, last)
        self._settle(self.top)

    def _fire(self, scope: Scope, event: str) -> None:
        node = scope.graph.nodes[event]
        held = next(h for h in scope.held if h.armed.get(event))
        held.armed[event] -= 1 if held.armed[event] > 0 else 0
        if node.kind != "boundaryEvent" or node.interrupting:
            scope.held.remove(held)
        scope.marks.update(node.outgoing)

    def _settle(self, scope: Scope) -> bool:
        """Move every token as far as it goes; true when none is left (13.5.6: then the scope is completed)."""
        moved = True
        while moved:
            moved = sum(self._advance_held(scope, held) for held in list(scope.held)) > 0
            for name in sorted(+scope.marks):
                if scope.marks[name] > 0:
                    moved |= self._enter(scope, name, scope.graph.nodes[scope.graph.flows[name].target])
        return not scope.held and not +scope.marks

    def _advance_held(self, scope: Scope, held: Held) -> bool:
        for part in list(held.parts):
            if part[1] is not None and self._settle(part[1]):
                held.parts.remove(part)
        if held.parts or held.node.kind not in TASKS | SCOPES or held not in scope.held:
            return False
        if held.queue:
            held.parts.append(self._part(scope, held.node, held.queue.pop(0)))
        else:
            scope.held.remove(held)
            scope.marks.update(held.node.outgoing)
        return True

    def _enter(self, scope: Scope, name: str, node: Node) -> bool:
        """A token has arrived on the flow `name`: take it, and others with it, if the node is enabled."""
        here = [flow for flow in node.incoming if scope.marks[flow]]
        if node.kind == "parallelGateway" and here != node.incoming:
            return False
        if node.kind == "inclusiveGateway" and _awaits(scope, node):
            return False
        scope.marks.subtract(here if node.kind in ("parallelGateway", "inclusiveGateway") else [name])
        if node.kind in TASKS | SCOPES | CATCHES | {"eventBasedGateway"}:
            scope.held.append(self._hold(scope, node))
        elif node.kind == "endEvent":
            self.ends += [node.id] if scope is self.top else []
            if node.event == "terminate":
                scope.marks.clear()
                scope.held.clear()
        else:
            scope.marks.update(_leave(scope, node))
        return True

    def _hold(self, scope: Scope, node: Node) -> Held:
        nodes = scope.graph.nodes
        if node.kind == "eventBasedGateway":
            targets = [nodes[scope.graph.flows[out].target].id for out in node.outgoing]
            return Held(node, [], armed=dict.fromkeys(targets, 1))
        armed = {event: nodes[event].times for event in node.boundaries}
        if node.kind in CATCHES:
            return Held(node, [], armed=armed | {node.id: 1})
        if node.each is None:
            return Held(node, [self._part(scope, node, None)], armed=armed)
        count = int(node.each) if node.each.isdigit() else len(scope.data[node.each])
        if node.sequential:
            return Held(node, [], list(range(count)), armed)
        return Held(node, [self._part(scope, node, index) for index in range(count)], armed=armed)

    def _part(self, scope: Scope, node: Node, index: int | None) -> tuple[int | None, Scope | None]:
        if node.kind not in SCOPES:
            return index, None
        if node.body and index is None:
            return index, _open(node.body, scope.data)
        own = {} if index is None else {node.item: index}
        return index, _open(node.body or self.graphs[node.called or ""], scope.data | own)


def _open(graph: Graph, data: dict[str, Any]) -> Scope:
    return Scope(graph, data, Counter(graph.start.outgoing))


def _acts(scope: Scope, above: tuple[Step, ...]) -> Iterable[Act]:
    for held in scope.held:
        for event in (name for name, times in held.armed.items() if times):
            node = scope.graph.nodes[event]
            yield Act(VERBS.get(node.event or node.kind, "fire"), (*above, (event, None)))
        for index, inner in held.parts:
            here = (*above, (held.node.id, index))
            yield from [Act("complete", here)] if inner is None else _acts(inner, here)


def _awaits(scope: Scope, join: Node) -> bool:
    """13.4.3: a token elsewhere can still come in where there is none yet, and not also where there is one."""
    graph = scope.graph
    here = {flow for flow in join.incoming if scope.marks[flow]}
    starts = [flow for flow in +scope.marks if flow not in here]
    for held in scope.held:
        starts += held.node.outgoing
        starts += [out for event, times in held.armed.items() if times for out in graph.nodes[event].outgoing]
    found = (graph.reaches(start, join.id) for start in starts)
    return any(reached and not reached & here for reached in found)


def _leave(scope: Scope, node: Node) -> list[str]:
    """The flows a token leaves by: all, the first that holds, or every one that holds."""
    if node.kind not in ("exclusiveGateway", "inclusiveGateway") or len(node.outgoing) < 2:
        return node.outgoing
    flows = scope.graph.flows
    true = [out for out in node.outgoing if out != node.default and _holds(flows[out].condition, scope.data)]
    if not true:
        assert node.default, f"no condition of {node.id} holds and it has no default flow"
        return [node.default]
    return true if node.kind == "inclusiveGateway" else true[:1]


def _holds(condition: str, data: Mapping[str, Any]) -> bool:
    """`name == 1` and the like: all that generated conditions use."""
    name, sign, value = condition.split()
    return bool(COMPARE[sign](data[name], int(value)))


def _copy(scope: Scope, shared: dict[int, dict[str, Any]]) -> Scope:
    data = shared.setdefault(id(scope.data), dict(scope.data))
    twin = Scope(scope.graph, data, Counter(scope.marks))
    for held in scope.held:
        parts = [(index, inner and _copy(inner, shared)) for index, inner in held.parts]
        twin.held.append(Held(held.node, parts, list(held.queue), dict(held.armed)))
    return twin
