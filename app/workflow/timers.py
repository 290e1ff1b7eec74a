"""Timers: rows that come due. Firing is one transaction with what it leads to, so a timer fires once or not yet."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.engine import Advance, Run
from app.i18n import Text
from app.identity.places import Place
from app.workflow import incidents, instances, moments, standstill
from app.workflow.models import Instance, Timer
from app.workflow.trail import Cause

MOST_ATTEMPTS = 5
CANNOT_FIRE = Text(
    "Таймер сработал, но процедура не смогла продолжиться. Устраните причину и повторите.",
    "The timer has come, but the procedure could not go on. Remove the cause and retry.",
)


def take_due(session: Session) -> tuple[Timer, Instance] | None:
    """The timer that is longest due and that nobody else is firing, locked together with its instance."""
    if standstill.is_on(session):
        return None
    query = (
        sa.select(Timer, Instance)
        .join(Instance, Instance.id == Timer.instance_id)
        .where(Timer.due <= clock.now(), Instance.status == instances.RUNNING)
        .order_by(Timer.due, Timer.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = session.execute(query.execution_options(populate_existing=True)).one_or_none()
    return (row[0], row[1]) if row else None


def fire(session: Session, timer: Timer, instance: Instance) -> None:
    """The moment has come. A cycle gets its next moment, which lies ahead: those that were missed count as this one."""
    due, place = timer.due, Place(timer.country, timer.zone)
    goes_on = False

    def strike(run: Run) -> Advance:
        nonlocal goes_on
        change = run.fire(timer.id)
        goes_on = timer.kind == "cycle" and any(one.id == timer.id for one in run.snapshot().timers)
        return change

    cause = Cause(Kind.TIMER_FIRED, "system:timer", {"timer": timer.id, "element": timer.element})
    change = instances.step(session, instance, strike, cause)
    if goes_on and due is not None and timer.id not in change.cancelled_timers:
        timer.due, timer.attempts = _following(session, timer, due, place), 0
    else:
        session.execute(sa.delete(Timer).where(Timer.id == timer.id))
    session.flush()


def _following(session: Session, timer: Timer, due: datetime, place: Place) -> datetime | None:
    """The next moment of a cycle; an incident where the diagram gives none."""
    detail = "the expression gives no repetition"
    try:
        following = moments.next_in_cycle(session, timer.expression, due, clock.now(), place)
    except moments.Unresolvable as error:
        following, detail = None, str(error)
    if following is None:
        about = incidents.About(timer.id, timer.element)
        incidents.open_one(session, timer.instance_id, "timer", incidents.NO_MOMENT, detail, about)
    return following


def put_off(session: Session, timer_id: str, failure: Exception) -> None:
    """Firing failed by a fault of the program: try again, a little later each time, then ask a person."""
    if isinstance(failure, instances.Damaged):
        instances.quarantine(session, failure.instance_id)
        return
    error = f"{type(failure).__name__}: {failure}"
    owner = session.scalar(sa.select(Timer.instance_id).where(Timer.id == timer_id))
    if owner is None:
        return
    instances.lock(session, owner)
    timer = session.get(Timer, timer_id, populate_existing=True)
    if timer is None:
        return
    timer.attempts += 1
    if timer.attempts < MOST_ATTEMPTS:
        timer.due = clock.now() + timedelta(seconds=5 * 4**timer.attempts)
    else:
        timer.due = None
        about = incidents.About(timer.id, timer.element)
        incidents.open_one(session, timer.instance_id, "timer", CANNOT_FIRE, error, about)
    session.flush()
