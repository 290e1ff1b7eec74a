"""The register of appointments that the Secretariat keeps and exports (clause 5.1)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from app.identity.models import Appointment, Organisation, Person, Substitution
from app.identity.searching import matches


def appointments(
    session: Session,
    *,
    text: str = "",
    roles: Collection[str] = (),
    organisation: str | None = None,
    subject: str | None = None,
    person: str | None = None,
    on: date | None = None,
) -> list[Appointment]:
    """Appointments with their person and organisation loaded, by name and first day; `on` leaves those of that day."""
    query = (
        sa.select(Appointment)
        .join(Appointment.person)
        .options(contains_eager(Appointment.person), joinedload(Appointment.organisation))
        .where(*matches(Person.folded, text))
        .order_by(Person.folded, Appointment.valid_from, Appointment.id)
    )
    if roles:
        query = query.where(Appointment.role.in_(roles))
    for column, value in (
        (Appointment.organisation_id, organisation),
        (Appointment.subject, subject),
        (Appointment.person_id, person),
    ):
        if value is not None:
            query = query.where(column == value)
    if on is not None:
        query = query.where(
            Appointment.valid_from <= on, sa.or_(Appointment.valid_to.is_(None), Appointment.valid_to >= on)
        )
    return list(session.scalars(query))


@dataclass(frozen=True, slots=True)
class Standing:
    """A substitution with those whom it concerns."""

    terms: Substitution
    absent: Person
    substitute: Person
    organisation: Organisation | None


def substitutions(
    session: Session, *, text: str = "", of: str = "", until: date | None = None, offset: int = 0, limit: int = 50
) -> list[Standing]:
    """By the name of either person, or `of` one, the latest to begin first; `until`: not ended before that day."""
    absent, substitute = aliased(Person), aliased(Person)
    query = (
        sa.select(Substitution, absent, substitute, Organisation)
        .join(absent, absent.id == Substitution.absent_id)
        .join(substitute, substitute.id == Substitution.substitute_id)
        .outerjoin(Organisation, Organisation.id == Substitution.organisation_id)
        .where(sa.or_(*(sa.and_(sa.true(), *matches(who.folded, text)) for who in (absent, substitute))))
        .order_by(Substitution.valid_from.desc(), Substitution.id)
    )
    if of:
        query = query.where(sa.or_(Substitution.absent_id == of, Substitution.substitute_id == of))
    if until is not None:
        query = query.where(Substitution.valid_to >= until)
    return [Standing(*row) for row in session.execute(query.offset(offset).limit(limit))]
