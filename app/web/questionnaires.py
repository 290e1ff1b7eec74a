"""The way to a course's questionnaire: address and QR code, a sheet to print, a drawing for the last slide (6.9)."""

from dataclasses import dataclass

from flask import Blueprint, render_template
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug import Response

from app.courses import register
from app.courses.documents import kept, making
from app.courses.models import Course
from app.courses.surveys import questionnaires
from app.errors import NotFound
from app.i18n import gettext
from app.web.access import current_actor, database
from app.web.downloads import closed

blueprint = Blueprint("questionnaires", __name__, url_prefix="/courses/<course_id>")


@dataclass(frozen=True, slots=True)
class Way:
    """How learners come to the questionnaire."""

    link: str
    code: Markup
    is_open: bool
    is_closed: bool


def way_of(session: Session, course: Course) -> Way | None:
    """None before the preparation of the course has begun."""
    address = questionnaires.known_link(session, course.id)
    if not address:
        return None
    title = gettext("QR code: %(address)s", address=address)
    return Way(
        address,
        questionnaires.qr_code(address, title),
        questionnaires.is_open(course),
        questionnaires.is_closed(course),
    )


@blueprint.get("/questionnaire")
def poster(course_id: str) -> str:
    """To be printed, or shown at the end of a course: the address and its QR code."""
    session = database()
    course = register.get_course_for(session, current_actor(), course_id)
    way = way_of(session, course)
    if way is None:
        raise NotFound
    document = kept.of_source(session, making.QUESTIONNAIRE, course.id)
    return render_template(
        "questionnaire.html", course=course, title=register.title(course), way=way, document=document
    )


@blueprint.get("/questionnaire.svg")
def code(course_id: str) -> Response:
    """The QR code as a file, for a slide or a page of the course."""
    session = database()
    course = register.get_course_for(session, current_actor(), course_id)
    address = questionnaires.known_link(session, course.id)
    if not address:
        raise NotFound
    answer = Response(questionnaires.qr_file(address, address), mimetype="image/svg+xml")
    answer.headers.set("Content-Disposition", "attachment", filename=f"questionnaire-{course.number}.svg")
    return closed(answer)
