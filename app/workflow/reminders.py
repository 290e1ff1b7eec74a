"""Letters about a task that another part may offer to send: assigned, due soon, overdue. Each is a job of its own.

An operation registered under one of these names gets `task` (its id); without one nothing is written. The worker
drops a reminder whose task is closed; when a deadline moves, its reminders are replaced.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.engine import Json
from app.identity.places import Place
from app.workflow import moments, operations
from app.workflow.jobs import Wanted
from app.workflow.models import Job

ASSIGNED = "task.assigned"
DUE_SOON = "task.due_soon"
OVERDUE = "task.overdue"
ALL = (ASSIGNED, DUE_SOON, OVERDUE)

_JOB: Any = Job.__table__
_DROP = sa.delete(_JOB).where(
    _JOB.c.task_id == sa.bindparam("task"), _JOB.c.outcome.is_(None), _JOB.c.lease_until.is_(None)
)
_lead: Callable[[Session], int] = lambda _session: 3  # noqa: E731 - the default of a setting


def lead_by(days: Callable[[Session], int]) -> None:
    """Install the setting that says how many working days before the deadline "due soon" is sent."""
    global _lead
    _lead = days


def of_opened(task_id: str, instance_id: str) -> list[Wanted]:
    """What is sent at once."""
    if not operations.known(ASSIGNED):
        return []
    return [Wanted(ASSIGNED, {"task": task_id}, f"{ASSIGNED}:{task_id}", instance_id, task_id=task_id)]


def of_deadline(session: Session, task_id: str, instance_id: str, due: datetime | None, place: Place) -> list[Wanted]:
    """What is sent before and after the task's date."""
    if due is None:
        return []
    times = {OVERDUE: due}
    if operations.known(DUE_SOON):
        times[DUE_SOON] = soon(session, due, place)
    return [
        Wanted(name, {"task": task_id}, f"{name}:{task_id}:{due:%Y%m%d%H%M}", instance_id, due=at, task_id=task_id)
        for name, at in times.items()
        if operations.known(name)
    ]


def soon(session: Session, due: datetime, place: Place) -> datetime:
    """When "due soon" is sent."""
    moment: Json = {"call": "before", "args": ["due"], "kwargs": {"workdays": _lead(session)}}
    return moments.timer_due(session, moment, due, place, {"due": due}) or due


def drop(session: Session, task_ids: Sequence[str]) -> None:
    """The tasks are closed, or their date moves. One that is being sent at this moment is left alone."""
    if task_ids and any(operations.known(name) for name in ALL):
        session.execute(_DROP, [{"task": task_id} for task_id in task_ids])
