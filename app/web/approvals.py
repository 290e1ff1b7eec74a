"""Expert review and announcement of a course on pages: Appendix 2, the look at the platform, the log of invitations."""

from dataclasses import dataclass

from flask import Blueprint, flash, render_template
from sqlalchemy.orm import Session
from werkzeug import Response

from app.courses import register
from app.courses.announcements import log
from app.courses.approvals import criteria, kept, printed
from app.courses.approvals.criteria import Findings
from app.courses.approvals.printed import PrintedForm
from app.courses.models import Course
from app.db import new_id
from app.errors import NotFound
from app.i18n import gettext
from app.identity.actors import Actor
from app.web.access import current_actor, database, open_to, writing
from app.web.redirects import see
from app.workflow import jobs

blueprint = Blueprint("approvals", __name__, url_prefix="/courses")

READERS = ("administrator", "secretariat", "auditor")
REVIEWED = ("submitted", "rework", "approved", "published")
"""Stages from which on a course's page says what an expert review finds."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a course's page has about its approval."""

    forms: tuple[PrintedForm, ...]
    findings: Findings | None
    """What the program finds by itself; for those who review and manage only."""
    invitations: dict[str, int] | None


def of_course(session: Session, actor: Actor, course: Course) -> Shown:
    forms = tuple(printed.form(session, one.id) for one in kept.of_course(session, course.id))
    managing = actor.holds(*READERS)
    found = criteria.findings(session, course) if managing and course.stage in REVIEWED else None
    entries = log.entries(session, course.id) if managing else []
    return Shown(forms, found, log.count(entries) if entries else None)


@blueprint.get("/<course_id>/approvals/<form_id>")
def show(course_id: str, form_id: str) -> str:
    """Appendix 2, for the screen and for paper."""
    form = kept.get_form_for(database(), current_actor(), form_id)
    if form.course_id != course_id:
        raise NotFound
    return render_template("approval.html", printed=printed.form(database(), form.id))


@blueprint.post("/<course_id>/platform-check")
@open_to("administrator")
def look_again(course_id: str) -> Response:
    """The platform is compared anew, say after the creator has mended the description there."""
    with writing() as session:
        course = register.get_course_for(session, current_actor(), course_id)
        jobs.enqueue(session, "moodle.inspect", {"course": course.id}, key=f"moodle.inspect:{new_id()}")
    flash(gettext("The course is being compared with the platform anew. Open this page again in a minute."), "done")
    return see("courses.show", course_id=course_id)


@blueprint.get("/<course_id>/invitations")
@open_to(*READERS)
def invitations(course_id: str) -> str:
    """Recipient by recipient: waiting, sent, refused, and what became of those (12.1)."""
    session = database()
    course = register.get_course_for(session, current_actor(), course_id)
    found = log.entries(session, course.id)
    return render_template(
        "invitations.html", course=course, title=register.title(course), found=found, count=log.count(found),
        states=log.STATES,
    )  # fmt: skip
