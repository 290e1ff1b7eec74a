"""Which of several equal tasks or timers is meant: engine's ids change from play to play, these references do not."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.engine import OpenTask, Snapshot, Timer
from app.workflow.sandbox.acts import Act
from app.workflow.sandbox.telling import Unfit
from app.workflow.scenarios.playing import body, label


@dataclass(frozen=True, slots=True)
class Reference:
    """As `of` and `nr` of a scenario's step."""

    of: str | None
    nr: int


def of_task(task: OpenTask, every: Sequence[OpenTask]) -> Reference:
    same = [one for one in every if one.element == task.element and body(one) == body(task)]
    place = next(number for number, one in enumerate(same, 1) if one.id == task.id)
    return Reference(body(task), place if len(same) > 1 else 0)


def of_timer(timer: Timer, snapshot: Snapshot) -> Reference:
    tasks = {task.id: task for task in snapshot.open_tasks}
    of = body(tasks.get(timer.task or ""))
    same = [one for one in snapshot.timers if one.element == timer.element and body(tasks.get(one.task or "")) == of]
    place = next(number for number, one in enumerate(same, 1) if one.id == timer.id)
    return Reference(of, place if len(same) > 1 else 0)


def pick(tasks: Sequence[OpenTask], act: Act) -> OpenTask:
    """As the scenarios' player picks. Raises Unfit with what is open instead."""
    found = [task for task in tasks if task.element == act.name and act.of in (None, body(task))]
    found = [task for task in found if len(found) == 1 or act.nr or task.person == f"${act.by}"]
    found = found[act.nr - 1 : act.nr] if act.nr else found
    if len(found) != 1:
        here = ", ".join(sorted(map(label, tasks))) or "–"
        raise Unfit(
            f"задача «{act.name}» не открыта; открыты: {here}", f"the task “{act.name}” is not open; open are: {here}"
        )
    return found[0]
