"""What parallel ways can come to: whether every join gets what it waits for, and nothing is started twice at once.

Each level is played with every choice free: whatever conditions say, no order of events may leave a token behind.
Blocks drawn one inside the other are first folded together, so that only ways that cross are really played.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from app.engine.lint_diagram import Diagram, Flow, Level, Node
from app.engine.lint_rule import Remark, Rule, label, remark

MOST_MARKINGS = 20_000
_JOINS = ("parallelGateway", "inclusiveGateway")


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
    unpaired: set[Node] = field(default_factory=set)
    tangled: bool = False


class Net:
    """The ways of one level, reminders that interrupt nothing left out."""

    def __init__(self, level: Level) -> None:
        self.ways: set[Way] = set()
        self.into: dict[Node, list[Way]] = {}
        self.out: dict[Node, list[Way]] = {}
        todo = level.starts[:1]
        self.starts = todo[:]
        seen = set(todo)
        while todo:
            node = todo.pop()
            for flow in _left_by(node):
                if flow.target is None:
                    continue
                self._add(Way(node, flow.target, flow))
                if flow.target not in seen:
                    seen.add(flow.target)
                    todo.append(flow.target)
        self.nodes = seen

    def _add(self, way: Way) -> None:
        self.ways.add(way)
        self.out.setdefault(way.source, []).append(way)
        self.into.setdefault(way.target, []).append(way)

    def _drop(self, way: Way) -> None:
        self.ways.discard(way)
        self.out[way.source].remove(way)
        self.into[way.target].remove(way)

    def fold(self) -> None:
        """Fold rows, blocks and circles of one kind until nothing folds; what can go wrong stays as it was."""
        todo = list(self.nodes)
        while todo:
            node = todo.pop()
            into, out = self.into.get(node, []), self.out.get(node, [])
            if len(into) == 1 and len(out) == 1 and into[0].source is not node:
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
            alike = way.target in seen and _kind(node) == _kind(way.target)
            back = _kind(node) == _kind(way.target) == "choice" and (
                way.target is node or [one.target for one in self.out.get(way.target, [])] == [node]
            )
            if alike or (back and len(self.out[node]) > 1 + len(found)):
                found.append(way)
            seen.add(way.target)
        return found

    def play(self) -> Outcome:
        """Every marking that can be come to from the start."""
        outcome = Outcome(unpaired={node for node in self.nodes if self._unpaired(node)})
        first = frozenset(way for start in self.starts for way in self.out.get(start, []))
        seen, todo = {first}, [first]
        while todo and not outcome.unpaired:
            marking = todo.pop()
            moves = list(self._moves(marking, outcome))
            if marking and not moves:
                self._starve(marking, outcome)
            todo += [move for move in moves if move not in seen]
            seen.update(moves)
            if len(seen) > MOST_MARKINGS:
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


def _kind(node: Node) -> str:
    """Nodes of one kind hand on tokens alike; only an end is like no other."""
    return node.kind if node.kind in (*_JOINS, "endEvent") else "choice"


def _left_by(node: Node) -> list[Flow]:
    """The arrows of which a token takes one (a gateway: or several), when it leaves the node for good."""
    return [*node.outgoing, *(flow for event in node.boundaries if event.interrupting for flow in event.outgoing)]


@lru_cache(maxsize=1)
def outcomes(diagram: Diagram) -> tuple[tuple[Level, Outcome], ...]:
    """Only of levels with parallel ways: elsewhere there is a single token. The rules ask one after the other."""
    found = []
    for level in diagram.levels:
        if any(node.kind in _JOINS for node in level.nodes.values()):
            net = Net(level)
            net.fold()
            found.append((level, net.play()))
    return tuple(found)


def join_starves(diagram: Diagram) -> Iterator[Remark]:
    for _, outcome in outcomes(diagram):
        for node, missing in outcome.starving.items():
            yield remark(node, missing=", ".join(sorted(label(other) for other in missing)))


def twice_at_once(diagram: Diagram) -> Iterator[Remark]:
    for _, outcome in outcomes(diagram):
        yield from (remark(node) for node in outcome.doubled)


def inclusive_unpaired(diagram: Diagram) -> Iterator[Remark]:
    for _, outcome in outcomes(diagram):
        yield from (remark(node) for node in outcome.unpaired)


def too_tangled(diagram: Diagram) -> Iterator[Remark]:
    return (remark(level) for level, outcome in outcomes(diagram) if outcome.tangled)


def reminder_joins(diagram: Diagram) -> Iterator[Remark]:
    for level in diagram.levels:
        ordinary = Net(level).nodes
        for node in _reminded(level):
            for flow in node.outgoing:
                if flow.target in ordinary and flow.target is not None and flow.target.kind != "endEvent":
                    yield remark(flow, target=label(flow.target))


def reminder_parallel(diagram: Diagram) -> Iterator[Remark]:
    for level in diagram.levels:
        ordinary = Net(level).nodes
        yield from (remark(node) for node in _reminded(level) if node.kind in _JOINS and node not in ordinary)


def _reminded(level: Level) -> list[Node]:
    """The nodes that only events which do not interrupt lead to, those events first."""
    ordinary = Net(level).nodes
    found = [node for node in level.nodes.values() if node.host and not node.interrupting]
    for node in found:
        found += [other for other in node.followers() if other not in found and other not in ordinary]
    return found


RULES = (
    Rule(
        "join-starves",
        "error",
        join_starves,
        ru=(
            "Этот шлюз может ждать вечно: путь от «{missing}» приходит не всегда.",
            "Шлюз «и» должен соединять ровно те пути, которые разделил другой шлюз «и», и каждый из них должен дойти.",
        ),
        en=(
            "This gateway may wait for ever: the way from “{missing}” does not always arrive.",
            "A parallel gateway joins just those ways that another one has split, and each of them has to get here.",
        ),
    ),
    Rule(
        "twice-at-once",
        "error",
        twice_at_once,
        ru=(
            "Сюда могут прийти два параллельных пути, и все дальнейшее случится дважды.",
            "Соедините параллельные пути шлюзом «и» до этого места.",
        ),
        en=(
            "Two parallel ways may both come here, and everything behind would happen twice.",
            "Join the parallel ways with a parallel gateway before this place.",
        ),
    ),
    Rule(
        "inclusive-unpaired",
        "error",
        inclusive_unpaired,
        ru=(
            "Шлюзу «и/или» не хватает пары: неясно, кого ждать.",
            "Все пути, которые разделил один шлюз «и/или», соедините одним таким же шлюзом.",
        ),
        en=(
            "The inclusive gateway has no partner: it is not clear whom to wait for.",
            "Join all ways that one inclusive gateway has split with one other of its kind.",
        ),
    ),
    Rule(
        "too-tangled",
        "error",
        too_tangled,
        ru=(
            "Параллельных путей, которые пересекаются, слишком много: проверить все их сочетания нельзя.",
            "Вынесите часть путей в подпроцесс или в отдельный вызываемый процесс.",
        ),
        en=(
            "Too many parallel ways cross each other: their combinations cannot all be checked.",
            "Move some of the ways into a sub-process or into a process that is called.",
        ),
    ),
    Rule(
        "reminder-joins",
        "error",
        reminder_joins,
        ru=(
            "Событие не прерывает задачу, но его путь вливается в основной: «{target}» случится еще раз.",
            "Закончите этот путь своим концом или сделайте событие прерывающим.",
        ),
        en=(
            "The event does not interrupt, yet its way flows into the main one: “{target}” would happen once more.",
            "Let this way end at an end event of its own, or make the event interrupt.",
        ),
    ),
    Rule(
        "reminder-parallel",
        "error",
        reminder_parallel,
        ru=(
            "После события, которое не прерывает задачу, параллельные пути могут смешаться с путями прошлого раза.",
            "Вынесите параллельные шаги в подпроцесс.",
        ),
        en=(
            "Behind an event that does not interrupt, parallel ways may mix with those of the time before.",
            "Move the parallel steps into a sub-process.",
        ),
    ),
)
