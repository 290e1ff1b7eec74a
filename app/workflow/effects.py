"""From what the engine said to rows: the tasks, deadlines, timers, jobs, receivers and incidents of one step.

The step's transaction carries them all. Nothing here acts on the world and nothing runs the engine.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.engine import Advance, OpenTask, Specification
from app.engine import Timer as NewTimer
from app.identity.places import Place, place_of
from app.workflow import deadlines, drafts, incidents, jobs, messages, moments, reminders
from app.workflow.inbox_reach import pool_of
from app.workflow.jobs import Wanted
from app.workflow.models import Deadline, Instance, Receiver, Task, Timer

# Statements of every step are built once: building them costs more than running them.
_TASK: Any = Task.__table__
_OPEN = sa.insert(_TASK)
_CLOSE = (
    sa.update(_TASK)
    .where(_TASK.c.id == sa.bindparam("task"), _TASK.c.closed_at.is_(None))
    .values(
        closed_at=sa.bindparam("at", type_=_TASK.c.closed_at.type),
        closed_by=sa.bindparam("by"),
        pool=None,
        revision=_TASK.c.revision + 1,
    )
    .returning(_TASK.c.process, _TASK.c.element, _TASK.c.due)
)


@dataclass(slots=True)
class Step:
    """One step being written down."""

    session: Session
    instance: Instance
    specification: Specification
    change: Advance
    now: datetime
    person: str | None = None
    """Who completed a task by it; None for the worker and for starts."""
    again: bool = False
    """A retry: what failed may ask anew under its old id."""
    jobs: list[Wanted] = field(default_factory=list)
    dates: dict[str, str] = field(default_factory=dict)
    """Task -> ISO moment by which it is to be done."""
    places: dict[str, Place] = field(default_factory=dict)
    """By engine task: where the deadlines and timers of tasks that opened in this step count."""


def write(step: Step) -> None:
    """Store all that the step changed; what it does not contain costs no statement. Fills `step.dates`."""
    change, session, instance = step.change, step.session, step.instance
    if step.again and change.tasks:
        session.execute(sa.delete(Task).where(Task.id.in_([task.id for task in change.tasks])))
    if change.closed or change.problems:
        _close_tasks(step)
    if change.tasks:
        session.execute(_OPEN, [_open_task(step, task) for task in change.tasks])
    if change.cancelled_timers:
        session.execute(sa.delete(Timer).where(Timer.id.in_(change.cancelled_timers)))
    for timer in change.timers:
        _set_timer(step, timer)
    if change.receivers or change.cancelled_receivers:
        _write_receivers(step)
    jobs.cancel(session, change.cancelled_calls)
    step.jobs += [
        Wanted(call.operation, call.parameters, call.key, instance.id, call=call.id, queue=instance.id)
        for call in change.calls
    ]
    jobs.enqueue_all(session, step.jobs)
    messages.send_all(session, change.sent)
    incidents.open_for(session, instance.id, change.problems)


def _close_tasks(step: Step) -> None:
    """Also those that failed when they were left: they ask nobody until they are retried."""
    closed = {task.id: step.person if task.how == "completed" else None for task in step.change.closed}
    closed |= {problem.task: step.person for problem in step.change.problems if problem.task}
    dated = []
    for task_id, by in closed.items():
        row = step.session.execute(_CLOSE, {"task": task_id, "at": step.now, "by": by}).one_or_none()
        if row is not None:
            drafts.drop_all(step.session, drafts.of_task(task_id))
            element = step.specification.element(row.process, row.element)
            if element.due or element.deadlines or row.due is not None:  # a moved task keeps the dates it had
                dated.append(task_id)
    deadlines.drop(step.session, dated)
    reminders.drop(step.session, list(closed))


def _open_task(step: Step, task: OpenTask) -> dict[str, Any]:
    element = step.specification.element(task.process, task.element)
    return {
        "id": task.id,
        "instance_id": step.instance.id,
        "process": task.process,
        "element": task.element,
        "role": element.role,
        "organisation": task.organisation,
        "pool": pool_of(element.role, task.organisation),
        "person": task.person,
        "exclude": list(task.exclude) or None,
        "subject": task.subject or step.instance.subject,
        "title": task.title,
        "due": _open_deadlines(step, task),
        "opened_at": step.now,
        "revision": 0,
    }


def _open_deadlines(step: Step, task: OpenTask) -> datetime | None:
    """The task's date; its deadlines are stored and its reminders wanted."""
    step.jobs += reminders.of_opened(task.id, step.instance.id)
    wanted = {**task.deadlines, **({deadlines.OWN: task.due} if task.due is not None else {})}
    if not wanted:
        return None
    place = step.places[task.id] = place_of(step.session, task.organisation, task.person)
    made, faults = deadlines.make(step.session, step.instance.id, task.id, wanted, place)
    for fault in faults:
        _undated(step, task.id, task.element, fault)
    due = deadlines.shown(made)
    if due is not None:
        step.dates[task.id] = due.isoformat()
    step.jobs += reminders.of_deadline(step.session, task.id, step.instance.id, due, place)
    return due


def _set_timer(step: Step, timer: NewTimer) -> None:
    scope = _scope(step, timer)
    by_name: dict[str, Deadline] = {one.name: one for one in scope}
    place = step.places.get(timer.task or "") or _place_of(step, scope)
    due = None
    try:
        running = deadlines.running(scope)
        due = moments.timer_due(step.session, timer.expression, step.now, place, running)
    except moments.Unresolvable as error:
        _undated(step, timer.id, timer.element, str(error))
    followed = by_name.get(moments.depends_on(timer.expression) or "")
    row = {"set_at": step.now, "due": due, "kind": timer.kind, "country": place.country, "zone": place.zone}
    deadline_id = followed.id if followed else None
    step.session.add(
        Timer(
            id=timer.id,
            instance_id=step.instance.id,
            element=timer.element,
            expression=timer.expression,
            deadline_id=deadline_id,
            **row,
        )
    )
    step.session.flush()


def _scope(step: Step, timer: NewTimer) -> list[Deadline]:
    """The deadlines of the activity on which the timer sits; those of a call are made when a timer first needs them."""
    name = moments.depends_on(timer.expression)
    if timer.task is None or name is None:
        return []
    scope = deadlines.of_task(step.session, timer.task)
    if name in timer.deadlines and not any(one.name == name for one in scope):
        made, faults = deadlines.make(
            step.session, step.instance.id, timer.task, {name: timer.deadlines[name]}, _place_of(step, scope)
        )
        scope += made
        for fault in faults:
            _undated(step, timer.id, timer.element, fault)
    return scope


def _place_of(step: Step, scope: list[Deadline]) -> Place:
    return Place(scope[0].country, scope[0].zone) if scope else place_of(step.session)


def _undated(step: Step, task_id: str, element: str, detail: str) -> None:
    """No date can be computed: the diagram waits for a person instead of waiting for ever in silence."""
    about = incidents.About(task_id, element)
    incidents.open_one(step.session, step.instance.id, "timer", incidents.NO_MOMENT, detail, about)


def _write_receivers(step: Step) -> None:
    session, change = step.session, step.change
    if change.cancelled_receivers:
        session.execute(sa.delete(Receiver).where(Receiver.id.in_(change.cancelled_receivers)))
    for one in change.receivers:
        session.add(Receiver(id=one.id, instance_id=step.instance.id, name=one.name, key=one.key, since=step.now))
        session.flush()
        messages.look_for(session, one.name, one.key)
