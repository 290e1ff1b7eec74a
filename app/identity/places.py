"""Which country's working days and which zone's midnight count for somebody."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.config import Config
from app.identity.models import SECRETARIAT, Appointment, Organisation, Person


@dataclass(frozen=True, slots=True)
class Place:
    """An ISO country code and an IANA zone."""

    country: str
    zone: str


def default_place(session: Session) -> Place:
    """The Secretariat's country and zone, which it can change; before it is loaded, those of a new site."""
    row = session.execute(
        sa.select(Organisation.country, Organisation.zone).where(Organisation.id == SECRETARIAT)
    ).one_or_none()
    country, zone = row if row else (None, None)
    return Place(country or Config().default_country, zone or Config().default_zone)


def place_of(session: Session, organisation: str | None = None, person: str | None = None) -> Place:
    """Where a task is to be done: with the named person, else the organisation; for a body with its (acting) chair.

    Whatever is unknown has the Secretariat's place.
    """
    fallback = default_place(session)
    home = sa.select(Organisation.country, Organisation.zone)
    if person is not None:
        query = home.join(Person, Person.organisation_id == Organisation.id).where(Person.id == person)
    elif organisation is not None:
        query = home.where(Organisation.id == organisation)
    else:
        return fallback
    row = session.execute(query).one_or_none()
    country, zone = row if row else (None, None)
    if country is None and person is None and organisation is not None:
        country, zone = _place_of_chair(session, organisation, clock.today(fallback.zone))
    return Place(country or fallback.country, zone or fallback.zone)


def _place_of_chair(session: Session, body: str, day: date) -> tuple[str | None, str | None]:
    query = (
        sa.select(Organisation.country, Organisation.zone)
        .select_from(Appointment)
        .join(Person, Person.id == Appointment.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(
            Appointment.role == "chair",
            Appointment.organisation_id == body,
            Appointment.valid_from <= day,
            sa.or_(Appointment.valid_to.is_(None), Appointment.valid_to >= day),
        )
        .order_by(Appointment.acting.desc(), Appointment.valid_from.desc())
    )
    row = session.execute(query.limit(1)).one_or_none()
    return row if row else (None, None)
