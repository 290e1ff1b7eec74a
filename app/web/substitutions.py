"""Who stands in for whom between two days: deputies and acting chairs (X-6, A26), kept by the Secretariat."""

from datetime import date

import sqlalchemy as sa
from flask import Blueprint, flash, render_template, request
from sqlalchemy.orm import Session
from werkzeug import Response

from app import clock
from app.errors import N_, Invalid, Problem
from app.i18n import gettext, sort_key
from app.identity import register, substitutions
from app.identity.models import Organisation, Person
from app.identity.roles import ROLES
from app.identity.substitutions import Terms
from app.web import history
from app.web.access import current_actor, database, open_to, writing
from app.web.numbers import day, whole
from app.web.redirects import see

blueprint = Blueprint("substitutions", __name__, url_prefix="/substitutions")

READERS = ("secretariat", "administrator", "auditor")
KEEPERS = ("secretariat",)
SIZE = 50
FIELDS = ("absent", "substitute_id", "role", "organisation_id", "valid_from", "valid_to", "reason")


@blueprint.get("")
@open_to(*READERS)
def listed() -> str:
    actor = current_actor()
    search, every = request.args.get("q", "")[:200], bool(request.args.get("all"))
    page, today = max(whole(request.args.get("page"), 1), 1), clock.today(actor.zone)
    still = None if every else today
    found = register.substitutions(database(), text=search, until=still, offset=(page - 1) * SIZE, limit=SIZE + 1)
    return render_template(
        "substitutions.html",
        found=found[:SIZE],
        more=len(found) > SIZE,
        page=page,
        search=search,
        all=every,
        roles=ROLES,
        today=today,
        keeper=actor.holds(*KEEPERS),
    )


@blueprint.get("/new")
@open_to(*KEEPERS)
def blank() -> str:
    return _form(None, {"valid_from": clock.today(current_actor().zone).isoformat()}, {})


@blueprint.post("/new")
@open_to(*KEEPERS)
def make() -> Response | tuple[str, int]:
    typed = _typed()
    try:
        with writing() as session:
            absent = session.get(Person, typed["absent"])
            if absent is None:
                raise Invalid(N_("Choose a person."), {"absent": Problem(N_("Choose a person."))})
            made = substitutions.make(session, absent.id, _terms(typed), current_actor().person_id)
            substitutions.demand_held(session, absent.id, substitutions.terms_of(made))
    except Invalid as problem:
        database().rollback()
        return _form(None, typed, _errors(problem)), problem.status
    flash(gettext("The substitution is entered."), "done")
    return see("substitutions.listed")


@blueprint.get("/<substitution_id>")
@open_to(*KEEPERS)
def show(substitution_id: str) -> str:
    found = substitutions.get(database(), substitution_id)
    known = {
        "substitute_id": found.substitute_id,
        "role": found.role or "",
        "organisation_id": found.organisation_id or "",
        "valid_from": found.valid_from.isoformat(),
        "valid_to": found.valid_to.isoformat(),
        "reason": found.reason,
    }
    return _form(substitution_id, known, {})


@blueprint.post("/<substitution_id>")
@open_to(*KEEPERS)
def change(substitution_id: str) -> Response | tuple[str, int]:
    typed = _typed()
    try:
        with writing() as session:
            changed = substitutions.change(session, substitution_id, _terms(typed), current_actor().person_id)
            substitutions.demand_held(session, changed.absent_id, substitutions.terms_of(changed))
    except Invalid as problem:
        database().rollback()
        return _form(substitution_id, typed, _errors(problem)), problem.status
    flash(gettext("Saved."), "done")
    return see("substitutions.listed")


@blueprint.post("/<substitution_id>/end")
@open_to(*KEEPERS)
def end(substitution_id: str) -> Response:
    """It ends with that day; whoever came back earlier acts again from the next one."""
    last = day(request.form.get("last_day", ""))
    with writing() as session:
        substitutions.end(session, substitution_id, last, current_actor().person_id)
    flash(gettext("The substitution ends."), "done")
    return see("substitutions.listed")


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "").strip()[:2000] for name in FIELDS}


def _terms(typed: dict[str, str]) -> Terms:
    """Raises Invalid where a day is no date; what else is wrong the register itself finds."""
    return Terms(
        substitute_id=typed["substitute_id"],
        valid_from=_day(typed, "valid_from", N_("Give the first day.")),
        valid_to=_day(typed, "valid_to", N_("Give the last day: a substitution always ends.")),
        role=typed["role"] or None,
        organisation_id=typed["organisation_id"] or None,
        reason=typed["reason"],
    )


def _day(typed: dict[str, str], name: str, wanted: str) -> date:
    try:
        return date.fromisoformat(typed[name])
    except ValueError:
        raise Invalid(wanted, {name: Problem(wanted)}) from None


def _errors(problem: Invalid) -> dict[str, Problem]:
    return {"": problem, **problem.fields}


def _form(substitution_id: str | None, typed: dict[str, str], errors: dict[str, Problem]) -> str:
    session = database()
    found = substitutions.get(session, substitution_id) if substitution_id else None
    organisations = session.scalars(sa.select(Organisation).where(Organisation.active))
    return render_template(
        "substitution.html",
        substitution=found,
        absent=session.get_one(Person, found.absent_id) if found else None,
        typed=typed,
        errors=errors,
        roles=ROLES,
        people=_people(session, typed.get("substitute_id", "")),
        organisations=sorted(organisations, key=lambda one: (one.kind, sort_key(str(one.code)))),
        history=history.lines(session, [("person", found.absent_id)], kinds=SHOWN) if found else [],
    )


def _people(session: Session, chosen: str) -> list[Person]:
    """Everybody who may be chosen, and who is chosen already."""
    found = session.scalars(sa.select(Person).where(sa.or_(Person.active, Person.id == chosen)))
    return sorted(found, key=lambda one: sort_key(str(one.name)))


SHOWN = frozenset(history.SUBSTITUTIONS)
"""Of an absent person's evidence only what concerns substitution."""
