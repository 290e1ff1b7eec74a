"""Comparing people's rights with the evidence (invariants V08, V24): nobody holds what no event gave them."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.kinds import Kind
from app.audit.models import EventRow, StreamRow
from app.identity.models import Appointment, Person, Substitution

_ACTIVE = {
    Kind.PERSON_CREATED: True,
    Kind.PERSON_DEACTIVATED: False,
    Kind.PERSON_REACTIVATED: True,
    Kind.PERSON_ERASED: False,
}
_APPOINTMENTS = (Kind.APPOINTMENT_MADE, Kind.APPOINTMENT_CHANGED, Kind.APPOINTMENT_ENDED)
_SUBSTITUTIONS = (Kind.SUBSTITUTION_MADE, Kind.SUBSTITUTION_CHANGED, Kind.SUBSTITUTION_ENDED)
_DAYS = ("valid_from", "valid_to")


def check(session: Session) -> list[str]:
    """Accounts, appointments and substitutions that are not as the events made them; empty when all are."""
    return [*_accounts(session), *_appointments(session), *_substitutions(session)]


def _events(session: Session, kinds: Iterable[Kind]) -> Iterator[tuple[str, Kind, dict[str, Any]]]:
    """The person in whose stream it is, kind and body, in the order of writing."""
    query = (
        sa.select(StreamRow.ident, EventRow.kind, EventRow.body)
        .join(StreamRow, StreamRow.id == EventRow.stream)
        .where(StreamRow.kind == "person", EventRow.kind.in_([kind.value for kind in kinds]))
        .order_by(EventRow.seq)
    )
    for person, kind, body in session.execute(query):
        yield person, Kind(kind), json.loads(body)


def _accounts(session: Session) -> Iterator[str]:
    told = {person: _ACTIVE[kind] for person, kind, _body in _events(session, _ACTIVE)}
    for person, active in session.execute(sa.select(Person.id, Person.active).order_by(Person.id)):
        if told.get(person) != active:
            yield f"person {person}: open or closed without evidence"


def _appointments(session: Session) -> Iterator[str]:
    told: dict[str, dict[str, Any]] = {}
    for person, kind, body in _events(session, _APPOINTMENTS):
        known = told.setdefault(body["appointment"], {})
        if kind == Kind.APPOINTMENT_CHANGED:
            known.update({name: values[1] for name, values in body["changes"].items()})
        else:
            known.update(body, person=person)
    for row in session.scalars(sa.select(Appointment).order_by(Appointment.id)):
        is_ = {
            "person": row.person_id,
            "role": row.role,
            "organisation": row.organisation_id,
            "subject": row.subject,
            "acting": row.acting,
        }
        yield from _compare("appointment", row, is_, told.get(row.id, {}))


def _substitutions(session: Session) -> Iterator[str]:
    told: dict[str, dict[str, Any]] = {}
    for person, _kind, body in _events(session, _SUBSTITUTIONS):
        told[body["substitution"]] = {**body, "absent": person}
    for row in session.scalars(sa.select(Substitution).order_by(Substitution.id)):
        is_ = {
            "absent": row.absent_id,
            "substitute": row.substitute_id,
            "role": row.role,
            "organisation": row.organisation_id,
        }
        yield from _compare("substitution", row, is_, told.get(row.id, {}))


def _compare(what: str, row: Appointment | Substitution, is_: dict[str, Any], told: dict[str, Any]) -> Iterator[str]:
    last = row.valid_to.isoformat() if row.valid_to else None
    is_ = {**is_, **dict(zip(_DAYS, (row.valid_from.isoformat(), last), strict=True))}
    differing = sorted(name for name, value in is_.items() if name not in told or told[name] != value)
    if differing:
        yield f"{what} {row.id}: without evidence: {', '.join(differing)}"
