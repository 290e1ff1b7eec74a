"""Deadlines: by when somebody is expected to act. One row moves the timers, the reminders and the overdue mark.

The date stands on the working-day calendar of whoever must act. It does not move when a task is passed on; it moves
only when a person extends it or stops the clock, with a reason that the evidence keeps. Whether that person may is
asked in `tasks`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.evidence import record
from app.audit.kinds import Kind
from app.engine import Json
from app.errors import N_, Conflict, Invalid, NotFound
from app.identity import calendars
from app.identity.places import Place
from app.workflow import jobs, moments, reminders
from app.workflow.models import Deadline, Instance, Task, Timer

OWN = "due"
"""Name of the deadline that the `due` of a task makes."""


def make(
    session: Session, instance_id: str, task_id: str, wanted: Mapping[str, Json], place: Place
) -> tuple[list[Deadline], list[str]]:
    """The task's deadlines, added to the session, and a sentence for each that names no moment."""
    made, faults, now = [], [], clock.now()
    for name, expression in wanted.items():
        if expression is None:
            continue
        try:
            due = moments.deadline_due(session, expression, now, place)
        except moments.Unresolvable as error:
            faults.append(f"{name}: {error}")
            continue
        row = Deadline(instance_id=instance_id, task_id=task_id, name=name, country=place.country, zone=place.zone)
        row.due = row.first_due = due
        made.append(row)
    session.add_all(made)
    return made, faults


def shown(deadlines: Sequence[Deadline]) -> datetime | None:
    """The date of a task: its own `due`, else the first of its named deadlines; None while the clock is stopped."""
    own = [one for one in deadlines if one.name == OWN] or list(deadlines)
    running = [one.due for one in own if one.stopped_at is None]
    return min(running, default=None)


_OF_TASK = sa.select(Deadline).where(Deadline.task_id == sa.bindparam("task")).order_by(Deadline.due)


def of_task(session: Session, task_id: str) -> list[Deadline]:
    return list(session.scalars(_OF_TASK, {"task": task_id}))


def beside(session: Session, deadline_id: str) -> list[Deadline]:
    """The deadline and the others of its task; none where it is gone."""
    found = session.get(Deadline, deadline_id)
    return of_task(session, found.task_id) if found is not None else []


def drop(session: Session, task_ids: Sequence[str]) -> None:
    """Nobody is waited for any more; what was agreed stands in the evidence and on the task."""
    if task_ids:
        session.execute(sa.delete(Deadline).where(Deadline.task_id.in_(task_ids)))


def extend(session: Session, deadline_id: str, until: date, by: str, reason: str) -> None:
    """Move the deadline to the end of that day. Raises Invalid without a reason or for a day that is over."""
    deadline = _find(session, deadline_id, reason)
    due = calendars.end_of_day(until, deadline.zone)
    if due <= clock.now():
        raise Invalid(N_("The new deadline has already passed."))
    if deadline.stopped_at is not None:
        raise Conflict(N_("The clock is stopped: start it again first."))
    before, deadline.due = deadline.due, due
    _follow(session, deadline)
    _record(session, deadline, Kind.DEADLINE_EXTENDED, by, reason, {"from": before.isoformat()})


def stop_clock(session: Session, deadline_id: str, by: str, reason: str) -> None:
    """Nothing runs against this deadline until `start_clock`; the working days left are kept."""
    deadline = _find(session, deadline_id, reason)
    if deadline.stopped_at is not None:
        raise Conflict(N_("The clock is stopped already."))
    deadline.stopped_at = clock.now()
    today = clock.today(deadline.zone)
    last = deadline.due.astimezone(ZoneInfo(deadline.zone)).date()
    deadline.remaining = max(calendars.workdays_between(session, deadline.country, today, last), 0)
    _follow(session, deadline)
    _record(session, deadline, Kind.DEADLINE_CLOCK_STOPPED, by, reason, {"remaining": deadline.remaining})


def start_clock(session: Session, deadline_id: str, by: str, reason: str) -> None:
    """The days that were left begin to run again today."""
    deadline = _find(session, deadline_id, reason)
    if deadline.stopped_at is None:
        raise Conflict(N_("The clock is running already."))
    day = calendars.add_workdays(session, deadline.country, clock.today(deadline.zone), deadline.remaining or 0)
    deadline.due = calendars.end_of_day(day, deadline.zone)
    deadline.stopped_at = deadline.remaining = None
    _follow(session, deadline)
    _record(session, deadline, Kind.DEADLINE_CLOCK_STARTED, by, reason, {})


def running(deadlines: Sequence[Deadline]) -> dict[str, datetime | None]:
    """Name -> moment, None while stopped: what timers are resolved with."""
    return {one.name: None if one.stopped_at else one.due for one in deadlines}


def _find(session: Session, deadline_id: str, reason: str) -> Deadline:
    if not reason.strip():
        raise Invalid(N_("Give a reason: it is kept with the deadline."))
    owner = sa.select(Deadline.instance_id).where(Deadline.id == deadline_id).scalar_subquery()
    session.execute(sa.select(Instance.id).where(Instance.id == owner).with_for_update())
    found = session.get(Deadline, deadline_id, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def _follow(session: Session, deadline: Deadline) -> None:
    """Let the task's date, its reminders and the timers that depend on the deadline move with it."""
    session.flush()
    place = Place(deadline.country, deadline.zone)
    all_of_task = of_task(session, deadline.task_id)
    due = shown(all_of_task)
    session.execute(sa.update(Task).where(Task.id == deadline.task_id).values(due=due))
    reminders.drop(session, [deadline.task_id])
    wanted = reminders.of_deadline(session, deadline.task_id, deadline.instance_id, due, place)
    jobs.enqueue_all(session, wanted)
    for timer in session.scalars(sa.select(Timer).where(Timer.deadline_id == deadline.id)):
        moment = moments.timer_due(session, timer.expression, timer.set_at, place, running(all_of_task))
        timer.due = moment
    session.flush()


def _record(session: Session, deadline: Deadline, kind: Kind, by: str, reason: str, body: Mapping[str, Json]) -> None:
    facts = {"task": deadline.task_id, "name": deadline.name, "due": deadline.due.isoformat(), **body}
    record(session, "instance", deadline.instance_id, kind, by, facts, {"reason": reason}, by)
