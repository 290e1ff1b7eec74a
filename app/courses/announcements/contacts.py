"""Whom an invitation to training reaches: every active NMI's representatives and its own address (12.1)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.courses import settings
from app.i18n import Locale, Text, as_locale
from app.identity import appointments, organisations
from app.identity.models import Organisation, Person

INSTITUTE, NOBODY = "organisation", "nobody"
"""In place of a person's id: the institute's own address; an institute that has neither."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One recipient; `email` is empty where the institute has nobody to write to."""

    organisation: Organisation
    contact: str
    name: Text
    email: str
    locale: Locale
    assumed: bool
    """The language is the setting's, because the recipient's is not known."""


def of_nmis(session: Session, on: date) -> list[Contact]:
    """Every active NMI in the order of their codes, each with all its contacts, each address once."""
    language = as_locale(settings.read(session, "invitation_language", on)) or "ru"
    return [one for nmi in organisations.search(session, kinds=["nmi"]) for one in _of_one(session, nmi, language)]


def _of_one(session: Session, nmi: Organisation, language: Locale) -> list[Contact]:
    people = appointments.holders(session, "representative", nmi.id)
    found = [_person(nmi, one) for one in people if one.active and one.email]
    known = {one.email.casefold() for one in found}
    if nmi.email and nmi.email.casefold() not in known:
        found.append(Contact(nmi, INSTITUTE, nmi.name, nmi.email, language, assumed=True))
    return found or [Contact(nmi, NOBODY, nmi.name, "", language, assumed=True)]


def _person(nmi: Organisation, person: Person) -> Contact:
    return Contact(nmi, person.id, person.name, person.email or "", person.locale, assumed=False)
