"""Working days of each country: the kept library's calendar and the exceptions that the Secretariat enters."""

from datetime import date

import sqlalchemy as sa
from flask import Blueprint, flash, render_template, request
from sqlalchemy.orm import Session
from werkzeug import Response

from app import clock
from app.errors import N_, Invalid, NotFound, Problem
from app.i18n import gettext, sort_key
from app.identity import calendars
from app.identity.models import Country, Organisation
from app.identity.places import default_place
from app.web import history
from app.web.access import current_actor, database, open_to, writing
from app.web.numbers import day, whole
from app.web.redirects import see

blueprint = Blueprint("calendars", __name__, url_prefix="/calendars")

READERS = ("secretariat", "administrator", "auditor")
KEEPERS = ("secretariat",)
NEAR = 10
"""Years before and after this one: a day further off is a slip of the pen."""


@blueprint.get("")
@open_to(*READERS)
def listed() -> tuple[str, int]:
    return _page(request.args.get("country", ""), whole(request.args.get("year")), {}, {})


@blueprint.post("")
@open_to(*KEEPERS)
def enter() -> Response | tuple[str, int]:
    """A day that is worked on, or is not, whatever the library says; the reason is kept with it."""
    typed = {name: request.form.get(name, "").strip()[:500] for name in ("country", "day", "working", "note")}
    try:
        with writing() as session:
            country, when = _country(session, typed["country"]), _day(typed["day"])
            worked = _working(typed["working"])
            _demand_note(typed["note"])
            by = current_actor().person_id
            calendars.set_exception(session, country, when, working=worked, note=typed["note"], by=by)
    except Invalid as problem:
        database().rollback()
        text, _ok = _page(typed["country"], 0, typed, {"": problem, **problem.fields})
        return text, problem.status
    flash(gettext("Entered. Deadlines that are set already stay as they are."), "done")
    return see("calendars.listed", country=country, year=str(when.year))


@blueprint.post("/<country>/<when>/remove")
@open_to(*KEEPERS)
def remove(country: str, when: str) -> Response:
    """The day is again what the library says."""
    try:
        found = day(when)
    except Invalid:
        raise NotFound from None
    with writing() as session:
        calendars.remove_exception(session, country, found, current_actor().person_id)
    flash(gettext("Taken out: the day is again as the calendar of the country says."), "done")
    return see("calendars.listed", country=country, year=str(found.year))


def countries(session: Session) -> list[tuple[str, str]]:
    """Code and name of every country that an organisation is in, by name."""
    query = sa.select(Organisation.country).where(Organisation.country.is_not(None)).distinct()
    codes = {*map(str, session.scalars(query)), default_place(session).country}
    names = {one.code: str(one.name) for one in session.scalars(sa.select(Country).where(Country.code.in_(codes)))}
    return sorted(((code, names.get(code, code)) for code in codes), key=lambda one: sort_key(one[1]))


def _country(session: Session, code: str) -> str:
    if code not in dict(countries(session)):
        raise _wrong("country", N_("Choose a country from the list."))
    return code


def _day(text: str) -> date:
    try:
        found = day(text)
    except Invalid:
        raise _wrong("day", N_("Give the day.")) from None
    if abs(found.year - clock.today(current_actor().zone).year) > NEAR:
        raise _wrong("day", N_("This day is too far off."))
    return found


def _working(text: str) -> bool:
    if text not in ("yes", "no"):
        raise _wrong("working", N_("Say whether the day is worked on."))
    return text == "yes"


def _demand_note(text: str) -> None:
    if not text:
        raise _wrong("note", N_("Say why the day differs from the calendar."))


def _wrong(name: str, message: str) -> Invalid:
    return Invalid(message, {name: Problem(message)})


def _page(country: str, year: int, typed: dict[str, str], errors: dict[str, Problem]) -> tuple[str, int]:
    session, actor = database(), current_actor()
    known = countries(session)
    code = country if country in dict(known) else default_place(session).country
    present = clock.today(actor.zone).year
    shown = year if abs(year - present) <= NEAR else present
    page = render_template(
        "calendars.html",
        countries=known,
        country=code,
        name=dict(known)[code],
        year=shown,
        years=range(present - NEAR, present + NEAR + 1),
        days=calendars.differences(session, code, shown),
        typed=typed,
        errors=errors,
        keeper=actor.holds(*KEEPERS),
        history=history.lines(session, [("site", f"calendar-{code.lower()}")], limit=20),
    )
    return page, 200
