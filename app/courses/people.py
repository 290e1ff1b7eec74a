"""The people of a course and of its bodies, as they are printed and as they may be chosen."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses.models import Coordinator, Course
from app.courses.record import record
from app.errors import N_, Invalid, Problem
from app.i18n import Text
from app.identity import appointments
from app.identity.appointments import Terms
from app.identity.models import Appointment, Organisation, Person
from app.identity.places import default_place

NOBODY = Text("", "")


def contact(person: Person) -> str:
    """Telephone and e-mail in one line, as the forms ask for them."""
    return ", ".join(part for part in (person.phone, person.email) if part)


def organisation_of(session: Session, person: Person) -> Text:
    found = session.get(Organisation, person.organisation_id) if person.organisation_id else None
    return found.name if found else NOBODY


def coordinators(session: Session, course: Course) -> list[Person]:
    """Proposed or appointed, in the order they were named."""
    query = sa.select(Person).join(Coordinator, Coordinator.person_id == Person.id)
    return list(session.scalars(query.where(Coordinator.course_id == course.id).order_by(Coordinator.position)))


def approved_creators(session: Session) -> list[Person]:
    """Those officially appointed (5.1) on this day."""
    return appointments.holders(session, "creator")


def assign_creator(session: Session, course: Course, person_id: str, by: str) -> None:
    """Appoint an approved creator for the course (6.3); the one before is it no more. Raises Invalid."""
    if course.creator_id == person_id:
        return
    if person_id not in {person.id for person in approved_creators(session)}:
        message = N_("Only an officially appointed creator can be chosen (5.1).")
        raise Invalid(message, {"creator": Problem(message)})
    today = clock.today(default_place(session).zone)
    former = (Appointment.role == "creator", Appointment.subject == course.id)
    for known in session.scalars(sa.select(Appointment).where(*former)).all():
        if known.valid_to is None or known.valid_to >= today:
            appointments.end(session, known.id, today - timedelta(days=1), by)
    appointments.appoint(session, person_id, Terms("creator", today, subject=course.id), by)
    course.creator_id = person_id
    session.flush()
    record(session, course.id, Kind.COURSE_CHANGED, by, {"creator": person_id})


def chairs(session: Session, body_id: str) -> list[Person]:
    """Chair and acting chairs, deputies and substitutes of a body today; empty for a vacancy (A26)."""
    return appointments.holders(session, "chair", body_id)


def members(session: Session, body_id: str) -> list[Person]:
    """Whom the chair may appoint (7.3): members of that body today, nobody else."""
    return appointments.holders(session, "member", body_id)
