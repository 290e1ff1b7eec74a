"""A diagram as text: the steps of a procedure in the order of the flow, and what can come after one of them."""

from collections import deque
from collections.abc import Iterator

from app.engine import Element, Process

STEPS = frozenset(
    {
        "startEvent",
        "endEvent",
        "userTask",
        "manualTask",
        "serviceTask",
        "businessRuleTask",
        "callActivity",
        "subProcess",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
        "receiveTask",
        "sendTask",
    }
)
PEOPLE = frozenset({"userTask", "manualTask"})


GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "scriptTask"})


def steps(process: Process, *, gateways: bool = False) -> list[Element]:
    """Elements a reader cares about, breadth first from the start, each once; gateways and scripts for who edits."""
    wanted = STEPS | GATEWAYS if gateways else STEPS
    starts = [one for one in process.elements.values() if one.kind == "startEvent"]
    seen = {one.id: one for start in starts for one in [start, *_after(process, start)]}
    left = [one for one in process.elements.values() if one.kind in wanted and one.id not in seen]
    return [one for one in seen.values() if one.kind in wanted] + left


def upcoming(process: Process, element: str, most: int = 4) -> list[Element]:
    """The next things that people may be asked for after this one; which of them depends on the answers."""
    found: list[Element] = []
    queue, seen = deque([element]), {element}
    while queue and len(found) < most:
        for after in _targets(process, process.elements[queue.popleft()]):
            if after.id in seen:
                continue
            seen.add(after.id)
            if after.kind in PEOPLE:
                found.append(after)
            else:
                queue.append(after.id)
    return found


def _after(process: Process, first: Element) -> Iterator[Element]:
    queue, seen = deque([first]), {first.id}
    while queue:
        here = queue.popleft()
        boundary = [one for one in process.elements.values() if one.attached_to == here.id]
        inner = [one for one in process.elements.values() if one.parent == here.id and one.kind == "startEvent"]
        for after in [*inner, *boundary, *_targets(process, here)]:
            if after.id not in seen:
                seen.add(after.id)
                queue.append(after)
                yield after


def _targets(process: Process, element: Element) -> Iterator[Element]:
    for flow in element.outgoing:
        target = process.elements[flow].target
        if target is not None:
            yield process.elements[target]
