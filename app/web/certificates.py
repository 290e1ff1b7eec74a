"""Certificates for everybody: asking for one, and verifying one by its code (10.1, S56, S57).

Nothing here tells who takes part in a course: the answer to a request is the same for everybody, and a certificate is
shown to whoever holds its code, with no more on the page than is printed on it.
"""

from flask import Blueprint, Response, render_template, request
from sqlalchemy.orm import Session
from werkzeug import Response as Redirect

from app.courses import register as courses
from app.courses.certificates import asking
from app.courses.certificates import register as certificates
from app.courses.certificates.printed import spaced
from app.errors import Invalid, Problem
from app.i18n import current_locale, gettext, ngettext
from app.identity import limits
from app.identity.limits import Counted
from app.web.access import database, public, writing
from app.web.redirects import see

blueprint = Blueprint("certificates", __name__, url_prefix="/certificates")

Answer = Response | tuple[Response, int]


@blueprint.get("")
@public
def front() -> Response:
    """Where a code is entered, and the courses whose certificates may be asked for."""
    return _page("certificates/front.html", typed="", said="", courses=asking.listed(database()), title=courses.title)


@blueprint.post("")
@public
def look_up() -> Redirect | Answer:
    typed = request.form.get("code", "")[:100]
    code = certificates.normalised(typed)
    if code:
        return see("certificates.verify", code=code)
    said = gettext("A code has twenty letters and digits, such as 7K3M9-QXT4W-2HJ8R-VDC5B. Check what you entered.")
    shown = {"typed": typed, "said": said, "courses": asking.listed(database()), "title": courses.title}
    return _page("certificates/front.html", **shown), 422


@blueprint.get("/<code>")
@public
def verify(code: str) -> Answer:
    """What is stored, whatever a paper or a file says; wrong codes are counted, right ones are not."""
    found = certificates.find_by_code(database(), code)
    if found is not None:
        return _page("certificates/verified.html", found=found, code=spaced(found.certificate.code))
    database().rollback()
    waiting = _count(limits.CODE_ADDRESS)
    if waiting:
        return _page("certificates/unknown.html", said=waiting), 429
    return _page("certificates/unknown.html", said=""), 404


@blueprint.get("/ask/<course_id>")
@public
def ask(course_id: str) -> Response:
    course = asking.open_course(database(), course_id)
    return _page("certificates/ask.html", course=course, title=courses.title(course), typed="", errors={})


@blueprint.post("/ask/<course_id>")
@public
def send(course_id: str) -> Redirect | Answer:
    """The same answer for everybody; further news go to the address of the account on the platform."""
    course = asking.open_course(database(), course_id)
    typed = request.form.get("account", "").strip()[:254]
    database().rollback()
    waiting = _count(limits.CERTIFICATE_ADDRESS)
    if waiting:
        problem = Problem(waiting)
        return _asked_wrong(course_id, typed, {"": problem}), 429
    try:
        with writing() as session:
            _ask(session, course_id, typed)
    except Invalid as problem:
        database().rollback()
        return _asked_wrong(course_id, typed, problem.fields), problem.status
    return see("certificates.asked", course_id=course.id)


def _ask(session: Session, course_id: str, typed: str) -> None:
    """Beyond the limit for one account nothing more is asked of the platform, and nothing different is said."""
    course = asking.open_course(session, course_id)
    if typed and limits.take(session, (Counted(limits.CERTIFICATE, f"{course_id} {typed.lower()}"),)) is not None:
        return
    asking.ask(session, course, typed, current_locale())


@blueprint.get("/ask/<course_id>/sent")
@public
def asked(course_id: str) -> Response:
    course = asking.open_course(database(), course_id)
    return _page("certificates/asked.html", course=course, title=courses.title(course))


def _asked_wrong(course_id: str, typed: str, errors: dict[str, Problem]) -> Response:
    course = asking.open_course(database(), course_id)
    return _page("certificates/ask.html", course=course, title=courses.title(course), typed=typed, errors=errors)


def _count(limit: limits.Limit) -> str:
    """Words where the address has tried too often; "" where it may go on."""
    with writing() as session:
        free_at = limits.take(session, (Counted(limit, request.remote_addr or ""),))
    if free_at is None:
        return ""
    minutes = max(int(limit.within.total_seconds() // 60), 1)
    return ngettext(
        "Too many attempts from your network. Try again in %(num)s minute.",
        "Too many attempts from your network. Try again in %(num)s minutes.",
        minutes,
    )


def _page(template: str, **shown: object) -> Response:
    """No search engine keeps it: a found page would be a list of names."""
    answer = Response(render_template(template, **shown), mimetype="text/html")
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
