"""The link to a course's questionnaire: made with the course, open while the course is published (6.9, 11.1)."""

import secrets

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.courses import codes
from app.courses.letters import delivery
from app.courses.models import Course
from app.courses.surveys.models import Questionnaire
from app.errors import NotFound
from app.workflow.inserting import insert

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike on paper."""
LENGTH = 14
"""69 bits: not to be guessed, short enough to be typed from a slide."""
CLOSED = ("withdrawn", "annulled")


def of(session: Session, course: Course) -> Questionnaire:
    """The course's questionnaire, made when it is first asked for; its link never changes."""
    found = session.get(Questionnaire, course.id)
    if found is not None:
        return found
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    row = insert(session, Questionnaire).values(course_id=course.id, code=code)
    session.execute(row.on_conflict_do_nothing(index_elements=["course_id"]))
    return session.get_one(Questionnaire, course.id)


def known_link(session: Session, course_id: str) -> str:
    """The address, for pages that only read; nothing before the preparation of the course has begun."""
    found = session.get(Questionnaire, course_id)
    return link(found.code) if found else ""


def find(session: Session, code: str) -> Course:
    """The course to whose questionnaire the link leads. Raises NotFound."""
    query = sa.select(Course).join(Questionnaire, Questionnaire.course_id == Course.id)
    found = session.scalar(query.where(Questionnaire.code == code[: 2 * LENGTH].strip().lower()))
    if found is None:
        raise NotFound
    return found


def link(code: str) -> str:
    """The whole address, as it stands in the course and on paper."""
    return f"{delivery.address()}/survey/{code}"


def is_open(course: Course) -> bool:
    """Whether learners may answer: from the publication on, until the course is annulled."""
    return course.published_at is not None and not is_closed(course)


def is_closed(course: Course) -> bool:
    return course.stage in CLOSED


def qr_code(address: str, title: str) -> Markup:
    """The drawing for a page."""
    return Markup(codes.draw(address, title, svgclass="qr", xmldecl=False, omitsize=True).decode())  # noqa: S704


def qr_file(address: str, title: str) -> bytes:
    """The same as a file of its own, to be put on a slide or into a document."""
    return codes.draw(address, title, svgclass=None, omitsize=True)
