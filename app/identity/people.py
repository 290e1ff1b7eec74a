"""Keeping people: who they are and how to reach them. What they are called is personal data, in the evidence too."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit import erasure, evidence
from app.audit.kinds import Kind
from app.errors import N_, Conflict, Invalid, NotFound, Problem
from app.i18n import Locale, Text
from app.identity import appointments, links, sessions, substitutions
from app.identity.addresses import is_address
from app.identity.models import Account, Appointment, Organisation, Person
from app.identity.searching import matches, tidy

ERASED = Text("Данные удалены", "Data erased")


@dataclass(frozen=True, slots=True)
class Details:
    """What is kept about a person."""

    name_ru: str
    name_en: str
    email: str
    phone: str = ""
    locale: Locale = "ru"
    organisation_id: str | None = None


def create(session: Session, details: Details, by: str) -> Person:
    """Invalid names the fields that cannot be taken."""
    details = _checked(session, details)
    made = Person(
        name_ru=details.name_ru,
        name_en=details.name_en,
        email=details.email,
        phone=details.phone or None,
        locale=details.locale,
        organisation_id=details.organisation_id,
    )
    session.add(made)
    session.flush()
    body = {"organisation": details.organisation_id}
    evidence.record(session, "person", made.id, Kind.PERSON_CREATED, by, body, asdict(details))
    return made


def change(session: Session, person_id: str, details: Details, by: str) -> Person:
    """Replace the details; nothing is written when nothing differs."""
    found = get(session, person_id)
    details = _checked(session, details, apart_from=person_id)
    before = details_of(found)
    changed = [field.name for field in fields(Details) if asdict(before)[field.name] != asdict(details)[field.name]]
    if not changed:
        return found
    found.name_ru, found.name_en, found.email = details.name_ru, details.name_en, details.email
    found.phone, found.locale, found.organisation_id = details.phone or None, details.locale, details.organisation_id
    session.flush()
    if "email" in changed:
        links.withdraw(session, person_id)
    personal = {name: [asdict(before)[name], asdict(details)[name]] for name in changed}
    evidence.record(session, "person", person_id, Kind.PERSON_CHANGED, by, {"fields": changed}, personal)
    return found


def details_of(person: Person) -> Details:
    return Details(
        person.name_ru, person.name_en, person.email or "", person.phone or "", person.locale, person.organisation_id
    )


def deactivate(session: Session, person_id: str, by: str, reason: str = "") -> Person:
    """Close the account: no more signing in, no tasks. Appointments stay as they are and can be seen."""
    return _set_active(session, person_id, active=False, by=by, reason=reason)


def reactivate(session: Session, person_id: str, by: str, reason: str = "") -> Person:
    return _set_active(session, person_id, active=True, by=by, reason=reason)


def _set_active(session: Session, person_id: str, *, active: bool, by: str, reason: str) -> Person:
    found = get(session, person_id)
    if found.active == active:
        return found
    if found.email is None:
        raise Conflict(N_("The data of this person were erased: the account cannot be opened again."))
    found.active = active
    session.flush()
    if not active:
        links.withdraw(session, person_id)
        sessions.revoke_all(session, person_id, by)
    kind = Kind.PERSON_REACTIVATED if active else Kind.PERSON_DEACTIVATED
    evidence.record(session, "person", person_id, kind, by, personal={"reason": reason} if reason else None)
    return found


def erase(session: Session, person_id: str, by: str) -> Person:
    """Forget who this was, also in the evidence; appointments end yesterday and stay as those of nobody."""
    found = get(session, person_id)
    found.name_ru, found.name_en = ERASED.ru, ERASED.en
    found.email, found.phone, found.organisation_id, found.active = None, None, None, False
    session.flush()
    links.withdraw(session, person_id)
    sessions.forget(session, person_id)
    session.execute(sa.update(Account).where(Account.person_id == person_id).values(password_hash=None))
    yesterday = clock.now().date() - timedelta(days=1)
    _end_all(session, person_id, yesterday, by)
    forgotten = erasure.forget(session, person_id)
    evidence.record(session, "person", person_id, Kind.PERSON_ERASED, by, {"events": forgotten})
    return found


def _end_all(session: Session, person_id: str, last_day: date, by: str) -> None:
    running = sa.or_(Appointment.valid_to.is_(None), Appointment.valid_to > last_day)
    held = sa.select(Appointment.id).where(Appointment.person_id == person_id, running)
    for appointment_id in session.scalars(held).all():
        appointments.end(session, appointment_id, last_day, by)
    for substitution in substitutions.of_person(session, person_id):
        substitution.reason = ""
        if substitution.valid_to > last_day:
            substitutions.end(session, substitution.id, last_day, by)


def get(session: Session, person_id: str) -> Person:
    found = session.get(Person, person_id)
    if found is None:
        raise NotFound
    return found


def by_ids(session: Session, ids: Sequence[str]) -> dict[str, Person]:
    """The people of a list in one statement; unknown ids are left out."""
    return {person.id: person for person in session.scalars(sa.select(Person).where(Person.id.in_(set(ids))))}


_ROWS: Any = Person.__table__
_NAMES = sa.select(_ROWS.c.id, _ROWS.c.name_ru, _ROWS.c.name_en).where(
    _ROWS.c.id.in_(sa.bindparam("ids", expanding=True))
)


def names(session: Session, ids: Collection[str]) -> dict[str, Text]:
    """What the people of a list are called, in one statement; unknown ids are left out."""
    found = session.execute(_NAMES, {"ids": sorted(ids)}) if ids else ()
    return {ident: Text(name_ru, name_en) for ident, name_ru, name_en in found}


def find_by_email(session: Session, email: str) -> Person | None:
    """The active person with that address, whatever its case."""
    return session.scalar(sa.select(Person).where(Person.email == email.strip().lower(), Person.active))


def search(
    session: Session,
    text: str = "",
    *,
    organisation: str | None = None,
    active: bool | None = True,
    limit: int = 50,
    offset: int = 0,
) -> list[Person]:
    """People whose names or address contain every word; ё/е, case and look-alike letters do not matter (A57)."""
    query = sa.select(Person).where(*matches(Person.folded, text))
    if organisation is not None:
        query = query.where(Person.organisation_id == organisation)
    if active is not None:
        query = query.where(Person.active.is_(active))
    return list(session.scalars(query.order_by(Person.folded, Person.id).limit(limit).offset(offset)))


def _checked(session: Session, details: Details, apart_from: str = "") -> Details:
    found: dict[str, Problem] = {}
    texts: dict[str, Any] = {}
    for name, value in (("name_ru", details.name_ru), ("name_en", details.name_en), ("phone", details.phone)):
        try:
            texts[name] = tidy(value)
        except ValueError:
            found[name] = Problem(N_("There are characters here that cannot be printed."))
            continue
        if not texts[name] and name != "phone":
            found[name] = Problem(N_("Give the name in both languages."))
    email = details.email.strip().lower()
    same = sa.select(Person.id).where(Person.email == email, Person.id != apart_from)
    if not is_address(email):
        found["email"] = Problem(N_("This is not an e-mail address."))
    elif session.scalar(same) is not None:
        found["email"] = Problem(N_("Somebody else has this e-mail address."))
    if details.organisation_id is not None and session.get(Organisation, details.organisation_id) is None:
        found["organisation_id"] = Problem(N_("There is no such organisation."))
    if found:
        raise Invalid(N_("Some details of the person cannot be taken."), found)
    return replace(details, email=email, **texts)
