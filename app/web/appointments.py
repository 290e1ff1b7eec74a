"""The register of appointments, kept by the Secretariat (clause 5.1)."""

import csv
import io
from datetime import date

import sqlalchemy as sa
from flask import Blueprint, flash, render_template, request
from werkzeug import Response

from app import clock
from app.courses.portal import harmless
from app.errors import N_, Invalid, Problem
from app.i18n import gettext, sort_key
from app.identity import appointments, register
from app.identity.appointments import Terms
from app.identity.models import Organisation, Person
from app.identity.roles import ROLES
from app.web.access import current_actor, database, open_to, writing
from app.web.downloads import send_text
from app.web.redirects import see

blueprint = Blueprint("appointments", __name__, url_prefix="/appointments")

READERS = ("secretariat", "administrator", "auditor")
KEEPERS = ("secretariat",)


@blueprint.get("")
@open_to(*READERS)
def listed() -> str:
    actor = current_actor()
    role, search = request.args.get("role", ""), request.args.get("q", "")[:200]
    today = clock.today(actor.zone)
    found = register.appointments(
        database(),
        text=search,
        roles=(role,) if role in ROLES else (),
        on=None if request.args.get("all") else today,
    )
    every = bool(request.args.get("all"))
    return render_template(
        "appointments.html",
        found=[one for one in found if every or one.subject is None],
        roles=ROLES,
        role=role,
        search=search,
        all=every,
        today=today,
        keeper=actor.holds(*KEEPERS),
    )


@blueprint.get("/register.csv")
@open_to(*KEEPERS)
def export() -> Response:
    """Every appointment that ever was, in the reader's language, with a byte order mark for spreadsheets."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    heads = (N_("Person"), N_("Role"), N_("acting"), N_("Organisation"), N_("First day"), N_("Last day"))
    writer.writerow(gettext(one) for one in (*heads, N_("Document"), N_("E-mail"), N_("Telephone")))
    for one in register.appointments(database()):
        days = (one.valid_from.isoformat(), one.valid_to.isoformat() if one.valid_to else "")
        home, who = str(one.organisation.code) if one.organisation else "", one.person
        cells = [str(who.name), str(ROLES[one.role]), gettext("yes") if one.acting else "", home, *days]
        cells += [one.document, who.email or "", who.phone or ""]
        writer.writerow(harmless(cell) for cell in cells)
    name = f"coomet-appointments-{clock.now():%Y-%m-%d}.csv"
    return send_text("\ufeff" + out.getvalue(), name, "text/csv")


@blueprint.get("/new")
@open_to(*KEEPERS)
def blank() -> str:
    return _form({"valid_from": clock.today(current_actor().zone).isoformat()}, {})


@blueprint.post("/new")
@open_to(*KEEPERS)
def make() -> Response | tuple[str, int]:
    typed = {name: request.form.get(name, "").strip()[:500] for name in FIELDS}
    try:
        with writing() as session:
            person = session.get(Person, typed["person"])
            if person is None:
                raise Invalid(N_("Choose a person."), {"person": Problem(N_("Choose a person."))})
            appointments.appoint(session, person.id, _terms(typed), current_actor().person_id)
    except Problem as problem:
        database().rollback()
        return _form(typed, _errors(problem)), problem.status
    flash(gettext("Appointed: %(name)s.", name=str(person.name)), "done")
    return see("appointments.listed")


@blueprint.post("/<appointment_id>/end")
@open_to(*KEEPERS)
def end(appointment_id: str) -> Response:
    last = _day(request.form.get("last_day", "")) or clock.today(current_actor().zone)
    reason = request.form.get("reason", "").strip()[:2000]
    with writing() as session:
        appointments.end(session, appointment_id, last, current_actor().person_id, reason)
    flash(gettext("The appointment ends."), "done")
    return see("appointments.listed")


FIELDS = ("person", "role", "organisation_id", "valid_from", "valid_to", "acting", "document")


def _terms(typed: dict[str, str]) -> Terms:
    """Raises Invalid where the first day is no date; what else is wrong the register itself finds."""
    first = _day(typed["valid_from"])
    if first is None:
        raise Invalid(N_("Give the first day."), {"valid_from": Problem(N_("Give the first day."))})
    return Terms(
        role=typed["role"],
        valid_from=first,
        valid_to=_day(typed["valid_to"]),
        organisation_id=typed["organisation_id"] or None,
        acting=bool(typed["acting"]),
        document=typed["document"],
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _errors(problem: Problem) -> dict[str, Problem]:
    fields = problem.fields if isinstance(problem, Invalid) else {}
    return {"": problem, **fields}


def _form(typed: dict[str, str], errors: dict[str, Problem]) -> str:
    session = database()
    persons = session.scalars(sa.select(Person).where(Person.active))
    organisations = session.scalars(sa.select(Organisation).where(Organisation.active))
    return render_template(
        "appointment_new.html",
        typed=typed,
        errors=errors,
        roles=ROLES,
        people=sorted(persons, key=lambda one: sort_key(str(one.name))),
        organisations=sorted(organisations, key=lambda one: (one.kind, sort_key(str(one.code)))),
    )
