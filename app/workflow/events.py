"""Domain events: what has happened to a subject, by name, and what begins because of it.

A diagram whose start event names an event is started each time it is announced, in the release that is newest then.
A calendar rule is a planned event: a row with a date, which the worker announces when the date has come. An event is
announced under a key, and never twice under the same one, however many workers there are and however the clock jumps.
"""

from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.evidence import record
from app.audit.kinds import Kind
from app.engine import Json
from app.errors import PermanentFailure
from app.identity import calendars
from app.identity.places import Place, default_place
from app.workflow import happenings, instances, jobs, moments, releases, standstill
from app.workflow.happenings import Happening
from app.workflow.inserting import insert
from app.workflow.models import AnnouncedEvent, PlannedEvent
from app.workflow.operations import Context, Operation

SPREAD, START, ANNOUNCE = "events.spread", "events.start", "events.announce"
WHO = "system:events"


def announce(
    session: Session,
    name: str,
    subject: str | None,
    data: Mapping[str, Json] | None = None,
    key: str = "",
    *,
    by: str = WHO,
) -> bool:
    """It has happened: after commit everything that waits for it begins. False: this key was announced before.

    Without a key the event happens once to the subject. An event planned under the key is not waited for any longer.
    """
    _known(name)
    key = key or f"{name}:{subject or ''}"
    row = {"key": key, "name": name, "subject": subject, "data": dict(data or {}), "at": clock.now()}
    written = insert(session, AnnouncedEvent).values(**row).on_conflict_do_nothing().returning(AnnouncedEvent.key)
    fresh = session.scalar(written) is not None
    session.execute(sa.delete(PlannedEvent).where(PlannedEvent.key == key, PlannedEvent.every.is_(None)))
    if not fresh:
        return False
    jobs.enqueue(session, SPREAD, {"event": key}, key=f"{SPREAD}:{key}")
    _record(session, Kind.EVENT_ANNOUNCED, by, name, subject, key)
    return True


def plan(
    session: Session,
    name: str,
    subject: str | None,
    due: datetime | date,
    key: str,
    data: Mapping[str, Json] | None = None,
    *,
    every: str | None = None,
    by: str = WHO,
) -> bool:
    """Announce it at that moment; a day means nine in the morning at the Secretariat. False: it has happened already.

    `every`: an ISO 8601 duration ("P1Y") after which it comes again, until it is withdrawn; what was missed while no
    worker ran comes once. Planning anew under the same key replaces date and data.
    """
    _known(name)
    if every is None and session.get(AnnouncedEvent, key) is not None:
        return False
    place = default_place(session)
    row = {"name": name, "subject": subject, "data": dict(data or {}), "due": _moment(due, place), "every": every}
    row |= {"country": place.country, "zone": place.zone, "planned_at": clock.now()}
    planned = insert(session, PlannedEvent).values(key=key, **row)
    session.execute(planned.on_conflict_do_update(index_elements=["key"], set_=row))
    _record(session, Kind.EVENT_PLANNED, by, name, subject, key, due=_moment(due, place).isoformat())
    return True


def replan(session: Session, key: str, due: datetime | date, *, by: str = WHO) -> bool:
    """Another moment for the planned event. False: nothing of that key is planned any more."""
    found = session.get(PlannedEvent, key, with_for_update=True, populate_existing=True)
    if found is None:
        return False
    found.due = _moment(due, Place(found.country, found.zone))
    session.flush()
    _record(session, Kind.EVENT_PLANNED, by, found.name, found.subject, key, due=found.due.isoformat())
    return True


def withdraw(session: Session, key: str, *, by: str = WHO) -> bool:
    """It shall not happen. False: nothing of that key is planned any more."""
    found = session.get(PlannedEvent, key, with_for_update=True, populate_existing=True)
    if found is None:
        return False
    session.delete(found)
    session.flush()
    _record(session, Kind.EVENT_WITHDRAWN, by, found.name, found.subject, key)
    return True


def planned(session: Session, subject: str) -> list[PlannedEvent]:
    """What the calendar holds for the subject, the next first."""
    query = sa.select(PlannedEvent).where(PlannedEvent.subject == subject)
    return list(session.scalars(query.order_by(PlannedEvent.due, PlannedEvent.key)))


def announce_due(session: Session) -> bool:
    """Announce the planned event that is longest due and that no other worker is at. False when none is."""
    if standstill.is_on(session):
        return False
    query = sa.select(PlannedEvent).where(PlannedEvent.due <= clock.now())
    query = query.order_by(PlannedEvent.due, PlannedEvent.key).limit(1).with_for_update(skip_locked=True)
    one = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if one is None:
        return False
    following = _following(session, one)
    if following is None:
        session.delete(one)
        key = one.key
    else:
        key, one.due = f"{one.key}@{one.due:%Y-%m-%dT%H:%M}", following
    session.flush()
    if one.name in happenings.registered():
        announce(session, one.name, one.subject, one.data, key)
    return True


def _following(session: Session, one: PlannedEvent) -> datetime | None:
    if one.every is None:
        return None
    place = Place(one.country, one.zone)
    return moments.next_in_cycle(session, f"R2/{one.every}", one.due, clock.now(), place)


def _moment(due: datetime | date, place: Place) -> datetime:
    return due if isinstance(due, datetime) else calendars.moment(due, moments.MORNING, place.zone)


def _known(name: str) -> Happening:
    if name not in happenings.registered():
        raise PermanentFailure(f"no event is called {name!r}")
    return happenings.registered()[name]


def _record(session: Session, kind: Kind, by: str, name: str, subject: str | None, key: str, **more: str) -> None:
    facts = {"event": name, "subject": subject, "key": key, **more}
    record(session, "site", f"events-{subject}" if subject else "events", kind, by, facts)


def _spread(context: Context, event: str) -> Json:
    """One job for each procedure that the event starts, so that none waits for or fails with another."""
    session = context.session
    release = releases.current(session)
    told = session.get_one(AnnouncedEvent, event)
    if release is None:
        return []
    processes = releases.specification(session, release.id).processes.values()
    begun = [process.id for process in processes if process.event == told.name]
    for process in begun:
        given = {"event": event, "process": process, "release": release.id}
        jobs.enqueue(session, START, given, key=f"{START}:{event}:{process}")
    return list(begun)


def _start(context: Context, event: str, process: str, release: str) -> Json:
    """The new instance's data are the subject and what the event brought."""
    session = context.session
    told = session.get_one(AnnouncedEvent, event)
    data = {_known(told.name).subject_as: told.subject, **told.data}
    facts = {"event": told.name, "key": told.key}
    return instances.start(session, release, process, data, WHO, subject=told.subject, body=facts).id


def _announce(
    context: Context, event: str, subject: str | None = None, data: Mapping[str, Json] | None = None, key: str = ""
) -> Json:
    """From a diagram; without a key of its own each passage of the step is another event."""
    return announce(
        context.session, event, subject or context.subject, data, key or f"{event}:{context.key}", by=context.actor
    )


OWN = (
    Operation(SPREAD, _spread, {"event": True}),
    Operation(START, _start, {"event": True, "process": True, "release": True}),
)
"""What the worker does because of an event; no diagram may ask for it."""
ANNOUNCING = Operation(
    ANNOUNCE, _announce, {"event": True, "subject": False, "data": False, "key": False}, immediate=True, result=False
)
