"""Coordinators: named by the creator, agreed to by the administrator where they are somebody else (5.2, A15)."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses import people
from app.courses.models import Coordinator, Course
from app.courses.record import record
from app.errors import N_, Invalid, Problem
from app.identity import appointments
from app.identity.appointments import Terms
from app.identity.models import Appointment, Person
from app.identity.places import default_place


def name(session: Session, course: Course, person_ids: Sequence[str], by: str) -> bool:
    """Replace the coordinators; True where the administrator has to agree. Raises Invalid."""
    wanted = list(dict.fromkeys(person_ids))
    known = {one.id for one in session.scalars(sa.select(Person).where(Person.id.in_(wanted), Person.active))}
    if not wanted or known != set(wanted):
        message = N_("Name at least one coordinator (5.2).")
        raise Invalid(message, {"coordinators": Problem(message)})
    session.execute(sa.delete(Coordinator).where(Coordinator.course_id == course.id))
    session.add_all(
        Coordinator(course_id=course.id, person_id=one, position=position) for position, one in enumerate(wanted)
    )
    session.flush()
    record(session, course.id, Kind.COORDINATORS_NAMED, by, {"coordinators": wanted})
    return any(one != course.creator_id for one in wanted)


def appoint(session: Session, course: Course, by: str) -> None:
    """Make those named coordinators of the course from today on; who was one before is it no more."""
    today = clock.today(default_place(session).zone)
    wanted = [one.id for one in people.coordinators(session, course)]
    valid = sa.or_(Appointment.valid_to.is_(None), Appointment.valid_to >= today)
    query = sa.select(Appointment).where(Appointment.role == "coordinator", Appointment.subject == course.id, valid)
    held = {row.person_id: row for row in session.scalars(query).all()}
    for person_id, row in held.items():
        if person_id not in wanted:
            appointments.end(session, row.id, today - timedelta(days=1), by)
    for person_id in wanted:
        if person_id not in held:
            appointments.appoint(session, person_id, Terms("coordinator", today, subject=course.id), by)
    record(session, course.id, Kind.COORDINATORS_AGREED, by, {"coordinators": wanted})


def unconfirmed(session: Session, course: Course) -> list[Person]:
    """Coordinators named who do not hold the office yet."""
    held = {person.id for person in appointments.holders(session, "coordinator", None, course.id)}
    return [person for person in people.coordinators(session, course) if person.id not in held]
