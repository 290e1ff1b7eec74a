"""Who is appointed to what, from when to when (clause 5.1). Every change is evidence in the person's stream (V24)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit import evidence
from app.audit.kinds import Kind
from app.errors import N_, Conflict, Invalid, NotFound, Problem
from app.i18n import sort_key
from app.identity.actors import Holding
from app.identity.models import Appointment, Organisation, Person, Substitution
from app.identity.places import default_place
from app.identity.roles import IN_AN_ORGANISATION, ROLES, WITHIN_ORGANISATION
from app.identity.validity import is_valid, lends


@dataclass(frozen=True, slots=True)
class Terms:
    """What an appointment says beside whom it appoints; both days are included."""

    role: str
    valid_from: date
    valid_to: date | None = None
    organisation_id: str | None = None
    subject: str | None = None
    acting: bool = False
    document: str = ""


def appoint(session: Session, person_id: str, terms: Terms, by: str) -> Appointment:
    """Make an appointment. Invalid names the field that cannot be taken; Conflict: the person holds it already."""
    _lock_person(session, person_id)
    _check(session, terms)
    _refuse_overlap(session, person_id, terms)
    made = Appointment(
        person_id=person_id, role=terms.role, organisation_id=terms.organisation_id, subject=terms.subject
    )
    _set(made, terms)
    session.add(made)
    session.flush()
    evidence.record(session, "person", person_id, Kind.APPOINTMENT_MADE, by, _body(made))
    return made


def change(session: Session, appointment_id: str, terms: Terms, by: str) -> Appointment:
    """Change dates, document or the acting mark; another role, organisation or subject is another appointment."""
    found = _get(session, appointment_id)
    if (terms.role, terms.organisation_id, terms.subject) != (found.role, found.organisation_id, found.subject):
        raise Invalid(N_("Another role or organisation needs another appointment: end this one and make a new one."))
    _check(session, terms)
    _refuse_overlap(session, found.person_id, terms, apart_from=found.id)
    before = _body(found)
    _set(found, terms)
    session.flush()
    after = _body(found)
    if after != before:
        changes = {name: [before[name], after[name]] for name in after if after[name] != before[name]}
        body = {"appointment": found.id, "changes": changes}
        evidence.record(session, "person", found.person_id, Kind.APPOINTMENT_CHANGED, by, body)
    return found


def end(session: Session, appointment_id: str, last_day: date, by: str, reason: str = "") -> Appointment:
    """Let the appointment run out on `last_day`, which still belongs to it; a day before its first undoes it."""
    found = _get(session, appointment_id)
    found.valid_to = last_day
    session.flush()
    body = {"appointment": found.id, "role": found.role, "valid_to": last_day.isoformat()}
    personal = {"reason": reason} if reason else None
    evidence.record(session, "person", found.person_id, Kind.APPOINTMENT_ENDED, by, body, personal)
    return found


def holders(
    session: Session,
    role: str,
    organisation: str | None = None,
    subject: str | None = None,
    on: date | None = None,
) -> list[Person]:
    """Active people to whom a task of that role, organisation and subject falls on that day, as `Actor.may` has it.

    The day is by default today where the appointment is held. Those appointed come first, then those acting, then
    substitutes; each group by name.
    """
    default_zone = default_place(session).zone
    ranked: dict[str, tuple[int, Person]] = {}
    for appointment, person, zone, first, last in _candidates(session, role, organisation, subject, on):
        day = on or clock.today(zone or default_zone)
        holding = Holding(role, appointment.organisation_id, appointment.subject)
        if not holding.covers(organisation, subject, named=False):
            continue
        if not is_valid(appointment.valid_from, appointment.valid_to, day) or not is_valid(first, last, day):
            continue
        rank = 2 if person.id != appointment.person_id else 1 if appointment.acting else 0
        if person.id not in ranked or rank < ranked[person.id][0]:
            ranked[person.id] = (rank, person)
    order = sorted(ranked.values(), key=lambda pair: (pair[0], sort_key(str(pair[1].name))))
    return [person for _rank, person in order]


_Candidate = tuple[Appointment, Person, str | None, date, date | None]


def _candidates(
    session: Session, role: str, organisation: str | None, subject: str | None, on: date | None
) -> list[_Candidate]:
    """Appointments that may matter, with the person who acts on each and the days on which that person does."""
    day = on or clock.now().date()
    wanted = [
        Appointment.role == role,
        sa.or_(Appointment.subject.is_(None), Appointment.subject == subject),
        Appointment.valid_from <= day + timedelta(days=1),
        sa.or_(Appointment.valid_to.is_(None), Appointment.valid_to >= day - timedelta(days=1)),
        Person.active,
    ]
    if organisation is not None and role in WITHIN_ORGANISATION:
        wanted.append(sa.or_(Appointment.organisation_id.is_(None), Appointment.organisation_id == organisation))
    own = (
        sa.select(Appointment, Person, Organisation.zone, Appointment.valid_from, Appointment.valid_to)
        .join(Person, Person.id == Appointment.person_id)
        .outerjoin(Organisation, Organisation.id == Appointment.organisation_id)
    )
    lent = (
        sa.select(Appointment, Person, Organisation.zone, Substitution.valid_from, Substitution.valid_to)
        .join(Substitution, lends())
        .join(Person, Person.id == Substitution.substitute_id)
        .outerjoin(Organisation, Organisation.id == Appointment.organisation_id)
    )
    return [row for query in (own, lent) for row in session.execute(query.where(*wanted))]


def _set(appointment: Appointment, terms: Terms) -> None:
    appointment.valid_from, appointment.valid_to = terms.valid_from, terms.valid_to
    appointment.acting, appointment.document = terms.acting, terms.document.strip()


def _body(appointment: Appointment) -> dict[str, Any]:
    last = appointment.valid_to
    return {
        "appointment": appointment.id,
        "role": appointment.role,
        "organisation": appointment.organisation_id,
        "subject": appointment.subject,
        "valid_from": appointment.valid_from.isoformat(),
        "valid_to": last.isoformat() if last else None,
        "acting": appointment.acting,
        "document": appointment.document,
    }


def _get(session: Session, appointment_id: str) -> Appointment:
    found = session.get(Appointment, appointment_id)
    if found is None:
        raise NotFound
    _lock_person(session, found.person_id)
    session.refresh(found)
    return found


def _lock_person(session: Session, person_id: str) -> None:
    """Two appointments of one person are made one after the other, or both could pass the check for overlaps."""
    if session.scalar(sa.select(Person.id).where(Person.id == person_id).with_for_update()) is None:
        raise NotFound


def _check(session: Session, terms: Terms) -> None:
    fields: dict[str, Problem] = {}
    if terms.role not in ROLES:
        fields["role"] = Problem(N_("There is no such role."))
    if terms.valid_to is not None and terms.valid_to < terms.valid_from:
        fields["valid_to"] = Problem(N_("The last day is before the first."))
    if terms.organisation_id is not None:
        if session.get(Organisation, terms.organisation_id) is None:
            fields["organisation_id"] = Problem(N_("There is no such organisation."))
    elif terms.role in IN_AN_ORGANISATION:
        fields["organisation_id"] = Problem(N_("This role is held in an organisation: name it."))
    if fields:
        raise Invalid(N_("The appointment cannot be made so."), fields)


def _refuse_overlap(session: Session, person_id: str, terms: Terms, apart_from: str = "") -> None:
    same: Mapping[Any, Any] = {
        Appointment.role: terms.role,
        Appointment.organisation_id: terms.organisation_id,
        Appointment.subject: terms.subject,
    }
    query = sa.select(Appointment.id).where(
        Appointment.person_id == person_id,
        Appointment.id != apart_from,
        *(column.is_not_distinct_from(value) for column, value in same.items()),
        sa.or_(Appointment.valid_to.is_(None), Appointment.valid_to >= terms.valid_from),
        sa.or_(Appointment.valid_to.is_(None), Appointment.valid_to >= Appointment.valid_from),
    )
    if terms.valid_to is not None:
        query = query.where(Appointment.valid_from <= terms.valid_to)
    if session.scalar(query.limit(1)) is not None:
        raise Conflict(N_("This person already holds this role on some of these days."))
