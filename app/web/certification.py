"""Certificates for the office: the register, a course's requests, a list issued in one action, corrections (10.2)."""

from flask import Blueprint, flash, render_template, request
from werkzeug import Response

from app import clock
from app.courses import register as courses
from app.courses import workbooks
from app.courses.certificates import asking, batches, correcting, register, terms
from app.courses.certificates.eligibility import REASONS
from app.courses.certificates.models import Certificate
from app.courses.certificates.printed import spaced
from app.courses.certificates.shown import line
from app.courses.documents import kept
from app.courses.documents.making import CERTIFICATE
from app.courses.workbooks import Sheet
from app.errors import N_, Invalid, Problem
from app.i18n import current_locale, gettext, ngettext
from app.web.access import current_actor, database, open_to, writing
from app.web.course_pages import frame_of
from app.web.downloads import closed, send
from app.web.numbers import whole
from app.web.redirects import see

blueprint = Blueprint("certification", __name__)

SIZE = 50
STATES = {
    "asked": N_("being checked"),
    "waiting": N_("waits for a decision"),
    "refused": N_("not issued"),
    "issued": N_("issued"),
    "again": N_("sent again"),
    "considered": N_("another request is considered"),
    "unknown": N_("no such account"),
    "overtaken": N_("the course was annulled before"),
}
MARKS = {"asked": "others", "waiting": "you", "issued": "done", "again": "done"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/register/certificates")
@open_to(*register.READERS)
def listed() -> str:
    search, state = request.args.get("q", "")[:200], request.args.get("state", "")
    page = max(whole(request.args.get("page"), 1), 1)
    found = register.query(database(), current_actor(), search=search, state=state, page=page, size=SIZE)
    shown = {"search": search, "state_": state, "page": page, "more": page * SIZE < found.total}
    return render_template("certificates/register.html", found=found, **shown)


@blueprint.get("/register/certificates.xlsx")
@open_to(*register.READERS)
def workbook() -> Response:
    """The same selection as a table; no cell is ever calculated (S62)."""
    search, state = request.args.get("q", "")[:200], request.args.get("state", "")
    heads = [gettext(one) for one in HEADS]
    rows = (_row(one) for one in register.everything(database(), current_actor(), search=search, state=state))
    title = gettext("Register of certificates")
    made = workbooks.make([Sheet(title, heads, rows)], title=title, at=clock.now())
    answer = Response(made, mimetype=XLSX)
    answer.headers.set("Content-Disposition", "attachment", filename=f"coomet-certificates-{clock.now():%Y-%m-%d}.xlsx")
    return closed(answer)


HEADS = (N_("Number"), N_("Date of issue"), N_("Name"), N_("Course"), N_("State"), N_("Reason"))


def _row(one: Certificate) -> list[workbooks.Cell]:
    title = one.title_ru if current_locale() == "ru" else one.title_en
    said = gettext("revoked") if one.revoked_at else gettext("valid")
    return [one.number, one.issued_on, one.name, title, said, one.revocation]


@blueprint.get("/register/certificates/<certificate_id>")
@open_to(*register.READERS)
def show(certificate_id: str) -> str:
    return _certificate(certificate_id, {}, {})


def _certificate(certificate_id: str, typed: dict[str, str], errors: dict[str, Problem]) -> str:
    session, actor = database(), current_actor()
    found = register.get_for(session, actor, certificate_id)
    return render_template(
        "certificates/certificate.html",
        one=found,
        code=spaced(found.code),
        course=courses.get_course(session, found.course_id),
        successor=session.get(Certificate, found.replaced_by) if found.replaced_by else None,
        kept=kept.of_source(session, CERTIFICATE, found.id),
        may_correct=actor.holds(*correcting.ISSUERS) and found.revoked_at is None,
        typed={"name": found.name, **typed},
        errors=errors,
    )


@blueprint.get("/register/certificates/<certificate_id>/files/<int:position>")
@open_to(*register.READERS)
def download(certificate_id: str, position: int) -> Response:
    return send(register.file_for(database(), current_actor(), certificate_id, position))


@blueprint.post("/register/certificates/<certificate_id>/revoke")
@open_to(*correcting.ISSUERS)
def revoke(certificate_id: str) -> Response | tuple[str, int]:
    reason = request.form.get("reason", "")[:2000]
    try:
        with writing() as session:
            correcting.revoke(session, current_actor(), certificate_id, reason)
    except Invalid as problem:
        database().rollback()
        errors = {f"revoke-{name}": one for name, one in problem.fields.items()}
        return _certificate(certificate_id, {"revoke-reason": reason}, errors), problem.status
    flash(gettext("The certificate is revoked; its page says so from now on."), "done")
    return see("certification.show", certificate_id=certificate_id)


@blueprint.post("/register/certificates/<certificate_id>/correct")
@open_to(*correcting.ISSUERS)
def correct(certificate_id: str) -> Response | tuple[str, int]:
    typed = {"name": request.form.get("name", "")[:200], "reason": request.form.get("reason", "")[:2000]}
    try:
        with writing() as session:
            fresh = correcting.correct(session, current_actor(), certificate_id, typed["name"], typed["reason"])
    except Invalid as problem:
        database().rollback()
        return _certificate(certificate_id, typed, problem.fields), problem.status
    told = gettext("Certificate %(number)s takes its place and is on its way to the learner.", number=fresh.number)
    flash(told, "done")
    return see("certification.show", certificate_id=fresh.id)


# --- a course's requests ----------------------------------------------------------------------------------------------


@blueprint.get("/courses/<course_id>/certificates")
@open_to(*register.READERS)
def requests(course_id: str) -> str:
    return _requests(course_id, {}, {})


def _requests(course_id: str, typed: dict[str, str], errors: dict[str, Problem]) -> str:
    session, actor = database(), current_actor()
    page = max(whole(request.args.get("page"), 1), 1)
    course, found, total = register.requests_for(session, actor, course_id, page, SIZE)
    hours = terms.hours(session, course_id)
    return render_template(
        "certificates/requests.html",
        frame=frame_of(session, actor, course_id),
        open=course.published_at is not None and course.stage not in asking.ENDED,
        found=found,
        total=total,
        page=page,
        more=page * SIZE < total,
        states=STATES,
        marks=MARKS,
        reasons=REASONS,
        line=line,
        decides=actor.holds(*register.DECIDERS),
        ready=len(batches.ready(session, course_id)),
        lists=batches.of_course(session, course_id),
        typed={"hours": "" if hours is None else str(hours), **typed},
        errors=errors,
    )


@blueprint.post("/courses/<course_id>/certificates")
@open_to(*register.DECIDERS)
def issue_all(course_id: str) -> Response:
    """Those that the platform decides, in one action; each by a job, and the page can be left."""
    with writing() as session:
        made = batches.start(session, current_actor(), course_id)
    told = ngettext("%(num)s certificate is being issued.", "%(num)s certificates are being issued.", made.total)
    flash(told, "done")
    return see("certification.progress", course_id=course_id, batch_id=made.id)


@blueprint.get("/courses/<course_id>/certificates/lists/<batch_id>")
@open_to(*register.DECIDERS)
def progress(course_id: str, batch_id: str) -> str:
    session = database()
    found = batches.progress_for(session, current_actor(), course_id, batch_id)
    course = courses.get_course(session, course_id)
    return render_template(
        "certificates/progress.html", found=found, course=course, title=courses.title(course), states=STATES
    )


@blueprint.post("/courses/<course_id>/certificates/hours")
@open_to(*register.DECIDERS)
def set_hours(course_id: str) -> Response | tuple[str, int]:
    typed = request.form.get("hours", "").strip()[:10]
    try:
        with writing() as session:
            terms.set_hours(session, current_actor(), course_id, typed)
    except Invalid as problem:
        database().rollback()
        return _requests(course_id, {"hours": typed}, problem.fields), problem.status
    flash(gettext("Certificates issued from now on say so."), "done")
    return see("certification.requests", course_id=course_id)
