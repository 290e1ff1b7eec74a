"""Filling an empty demo: the bodies and institutes of the reference data, and fictitious people with appointments."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import evidence
from app.audit.kinds import Kind
from app.audit.models import StreamRow
from app.identity import appointments, organisations, people, reference
from app.identity.appointments import Terms
from app.identity.models import Person

DOMAIN = "demo.example"
_SINCE = date(2022, 1, 10)
_BY = "system:demo"


def address(key: str) -> str:
    """E-mail of the fictitious person of that key in `people.json`; signing in goes by it."""
    return f"{key}@{DOMAIN}"


def mark(session: Session) -> None:
    """Once, and for ever: `serve` refuses a database that has this stream of evidence."""
    stream = sa.select(StreamRow.id).where(StreamRow.kind == "site", StreamRow.ident == "demo")
    if session.scalar(stream) is None:
        evidence.record(session, "site", "demo", Kind.DEMO_FILLED, _BY)


def load_people(session: Session) -> None:
    """Everybody who is not there yet."""
    reference.load(session)
    for row in json.loads((Path(__file__).parent / "people.json").read_text("utf-8")):
        if people.find_by_email(session, address(row["key"])) is None:
            _add(session, row)
    _give_addresses(session)


def _give_addresses(session: Session) -> None:
    """Every institute can be written to, as the invitations of clause 12.1 want it: those without a representative."""
    for nmi in organisations.search(session, kinds=["nmi"]):
        if not nmi.email and not appointments.holders(session, "representative", nmi.id):
            details = replace(organisations.details_of(nmi), email=address(nmi.id))
            organisations.change(session, nmi.id, details, _BY)


def _add(session: Session, row: dict[str, Any]) -> Person:
    details = people.Details(
        row["ru"], row["en"], address(row["key"]), row["phone"], row["locale"], row["organisation"]
    )
    person = people.create(session, details, _BY)
    for role, organisation, *acting in row["holds"]:
        terms = Terms(role, _SINCE, organisation_id=organisation, acting=bool(acting), document="Пример / Example")
        appointments.appoint(session, person.id, terms, _BY)
    return person
