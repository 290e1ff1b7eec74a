"""The list of courses being created on request (6.2, A55): asking, the log of requests, the list that was released."""

from flask import Blueprint, Response, flash, render_template, request
from werkzeug import Response as Answer

from app.courses.letters.publication import LANGUAGES
from app.courses.planning import copies, listing, requests, tables
from app.courses.planning.models import RegisterRequest
from app.courses.planning.tables import Listed
from app.courses.stages import NAMES as STAGES
from app.errors import Conflict, Invalid, Problem
from app.i18n import as_locale, current_locale, gettext
from app.web.access import current_actor, database, writing
from app.web.downloads import send
from app.web.numbers import whole
from app.web.redirects import see
from app.web.register import XLSX, attached, speak, stem_of

blueprint = Blueprint("register_requests", __name__, url_prefix="/register/requests")
SIZE = 50
MARKS = {"asked": "others", "released": "done", "refused": "late"}


@blueprint.get("")
def listed() -> str:
    """For participants of cooperation their own requests and the form; for the Secretariat the log; others are told."""
    return _page({}, {})


def _page(typed: dict[str, str], errors: dict[str, Problem]) -> str:
    session, actor = database(), current_actor()
    homes = requests.participants(session, actor)
    reads_log = actor.holds(*requests.LOG_READERS)
    page = max(whole(request.args.get("page"), 1), 1)
    lines, more = requests.log(session, actor, page, SIZE)
    return render_template(
        "register_requests.html",
        lines=lines,
        more=more,
        page=page,
        home=homes[0] if homes else None,
        reads_log=reads_log,
        years=listing.years(session),
        typed=typed,
        errors=errors,
        states=requests.STATES,
        marks=MARKS,
    )


@blueprint.post("")
def ask() -> Answer | tuple[str, int]:
    typed = {name: request.form.get(name, "")[:5000] for name in ("year", "purpose")}
    try:
        with writing() as session:
            asked = requests.ask(session, current_actor(), typed)
    except (Invalid, Conflict) as problem:
        database().rollback()
        fields = problem.fields if isinstance(problem, Invalid) else {}
        errors: dict[str, Problem] = dict(fields) or {"": problem}
        return _page(typed, errors), problem.status
    flash(gettext("Your request was sent. A letter comes as soon as it is answered."), "done")
    return see("register_requests.show", request_id=asked.id)


@blueprint.get("/<request_id>")
def show(request_id: str) -> str:
    """What became of the request; once released, the list as it stood then."""
    session = database()
    asked = requests.get_for(session, current_actor(), request_id)
    until = asked.decided_at
    released = asked.state == "released" and until is not None
    return render_template(
        "register_request.html",
        asked=asked,
        title=requests.title(asked),
        listed=_list(asked) if released else None,
        copy=copies.of_moment(session, asked.year, until) if released and until else None,
        stages=STAGES,
        languages=LANGUAGES,
        formats=tables.FORMATS,
        states=requests.STATES,
        marks=MARKS,
    )


def _list(asked: RegisterRequest) -> Listed:
    """Of the moment of the release: it stays what was released."""
    until = asked.decided_at
    assert until is not None
    return copies.read(database(), asked.year, until)


@blueprint.get("/<request_id>/export.xlsx")
def as_workbook(request_id: str) -> Response:
    speak()
    found = _list(requests.released_for(database(), current_actor(), request_id))
    return attached(tables.as_workbook(found), f"{stem_of(found.year, found.until)}.xlsx", XLSX)


@blueprint.get("/<request_id>/export.csv")
def as_csv(request_id: str) -> Response:
    speak()
    found = _list(requests.released_for(database(), current_actor(), request_id))
    text = b"\xef\xbb\xbf" + tables.as_csv(found).encode()
    return attached(text, f"{stem_of(found.year, found.until)}.csv", "text/csv")


@blueprint.get("/<request_id>/<locale>.pdf")
def as_pdf(request_id: str, locale: str) -> Answer:
    session = database()
    asked = requests.released_for(session, current_actor(), request_id)
    copy = copies.of_moment(session, asked.year, asked.decided_at) if asked.decided_at else None
    return send(copies.get_file(session, copy.id if copy else "", as_locale(locale) or current_locale()))
