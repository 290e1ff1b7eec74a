"""Signing in without a password: one button a person, grouped by what they are."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session, aliased
from werkzeug import Response

from app.errors import N_, NotFound
from app.i18n import Text, gettext, sort_key
from app.identity import people
from app.identity.models import Appointment, Country, Organisation, Person
from app.identity.roles import ROLES
from app.web.access import database, enter, public
from app.web.redirects import back

blueprint = Blueprint("personas", __name__, template_folder="templates")

ORDER = (
    "administrator",
    "representative",
    "national_secretariat",
    "chair",
    "member",
    "creator",
    "secretariat",
    "tc4_secretariat",
    "analyst",
    "operator",
    "auditor",
)
NOBODY = Text("Без назначения", "Without an appointment")


@dataclass(frozen=True, slots=True)
class Persona:
    email: str
    name: Text
    place: str
    """Organisation and country, in the reader's language."""
    details: str
    """The body and an acting mark, where the appointment says so."""


@dataclass(frozen=True, slots=True)
class Group:
    role: str
    label: Text
    personas: tuple[Persona, ...]


@blueprint.get("/demo")
@public
def page() -> str:
    return render_template("demo/personas.html", groups=list(groups(database())), next=request.args.get("next", ""))


@blueprint.post("/demo/sign-in")
@public
def sign_in() -> Response:
    person = people.find_by_email(database(), request.form.get("person", ""))
    if person is None:
        raise NotFound(N_("There is no such person in the demo."))
    enter(person.id)
    return back(request.form.get("next"))


def groups(session: Session) -> Iterator[Group]:
    """The demo's people by role, in the order of the procedure; whoever holds two roles is in both groups."""
    found: dict[str, list[Persona]] = {}
    for row in _everybody(session):
        found.setdefault(row.appointment.role if row.appointment else "", []).append(row.persona())
    for role in (*ORDER, ""):
        if role in found:
            people_of = tuple(sorted(found[role], key=lambda one: (one.details, sort_key(str(one.name)))))
            yield Group(role or "none", ROLES[role] if role else NOBODY, people_of)


@dataclass(frozen=True, slots=True)
class _Row:
    person: Person
    home: Organisation | None
    country: Country | None
    appointment: Appointment | None
    body: Organisation | None

    def persona(self) -> Persona:
        place = [str(self.home.code)] if self.home else []
        place += [str(self.country.name)] if self.country else []
        elsewhere = self.body is not None and self.body.id != self.person.organisation_id
        details = [str(self.body.code)] if self.body and elsewhere else []
        details += [gettext("acting")] if self.appointment and self.appointment.acting else []
        return Persona(self.person.email or "", self.person.name, ", ".join(place), ", ".join(details))


def _everybody(session: Session) -> Iterator[_Row]:
    home, body = aliased(Organisation), aliased(Organisation)
    general = sa.and_(Appointment.person_id == Person.id, Appointment.subject.is_(None))
    query = sa.select(Person, home, Country, Appointment, body).where(Person.active)
    query = query.outerjoin(home, home.id == Person.organisation_id).outerjoin(Country, Country.code == home.country)
    query = query.outerjoin(Appointment, general).outerjoin(body, body.id == Appointment.organisation_id)
    for row in session.execute(query):
        yield _Row(*row)
