"""Variables that steps to come will need in another release, and that were to be written by steps that lie behind."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.engine.activities import MultiInstance, Nested
from app.engine.nodes import BusinessRuleTask, Node, ScriptTask
from app.engine.specification import Element, Process, Specification

ANY = "*"
"""A message without a result variable may bring every name."""


@dataclass(frozen=True, slots=True, eq=False)
class _Use:
    """What one step reads when it is come to, and what is there once it is done."""

    reads: frozenset[str]
    writes: frozenset[str]
    leaves: frozenset[str]
    """Read by the conditions on the flows out of it."""


class Names:
    """Who reads and writes what in the processes of one release; remembers what it has found."""

    def __init__(self, specification: Specification) -> None:
        self._specification = specification
        self._uses: dict[tuple[str, str], _Use] = {}
        self._inside: dict[tuple[str, str | None], frozenset[str]] = {}
        self._events: dict[tuple[str, str], list[str]] = {}
        for process in specification.processes.values():
            for element in process.elements.values():
                if element.attached_to is not None:
                    self._events.setdefault((process.id, element.attached_to), []).append(element.id)

    def read(self, process: str, parent: str | None) -> frozenset[str]:
        """Every name that some step of the level reads."""
        uses = [self._use(process, element.id) for element in self._nodes(process, parent)]
        return frozenset().union(*(use.reads | use.leaves for use in uses))

    def written(self, process: str, parent: str | None) -> frozenset[str]:
        """Every name that some step of the level writes, in called processes too where all comes back."""
        key = (process, parent)
        if key not in self._inside:
            self._inside[key] = frozenset()  # for a process that calls itself
            found = (self._use(process, element.id).writes for element in self._nodes(process, parent))
            self._inside[key] = frozenset().union(*found)
        return self._inside[key]

    def written_after(self, process: str, element: str) -> frozenset[str]:
        """What steps may write that a token comes to from the step, the step among them."""
        seen, todo = {element}, [element]
        while todo:
            for target in self._followers(process, todo.pop()):
                if target not in seen:
                    seen.add(target)
                    todo.append(target)
        return frozenset().union(*(self._use(process, one).writes for one in seen))

    def missed_from(self, process: str, element: str, name: str, last: Iterable[str] = ()) -> str | None:
        """The step that reads the name on a way on from the step which nobody writes it on. None: there is none.

        `last`: names that are read when the level has ended.
        """
        return self._missed(process, [], [element], name, frozenset(last))

    def missed_from_start(self, process: str, parent: str | None, name: str, last: Iterable[str] = ()) -> str | None:
        starts = [element.id for element in self._nodes(process, parent) if element.kind == "startEvent"]
        return self._missed(process, starts, [], name, frozenset(last))

    def _missed(
        self, process: str, entered: list[str], inside: list[str], name: str, last: frozenset[str]
    ) -> str | None:
        todo = [(element, True) for element in entered] + [(element, False) for element in inside]
        seen = set(todo)
        while todo:
            element, enters = todo.pop()
            use = self._use(process, element)
            if enters and name in use.reads:
                return element
            onward = list(self._events.get((process, element), ()))
            if name not in use.writes and ANY not in use.writes:
                if name in use.leaves:
                    return element
                onward += self._targets(process, element)
                if name in last and not self._elements(process)[element].outgoing:
                    return element
            fresh = [(one, True) for one in onward if (one, True) not in seen]
            seen.update(fresh)
            todo += fresh
        return None

    def _followers(self, process: str, element: str) -> list[str]:
        return [*self._events.get((process, element), ()), *self._targets(process, element)]

    def _targets(self, process: str, element: str) -> Iterator[str]:
        elements = self._elements(process)
        return (elements[flow].target or "" for flow in elements[element].outgoing)

    def _elements(self, process: str) -> Mapping[str, Element]:
        return self._specification.processes[process].elements

    def _nodes(self, process: str, parent: str | None) -> Iterator[Element]:
        kinds = ("lane", "sequenceFlow")
        return (e for e in self._elements(process).values() if e.parent == parent and e.kind not in kinds)

    def _use(self, process: str, element: str) -> _Use:
        key = (process, element)
        if key not in self._uses:
            self._uses[key] = self._look(self._specification.processes[process], self._elements(process)[element])
        return self._uses[key]

    def _look(self, process: Process, element: Element) -> _Use:
        node = node_of(self._specification, process, element)
        body = node if isinstance(node, MultiInstance) else None
        bare: Node = body.instance if body else node
        writes = set(element.outputs) if not element.result else {element.result}
        if process.start is not None and process.start.element == element.id:
            writes |= {process.start.result} if process.start.result else set(process.start.outputs)
        if isinstance(bare, ScriptTask):
            writes |= bare.compiled.names.assigned
        if element.event is not None and element.event.kind == "message" and not element.result:
            writes |= {ANY} if bare.asks_for is not None else set()
        if isinstance(bare, Nested):
            writes |= self._returned(process, element, bare)
        if body is not None:
            writes = {body.output} if body.output else set()
        leaves = (self._condition(node, flow) for flow in range(len(node.flows)))
        reads = _reads(bare) | (_reads_of_body(body) if body else frozenset())
        if isinstance(bare, Nested) and bare.inputs is None:
            reads |= self._needed_inside(process, element)
        own = {element.multi.item} if element.multi and element.multi.item else set()
        return _Use(reads - own, frozenset(writes), frozenset().union(*leaves))

    @staticmethod
    def _condition(node: Node, place: int) -> frozenset[str]:
        condition = node.flows[place].condition
        return condition.names.data if condition else frozenset()

    def _returned(self, process: Process, element: Element, node: Nested) -> set[str]:
        if node.returned is not None:
            return set(node.returned)
        inside = (process.id, element.id) if element.kind == "subProcess" else (element.called or "", None)
        return set(self.written(*inside))

    def _needed_inside(self, process: Process, element: Element) -> frozenset[str]:
        """Of an embedded sub-process: what its steps read before one of them has written it."""
        if element.kind != "subProcess":
            return frozenset()
        names = self.read(process.id, element.id)
        return frozenset(name for name in names if self.missed_from_start(process.id, element.id, name))


def node_of(specification: Specification, process: Process, element: Element) -> Node:
    """The engine's node of the element; of a repeated activity the body."""
    level = process.id if element.parent is None else f"{process.id}/{element.parent}"
    node: Node = specification.engine[level].task_specs[element.id]
    return node


def _reads(node: Node) -> frozenset[str]:
    compiled: list[Any] = [*node.expressions.values(), *node.deadlines.values(), *node.parameters.values()]
    if isinstance(node, ScriptTask):
        compiled.append(node.compiled)
    elif isinstance(node, BusinessRuleTask):
        compiled.append(node.decision)
    elif isinstance(node, Nested):
        compiled += (node.inputs or {}).values()
    return frozenset().union(*(one.names.data for one in compiled))


def _reads_of_body(body: MultiInstance) -> frozenset[str]:
    compiled = [one for one in (body.collection, body.cardinality, body.completion) if one]
    found = frozenset().union(*(one.names.data for one in compiled))
    return found - {body.output} - {body.contributes}
