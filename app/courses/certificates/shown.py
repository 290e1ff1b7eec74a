"""What the administrator's forms show of a request: who, what the platform told, what speaks against issuing."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.courses.certificates import asking, eligibility
from app.courses.certificates.models import CertificateRequest
from app.courses.models import Course
from app.engine import Json
from app.errors import N_
from app.i18n import _, format_datetime
from app.identity.places import default_place

Values = dict[str, Json]
STEPS = (
    N_("Open the course on the platform, then “Participants”, and look for the account."),
    N_("Open “Reports”, “Activity completion”, and see whether every test of every module is passed."),
    N_("Pages that were only viewed count for nothing; a test without a grade to pass is yours to decide."),
    N_("Copy the name and the e-mail address from the account’s profile: the certificate goes to that address."),
)


def _decision(session: Session, course: Course, request: CertificateRequest) -> Values:
    return {
        "learner": ", ".join(part for part in (request.name, request.email) if part),
        "account": request.account,
        "asked_on": format_datetime(request.asked_at, default_place(session).zone),
        "finding": _finding(course, request),
        "evidence": "\n".join(line(one) for one in request.tests),
    }


def _finding(course: Course, request: CertificateRequest) -> str:
    if course.stage in asking.ENDED:
        return _("The course was annulled or withdrawn: no certificate can be issued any more.")
    return _(eligibility.REASONS[request.reason]) if request.reason in eligibility.REASONS else ""


def line(one: Mapping[str, Any]) -> str:
    """A test of the evidence in words: section, name, outcome, grade of the grade to pass."""
    if "by_hand" in one:
        return _("Seen by a person: %(what)s", what=one["by_hand"] or "—")
    said = _(eligibility.OUTCOMES.get(str(one.get("outcome")), "undecided"))
    grade, needed = one.get("grade"), one.get("pass_grade")
    if grade is not None and needed is not None:
        said += ", " + _("grade %(grade)s, to pass %(needed)s", grade=_plain(grade), needed=_plain(needed))
    if one.get("why"):
        said += f" ({_(eligibility.WHY[str(one['why'])])})"
    section = f"{one['section']}: " if one.get("section") else ""
    return f"{section}{one.get('name', '')} – {said}"


def _plain(number: Any) -> str:
    return f"{float(number):g}"


def _by_hand(session: Session, course: Course, request: CertificateRequest) -> Values:
    why = eligibility.REASONS[request.reason or "by_hand"]
    return {
        "account": request.account,
        "asked_on": format_datetime(request.asked_at, default_place(session).zone),
        "platform_link": course.platform_url,
        "why": _(why),
        "steps": "\n".join(_(one) for one in STEPS),
    }


FORMS: Mapping[str, Callable[[Session, Course, CertificateRequest], Values]] = {
    "certificate_decision": _decision,
    "certificate_by_hand": _by_hand,
}


def values(session: Session, form: str, course: Course, data: Mapping[str, Json]) -> Values:
    """By the request that the task's data name."""
    known = data.get("request")
    request = session.get(CertificateRequest, str(known)) if known else None
    return FORMS[form](session, course, request) if request is not None else {}
