"""A diagram as drawn, right or wrong: what the rules of the check look at. Nothing here refuses anything."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import etree

from app.engine.drawings import is_for_people_only
from app.engine.lint_catalogue import Catalogue, FormShape, shapes

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
COOMET = "urn:coomet:bpmn:1"
TASKS = frozenset(
    ("task", "userTask", "manualTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask")
)
SUB_PROCESSES = frozenset(("subProcess", "transaction", "adHocSubProcess"))
ACTIVITIES = TASKS | SUB_PROCESSES | {"callActivity", "choreographyTask", "callChoreography", "subChoreography"}
FLOW_NODES = ACTIVITIES | {
    *("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"),
    *("implicitThrowEvent", "event", "exclusiveGateway", "parallelGateway", "inclusiveGateway"),
    *("eventBasedGateway", "complexGateway"),
}


def bpmn(tag: str) -> str:
    return f"{{{BPMN}}}{tag}"


def coomet(tag: str) -> str:
    return f"{{{COOMET}}}{tag}"


def local(element: Any) -> str:
    """Tag without its name space; empty for comments and the like."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def namespace(element: Any) -> str:
    return (etree.QName(element).namespace or "") if isinstance(element.tag, str) else ""


def text_of(element: Any) -> str:
    """The text written inside, with that of nested elements."""
    return "".join(element.itertext()).strip()


@dataclass(slots=True, eq=False, repr=False)
class Flow:
    """A sequence flow; `source` and `target` are nodes of its own level, None where it names none of them."""

    id: str
    element: Any
    level: "Level"
    source: "Node | None" = None
    target: "Node | None" = None

    @property
    def condition(self) -> str | None:
        found = self.element.find(bpmn("conditionExpression"))
        return None if found is None else text_of(found)


@dataclass(slots=True, eq=False, repr=False)
class Node:
    """A flow node with the flows that touch it; `events` are the kinds of its event definitions."""

    id: str
    kind: str
    element: Any
    level: "Level"
    events: tuple[str, ...] = ()
    ours: tuple[tuple[str, Any], ...] = ()
    """Our own extension elements, each with its tag."""
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    boundaries: "list[Node]" = field(default_factory=list)
    host: "Node | None" = None
    body: "Level | None" = None

    @property
    def interrupting(self) -> bool:
        return str(self.element.get("cancelActivity")) not in ("false", "0")

    @property
    def default(self) -> str | None:
        return _attribute(self.element, "default")

    def extension(self, tag: str) -> Any | None:
        """Our own extension element of that tag, if there is one."""
        return next(self.extensions(tag), None)

    def extensions(self, tag: str) -> Iterator[Any]:
        return (element for known, element in self.ours if known == tag)

    @property
    def multi(self) -> Any | None:
        return self.element.find(bpmn("multiInstanceLoopCharacteristics"))

    def followers(self) -> "list[Node]":
        """The nodes a token can go to from here, by its flows or those of events on its boundary."""
        flows = [*self.outgoing, *(flow for event in self.boundaries for flow in event.outgoing)]
        return [flow.target for flow in flows if flow.target is not None]


@dataclass(slots=True, eq=False, repr=False)
class Level:
    """A process or an embedded sub-process: one level of flow. `nodes` by id, the first of two equal ones."""

    id: str
    element: Any
    parent: "Level | None" = None
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)

    @property
    def starts(self) -> list[Node]:
        return [node for node in self.nodes.values() if node.kind == "startEvent"]


