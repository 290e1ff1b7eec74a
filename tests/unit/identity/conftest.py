"""A small world: two bodies, an institute, the Secretariat, and people who hold nothing yet."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.identity import appointments, people
from app.identity.models import Appointment, Organisation, Person

BY = "system:test"
LONG_AGO = date(2020, 1, 1)

Hire = Callable[[str], Person]
Appoint = Callable[..., Appointment]


@pytest.fixture
def bodies(session: Session) -> None:
    rows = [
        Organisation(id="secretariat", kind="secretariat", country="BY", zone="Europe/Minsk"),
        Organisation(id="tc-1.6", kind="body"),
        Organisation(id="tc-1.7", kind="body"),
        Organisation(id="nmi-de-ptb", kind="nmi", country="DE", zone="Europe/Berlin"),
        Organisation(id="nmi-kz-kazstandard", kind="nmi", country="KZ", zone="Asia/Almaty"),
    ]
    for row in rows:
        row.code_ru = row.code_en = row.name_ru = row.name_en = row.id
    session.add_all(rows)
    session.flush()


@pytest.fixture
def hire(session: Session, bodies: None) -> Hire:
    """`hire("Анна")` – a person of the institute in Kazakhstan."""

    def make(name: str) -> Person:
        details = people.Details(name, name, f"{name}@example.org", organisation_id="nmi-kz-kazstandard")
        return people.create(session, details, BY)

    return make


@pytest.fixture
def appoint(session: Session) -> Appoint:
    """`appoint(person, "chair", organisation_id="tc-1.6")` – for good, unless dates are given."""

    def make(person: Person, role: str, valid_from: date = LONG_AGO, **terms: object) -> Appointment:
        said = appointments.Terms(role, valid_from, **terms)  # type: ignore[arg-type]  # as the test names them
        return appointments.appoint(session, person.id, said, BY)

    return make
