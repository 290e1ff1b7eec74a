"""Who acts for whom between two days: deputies and acting chairs (requirement X-6, reading A26).

A substitute gets what the absent person was appointed to, never what that person has only as somebody's substitute.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import evidence
from app.audit.kinds import Kind
from app.errors import N_, Invalid, NotFound, Problem
from app.identity.models import Appointment, Organisation, Person, Substitution
from app.identity.roles import ROLES


@dataclass(frozen=True, slots=True)
class Terms:
    """Both days are included; role and organisation None: all that the absent person holds."""

    substitute_id: str
    valid_from: date
    valid_to: date
    role: str | None = None
    organisation_id: str | None = None
    reason: str = ""


def make(session: Session, absent_id: str, terms: Terms, by: str) -> Substitution:
    """Invalid names the fields that cannot be taken."""
    _check(session, absent_id, terms)
    made = Substitution(absent_id=absent_id)
    _set(made, terms)
    session.add(made)
    session.flush()
    _record(session, Kind.SUBSTITUTION_MADE, made, by)
    return made


def change(session: Session, substitution_id: str, terms: Terms, by: str) -> Substitution:
    found = _get(session, substitution_id)
    _check(session, found.absent_id, terms)
    _set(found, terms)
    session.flush()
    _record(session, Kind.SUBSTITUTION_CHANGED, found, by)
    return found


def end(session: Session, substitution_id: str, last_day: date, by: str) -> Substitution:
    """Let it run out on `last_day`; a day before its first undoes it. Invalid where it ends by then anyway."""
    found = _get(session, substitution_id)
    if last_day >= found.valid_to:
        raise Invalid(N_("The substitution ends by that day already. To make it longer, change it."))
    found.valid_to = last_day
    session.flush()
    _record(session, Kind.SUBSTITUTION_ENDED, found, by)
    return found


def get(session: Session, substitution_id: str) -> Substitution:
    found = session.get(Substitution, substitution_id)
    if found is None:
        raise NotFound
    return found


def of_person(session: Session, person_id: str) -> list[Substitution]:
    """Those in which the person is absent or substitutes, newest first."""
    part = sa.or_(Substitution.absent_id == person_id, Substitution.substitute_id == person_id)
    return list(session.scalars(sa.select(Substitution).where(part).order_by(Substitution.valid_from.desc())))


def terms_of(one: Substitution) -> Terms:
    return Terms(one.substitute_id, one.valid_from, one.valid_to, one.role, one.organisation_id, one.reason)


def _get(session: Session, substitution_id: str) -> Substitution:
    found = session.get(Substitution, substitution_id, with_for_update=True)
    if found is None:
        raise NotFound
    return found


def _set(substitution: Substitution, terms: Terms) -> None:
    substitution.substitute_id = terms.substitute_id
    substitution.valid_from, substitution.valid_to = terms.valid_from, terms.valid_to
    substitution.role, substitution.organisation_id = terms.role, terms.organisation_id
    substitution.reason = terms.reason.strip()


def _record(session: Session, kind: Kind, substitution: Substitution, by: str) -> None:
    body: dict[str, Any] = {
        "substitution": substitution.id,
        "substitute": substitution.substitute_id,
        "role": substitution.role,
        "organisation": substitution.organisation_id,
        "valid_from": substitution.valid_from.isoformat(),
        "valid_to": substitution.valid_to.isoformat(),
    }
    personal = {"reason": substitution.reason} if substitution.reason else None
    evidence.record(session, "person", substitution.absent_id, kind, by, body, personal)


def demand_held(session: Session, absent_id: str, terms: Terms) -> None:
    """Raises Invalid unless the absent person is appointed to that on one of the days: nothing else is lent."""
    query = sa.select(Appointment.id).where(Appointment.person_id == absent_id)
    query = query.where(Appointment.valid_from <= terms.valid_to)
    query = query.where(sa.or_(Appointment.valid_to.is_(None), Appointment.valid_to >= terms.valid_from))
    if terms.role is not None:
        query = query.where(Appointment.role == terms.role)
    if terms.organisation_id is not None:
        query = query.where(Appointment.organisation_id == terms.organisation_id)
    if session.scalar(query.limit(1)) is None:
        message = N_("The absent person holds no such appointment in these days, so there is nothing to stand in for.")
        raise Invalid(message, {"role": Problem(message)})


def _check(session: Session, absent_id: str, terms: Terms) -> None:
    if session.get(Person, absent_id) is None:
        raise NotFound
    found: dict[str, Problem] = {}
    substitute = session.get(Person, terms.substitute_id)
    if substitute is None or not substitute.active:
        found["substitute_id"] = Problem(N_("There is no such person."))
    elif terms.substitute_id == absent_id:
        found["substitute_id"] = Problem(N_("Nobody can substitute for themselves."))
    if terms.valid_to < terms.valid_from:
        found["valid_to"] = Problem(N_("The last day is before the first."))
    if terms.role is not None and terms.role not in ROLES:
        found["role"] = Problem(N_("There is no such role."))
    if terms.organisation_id is not None and session.get(Organisation, terms.organisation_id) is None:
        found["organisation_id"] = Problem(N_("There is no such organisation."))
    if found:
        raise Invalid(N_("The substitution cannot be made so."), found)
