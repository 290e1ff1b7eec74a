"""Who may send a course to a body (7.2, reading A3) and who may not decide on it (reading A14).

For a course of an NMI the executor is the NMI's representative who is a member of the body to be asked, or the
national secretariat of the NMI's country. For a course of a body it is that body's chair or a member. The Secretariat
is no body one can be a member of: the course's executor of either kind sends to it.
"""

from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses import settings
from app.courses.models import Agreement, AskedBody, Course, DutyException
from app.courses.record import record
from app.errors import N_, Invalid, Problem
from app.identity import appointments
from app.identity.appointments import Terms
from app.identity.models import SECRETARIAT, Appointment, Organisation, Person
from app.identity.places import default_place


def candidates(session: Session, kind: str, initiator_id: str, body_id: str | None = None) -> list[Person]:
    """People who qualify today; without a body: for the course as a whole. First those of the initiator itself."""
    if kind == "sb":
        return _united(
            appointments.holders(session, "chair", initiator_id), appointments.holders(session, "member", initiator_id)
        )
    representatives = appointments.holders(session, "representative", initiator_id)
    if body_id is not None and body_id != SECRETARIAT:
        inside = {person.id for role in ("member", "chair") for person in appointments.holders(session, role, body_id)}
        representatives = [person for person in representatives if person.id in inside]
    return _united(representatives, _national_secretariat(session, initiator_id))


def conceivable(session: Session) -> list[Person]:
    """Everybody who might be the executor of some course, for a form that does not know the initiator yet."""
    roles = ("representative", "national_secretariat", "chair", "member")
    today = clock.now().date()
    held = sa.select(Appointment.person_id).where(
        Appointment.role.in_(roles),
        Appointment.valid_from <= today,
        sa.or_(Appointment.valid_to.is_(None), Appointment.valid_to >= today),
    )
    return list(session.scalars(sa.select(Person).where(Person.id.in_(held), Person.active)))


def default(session: Session, kind: str, initiator_id: str, proposer: str | None, body_id: str | None) -> str | None:
    """Who sends when nobody was chosen: the proposer if they qualify, else the national secretariat or the chair."""
    qualified = candidates(session, kind, initiator_id, body_id)
    if proposer in {person.id for person in qualified}:
        return proposer
    if kind == "nmi":
        qualified = _national_secretariat(session, initiator_id)
    return qualified[0].id if qualified else None


def check(session: Session, course: Course, body_id: str | None, person_id: str | None, field: str) -> str:
    """The person's id. Raises Invalid at the form's field where the person does not qualify or nobody does."""
    kind, initiator = course.initiator_kind, course.initiator_id
    chosen = person_id or default(session, kind, initiator, course.executor_id, body_id)
    if chosen is None:
        message = N_("Nobody qualifies as executor here: enter the national secretariat's appointment first.")
        raise Invalid(message, {field: Problem(message)})
    if chosen not in {person.id for person in candidates(session, kind, initiator, body_id)}:
        message = N_(
            "Only a representative of the initiating NMI who is a member of this body, or the national secretariat of "
            "its country, may send (7.2); for a course of a body, its chair or a member."
        )
        raise Invalid(message, {field: Problem(message)})
    return chosen


def appoint(session: Session, course: Course, organisation_id: str, person_id: str, by: str) -> None:
    """Make the person the course's executor at that organisation; whoever was it before is it no more."""
    organisation = session.get(Organisation, organisation_id)
    today = clock.today((organisation.zone if organisation else None) or default_place(session).zone)
    query = sa.select(Appointment).where(
        Appointment.role == "executor",
        Appointment.organisation_id == organisation_id,
        Appointment.subject == course.id,
        sa.or_(Appointment.valid_to.is_(None), Appointment.valid_to >= today),
    )
    for known in session.scalars(query).all():
        if known.person_id == person_id:
            return
        appointments.end(session, known.id, today - timedelta(days=1), by)
    terms = Terms("executor", today, organisation_id=organisation_id, subject=course.id)
    appointments.appoint(session, person_id, terms, by)


def in_office(session: Session, course: Course, organisation_id: str) -> list[Person]:
    """The executor of this course at that organisation today, and who substitutes for them."""
    return appointments.holders(session, "executor", organisation_id, course.id)


def excluded(session: Session, course: Course) -> list[str]:
    """Who may not decide on this course's materials: its executors and its creator, exceptions left out (A14)."""
    if settings.read(session, "own_decisions", clock.now().date()) == "yes":
        return []
    passages = sa.select(Agreement.id).where(Agreement.course_id == course.id)
    senders = sa.select(AskedBody.executor_id).where(AskedBody.agreement_id.in_(passages))
    people = {course.executor_id, course.creator_id, *session.scalars(senders)}
    allowed = sa.select(DutyException.person_id).where(DutyException.course_id == course.id)
    return sorted(person for person in people - set(session.scalars(allowed)) if person)


def own_reviewers(session: Session, course: Course) -> list[Person]:
    """Section administrators of today who may not decide on this course (A14)."""
    barred = excluded(session, course)
    return [person for person in appointments.holders(session, "administrator") if person.id in barred]


def allowed(session: Session, course: Course) -> dict[str, str]:
    """Person -> reason of every exception from the rule of A14 that holds."""
    return {row.person_id: row.reason for row in session.scalars(_exceptions(course))}


def allow_only(session: Session, course: Course, reasons: Mapping[str, str], by: str) -> None:
    """Let these people, person -> reason, decide on their own submission and nobody else (A14)."""
    known = {row.person_id: row for row in session.scalars(_exceptions(course))}
    for person_id in known.keys() - reasons.keys():
        session.delete(known[person_id])
        record(session, course.id, Kind.EXCEPTION_ENDED, by, {"person": person_id})
    for person_id, reason in reasons.items():
        if person_id in known and known[person_id].reason == reason.strip():
            continue
        session.merge(DutyException(course_id=course.id, person_id=person_id, reason=reason.strip(), granted_by=by))
        record(session, course.id, Kind.EXCEPTION_GRANTED, by, {"person": person_id}, {"reason": reason.strip()})
    session.flush()


def _exceptions(course: Course) -> sa.Select[DutyException]:
    return sa.select(DutyException).where(DutyException.course_id == course.id)


def _national_secretariat(session: Session, nmi_id: str) -> list[Person]:
    country = sa.select(Organisation.country).where(Organisation.id == nmi_id).scalar_subquery()
    query = sa.select(Organisation.id).where(
        Organisation.kind == "national_secretariat", Organisation.country == country
    )
    found = [appointments.holders(session, "national_secretariat", one) for one in session.scalars(query)]
    return _united(*found)


def _united(*groups: list[Person]) -> list[Person]:
    return list({person.id: person for group in groups for person in group}.values())
