"""Keeping structural bodies, institutes and secretariats."""

import re
from collections.abc import Collection
from dataclasses import asdict, dataclass, fields, replace
from zoneinfo import available_timezones

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import evidence
from app.audit.kinds import Kind
from app.errors import N_, Conflict, Invalid, NotFound, Problem
from app.identity.addresses import is_address
from app.identity.models import Organisation, OrganisationKind
from app.identity.searching import matches, tidy

_ID = re.compile(r"[a-z0-9]+([-.][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Details:
    """What is kept about an organisation."""

    kind: OrganisationKind
    code_ru: str
    code_en: str
    name_ru: str
    name_en: str
    country: str | None = None
    zone: str | None = None
    parent_id: str | None = None
    active: bool = True
    email: str = ""


def create(session: Session, organisation_id: str, details: Details, by: str) -> Organisation:
    """Invalid names the fields that cannot be taken; Conflict: the id is in use."""
    if not _ID.fullmatch(organisation_id):
        raise Invalid(N_("The id may hold small Latin letters, digits, points and hyphens."))
    if session.get(Organisation, organisation_id) is not None:
        raise Conflict(N_("There is an organisation with this id already."))
    details = _checked(session, organisation_id, details)
    made = Organisation(id=organisation_id)
    _set(made, details)
    session.add(made)
    session.flush()
    evidence.record(session, "register", _stream(made), Kind.ORGANISATION_CREATED, by, asdict(details))
    return made


def change(session: Session, organisation_id: str, details: Details, by: str) -> Organisation:
    """Replace the details; nothing is written when nothing differs."""
    found = get(session, organisation_id)
    details = _checked(session, organisation_id, details)
    before, after = asdict(details_of(found)), asdict(details)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changes:
        _set(found, details)
        session.flush()
        evidence.record(session, "register", _stream(found), Kind.ORGANISATION_CHANGED, by, changes)
    return found


def get(session: Session, organisation_id: str) -> Organisation:
    found = session.get(Organisation, organisation_id)
    if found is None:
        raise NotFound
    return found


def details_of(organisation: Organisation) -> Details:
    return Details(
        kind=organisation.kind,
        code_ru=organisation.code_ru,
        code_en=organisation.code_en,
        name_ru=organisation.name_ru,
        name_en=organisation.name_en,
        country=organisation.country,
        zone=organisation.zone,
        parent_id=organisation.parent_id,
        active=organisation.active,
        email=organisation.email,
    )


def search(
    session: Session,
    text: str = "",
    *,
    kinds: Collection[OrganisationKind] = (),
    active: bool | None = True,
) -> list[Organisation]:
    """Organisations whose codes or names contain every word, in the order of their codes (TC 1.2 before TC 1.10)."""
    query = sa.select(Organisation).where(*matches(Organisation.folded, text))
    if kinds:
        query = query.where(Organisation.kind.in_(kinds))
    if active is not None:
        query = query.where(Organisation.active.is_(active))
    return sorted(session.scalars(query), key=_order)


def _order(organisation: Organisation) -> tuple[str, list[tuple[int, str]]]:
    parts = re.findall(r"\d+|\D+", organisation.code_en)
    return organisation.kind, [(int(part), "") if part.isdigit() else (0, part) for part in parts]


def _stream(organisation: Organisation) -> str:
    return f"organisation-{organisation.id}"


def _set(organisation: Organisation, details: Details) -> None:
    organisation.kind, organisation.active = details.kind, details.active
    organisation.code_ru, organisation.code_en = details.code_ru, details.code_en
    organisation.name_ru, organisation.name_en = details.name_ru, details.name_en
    organisation.country, organisation.zone = details.country, details.zone
    organisation.parent_id, organisation.email = details.parent_id, details.email


def _checked(session: Session, organisation_id: str, details: Details) -> Details:
    found: dict[str, Problem] = {}
    texts: dict[str, str] = {}
    named = ("code_ru", "code_en", "name_ru", "name_en")
    for name in (field.name for field in fields(Details) if field.name in named):
        try:
            texts[name] = tidy(asdict(details)[name])
        except ValueError:
            found[name] = Problem(N_("There are characters here that cannot be printed."))
            continue
        if not texts[name]:
            found[name] = Problem(N_("Give it in both languages."))
    email = details.email.strip().lower()
    if email and not is_address(email):
        found["email"] = Problem(N_("This is not an e-mail address."))
    if details.zone is not None and details.zone not in available_timezones():
        found["zone"] = Problem(N_("There is no such time zone."))
    if details.country is not None and not re.fullmatch("[A-Z]{2}", details.country):
        found["country"] = Problem(N_("A country is named by its two-letter code."))
    if details.parent_id is not None and not _may_be_under(session, organisation_id, details.parent_id):
        found["parent_id"] = Problem(N_("An organisation cannot be placed under this one."))
    if found:
        raise Invalid(N_("Some details of the organisation cannot be taken."), found)
    return replace(
        details,
        code_ru=texts["code_ru"],
        code_en=texts["code_en"],
        name_ru=texts["name_ru"],
        name_en=texts["name_en"],
        email=email,
    )


def _may_be_under(session: Session, organisation_id: str, parent_id: str) -> bool:
    """No organisation is, through others, its own parent."""
    seen = {organisation_id}
    above: str | None = parent_id
    while above is not None:
        if above in seen:
            return False
        seen.add(above)
        parent = session.get(Organisation, above)
        if parent is None:
            return False
        above = parent.parent_id
    return True
