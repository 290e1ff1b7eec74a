"""The organisation's settings and the editions of reference documents: dated values kept by the Secretariat."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, flash, render_template, request
from werkzeug import Response

from app import clock
from app.courses import references, settings
from app.courses.references import Edition
from app.courses.settings import SETTINGS, Setting
from app.errors import N_, Invalid, NotFound, Problem
from app.i18n import gettext
from app.web.access import current_actor, database, open_to, writing
from app.web.designation import forget
from app.web.numbers import day
from app.web.redirects import see

blueprint = Blueprint("dated_settings", __name__, url_prefix="/settings")

READERS = ("secretariat", "administrator", "auditor")
KEEPERS = ("secretariat",)
GROUPS = {
    "recommendation": N_("This recommendation"),
    "times": N_("Times"),
    "switches": N_("Switches"),
    "portal": N_("Invitations and portal"),
    "survey": N_("Survey of learners"),
    "learners": N_("Learners: access and certificates"),
}
EDITION = ("title_ru", "title_en", "number", "edition", "link")


@dataclass(frozen=True, slots=True)
class Value:
    """A setting as it holds today, and what was or will be: (from, value), the newest first."""

    name: str
    setting: Setting
    now: str
    dated: tuple[tuple[date, str], ...]

    @property
    def kind(self) -> str:
        if self.setting.day:
            return "date"
        return "choice" if self.setting.allowed else "text" if self.setting.pattern else "number"

    def said(self, value: str) -> str:
        """The value in words."""
        return str(self.setting.words.get(value, value)) or "—"


@blueprint.get("")
@open_to(*READERS)
def listed() -> str:
    session, today = database(), clock.today(current_actor().zone)
    values = [_value(name, today) for name in SETTINGS]
    grouped = {group: [one for one in values if one.setting.group == group] for group in GROUPS}
    known = references.in_force(session, today)
    return render_template(
        "settings.html",
        groups=GROUPS,
        grouped=grouped,
        documents=known,
        entered={code: references.dated(session, code) for code in known},
        today=today,
        keeper=current_actor().holds(*KEEPERS),
    )


def _value(name: str, today: date) -> Value:
    rows = tuple((row.valid_from, row.value) for row in settings.dated(database(), name))
    return Value(name, SETTINGS[name], settings.read(database(), name, today), rows)


@blueprint.get("/values/<name>")
@open_to(*KEEPERS)
def value(name: str) -> str:
    return _value_form(name, {}, {})


def _value_form(name: str, typed: dict[str, str], errors: dict[str, Problem]) -> str:
    if name not in SETTINGS:
        raise NotFound
    today = clock.today(current_actor().zone)
    one = _value(name, today)
    return render_template(
        "setting.html", one=one, typed={"value": one.now, "valid_from": today.isoformat(), **typed}, errors=errors
    )


@blueprint.post("/values/<name>")
@open_to(*KEEPERS)
def change(name: str) -> Response | tuple[str, int]:
    typed = {one: request.form.get(one, "").strip()[:1000] for one in ("value", "valid_from")}
    try:
        with writing() as session:
            settings.change(session, name, typed["value"], _first_day(typed["valid_from"]), current_actor().person_id)
    except Invalid as problem:
        database().rollback()
        return _value_form(name, typed, _errors(problem)), problem.status
    forget()
    flash(gettext("The setting was changed."), "done")
    return see("dated_settings.listed")


def _first_day(text: str) -> date:
    """Not a day that has passed: what was decided by then was decided by the values of then."""
    try:
        first = day(text)
    except Invalid as problem:
        raise Invalid(problem.message, {"valid_from": problem}) from None
    today = clock.today(current_actor().zone)
    if not today <= first <= today + timedelta(days=3660):
        message = N_("The first day is today or later, at most ten years ahead.")
        raise Invalid(message, {"valid_from": Problem(message)})
    return first


def _errors(problem: Invalid) -> dict[str, Problem]:
    return dict(problem.fields) if problem.fields else {"": problem}


@blueprint.get("/documents/<code>")
@open_to(*KEEPERS)
def document(code: str) -> str:
    """`new`: a document that is not in the list yet."""
    return _document_form(code, {}, {})


def _document_form(code: str, typed: dict[str, str], errors: dict[str, Problem]) -> str:
    today = clock.today(current_actor().zone)
    known = references.in_force(database(), today).get(code)
    if known is None and code != "new":
        raise NotFound
    shown = dict(zip(EDITION, _texts(known), strict=True))
    return render_template(
        "reference.html",
        code=code,
        known=known,
        typed={**shown, "code": "", "valid_from": today.isoformat(), **typed},
        errors=errors,
    )


def _texts(one: Edition | None) -> tuple[str, ...]:
    return (one.title_ru, one.title_en, one.number, one.edition, one.link) if one else ("",) * len(EDITION)


@blueprint.post("/documents/<code>")
@open_to(*KEEPERS)
def enter(code: str) -> Response | tuple[str, int]:
    names = (*EDITION, "code", "valid_from")
    typed = {name: request.form.get(name, "").strip()[:2000] for name in names}
    try:
        with writing() as session:
            edition = Edition(*(typed[name] for name in EDITION))
            first = _first_day(typed["valid_from"])
            wanted = typed["code"] if code == "new" else _known(code)
            references.change(session, wanted, edition, first, current_actor().person_id)
    except Invalid as problem:
        database().rollback()
        return _document_form(code, typed, _errors(problem)), problem.status
    flash(gettext("The edition was entered."), "done")
    return see("dated_settings.listed")


def _known(code: str) -> str:
    if code not in references.in_force(database(), date.max):
        raise NotFound
    return code
