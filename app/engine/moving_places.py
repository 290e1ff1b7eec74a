"""Whether an instance begun in a release can come to stand at given places of it: the token game, choices left free.

A move to such places is safe: what the check has proved of every way through the release (each join gets what it
waits for, nothing happens twice at once) holds of the moved instance as well. Ways that only reminders lead to are
played by nobody, since they disturb no other; a token there needs no more than its step.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import Any, Literal

from app.engine.specification import Element, Process

Place = tuple[Literal["at", "on"], str]
"""At a step, or on a flow into a join, waiting for others."""
Marking = tuple[Place, ...]
"""Sorted."""
Verdict = Literal["can", "cannot", "tangled"]
MOST = 20_000
MOST_AT_ONCE = 2
"""Tokens of a place that are followed; a step of a loop that leaves a branch behind each time has no bound."""


class Net:
    """One level of flow of a release; `blueprint` is the engine's side of it."""

    def __init__(self, process: Process, blueprint: Any, parent: str | None) -> None:
        self._flows = process.elements
        nodes = [e for e in process.elements.values() if e.parent == parent and e.kind not in ("lane", "sequenceFlow")]
        self.nodes = {element.id: element for element in nodes}
        self._events: dict[str, list[Element]] = {}
        for element in nodes:
            if element.attached_to is not None:
                self._events.setdefault(element.attached_to, []).append(element)
        self._inclusive = {gateway.element.id: gateway.reach for gateway in blueprint.inclusive}
        self._starts = [element.id for element in nodes if element.kind == "startEvent"]
        ordinary = self._reached(self._starts)
        self._aside = self.nodes.keys() - ordinary
        self._known: dict[Marking, Verdict] = {}

    def can_stand(self, places: Counter[Place]) -> Verdict:
        """Whether tokens can rest at just these places at once."""
        wanted = tuple(sorted(place for place in places.elements() if not self._is_aside(place)))
        if wanted not in self._known:
            self._known[wanted] = self._search(wanted)
        return self._known[wanted]

    def joins(self, node: str) -> bool:
        """Whether tokens wait there for one another."""
        element = self.nodes[node]
        return element.kind in ("parallelGateway", "inclusiveGateway") and len(element.incoming) > 1

    def _is_aside(self, place: Place) -> bool:
        return place[0] == "at" and place[1] in self._aside

    def _reached(self, first: list[str]) -> set[str]:
        """What a token can come to without a reminder."""
        seen, todo = set(first), list(first)
        while todo:
            node = todo.pop()
            for event in self._events.get(node, ()):
                if event.interrupting and event.id not in seen:
                    seen.add(event.id)
                    todo.append(event.id)
            for target in (self._target(flow) for flow in self.nodes[node].outgoing):
                if target not in seen:
                    seen.add(target)
                    todo.append(target)
        return seen

    def _target(self, flow: str) -> str:
        return self._flows[flow].target or ""

    def _search(self, wanted: Marking) -> Verdict:
        if not wanted:
            return "can"
        if self._enabled(Counter(wanted)) is not None:
            return "cannot"
        allowed = max(MOST_AT_ONCE, *Counter(wanted).values())
        seen: set[Marking] = {(("at", start),) for start in self._starts}
        todo = list(seen)
        while todo:
            marking = todo.pop()
            if marking == wanted:
                return "can"
            for after in self._next(marking, wanted, seen):
                if after not in seen and max(Counter(after).values(), default=0) <= allowed:
                    seen.add(after)
                    todo.append(after)
            if len(seen) > MOST:
                return "tangled"
        return "cannot"

    def _next(self, marking: Marking, wanted: Marking, seen: set[Marking]) -> list[Marking]:
        """The markings one move on. Where a token must go on anyway, whatever else happens, it goes alone."""
        tokens = Counter(marking)
        join = self._enabled(tokens)
        if join is not None:
            return [self._joined(tokens, join)]
        every: list[Marking] = []
        for place in tokens:
            if place[0] == "on":
                continue
            moves = list(self._moves(tokens, place))
            if place not in wanted and not any(move in seen for move in moves):
                return moves
            every += moves
        return every

    def _enabled(self, tokens: Counter[Place]) -> str | None:
        """A join that has all it waits for."""
        targets = {self._target(flow) for kind, flow in tokens if kind == "on"}
        for node in sorted(targets):
            here = {flow for flow in self.nodes[node].incoming if tokens[("on", flow)]}
            if self.nodes[node].kind == "parallelGateway":
                if len(here) == len(self.nodes[node].incoming):
                    return node
            elif not any(self._may_bring_more(place, node, here) for place in tokens):
                return node
        return None

    def _may_bring_more(self, place: Place, join: str, here: set[str]) -> bool:
        node = place[1] if place[0] == "at" else self._target(place[1])
        if node == join:
            return False
        standing = [node, *(event.id for event in self._events.get(node, ()))]
        if self.nodes[node].kind == "eventBasedGateway":
            standing = [self._target(flow) for flow in self.nodes[node].outgoing]
        reached = (self._inclusive[join].get(one, frozenset()) for one in standing)
        return any(flows and not flows & here for flows in reached)

    def _joined(self, tokens: Counter[Place], join: str) -> Marking:
        left = tokens.copy()
        for flow in self.nodes[join].incoming:
            if left[("on", flow)]:
                left[("on", flow)] -= 1
        left[("at", join)] += 1
        return _sorted(left)

    def _moves(self, tokens: Counter[Place], place: Place) -> Iterator[Marking]:
        node = self.nodes[place[1]]
        if node.kind == "endEvent" and node.event is not None and node.event.kind == "terminate":
            yield ()
            return
        for flows in self._ways(node):
            left = tokens.copy()
            left[place] -= 1
            for flow in flows:
                target = self._target(flow)
                left[("on", flow) if self.joins(target) else ("at", target)] += 1
            yield _sorted(left)

    def _ways(self, node: Element) -> Iterator[tuple[str, ...]]:
        """The sets of flows by which a token can leave."""
        if node.kind == "exclusiveGateway":
            yield from ((flow,) for flow in node.outgoing)
        elif node.kind == "inclusiveGateway":
            for size in range(1, len(node.outgoing) + 1):
                yield from combinations(node.outgoing, size)
        elif node.kind == "eventBasedGateway":
            yield from (self.nodes[self._target(flow)].outgoing for flow in node.outgoing)
        else:
            yield node.outgoing
            yield from (event.outgoing for event in self._events.get(node.id, ()) if event.interrupting)


def _sorted(tokens: Counter[Place]) -> Marking:
    return tuple(sorted(tokens.elements()))
