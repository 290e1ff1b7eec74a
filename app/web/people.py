"""The people of the site, kept by the Secretariat: who they are, inviting them, closing an account."""

import sqlalchemy as sa
from flask import Blueprint, flash, render_template, request
from werkzeug import Response

from app import clock
from app.courses.letters import access as letters
from app.errors import Invalid, Problem
from app.i18n import as_locale, gettext, sort_key
from app.identity import accounts, people, register
from app.identity.models import Organisation
from app.identity.people import Details
from app.identity.roles import ROLES
from app.web.access import current_actor, database, open_to, writing
from app.web.numbers import whole
from app.web.redirects import see

blueprint = Blueprint("people", __name__, url_prefix="/people")

KEEPERS = ("secretariat",)
SIZE = 50
FIELDS = ("name_ru", "name_en", "email", "phone", "locale", "organisation_id")
"""All that the form may set; whatever else is sent is not looked at (S41)."""


@blueprint.get("")
@open_to(*KEEPERS)
def listed() -> str:
    search, closed = request.args.get("q", "")[:200], bool(request.args.get("closed"))
    page = max(whole(request.args.get("page"), 1), 1)
    found = people.search(database(), search, active=None if closed else True, limit=SIZE + 1, offset=(page - 1) * SIZE)
    homes = _organisations_of([one.organisation_id for one in found])
    return render_template(
        "people.html", people=found[:SIZE], homes=homes, search=search, closed=closed, page=page, more=len(found) > SIZE
    )


@blueprint.get("/new")
@open_to(*KEEPERS)
def blank() -> str:
    return _form({"locale": "ru", "invite": "1"}, {})


@blueprint.post("/new")
@open_to(*KEEPERS)
def add() -> Response | tuple[str, int]:
    typed = _typed()
    typed["invite"] = request.form.get("invite", "")[:1]
    try:
        with writing() as session:
            person = people.create(session, _details(typed), current_actor().person_id)
            if typed["invite"]:
                letters.send_link(session, accounts.invite(session, person.id, current_actor().person_id))
    except Problem as problem:
        database().rollback()
        return _form(typed, _errors(problem)), problem.status
    said = gettext("Added and invited by letter: %(name)s.") if typed["invite"] else gettext("Added: %(name)s.")
    flash(said % {"name": person.name}, "done")
    return see("people.show", person_id=person.id)


@blueprint.get("/<person_id>")
@open_to(*KEEPERS)
def show(person_id: str) -> str:
    return _form(_kept(person_id), {}, person_id)


@blueprint.post("/<person_id>")
@open_to(*KEEPERS)
def change(person_id: str) -> Response | tuple[str, int]:
    typed = _typed()
    people.get(database(), person_id)
    try:
        with writing() as session:
            people.change(session, person_id, _details(typed), current_actor().person_id)
    except Problem as problem:
        database().rollback()
        return _form(typed, _errors(problem), person_id), problem.status
    flash(gettext("Saved."), "done")
    return see("people.show", person_id=person_id)


@blueprint.post("/<person_id>/invite")
@open_to(*KEEPERS)
def invite(person_id: str) -> Response:
    with writing() as session:
        letters.send_link(session, accounts.invite(session, person_id, current_actor().person_id))
    flash(
        gettext("The invitation is on its way. The link in it works once; earlier ones do not work any more."), "done"
    )
    return see("people.show", person_id=person_id)


@blueprint.post("/<person_id>/close")
@open_to(*KEEPERS)
def close(person_id: str) -> Response:
    with writing() as session:
        people.deactivate(session, person_id, current_actor().person_id, _reason())
    flash(gettext("The account is closed. Whoever was signed in with it is signed out."), "done")
    return see("people.show", person_id=person_id)


@blueprint.post("/<person_id>/open")
@open_to(*KEEPERS)
def reopen(person_id: str) -> Response:
    with writing() as session:
        people.reactivate(session, person_id, current_actor().person_id, _reason())
    flash(gettext("The account is open again."), "done")
    return see("people.show", person_id=person_id)


def _reason() -> str:
    return request.form.get("reason", "").strip()[:2000]


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "").strip()[:300] for name in FIELDS}


def _kept(person_id: str) -> dict[str, str]:
    details = people.details_of(people.get(database(), person_id))
    return {
        "name_ru": details.name_ru,
        "name_en": details.name_en,
        "email": details.email,
        "phone": details.phone,
        "locale": details.locale,
        "organisation_id": details.organisation_id or "",
    }


def _details(typed: dict[str, str]) -> Details:
    return Details(
        typed["name_ru"],
        typed["name_en"],
        typed["email"],
        typed["phone"],
        as_locale(typed["locale"]) or "ru",
        typed["organisation_id"] or None,
    )


def _errors(problem: Problem) -> dict[str, Problem]:
    return {"": problem, **(problem.fields if isinstance(problem, Invalid) else {})}


def _organisations_of(ids: list[str | None]) -> dict[str, Organisation]:
    query = sa.select(Organisation).where(Organisation.id.in_({one for one in ids if one}))
    return {one.id: one for one in database().scalars(query)}


def _form(typed: dict[str, str], errors: dict[str, Problem], person_id: str = "") -> str:
    session = database()
    organisations = session.scalars(sa.select(Organisation).where(Organisation.active)).all()
    person = people.get(session, person_id) if person_id else None
    chosen, waiting = accounts.state_of(session, person_id) if person_id else (None, None)
    today = clock.today(current_actor().zone)
    return render_template(
        "person.html",
        typed=typed,
        errors=errors,
        person=person,
        chosen=chosen,
        waiting=waiting,
        roles=ROLES,
        holds=register.appointments(session, person=person_id, on=today) if person_id else [],
        organisations=sorted(organisations, key=lambda one: (one.kind, sort_key(str(one.code)))),
    )
