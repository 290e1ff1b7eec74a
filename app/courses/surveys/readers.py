"""Who may see the satisfaction of learners: the administrator all courses, a coordinator their own (11.2)."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.courses.models import Coordinator, Course
from app.courses.register import get_course
from app.errors import Denied
from app.i18n import fold
from app.identity.actors import Actor

ROLES = ("administrator", "coordinator")


def get_course_for(session: Session, actor: Actor, course_id: str) -> Course:
    """The course whose figures and comments the actor may read. Raises NotFound, Denied."""
    course = get_course(session, course_id)
    if not may_read(session, actor, course):
        raise Denied(kind="course", id=course_id)
    return course


def may_read(session: Session, actor: Actor, course: Course) -> bool:
    return session.scalar(sa.select(Course.id).where(Course.id == course.id, _open_to(actor))) is not None


def query(session: Session, actor: Actor, search: str, page: int, size: int) -> tuple[list[Course], int]:
    """A page of the courses that were ever published, newest first, and how many there are."""
    wanted = [_open_to(actor), Course.published_at.is_not(None)]
    wanted += [Course.search.contains(word, autoescape=True) for word in fold(search[:200]).split()]
    total = session.scalar(sa.select(sa.func.count()).select_from(Course).where(*wanted)) or 0
    rows = sa.select(Course).where(*wanted).order_by(Course.number.desc())
    return list(session.scalars(rows.limit(size).offset((page - 1) * size))), total


def _open_to(actor: Actor) -> sa.ColumnElement[bool]:
    if actor.holds("administrator"):
        return sa.true()
    named = sa.select(Coordinator.course_id).where(Coordinator.person_id == actor.person_id)
    return sa.or_(Course.id.in_(actor.subjects("coordinator")), Course.id.in_(named))
