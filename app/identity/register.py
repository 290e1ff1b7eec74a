"""The register of appointments that the Secretariat keeps and exports (clause 5.1)."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.identity.models import Appointment, Person
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
