"""A process as drawn -> the library's specification of it, made of our nodes.

The drawing is built node by node, not by the library's parser: that one recurses along the flow, takes ids of
extension elements for nodes, orders flows by their place on the canvas and passes over what it does not know.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.engine import library
from app.engine.blueprints_nodes import Workshop
from app.engine.events import BoundaryEventSplit, EndJoin, Start, StartEvent
from app.engine.gateways import ExclusiveGateway, InclusiveGateway
from app.engine.nodes import Flow, Node
from app.engine.specification import Element, Process

NOT_NODES = frozenset({"lane", "sequenceFlow"})


class Blueprint(library.BpmnProcessSpec):
    """One level of flow: a process or an embedded sub-process. Shared by all instances and never written to."""

    first: Node
    """The start event used where none is named."""
    starts: Mapping[str, Node]
    inclusive: tuple[InclusiveGateway, ...] = ()

    def __init__(self, name: str, process: Process) -> None:
        super().__init__(name, process.name.ru or process.id, process.file)
        for given in ("Start", "End", f"{name}.EndJoin"):
            del self.task_specs[given]
        self.start = Start(self, "Start")
        self.end = EndJoin(self, f"{name}.EndJoin")
        self.end.connect(library.SimpleBpmnTask(self, "End"))


@dataclass(slots=True)
class Builder:
    """Builds all levels of one process."""

    process: Process
    workshop: Workshop
    entries: dict[str, Node] = field(default_factory=dict)
    """By element: where a token comes in, the node itself or the split before it."""
    nodes: dict[str, Node] = field(default_factory=dict)

    def levels(self) -> Iterator[Blueprint]:
        yield self._level(None)
        for element in self.process.elements.values():
            if element.kind == "subProcess":
                yield self._level(element.id)

    def _level(self, parent: str | None) -> Blueprint:
        process = self.process
        blueprint = Blueprint(process.id if parent is None else level_name(process, parent), process)
        elements = [e for e in process.elements.values() if e.parent == parent and e.kind not in NOT_NODES]
        for element in elements:
            self.entries[element.id] = self.nodes[element.id] = self.workshop.make(blueprint, process, element)
        events: dict[str, list[Element]] = {}
        for element in elements:
            if element.attached_to is not None:
                events.setdefault(element.attached_to, []).append(element)
        for host, attached in events.items():
            self._guard(blueprint, process.elements[host], attached)
        for element in elements:
            self._connect(blueprint, element)
        starts = {name: node for name, node in blueprint.task_specs.items() if isinstance(node, StartEvent)}
        blueprint.starts = starts
        plain = (node for node in starts.values() if node.element.event is None)
        blueprint.first = next(plain, None) or next(iter(starts.values()))
        blueprint.start.connect(blueprint.first)
        gateways = (node for node in blueprint.task_specs.values() if isinstance(node, InclusiveGateway))
        blueprint.inclusive = tuple(gateway for gateway in gateways if gateway.joins)
        for gateway in blueprint.inclusive:
            gateway.reach = self._reach(gateway.element)
        return blueprint

    def _guard(self, blueprint: Blueprint, host: Element, events: list[Element]) -> None:
        """Put an activity and its boundary events under a split, in the library's own construction."""
        node = self.nodes[host.id]
        node.guarded = True
        split = BoundaryEventSplit(blueprint, f"{host.id}.BoundaryEventSplit")
        join = library.BoundaryEventJoin(
            blueprint, f"{host.id}.BoundaryEventJoin", split_task=split.name, threshold=None, cancel=True
        )
        branches = [node, *(self.nodes[event.id] for event in events)]
        for branch in branches:
            split.connect(branch)
            branch.connect(join)
        split.flows = tuple(Flow(None, branch) for branch in branches)
        self.entries[host.id] = split

    def _connect(self, blueprint: Blueprint, element: Element) -> None:
        node = self.nodes[element.id]
        flows = []
        for name in element.outgoing:
            drawn = self.process.elements[name]
            flow = Flow(name, self.entries[drawn.target or ""], self.workshop.condition(drawn))
            flows.append(flow)
            if isinstance(node, ExclusiveGateway | InclusiveGateway):
                if name == element.default:
                    node.default = flow
                node.connect_outgoing_if(drawn.condition if name != element.default else None, flow.target)
            else:
                node.connect(flow.target)
        if not flows:  # a token that has nowhere to go has come to an end, end event or not
            flows.append(Flow(None, blueprint.end))
            node.connect(blueprint.end)
        node.flows = tuple(flows)

    def _reach(self, join: Element) -> dict[str, frozenset[str]]:
        """For every node of the level: by which flows a token that leaves it can come into the gateway."""
        found: dict[str, set[str]] = {}
        for name in join.incoming:
            for node in self._upstream(self.process.elements[name].source or "", join):
                found.setdefault(node, set()).add(name)
        return {node: frozenset(names) for node, names in found.items()}

    def _upstream(self, last: str, join: Element) -> set[str]:
        """The nodes from which a token can come to `last` without passing the gateway; what a host is entered by
        leads to its boundary events too."""
        elements = self.process.elements
        seen, todo = {last}, [last]
        while todo:
            node = elements[todo.pop()]
            if node.id == join.id:
                continue
            entered = (*node.incoming, *(elements[node.attached_to].incoming if node.attached_to else ()))
            before = {elements[name].source or "" for name in entered} - seen
            seen |= before
            todo += before
        return seen


def level_name(process: Process, element: str) -> str:
    """Of an embedded sub-process: unique in the release, since no id contains a slash."""
    return f"{process.id}/{element}"
