"""One's own account: the password, and the browsers that are signed in."""

from flask import Blueprint, flash, render_template, request
from werkzeug import Response

from app import clock
from app.errors import Invalid, NotFound, Problem
from app.i18n import gettext
from app.identity import accounts, credentials, limits, register, sessions
from app.identity.limits import Counted
from app.identity.roles import ROLES
from app.web.access import Visitor, database, visitor, writing
from app.web.redirects import see

blueprint = Blueprint("accounts", __name__, url_prefix="/account")

BROWSERS = (
    ("YaBrowser", "Yandex Browser"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
"""What each writes of itself, the most particular first: all of them also claim to be others."""
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")


@blueprint.get("")
def page() -> str:
    return _page({})


@blueprint.post("/password")
def change_password() -> Response | tuple[str, int]:
    """The present password is asked for again: a browser left open must not give the account away."""
    me, fresh = _me(), request.form.get("password", "")
    with writing() as opened:
        kept = accounts.password_of(opened, me.id)
        free_at = limits.take(opened, (Counted(limits.SIGN_IN, f"change {me.id}"),))
    if kept is None:
        raise NotFound
    errors: dict[str, Problem] = {}
    if free_at is not None or not credentials.matches(kept, request.form.get("present", "")[:4000]):
        errors["present"] = Problem(accounts.TOO_OFTEN if free_at else accounts.WRONG)
    try:
        accounts.check_choice(database(), me.id, fresh, request.form.get("again", ""))
    except Invalid as problem:
        errors |= problem.fields
    database().rollback()  # hashing takes its time: nobody waits for our lock meanwhile
    if errors:
        return _page({"": Problem(accounts.PASSWORD_REFUSED), **errors}), 422
    hashed = credentials.hash_password(fresh)
    with writing() as opened:
        limits.forgive(opened, Counted(limits.SIGN_IN, f"change {me.id}"))
        accounts.change_password(opened, me.id, hashed, keep=me.visit_id)
    flash(gettext("Your password is changed. Everywhere else you are signed out."), "done")
    return see("accounts.page")


@blueprint.post("/sessions/<session_id>/end")
def end_session(session_id: str) -> Response:
    me = _me()
    with writing() as opened:
        sessions.revoke(opened, me.id, session_id, me.id)
    flash(gettext("That browser is signed out."), "done")
    return see("accounts.page")


@blueprint.post("/sessions/end-others")
def end_others() -> Response:
    me = _me()
    with writing() as opened:
        sessions.revoke_all(opened, me.id, me.id, apart_from=me.visit_id)
    flash(gettext("Everywhere else you are signed out."), "done")
    return see("accounts.page")


def browser_name(agent: str) -> str:
    """Browser and system in words known to everybody; "" where the browser says neither."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    return ", ".join(part for part in (browser, next((name for name in SYSTEMS if name in agent), "")) if part)


def _me() -> Visitor:
    me = visitor()
    if me is None:
        raise NotFound
    return me


def _page(errors: dict[str, Problem]) -> str:
    me, opened = _me(), database()
    return render_template(
        "account.html",
        errors=errors,
        has_password=accounts.password_of(opened, me.id) is not None,
        least=credentials.SHORTEST,
        sessions=sessions.live(opened, me.id),
        present=me.visit_id,
        expires=sessions.expires,
        browser_name=browser_name,
        standing=register.substitutions(opened, of=me.id, until=clock.today(me.zone)),
        roles=ROLES,
    )
