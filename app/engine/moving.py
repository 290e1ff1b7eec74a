"""Moving a running instance to another release: planned as a whole on a copy, or refused as a whole.

Every token that lives goes to the step of the same id and kind in the same process and sub-process, or to the one that
the caller names for it; events beside what waits now are set or taken away. Four things are asked then: whether an
instance begun in the new release could stand just there (`moving_places`), whether every step can still ask for what
it asks for, whether steps to come find the variables that others were to write for them (`moving_names`), and whether
the new state is read as it was written. Loops, repetitions and called processes need no rule of their own: a state
holds no past, only tokens.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.engine.advance import Advance, Budget, Receiver, Snapshot, Timer
from app.engine.advancing import is_asking, look
from app.engine.faults import explain
from app.engine.ledger import Ledger
from app.engine.moving_account import Item, Move, Remark, remark
from app.engine.moving_items import account
from app.engine.moving_matching import Matching, stands_beside
from app.engine.moving_matching import Names as Renamed
from app.engine.moving_names import Names
from app.engine.moving_places import Net
from app.engine.moving_tokens import Carried, Carrier, standing
from app.engine.pruning import prune
from app.engine.specification import Element, Specification
from app.engine.state import dump, load
from app.engine.tokens import Instance, Level, Token

__all__ = ["Item", "Move", "Passage", "Remark", "plan"]


class Passage:
    """The way from one release to another, for any number of instances; what it finds out is remembered.

    `names`: (process, element of the old release) -> element of the new one, where an id has changed.
    """

    def __init__(self, old: Specification, new: Specification, names: Renamed | None = None) -> None:
        self._old = old
        self._new = new
        self._matching = Matching(old, new, names or {})
        self._carrier = Carrier(self._matching)
        self._nets: dict[str, Net] = {}
        self._names = Names(old), Names(new)

    def plan(self, state: bytes) -> Move:
        """What the move would do to the instance with this state of the old release."""
        try:
            before = load(self._old.engine, state, Ledger(Budget()))
            waited = look(before)
        except Exception:  # a state that its own release cannot read is no matter of moving
            return Move(None, refusals=(remark("unreadable", "", None),))
        carried = self._carrier.carry(before)
        refusals = [*carried.refusals]
        if not refusals:
            refusals += self._unasked(carried.after)
            refusals += self._misplaced(carried)
        warnings: list[Remark] = []
        if not refusals:
            refusals, warnings = self._unwritten(carried)
        if refusals:
            return Move(None, account(self._matching, carried, waited, None), _once(refusals), tuple(warnings))
        return self._moved(carried, waited, warnings)

    def _moved(self, carried: Carried, waited: Snapshot, warnings: list[Remark]) -> Move:
        after = carried.after
        journal = carried.journal()
        prune(after.levels())
        waits = look(after)
        state = dump(after)
        if waits != look(load(self._new.engine, state, Ledger(Budget()))):
            return Move(None, refusals=(remark("unequal", after.spec.name, None),))
        added = [token.request for token in carried.added if token.request is not None]
        gone = {kind: tuple(t.id for t in carried.gone if t.task_spec.asks_for is kind) for kind in (Timer, Receiver)}
        advance = Advance(
            timers=tuple(one for one in added if isinstance(one, Timer)),
            cancelled_timers=gone[Timer],
            receivers=tuple(one for one in added if isinstance(one, Receiver)),
            cancelled_receivers=gone[Receiver],
            journal=tuple(journal),
        )
        items = account(self._matching, carried, waited, waits)
        return Move(state, items, (), _once(warnings), advance, waits)

    def _unasked(self, after: Instance) -> Iterator[Remark]:
        """Steps that cannot ask in the new release for what they ask for."""
        for token in (token for level in after.levels() for token in level.tasks.values() if is_asking(token)):
            try:
                token.task_spec.ask(token)
            except Exception as error:  # whatever it is, the step would fail when it is asked again
                message, _ = explain(error)
                node = token.task_spec
                yield remark("expression", node.process, node.element, detail_ru=message.ru, detail_en=message.en)

    def _misplaced(self, carried: Carried) -> Iterator[Remark]:
        for level in carried.after.levels():
            if level.completed:
                continue
            places = standing(level)
            verdict = self._net(level).can_stand(places)
            if verdict != "can":
                process, _, _ = str(level.spec.name).partition("/")
                elements = self._new.processes[process].elements
                named = [elements[one] for _, one in sorted(places)]
                first = next((one for one in named if one.kind != "sequenceFlow"), None)
                yield remark(
                    "unreachable" if verdict == "cannot" else "tangled",
                    process,
                    first,
                    name_ru=", ".join(f"«{_ended(elements, one).name.ru or one.id}»" for one in named),
                    name_en=", ".join(f"“{_ended(elements, one).name.en or one.id}”" for one in named),
                )

    def _net(self, level: Level) -> Net:
        name = str(level.spec.name)
        if name not in self._nets:
            process, _, element = name.partition("/")
            self._nets[name] = Net(self._new.processes[process], level.spec, element or None)
        return self._nets[name]

    def _unwritten(self, carried: Carried) -> tuple[list[Remark], list[Remark]]:
        refusals: list[Remark] = []
        warnings: list[Remark] = []
        for level in carried.after.levels():
            for token in level.live():
                if token.id in carried.origins and token.task_spec.element.id and token.task_spec.body is None:
                    for serious, found in self._missed(carried, level, token):
                        (refusals if serious else warnings).append(found)
        return refusals, warnings

    def _missed(self, carried: Carried, level: Level, token: Token) -> Iterator[tuple[bool, Remark]]:
        """Variables that a step ahead reads, that are not there, and that nobody writes on some way to it."""
        old, new = self._names
        process, _, parent = str(level.spec.name).partition("/")
        within, here = parent or None, token.task_spec.element
        last = _returned(level)
        others = [other for other in level.live() if other is not token and _runs_beside(carried, other)]
        there = token.data.keys() | set().union(*(other.data.keys() for other in others))
        there |= set().union(*(new.written_after(process, other.task_spec.element.id) for other in others))
        for name in sorted((new.read(process, within) | last) - there):
            reader = new.missed_from(process, here.id, name, last)
            if reader is None:
                continue
            was = carried.origins[token.id].task_spec
            if old.missed_from(was.process, was.element.id, name, _returned(carried.origins[token.id].workflow)):
                continue
            given = level.owner is not None and name in _given(level.owner)
            serious = given or new.missed_from_start(process, within, name, last) is None
            element = self._new.processes[process].elements[reader]
            yield serious, remark("variable" if serious else "variable_perhaps", process, element, variable=name)


def plan(old: Specification, new: Specification, state: bytes, names: Renamed | None = None) -> Move:
    """The plan for one instance; many of them are planned by one Passage."""
    return Passage(old, new, names).plan(state)


def _runs_beside(carried: Carried, token: Token) -> bool:
    """Whether it is on a way of its own; an event beside a step is a way on of that step."""
    return bool(token.task_spec.element.id) and token.id in carried.origins and not stands_beside(token)


def _returned(level: Level) -> frozenset[str]:
    """Names that whoever called the level reads when it has ended."""
    owner: Any = level.owner.task_spec if level.owner is not None else None
    returned = owner.returned if owner is not None else None
    return frozenset().union(*(one.names.data for one in returned.values())) if returned else frozenset()


def _given(owner: Token) -> set[str]:
    node: Any = owner.task_spec
    given = set(node.inputs or ())
    return given | ({node.body.item} if node.body is not None else set())


def _ended(elements: Mapping[str, Element], one: Element) -> Element:
    """For a flow, the join it leads to: flows have no names that people know."""
    return elements[one.target or ""] if one.kind == "sequenceFlow" else one


def _once(remarks: list[Remark]) -> tuple[Remark, ...]:
    """In order, each once."""
    return tuple(dict.fromkeys(remarks))
