"""From what the engine said to rows: the tasks, deadlines, timers, jobs, receivers and incidents of one step.

The step's transaction carries them all. Nothing here acts on the world and nothing runs the engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.engine import Advance, Json, OpenTask, Specification
from app.engine import Timer as SetTimer
from app.identity.calendars import Place, place_of
from app.workflow import deadlines, drafts, incidents, jobs, messages, moments, operations, reminders
from app.workflow.jobs import Wanted
from app.workflow.models import Deadline, Instance, Receiver, Task, Timer


@dataclass(slots=True)
class Step:
    """One step being written down."""

    session: Session
    instance: Instance
    specification: Specification
    change: Advance
    now: datetime
    by: str | None
    """Person who completed a task by it; None for the worker and for starts."""
    completed: str | None = None
    """The task that person completed."""
    wanted: list[Wanted] = field(default_factory=list)
    deadlines: dict[str, list[Deadline]] = field(default_factory=dict)
    """By engine task, those that opened in this step."""


def write(step: Step) -> None:
    """Store everything that the step changed, in few statements: those for kinds that it does not contain are spared."""
    change, session = step.change, step.session
    _close_tasks(step)
    if change.tasks:
        session.execute(sa.insert(Task), [_task_row(step, task) for task in change.tasks])
    if change.timers or change.cancelled_timers:
        _write_timers(step)
    if change.receivers or change.cancelled_receivers:
        _write_receivers(step)
    step.wanted += [_call(step.instance, call.id, call.operation, call.parameters) for call in change.calls]
    jobs.cancel(session, change.cancelled_calls)
    jobs.enqueue_all(session, step.wanted)
    messages.send_all(session, step.instance.id, change.sent)
    incidents.open_all(session, step.instance.id, change.problems)
    if change.ended:
        _clear(step)


def _close_tasks(step: Step) -> None:
    closed = step.change.closed
    if not closed:
        return
    ids = [task.id for task in closed]
    done = [task.id for task in closed if task.how == "completed"]
    others = [task.id for task in closed if task.how != "completed"]
    for group, by in ((done, step.by), (others, None)):
        if group:
            values = {"closed_at": step.now, "closed_by": by, "revision": Task.revision + 1}
            step.session.execute(sa.update(Task).where(Task.id.in_(group)).values(values))
    drafts.drop_all(step.session, [drafts.of_task(task_id) for task_id in ids])
    deadlines.drop(step.session, ids)
    reminders.drop(step.session, ids)
