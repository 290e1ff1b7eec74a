"""Coming in: by password, by a one-time link, and what to do when the password is forgotten.

A link's page only shows; sending its form acts (S46). The token leaves the address at once: the browser gets it back as
an entry of its signed session (S49).
"""

from datetime import datetime

from flask import Blueprint, flash, render_template, request, session
from werkzeug import Response

from app.audit.kinds import Kind
from app.courses.letters import access as letters
from app.db import real_time
from app.errors import N_, Conflict, Invalid, Problem
from app.i18n import gettext, ngettext
from app.identity import accounts, credentials, limits, links, people
from app.identity.limits import Counted
from app.identity.models import OneTimeLink
from app.web.access import database, enter, public, writing
from app.web.redirects import back, see

blueprint = Blueprint("sign_in", __name__)

LINK = "link"
WRONG = N_("E-mail or password is wrong. Check both; capital letters count in the password.")
EMPTY = N_("Enter both your e-mail and your password.")
EMPTY_EMAIL = N_("Enter your e-mail.")
Answer = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]


@blueprint.get("/sign-in")
@public
def page() -> str:
    return render_template("sign_in.html", email="", next=request.args.get("next", ""), said="")


@blueprint.post("/sign-in")
@public
def come_in() -> Answer:
    """The password is compared outside any transaction: it takes its time, for those we do not know too (S55)."""
    email, password = request.form.get("email", "").strip().lower()[:254], request.form.get("password", "")[:4000]
    if not email or not password:
        return _again("sign_in.html", EMPTY, email=email, next=request.form.get("next", ""))
    mine = Counted(limits.SIGN_IN, f"{request.remote_addr} {email}")
    others = (Counted(limits.SIGN_IN_ACCOUNT, email), Counted(limits.SIGN_IN_ADDRESS, request.remote_addr or ""))
    with writing() as opened:
        who = accounts.known(opened, email)
        free_at = limits.take(opened, (mine, *others))
        if free_at is not None:
            accounts.refused(opened, who, Kind.SIGN_IN_LOCKED)
    if free_at is not None:
        return _later(free_at, "sign_in.html", email=email, next=request.form.get("next", ""))
    if not credentials.matches(who.password_hash, password) or who.person_id is None:
        with writing() as opened:
            accounts.refused(opened, who)
        return _again("sign_in.html", WRONG, email=email, next=request.form.get("next", ""))
    with writing() as opened:
        limits.forgive(opened, mine)
        accounts.accepted(opened, who, password)
    enter(who.person_id)
    return back(request.form.get("next"))


@blueprint.get("/forgotten")
@public
def forgotten() -> str:
    return render_template("forgotten.html", said="", email="")


@blueprint.post("/forgotten")
@public
def ask() -> Answer:
    """The same answer in the same time, whether somebody has this address or not."""
    email = request.form.get("email", "").strip().lower()[:254]
    if not email:
        return _again("forgotten.html", EMPTY_EMAIL, email="")
    with writing() as opened:
        free_at = limits.take(opened, (Counted(limits.RESET_ADDRESS, request.remote_addr or ""),))
        if free_at is None:
            who = accounts.known(opened, email)
            enough = limits.take(opened, (Counted(limits.RESET, email),)) is not None
            letters.ask_for_password(opened, None if enough or who.password_hash is None else who.person_id)
    if free_at is not None:
        return _later(free_at, "forgotten.html", email=email)
    return see("sign_in.asked")


@blueprint.get("/forgotten/sent")
@public
def asked() -> str:
    return render_template("forgotten_sent.html")


@blueprint.get("/link/<token>")
@public
def open_link(token: str) -> Response:
    """Nothing happens to the link here: scanners of mail open it too."""
    found = links.find(database(), token)
    session.pop(LINK, None)
    if found is not None:
        session[LINK] = found.id
    return see("sign_in.choose")


@blueprint.get("/password")
@public
def choose() -> Answer:
    link = _link()
    return _choice(link, {}) if link else _spent()


@blueprint.post("/password")
@public
def take() -> Answer:
    link = _link()
    if link is None:
        return _spent()
    fresh = request.form.get("password", "")
    try:
        accounts.check_choice(database(), link.person_id, fresh, request.form.get("again", ""))
    except Invalid as problem:
        return _choice(link, {"": problem, **problem.fields}), problem.status
    database().rollback()  # hashing takes its time: nobody waits for our lock meanwhile
    kept = credentials.hash_password(fresh)
    try:
        with writing() as opened:
            person_id = accounts.set_password(opened, link.id, kept)
    except Conflict:
        database().rollback()
        return _spent()
    enter(person_id)
    flash(gettext("Your password is set, and you are signed in."), "done")
    return see("inbox.front")


def _link() -> OneTimeLink | None:
    ident = session.get(LINK)
    return links.get(database(), ident) if isinstance(ident, str) else None


def _choice(link: OneTimeLink, errors: dict[str, Problem]) -> str:
    person = people.get(database(), link.person_id)
    return render_template("password.html", person=person, errors=errors, least=credentials.SHORTEST)


def _spent() -> tuple[str, int]:
    session.pop(LINK, None)
    return render_template("link_spent.html"), 410


def _again(template: str, said: str, **shown: str) -> tuple[str, int]:
    """The same page with what was typed, the password apart."""
    return render_template(template, said=gettext(said), **shown), 422


def _later(free_at: datetime, template: str, **shown: str) -> tuple[str, int, dict[str, str]]:
    """The same page with what was typed, and when to try again."""
    seconds = max(int((free_at - real_time(database())).total_seconds()), 1)
    minutes = -(-seconds // 60)
    said = ngettext(
        "Too many attempts. Try again in %(num)s minute.", "Too many attempts. Try again in %(num)s minutes.", minutes
    )
    return render_template(template, said=said, **shown), 429, {"Retry-After": str(seconds)}
