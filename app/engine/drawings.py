"""What a BPMN file says: its processes as elements with both languages. Nothing here knows how they run."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from app.engine.drawings_events import EVENTS, Definitions, read_event
from app.engine.drawings_extensions import read_extensions, read_start, read_start_event, read_texts
from app.engine.specification import Element, Event, Finding, MultiInstance, Process
from app.engine.xml import BPMN
from app.i18n import Text

NODES = frozenset({
    "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent",
    "task", "userTask", "manualTask", "scriptTask", "serviceTask", "businessRuleTask", "sendTask", "receiveTask",
    "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "subProcess", "callActivity",
})  # fmt: skip
SCENERY = frozenset({
    "documentation", "extensionElements", "laneSet", "textAnnotation", "association", "group", "incoming", "outgoing",
    "ioSpecification", "dataObject", "dataObjectReference", "dataStoreReference", "multiInstanceLoopCharacteristics",
    "property", "dataInputAssociation", "dataOutputAssociation", "auditing", "monitoring", "categoryValueRef",
    "supportedInterfaceRef", "resourceRole", "performer", "humanPerformer", "potentialOwner",
})  # fmt: skip
"""Children of a process or sub-process that say nothing about its flow, or are read with their parent."""

UNSUPPORTED_PARTS = frozenset({"standardLoopCharacteristics"})
DATA_ASSOCIATIONS = frozenset({"dataInputAssociation", "dataOutputAssociation"})
UNSUPPORTED_ATTRIBUTES = {
    "triggeredByEvent": ("true", "1"),
    "isForCompensation": ("true", "1"),
    "instantiate": ("true", "1"),
    "parallelMultiple": ("true", "1"),
    "eventGatewayType": ("Parallel",),
}


@dataclass(slots=True)
class Reader:
    """Reads one file."""

    file: str
    root: Any
    findings: list[Finding] = field(default_factory=list)

    def processes(self) -> Iterator[Process]:
        """The processes; beside one that runs, those drawn only for people (isExecutable="false") are left out."""
        definitions = Definitions.of(self.root)
        participants = {p.get("processRef"): p for p in self.root.iter(BPMN + "participant")}
        drawn = list(self.root.iterchildren(BPMN + "process"))
        for element in [one for one in drawn if not is_for_people_only(one)] or drawn:
            yield self._process(element, participants.get(element.get("id")), definitions)

    def _process(self, process: Any, participant: Any, definitions: Definitions) -> Process:
        lanes = {lane.get("id"): self._lane(lane) for lane in process.iter(BPMN + "lane")}
        residents = {
            (ref.text or "").strip(): lane.get("id")
            for lane in process.iter(BPMN + "lane")
            for ref in lane.iterchildren(BPMN + "flowNodeRef")
        }
        elements: dict[str, Element] = {}
        for found in self._inside(process, None, definitions):
            above = elements.get(found.parent or "")
            lane = lanes.get(residents.get(found.id) or (above.lane if above else None) or "")
            elements[found.id] = replace(found, lane=lane.id, role=lane.role) if lane else found
        name, instructions = read_texts(process)
        if participant is not None and not (name.ru or name.en):
            name, _ = read_texts(participant)
        starts = list(process.iterchildren(BPMN + "startEvent"))
        return Process(
            id=process.get("id"),
            file=self.file,
            folder=_folder(self.file),
            name=name,
            instructions=instructions,
            elements={**lanes, **_connect(elements)},
            start=next(filter(None, map(read_start, starts)), None),
            lanes=tuple(lanes),
            event=next(filter(None, map(read_start_event, starts)), None),
        )

    def _inside(self, scope: Any, parent: str | None, definitions: Definitions) -> Iterator[Element]:
        for child in scope:
            kind = _local(child)
            if kind == "sequenceFlow":
                yield self._flow(child, parent)
            elif kind in NODES:
                yield self._node(child, kind, parent, definitions)
                if kind == "subProcess":
                    yield from self._inside(child, child.get("id"), definitions)
            elif kind is not None and kind not in SCENERY:
                self._complain(child, kind)

    def _lane(self, lane: Any) -> Element:
        name, instructions = read_texts(lane)
        return Element(lane.get("id"), "lane", name, instructions, lane.sourceline, **read_extensions(lane))

    def _flow(self, flow: Any, parent: str | None) -> Element:
        name, instructions = read_texts(flow)
        condition = flow.find(BPMN + "conditionExpression")
        return Element(
            flow.get("id"),
            "sequenceFlow",
            name,
            instructions,
            flow.sourceline,
            parent,
            source=flow.get("sourceRef"),
            target=flow.get("targetRef"),
            condition=_content(condition),
        )

    def _node(self, node: Any, kind: str, parent: str | None, definitions: Definitions) -> Element:
        name, instructions = read_texts(node)
        element = Element(
            node.get("id"),
            kind,
            name,
            instructions,
            node.sourceline,
            parent,
            default=node.get("default"),
            attached_to=node.get("attachedToRef"),
            interrupting=node.get("cancelActivity") not in ("false", "0"),
            script=_content(node.find(BPMN + "script")),
            called=node.get("calledElement"),
            multi=_multi_instance(node),
            event=self._event(node, kind, definitions),
        )
        for part in node:
            if _local(part) in UNSUPPORTED_PARTS or moves_data(part):
                self._complain(part, _local(part) or "", node.get("id"))
        for attribute, values in UNSUPPORTED_ATTRIBUTES.items():
            if node.get(attribute) in values:
                self._complain(node, f"{kind} {attribute}")
        return replace(element, **read_extensions(node))

    def _event(self, node: Any, kind: str, definitions: Definitions) -> Event | None:
        if kind not in EVENTS:
            return None
        event, complaint = read_event(node, kind, definitions)
        if complaint is not None:
            self._complain(complaint, _local(complaint) or "", node.get("id"))
        return event

    def _complain(self, node: Any, kind: str, element: str | None = None) -> None:
        self.findings.append(
            Finding(
                self.file,
                element or node.get("id") or node.getparent().get("id"),
                "element",
                "error",
                Text(ru=f"Элемент «{kind}» здесь не исполняется.", en=f"The element “{kind}” cannot be run here."),
                Text(
                    ru="Замените его элементом, который исполняется, или удалите.",
                    en="Replace it by an element that can be run, or remove it.",
                ),
                node.sourceline,
            )
        )


def is_for_people_only(process: Any) -> bool:
    return process.get("isExecutable") in ("false", "0")


def moves_data(part: Any) -> bool:
    """A data association that says what is copied or computed, and does not only draw an arrow to a sheet of paper."""
    if _local(part) not in DATA_ASSOCIATIONS:
        return False
    return any(_local(child) in ("assignment", "transformation") for child in part)


def _connect(elements: dict[str, Element]) -> dict[str, Element]:
    """Tell every node the flows that enter and leave it, in the order of the file."""
    flows = [element for element in elements.values() if element.kind == "sequenceFlow"]
    incoming: dict[str | None, list[str]] = {}
    outgoing: dict[str | None, list[str]] = {}
    for flow in flows:
        incoming.setdefault(flow.target, []).append(flow.id)
        outgoing.setdefault(flow.source, []).append(flow.id)
    return {
        name: replace(element, incoming=tuple(incoming.get(name, ())), outgoing=tuple(outgoing.get(name, ())))
        for name, element in elements.items()
    }


def _multi_instance(node: Any) -> MultiInstance | None:
    loop = node.find(BPMN + "multiInstanceLoopCharacteristics")
    if loop is None:
        return None
    return MultiInstance(
        sequential=loop.get("isSequential") in ("true", "1"),
        collection=_content(loop.find(BPMN + "loopDataInputRef")),
        cardinality=_content(loop.find(BPMN + "loopCardinality")),
        item=_item(loop.find(BPMN + "inputDataItem")),
        output_collection=_content(loop.find(BPMN + "loopDataOutputRef")),
        output_item=_item(loop.find(BPMN + "outputDataItem")),
        completion=_content(loop.find(BPMN + "completionCondition")),
    )


def _item(element: Any) -> str | None:
    """The variable: the name, since an id may occur only once in a file, or else the id."""
    return None if element is None else element.get("name") or element.get("id")


def _content(element: Any) -> str | None:
    return None if element is None else (element.text or "").strip() or None


def _local(element: Any) -> str | None:
    """The tag of a BPMN element without its namespace; None for comments and elements of others."""
    tag = element.tag
    return tag.removeprefix(BPMN) if isinstance(tag, str) and tag.startswith(BPMN) else None


def _folder(file: str) -> str:
    """`creation` for processes/creation/sheet.bpmn."""
    parts = file.split("/")
    return parts[-2] if len(parts) > 1 else ""
