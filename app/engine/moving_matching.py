"""Which step of the new release a token's step is: the same id and kind in the same place, or the one it is named."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.engine.events import BoundaryEvent, BoundaryEventSplit, EndJoin, EventBasedGateway, Start
from app.engine.gateways import Join
from app.engine.ledger import LIVE
from app.engine.library import TaskState
from app.engine.moving_account import Remark, remark
from app.engine.nodes import GUARDING, Node
from app.engine.specification import Element, Specification
from app.engine.tokens import Level, Token

Names = Mapping[tuple[str, str], str]
"""(Process, element of the old release) -> element of the new one."""
SPLIT = ".BoundaryEventSplit"
CHILD = " [child]"


@dataclass(frozen=True, slots=True)
class Match:
    """Where a token goes: a node, nowhere (an event that is taken away), or it cannot go."""

    node: Node | None
    refusal: Remark | None = None


GONE = Match(None)


class Matching:
    """Two releases and the names that have changed between them."""

    def __init__(self, old: Specification, new: Specification, names: Names) -> None:
        self.old = old
        self.new = new
        self._names = names

    def name(self, process: str, element: str) -> str:
        """The element's id in the new release, if it is there at all."""
        return self._names.get((process, element), element)

    def element(self, process: str, element: str) -> Element | None:
        """The element of the new release that the old one has become."""
        found = self.new.processes.get(process)
        return found.elements.get(self.name(process, element)) if found else None

    def level(self, level: Level) -> str:
        """The name of the level in the new release, where it may be missing."""
        process, _, element = str(level.spec.name).partition("/")
        return f"{process}/{self.name(process, element)}" if element else process

    def match(self, token: Token, level: str) -> Match:
        """The token's node in the level of that name of the new release."""
        nodes = self.new.engine[level].task_specs
        node = token.task_spec
        if isinstance(node, Start):
            return Match(self.new.engine[level].start)
        if isinstance(node, EndJoin):
            return Match(self.new.engine[level].end)
        if isinstance(node, BoundaryEventSplit):
            process = token.workflow.spec.name.partition("/")[0]
            host = self.name(process, node.name.removesuffix(SPLIT))
            return Match(nodes.get(host + SPLIT, self.new.engine[level].start))
        if token._state not in LIVE:
            name = self.name(node.process, node.element.id)
            return Match(nodes.get(name + CHILD * (node.body is not None), self.new.engine[level].start))
        return self._live(token, level)

    def _live(self, token: Token, level: str) -> Match:
        node = token.task_spec
        old, new = node.element, self.element(node.process, node.element.id)
        if stands_beside(token) and (new is None or not self.same_event(node.process, old, new)):
            return GONE
        reason = self._differs(token, old, new, level)
        if reason is not None or new is None:
            return Match(None, remark(reason or "removed", node.process, old))
        found: Node = self.new.engine[level].task_specs[new.id + CHILD * (node.body is not None)]
        return Match(found)

    def same_event(self, process: str, old: Element, new: Element) -> bool:
        """On the same activity (or behind the same gateway), waiting for the same kind of thing."""
        if old.kind != new.kind or _event(old) != _event(new):
            return False
        if old.attached_to is not None:
            return new.attached_to == self.name(process, old.attached_to)
        return self._gateways(process, old, new)

    def _gateways(self, process: str, old: Element, new: Element) -> bool:
        before = {self.name(process, one) for one in _sources(self.old, process, old)}
        return bool(before & set(_sources(self.new, process, new)))

    def _differs(self, token: Token, old: Element, new: Element | None, level: str) -> str | None:
        """Key of the reason why a live token cannot stand there."""
        if new is None:
            return "removed"
        process = token.task_spec.process
        here = level.partition("/")[2] or None
        if new.kind != old.kind or _event(old) != _event(new):
            return "kind"
        if new.parent != here:
            return "place"
        if _repetition(old) != _repetition(new):
            return "repeats"
        if old.called != new.called:
            return "called"
        if token._state == TaskState.STARTED and old.operation != new.operation:
            return "operation"
        if "flow" in token.internal_data and self.flow(process, token) is None:
            return "flow"
        return None

    def flow(self, process: str, token: Token) -> str | None:
        """By which flow a token that waits at a join has come, in the new release; None where that is not clear."""
        old, flow = token.task_spec.element, str(token.internal_data["flow"])
        new = self.element(process, old.id)
        if new is None or len(new.incoming) < 2:
            return None
        if self.name(process, flow) in new.incoming:
            return self.name(process, flow)
        known = {self.name(process, one) for one in old.incoming}
        fresh = [one for one in new.incoming if one not in known]
        lost = [one for one in old.incoming if self.name(process, one) not in new.incoming]
        if len(old.incoming) != len(new.incoming):
            return None
        led = [one for one in fresh if one in self._leads(process, flow, new)]
        if len(led) == 1:
            return led[0]
        return fresh[0] if len(fresh) == len(lost) == 1 else None

    def _leads(self, process: str, flow: str, join: Element) -> set[str]:
        """The flows into the join that a token on the flow comes to, where the flow is still drawn."""
        elements = self.new.processes[process].elements
        drawn = elements.get(self.name(process, flow))
        if drawn is None or drawn.kind != "sequenceFlow":
            return set()
        seen, todo = {drawn.id}, [drawn.id]
        while todo:
            target = elements[elements[todo.pop()].target or ""]
            onward = [] if target.id == join.id else [one for one in target.outgoing if one not in seen]
            seen.update(onward)
            todo += onward
        return seen & set(join.incoming)


def stands_beside(token: Token) -> bool:
    """An event that waits on an activity or beside other events: it may be taken away or added without them."""
    if token._state not in GUARDING:
        return False
    parent = token.parent
    beside = parent is not None and isinstance(parent.task_spec, EventBasedGateway)
    return beside or isinstance(token.task_spec, BoundaryEvent)


def joins(node: Node) -> bool:
    return isinstance(node, Join) and node.joins


def _event(element: Element) -> tuple[str | None, str | None]:
    event = element.event
    return (event.kind, event.timer) if event else (None, None)


def _repetition(element: Element) -> tuple[object, ...]:
    """What a repetition that has begun has counted on; when it is over may change."""
    multi = element.multi
    if multi is None:
        return ()
    gathered = (multi.output_collection, multi.output_item)
    return (multi.sequential, multi.collection, multi.cardinality, multi.item, *gathered)


def _sources(specification: Specification, process: str, element: Element) -> list[str]:
    elements = specification.processes[process].elements
    return [elements[flow].source or "" for flow in element.incoming]
