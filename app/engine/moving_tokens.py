"""Carrying the tokens of an instance over to the nodes of another release, and setting the events that stand beside."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.engine.advance import Budget, Step
from app.engine.events import BoundaryEvent, EventBasedGateway
from app.engine.ledger import LIVE, Ledger
from app.engine.library import BoundaryEventSplit, TaskState
from app.engine.moving_account import Remark, remark
from app.engine.moving_matching import SPLIT, Matching, joins
from app.engine.moving_places import Place
from app.engine.nodes import Node
from app.engine.specification import Element
from app.engine.tokens import Instance, Level, SubLevel, Token


@dataclass(slots=True)
class Carried:
    """An instance on its way: `after` is built beside `before`, which stays as it was."""

    before: Instance
    after: Instance
    origins: dict[str, Token] = field(default_factory=dict)
    """Token id -> the token as it was."""
    gone: list[Token] = field(default_factory=list)
    """Live tokens of `before` that are taken away: events."""
    added: list[Token] = field(default_factory=list)
    refusals: list[Remark] = field(default_factory=list)

    def journal(self) -> list[Step]:
        """What left its place and what came, for the way drawn on the diagram."""
        left = [Step(t.task_spec.element.id, t.task_spec.process, t.id, "cancelled") for t in self.gone]
        renamed: list[Step] = []
        for level in self.after.levels():
            for token in level.live():
                was, now = self.origins.get(token.id), token.task_spec
                if was is not None and now.element.id != was.task_spec.element.id:
                    renamed.append(Step(was.task_spec.element.id, was.task_spec.process, token.id, "cancelled"))
                    renamed.append(Step(now.element.id, now.process, token.id, "entered"))
        return [*left, *renamed, *self.after.ledger.journal]


class Carrier:
    """Carries instances from one release to another; nothing of it is changed by that."""

    def __init__(self, matching: Matching) -> None:
        self._matching = matching

    def carry(self, before: Instance) -> Carried:
        """All tokens in their new places; with refusals, `after` is not whole."""
        process = before.spec.name
        if process not in self._matching.new.processes:
            named = self._matching.old.processes[process].name
            refusal = remark("process", process, None, name_ru=named.ru or process, name_en=named.en or process)
            return Carried(before, before, refusals=[refusal])
        after = Instance(self._matching.new.engine, process, Ledger(Budget()))
        after.end_event = before.end_event
        carried = Carried(before, after)
        tokens: dict[str, Token] = {}
        for level in before.levels():
            target: Level | None = after if level is before else self._below(carried, level, tokens)
            if target is not None:
                self._fill(carried, level, target)
                tokens |= target.tasks
        if not carried.refusals:
            self._stand_beside(carried)
        return carried

    def _below(self, carried: Carried, level: Level, tokens: dict[str, Token]) -> Level | None:
        """The called process or sub-process inside its owner; None where its owner is refused already."""
        owner = tokens.get(level.owner.id) if level.owner else None
        name = self._matching.level(level)
        if owner is None:
            return None
        if name not in self._matching.new.engine:
            carried.refusals.append(remark("process", level.spec.name, None))
            return None
        below = carried.after.subprocesses[owner.id] = SubLevel(self._matching.new.engine[name], owner, carried.after)
        return below

    def _fill(self, carried: Carried, level: Level, target: Level) -> None:
        for token in level.tasks.values():
            carried.origins[token.id] = token
            match = self._matching.match(token, target.spec.name)
            if match.refusal is not None:
                carried.refusals.append(match.refusal)
            elif match.node is None:
                carried.gone.append(token)
            else:
                self._place(token, match.node, target)
        target.task_tree = target.tasks[level.task_tree.id]
        target.completed = level.completed
        target.data = dict(level.data) if level.completed else target.data

    def _place(self, token: Token, node: Node, level: Level) -> None:
        parent = level.tasks.get(token._parent) if token._parent is not None else None
        placed = Token.__new__(Token)
        placed.id, placed.workflow, placed.task_spec, placed._state = token.id, level, node, token._state
        placed._parent, placed._children = parent and parent.id, []
        placed.data, placed.internal_data = dict(token.data), dict(token.internal_data)
        if "flow" in placed.internal_data:
            placed.internal_data["flow"] = self._matching.flow(token.task_spec.process, token)
        if parent is not None:
            parent._children.append(placed.id)
        level.tasks[placed.id] = placed

    def _stand_beside(self, carried: Carried) -> None:
        """Set the events that the new release has beside what waits now, and that the old one did not have there."""
        for level in list(carried.after.levels()):
            for token in level.live():
                if token.task_spec.guarded and token.id in carried.origins:
                    self._guard(carried, level, token)
            for gateway in [t for t in level.tasks.values() if isinstance(t.task_spec, EventBasedGateway)]:
                self._race(carried, level, gateway)

    def _guard(self, carried: Carried, level: Level, host: Token) -> None:
        was = carried.origins[host.id].task_spec
        old = _attached(self._matching.old.processes[was.process].elements, was.element.id)
        new = _attached(self._matching.new.processes[was.process].elements, host.task_spec.element.id)
        wanted = self._not_known(carried, was.process, old, new)
        if not wanted:
            return
        split = host.parent
        if not isinstance(split.task_spec, BoundaryEventSplit) or split.task_spec.name != _split_of(host):
            split = _put_split_before(level, host)
        for element in wanted:
            self._arm(carried, level, split, element)

    def _race(self, carried: Carried, level: Level, gateway: Token) -> None:
        """The events of which the first ends the others."""
        was = carried.origins[gateway.id]
        waiting = [one for one in was.children if one._state in LIVE]
        if not waiting:
            return
        left = [one for one in waiting if one.id in level.tasks]
        if not left:
            element = waiting[0].task_spec.element
            carried.refusals.append(remark("removed", waiting[0].task_spec.process, element))
            return
        process = was.task_spec.process
        old = _behind(self._matching.old.processes[process].elements, was.task_spec.element)
        new = _behind(self._matching.new.processes[process].elements, gateway.task_spec.element)
        for element in self._not_known(carried, process, old, new):
            self._arm(carried, level, gateway, element)

    def _not_known(self, carried: Carried, process: str, old: list[Element], new: list[Element]) -> list[Element]:
        """Those that were not there before. One that has happened already is not set again."""
        replaced = {token.task_spec.element.id for token in carried.gone}
        known = set()
        for element in old:
            now = self._matching.element(process, element.id)
            kinds = {(one.event.kind if one.event else None) for one in (element, now) if one is not None}
            if now in new and len(kinds) == 1 and element.id not in replaced:
                known.add(self._matching.name(process, element.id))
        return [element for element in new if element.id not in known]

    def _arm(self, carried: Carried, level: Level, parent: Token, element: Element) -> None:
        node: Node = level.spec.task_specs[element.id]
        event = Token(level, node, parent)
        node._update(event)
        carried.added.append(event)
        if event._state == TaskState.ERROR:
            problem = event.problem()
            given = {"detail_ru": problem.message.ru, "detail_en": problem.message.en}
            carried.refusals.append(remark("expression", problem.process or "", element, **given))


def standing(level: Level) -> Counter[Place]:
    """Where the tokens of a level rest: each activity with all that stands beside it is one place."""
    found: Counter[Place] = Counter()
    races = set()
    for token in level.live():
        node, parent = token.task_spec, token.parent
        if isinstance(node, BoundaryEvent) and token._state in (TaskState.WAITING, TaskState.ERROR):
            continue
        if node.body is not None or not node.element.id:
            continue
        if isinstance(parent.task_spec, EventBasedGateway):
            races.add(parent.id)
        elif joins(node) and "flow" in token.internal_data:
            found["on", token.internal_data["flow"]] += 1
        else:
            found["at", node.element.id] += 1
    for gateway in races:
        found["at", level.tasks[gateway].task_spec.element.id] += 1
    return found


def _split_of(host: Token) -> str:
    return host.task_spec.element.id + SPLIT


def _put_split_before(level: Level, host: Token) -> Token:
    """The library's construction of an activity with events, put up around one that waits already."""
    parent: Token = host.parent
    split = Token(level, level.spec.task_specs[_split_of(host)], parent)
    split._state, split.data = TaskState.COMPLETED, dict(host.data)
    parent._children.remove(host.id)
    host._parent, split._children = split.id, [host.id]
    order = [token for token in level.tasks.values() if token is not split]
    order.insert(order.index(host), split)
    level.tasks = {token.id: token for token in order}
    return split


def _attached(elements: Mapping[str, Element], host: str) -> list[Element]:
    return [element for element in elements.values() if element.attached_to == host]


def _behind(elements: Mapping[str, Element], gateway: Element) -> list[Element]:
    return [elements[elements[flow].target or ""] for flow in gateway.outgoing]
