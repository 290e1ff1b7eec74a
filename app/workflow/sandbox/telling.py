"""What would have happened outside: operations asked, letters sent, timers fired – written down, never done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from app.engine import Call, OpenTask
from app.i18n import LOCALES, Text
from app.workflow.sandbox.acts import Answer
from app.workflow.scenarios.playing import body

if TYPE_CHECKING:
    from app.workflow.sandbox.waiting import Reminder
    from app.workflow.sandbox.world import World

SEND = "letters.send"
Kind = Literal["asked", "letter", "timer", "message", "problem"]


class Unfit(Exception):
    """An act that the procedure does not take (any more); why, in both languages."""

    def __init__(self, ru: str, en: str) -> None:
        super().__init__(en)
        self.message = Text(ru, en)


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the sandbox's journal."""

    kind: Kind
    act: int
    """Number of the act it came of, from 1."""
    at: datetime
    process: str
    element: str
    name: str = ""
    """Operation, template of the letter, or message."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    answer: Answer | None = None
    to: tuple[str, ...] = ()
    """Of a letter: names of people, and groups of whom nobody plays."""
    task: OpenTask | None = None
    """Of a letter about a task."""
    due: datetime | None = None
    words: Text | None = None
    immediate: bool = False


def asked(world: "World", call: Call, answer: Answer) -> Told:
    return Told(
        "asked", world.act, world.now, call.process, call.element, call.operation, dict(call.parameters), answer,
        immediate=call.immediate,
    )  # fmt: skip


def letter_of(world: "World", call: Call) -> list[Told]:
    """The letter that a service task would have sent."""
    if call.operation != SEND:
        return []
    given = call.parameters.get("to")
    to = given if isinstance(given, list) else [given]
    there = _body_at(world, call)
    people = tuple(dict.fromkeys(name for one in to if one for name in _addressed(world, str(one), there)))
    name = str(call.parameters.get("letter"))
    return [Told("letter", world.act, world.now, call.process, call.element, name, dict(call.parameters), to=people)]


def assigned(world: "World", task: OpenTask) -> list[Told]:
    """The letter that every task that opens sends, unless the diagram says that it is quiet."""
    element = world.compiled.specification.element(task.process, task.element)
    if element.quiet:
        return []
    folder = world.compiled.specification.processes[task.process].folder
    own = any(f"processes/{folder}/letters/{task.element}.{one}.txt" in world.letters for one in LOCALES)
    return [_about(world, task, task.element if own else "task_assigned")]


def reminded(world: "World", reminder: "Reminder") -> Told:
    return _about(world, world.waiting.tasks[reminder.task].task, reminder.letter)


def _about(world: "World", task: OpenTask, letter: str) -> Told:
    role = world.compiled.specification.element(task.process, task.element).role or ""
    people = (task.person.removeprefix("$"),) if task.person else tuple(holders(world, role, task.organisation))
    standing = world.waiting.tasks.get(task.id)
    due = standing.due if standing else None
    return Told(
        "letter", world.act, world.now, task.process, task.element, letter, to=people or (role,), task=task, due=due
    )


ALSO: Mapping[str, tuple[str, ...]] = {
    "executor": ("executor", "national_secretariat", "representative"),
    "reviewer": ("member", "chair"),
    "coordinators": ("coordinator",),
    "nmis": ("representative",),
    "tc4": ("tc4_secretariat",),
}
"""Groups that letters and lanes name, and the roles of those who play them."""


def holders(world: "World", role: str, organisation: str | None) -> list[str]:
    """Names of those who play that role; in the organisation, where some of them hold it there."""
    wanted = ALSO.get(role, (role,))
    found = [(one, held) for one in world.setting.people for held in one.roles if held.get("role") in wanted]
    there = [(one, held) for one, held in found if organisation and held.get("organisation") == organisation] or found
    first = [one for one, held in there if held.get("role") == "chair"] if role == "reviewer" else []
    return list(dict.fromkeys(one.name for one in first or (one for one, _ in there)))


def _addressed(world: "World", to: str, organisation: str | None) -> list[str]:
    if to.startswith("$") and world.setting.member(to[1:]):
        return [to[1:]]
    return holders(world, to, organisation) or [to]


def _body_at(world: "World", call: Call) -> str | None:
    """The body that is asked where the letter is sent: of an open task of the same called procedure."""
    beside = (one.task for one in world.waiting.tasks.values() if one.task.path == call.path)
    return next((body(task) for task in beside if body(task) is not None), None)
