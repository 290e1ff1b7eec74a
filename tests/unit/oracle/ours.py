"""Our engine, driven by the acts of the token game."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from app.engine import Advance, Call, Run, Snapshot, Specification, restore, start
from tests.oracle import Act

Asked = tuple[str, tuple[str, ...], tuple[int, ...]]
"""Verb, path of elements down to the one that waits, numbers of the repeated instances on the way."""


def asked(act: Act) -> Asked:
    """The act as both engines can name it. A timer or a receiver stands in no instance of its own."""
    return act.verb, tuple(name for name, _ in act.place), tuple(index for _, index in act.place if index is not None)


class Ours:
    """A run of our engine. `known` are the ids it has told of and not taken back; they must be those that wait."""

    def __init__(self, spec: Specification, run: Run, repeated: frozenset[str], known: frozenset[str]) -> None:
        self.spec = spec
        self.run = run
        self.repeated = repeated
        self.known = known
        self.snapshot: Snapshot = run.snapshot()

    @classmethod
    def start(cls, spec: Specification, process: str, data: Mapping[str, list[int]]) -> "Ours":
        run = start(spec, process, dict(data))  # type: ignore[arg-type]  # a list of int is JSON, only invariant
        repeated = frozenset(name.removeprefix("list_") for name in data)
        ours = cls(spec, run, repeated, frozenset())
        ours.known = told(ours.known, run.advance)
        return ours

    def restored(self) -> "Ours":
        return Ours(self.spec, restore(self.spec, self.run.save()), self.repeated, self.known)

    def waiting(self) -> dict[str, Asked]:
        """What each id waits for."""
        found: dict[str, Asked] = {}
        for task in self.snapshot.open_tasks:
            path = (*task.path, task.element)
            items = tuple(task.data[f"item_{name}"] for name in path if name in self.repeated)
            found[task.id] = ("complete", path, items)  # type: ignore[assignment]  # items are whole numbers
        for call in self.snapshot.calls:
            found[call.id] = ("complete", (*call.path, call.element), tuple(call.parameters["items"]))  # type: ignore[arg-type]
            items = found[call.id][2]
            found |= {f"{call.id} {name}": ("fail", (*call.path, name), items) for name in self._catching(call)}
        for timer in self.snapshot.timers:
            above = [name for name in timer.path if name in self.repeated]
            found[timer.id] = ("fire", (*timer.path, timer.element), _numbers(timer.expression, len(above)))
        for one in self.snapshot.receivers:
            found[one.id] = ("receive", (*one.path, one.element), ())
        return found

    def _catching(self, call: Call) -> list[str]:
        """The error events on the boundary of a call; nothing else tells that they wait."""
        elements = self.spec.processes[call.process].elements.values()
        return [e.id for e in elements if e.attached_to == call.element and e.event and e.event.kind == "error"]

    def known_waiting(self) -> set[str]:
        """The ids that a caller has to know of."""
        return {name for name in self.waiting() if " " not in name}

    def marking(self) -> tuple[bool, Counter[Asked]]:
        return self.run.ended, Counter(self.waiting().values())

    def do(self, act: Act, values: Mapping[str, int]) -> Advance:
        wanted = asked(act)
        found = next(name for name, waits in self.waiting().items() if waits == wanted)
        acting: dict[str, Callable[[], Advance]] = {
            "fire": lambda: self.run.fire(found),
            "receive": lambda: self._receive(found),
            "fail": lambda: self.run.fail(found.partition(" ")[0], "refused", "the operation is refused"),
        }
        if act.verb == "complete":
            calls = {call.id for call in self.snapshot.calls}
            acting["complete"] = lambda: (
                self.run.answer(found, None) if found in calls else self.run.complete(found, values)
            )
        advance = acting[act.verb]()
        self.snapshot = self.run.snapshot()
        acted = found.partition(" ")[0]
        self.known = told(self.known - {acted}, advance) | ({acted} & self.known_waiting())
        return advance

    def _receive(self, receiver: str) -> Advance:
        name = next(one.name for one in self.snapshot.receivers if one.id == receiver)
        return self.run.receive(name, None, None)


def _numbers(expression: Any, count: int) -> tuple[int, ...]:
    """The instances that a generated timer's number names, one digit each."""
    return tuple(int(digit) for digit in str(expression["args"][0]).zfill(count)) if count else ()


def told(known: frozenset[str], advance: Advance) -> frozenset[str]:
    opened = {task.id for task in advance.tasks} | {call.id for call in advance.calls}
    opened |= {timer.id for timer in advance.timers} | {receiver.id for receiver in advance.receivers}
    closed = {one.id for one in advance.closed}
    gone = {*advance.cancelled_calls, *advance.cancelled_timers, *advance.cancelled_receivers}
    return (known | opened) - closed - gone
