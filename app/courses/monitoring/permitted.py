"""Who may see the monitoring of a course: the section administrator, and the coordinators of that course (5.2, 9.2).

Figures about people are for nobody else, whatever else they may see of the course (X-7).
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.courses.models import Course
from app.courses.register import get_course
from app.errors import Denied
from app.identity.actors import Actor

EVERYWHERE = "administrator"


def get_course_for(session: Session, actor: Actor, course_id: str) -> Course:
    """Raises NotFound, Denied."""
    course = get_course(session, course_id)
    if not is_open_to(actor, course):
        raise Denied
    return course


def is_open_to(actor: Actor, course: Course) -> bool:
    """A coordinator is one by appointment for this very course; one who is only proposed is none yet."""
    return actor.holds(EVERYWHERE) or course.id in actor.subjects("coordinator")


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """The same as a condition on courses, for lists."""
    return sa.true() if actor.holds(EVERYWHERE) else Course.id.in_(actor.subjects("coordinator"))
