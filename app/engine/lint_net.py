"""The token game on one level of flow with every choice left free: what parallel ways can come to.

Blocks drawn one inside the other are first folded together, so that only ways that cross are really played. Ways that
leave the main one for good and end by themselves are played each on its own: what they do disturbs nobody.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app.engine.lint_diagram import Flow, Level, Node

MOST_MARKINGS = 20_000
MOST_WORK = 500_000
"""Tokens looked at over all markings."""
JOINS = ("parallelGateway", "inclusiveGateway")


@dataclass(slots=True, eq=False)
class Way:
    """One or more arrows in a row. `last` is the arrow that enters `target`."""

    source: Node
    target: Node
    last: Flow


@dataclass(slots=True, eq=False)
class Outcome:
    """What playing a level has shown."""

    starving: dict[Node, set[Node]] = field(default_factory=dict)
    """Joins that may wait for ever, with the steps whose arrow stays empty."""
    doubled: set[Node] = field(default_factory=set)
    """Steps that two parallel ways come to without having been joined."""
    unpaired: set[Node] = field(default_factory=set)
    """Inclusive gateways without a partner."""
    tangled: bool = False


class Net:
    """The ways that a token at `first` and its like can take; reminders that interrupt nothing are left out."""

    def __init__(self, first: Node) -> None:
        self.first = first
        self.into: dict[Node, list[Way]] = {}
        self.out: dict[Node, list[Way]] = {}
        self.aside: list[Flow] = []
        self.nodes = {first}
        todo = [first]
        while todo:
            node = todo.pop()
            for flow in _kept(node, self.aside):
                if flow.target is not None:
                    self._add(Way(node, flow.target, flow))
                    todo += [] if flow.target in self.nodes else [flow.target]
                    self.nodes.add(flow.target)

    def _add(self, way: Way) -> None:
        self.out.setdefault(way.source, []).append(way)
        self.into.setdefault(way.target, []).append(way)

    def _drop(self, way: Way) -> None:
        self.out[way.source].remove(way)
        self.into[way.target].remove(way)

    def fold(self) -> None:
        """Fold rows, blocks and circles of one kind until nothing folds; what can go wrong stays as it was."""
        todo = list(self.nodes)
        while todo:
            node = todo.pop()
            into, out = self.into.get(node, []), self.out.get(node, [])
            in_a_row = len(into) == 1 and len(out) == 1 and not ends_here(node)
            if in_a_row and into[0].source is not node and node is not self.first:
                before, after = into[0], out[0]
                self._drop(before)
                self._drop(after)
                self._add(Way(before.source, after.target, after.last))
                todo += [before.source, after.target]
                continue
            for way in self._needless(node):
                self._drop(way)
                todo += [way.source, way.target]

    def _needless(self, node: Node) -> list[Way]:
        """Ways out of the node that may be left out: one of two alike, or one round a circle back to the choice."""
        found: list[Way] = []
        seen: set[Node] = set()
        for way in self.out.get(node, []):
            same = _kind(node) == _kind(way.target)
            onward = [one.target for one in self.out.get(way.target, [])]
            back = same and _kind(node) == "choice" and (way.target is node or onward == [node])
            back = back and not ends_here(way.target)
            if (same and way.target in seen) or (back and len(self.out[node]) > 1 + len(found)):
                found.append(way)
            seen.add(way.target)
        return found

    def play(self) -> Outcome:
        """Every marking that can be come to."""
        outcome = Outcome(unpaired={node for node in self.nodes if self._unpaired(node)})
        first = frozenset(self.out.get(self.first, []))
        seen, todo, work = {first}, [first], 0
        while todo and not outcome.unpaired:
            marking = todo.pop()
            work += len(marking) ** 2
            moves = list(self._moves(marking, outcome))
            if marking and not moves:
                self._starve(marking, outcome)
            todo += [move for move in moves if move not in seen]
            seen.update(moves)
            if len(seen) > MOST_MARKINGS or work > MOST_WORK:
                outcome.tangled = True
                break
        return outcome

    def _unpaired(self, node: Node) -> bool:
        several = len(self.into.get(node, [])) > 1 or len(self.out.get(node, [])) > 1
        return node.kind == "inclusiveGateway" and several

    def _moves(self, marking: frozenset[Way], outcome: Outcome) -> Iterator[frozenset[Way]]:
        for way in marking:
            node = way.target
            if node.kind == "endEvent":
                yield frozenset() if "terminate" in node.events else marking - {way}
            elif _kind(node) == "choice":
                if ends_here(node):
                    yield marking - {way}
                for chosen in self.out.get(node, []):
                    yield self._moved(marking, [way], [chosen], outcome)
            elif marking.issuperset(self.into[node]):
                yield self._moved(marking, self.into[node], self.out.get(node, []), outcome)

    @staticmethod
    def _moved(marking: frozenset[Way], taken: list[Way], given: list[Way], outcome: Outcome) -> frozenset[Way]:
        left = marking.difference(taken)
        outcome.doubled.update(way.target for way in given if way in left)
        return left.union(given)

    def _starve(self, marking: frozenset[Way], outcome: Outcome) -> None:
        for way in marking:
            missing = {other.last.source or way.target for other in self.into[way.target] if other not in marking}
            outcome.starving.setdefault(way.target, set()).update(missing)


def play(level: Level) -> Outcome:
    """All that can be come to in the level, the ways aside played by themselves."""
    whole = Outcome()
    todo = level.starts[:1]
    seen: set[Node] = set()
    while todo:
        first = todo.pop()
        if first in seen:
            continue
        seen.add(first)
        net = Net(first)
        todo += [flow.target for flow in net.aside if flow.target is not None]
        net.fold()
        outcome = net.play()
        for node, missing in outcome.starving.items():
            whole.starving.setdefault(node, set()).update(missing)
        whole.doubled |= outcome.doubled
        whole.unpaired |= outcome.unpaired
        whole.tangled |= outcome.tangled
    return whole


def reached(first: Iterable[Node], but: Node | None = None) -> set[Node]:
    """All nodes a token can come to from these (they among them) without passing the one named."""
    seen = set(first)
    todo = list(seen)
    while todo:
        node = todo.pop()
        found = [flow.target for flow in left_by(node) if flow.target is not None and flow.target is not but]
        todo += [other for other in found if other not in seen]
        seen.update(found)
    return seen


def left_by(node: Node) -> list[Flow]:
    """The arrows of which a token takes one (a gateway: or several), when it leaves the node for good."""
    return [*node.outgoing, *(flow for event in node.boundaries if event.interrupting for flow in event.outgoing)]


def ends_here(node: Node) -> bool:
    """Whether a token may come to its end in the node, without an end event: no arrow leaves it, or an event on it."""
    return not node.outgoing or any(event.interrupting and not event.outgoing for event in node.boundaries)


def _kind(node: Node) -> str:
    """Nodes of one kind hand on tokens alike; only an end is like no other."""
    return node.kind if node.kind in (*JOINS, "endEvent") else "choice"


def _kept(node: Node, aside: list[Flow]) -> list[Flow]:
    """The arrows out of the node without those that lead aside, which are added to the list."""
    flows = left_by(node)
    if node.kind != "parallelGateway" or len(flows) < 2:
        return flows
    found = [reached([flow.target], node) if flow.target is not None else set() for flow in flows]
    kept: list[Flow] = []
    for number, flow in enumerate(flows):
        others = set[Node]().union(*(nodes for other, nodes in enumerate(found) if other != number))
        if _ends_alone(found[number], others, node) and (kept or number + 1 < len(flows)):
            aside.append(flow)
        else:
            kept.append(flow)
    return kept


def _ends_alone(nodes: set[Node], others: set[Node], split: Node) -> bool:
    """Whether the way never meets the others, nor any join, nor its own beginning."""
    joins = any(node.kind in JOINS and len(node.incoming) > 1 for node in nodes)
    back = any(flow.target is split for node in nodes for flow in left_by(node))
    meets = any(node.kind != "endEvent" for node in nodes & others)
    stops = any("terminate" in node.events for node in nodes)
    return not (joins or back or meets or stops)