@dataclass(eq=False, repr=False)
class Release:
    """Everything that is checked together."""

    files: Mapping[str, bytes]
    catalogue: Catalogue | None
    diagrams: "list[Diagram]" = field(default_factory=list)
    tables: dict[str, Any] = field(default_factory=dict)
    """Roots of the DMN files by path."""
    remembered: dict[tuple[str, Level], Any] = field(default_factory=dict)
    """What rules have found out about a level, so that chains of calls are walked once."""

    @cached_property
    def decisions(self) -> dict[str, str]:
        """Decision id -> path of its file (the last one, where two have the same)."""
        found = {}
        for path, root in self.tables.items():
            for element in root.iter("{*}decision"):
                found[element.get("id") or ""] = path
        return found

    @cached_property
    def forms(self) -> Mapping[str, FormShape] | None:
        """The forms that may be named; None where nobody has said."""
        if self.catalogue is None:
            return None
        return shapes(self.files) if self.catalogue.forms is None else self.catalogue.forms

    @cached_property
    def callers(self) -> dict[str, list[tuple[Level, Node]]]:
        """Called process -> the processes that call it, each with the call activity."""
        found: dict[str, list[tuple[Level, Node]]] = {}
        for process in self.processes.values():
            for call in calls(process):
                found.setdefault(call.element.get("calledElement") or "", []).append((process, call))
        return found

    @cached_property
    def processes(self) -> dict[str, Level]:
        """Process id -> the process (the first one, where two have the same)."""
        found: dict[str, Level] = {}
        for diagram in self.diagrams:
            for process in diagram.processes:
                found.setdefault(process.id, process)
        return found


@dataclass(slots=True, eq=False, repr=False)
class Diagram:
    """One BPMN file. `levels` holds every process that runs, each followed by the sub-processes in it."""

    path: str
    root: Any
    release: Release
    levels: list[Level] = field(default_factory=list)
    left_out: list[Any] = field(default_factory=list)
    """Processes drawn for people only, beside one that runs."""

    @property
    def nodes(self) -> Iterator[Node]:
        for level in self.levels:
            yield from level.nodes.values()

    @property
    def flows(self) -> Iterator[Flow]:
        for level in self.levels:
            yield from level.flows

    @property
    def processes(self) -> list[Level]:
        return [level for level in self.levels if level.parent is None]


def calls(process: Level) -> list[Node]:
    """The call activities of a process, those in its sub-processes included."""
    found: list[Node] = []
    todo = [process]
    while todo:
        for node in todo.pop().nodes.values():
            found += [node] if node.kind == "callActivity" else []
            todo += [node.body] if node.body is not None else []
    return found


def read_diagram(path: str, root: Any, release: Release) -> Diagram:
    """The diagram as far as it can be understood."""
    diagram = Diagram(path, root, release)
    processes = list(root.iterchildren(bpmn("process")))
    if not all(is_for_people_only(element) for element in processes):
        diagram.left_out = [element for element in processes if is_for_people_only(element)]
    for element in processes:
        if element not in diagram.left_out:
            _read_level(diagram, element, None)
    return diagram


def _attribute(element: Any, name: str) -> str | None:
    value = element.get(name)
    return None if value is None else str(value)


def _read_level(diagram: Diagram, element: Any, parent: Level | None) -> Level:
    level = Level(element.get("id") or "", element, parent)
    diagram.levels.append(level)
    for child in element.iterchildren():
        kind = local(child)
        name = child.get("id") or f"#{child.sourceline}"
        if namespace(child) != BPMN:
            continue
        if kind == "sequenceFlow":
            level.flows.append(Flow(name, child, level))
        elif kind in FLOW_NODES and name not in level.nodes:
            level.nodes[name] = Node(name, kind, child, level, _events(child), _ours(child))
            if kind in SUB_PROCESSES:
                level.nodes[name].body = _read_level(diagram, child, level)
    _connect(level)
    return level


def _events(element: Any) -> tuple[str, ...]:
    kinds = (local(child) for child in element.iterchildren() if namespace(child) == BPMN)
    return tuple(kind.removesuffix("EventDefinition") for kind in kinds if kind.endswith("EventDefinition"))


def _ours(element: Any) -> tuple[tuple[str, Any], ...]:
    holders = element.iterchildren(bpmn("extensionElements"))
    return tuple((local(own), own) for holder in holders for own in holder.iterchildren(coomet("*")))


def _connect(level: Level) -> None:
    for flow in level.flows:
        flow.source = level.nodes.get(flow.element.get("sourceRef") or "")
        flow.target = level.nodes.get(flow.element.get("targetRef") or "")
        if flow.source is not None and flow.target is not None:
            flow.source.outgoing.append(flow)
            flow.target.incoming.append(flow)
    for node in level.nodes.values():
        host = level.nodes.get(node.element.get("attachedToRef") or "") if node.kind == "boundaryEvent" else None
        if host is not None and host.kind in ACTIVITIES:
            node.host = host
            host.boundaries.append(node)
