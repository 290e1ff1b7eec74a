"""All published courses at a glance, for the administrator; a coordinator sees the own ones (9.3, 5.2)."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.courses.models import Course
from app.courses.monitoring import permitted
from app.courses.monitoring.models import MonitoredCourse
from app.i18n import fold
from app.identity.actors import Actor

SIZE = 50
ORDERS = {
    "number": (Course.number.desc(),),
    "views": (sa.func.coalesce(MonitoredCourse.views, 0).desc(), Course.number.desc()),
    "learners": (sa.func.coalesce(MonitoredCourse.learners, 0).desc(), Course.number.desc()),
    "read": (sa.func.coalesce(MonitoredCourse.read_at, sa.literal(None)).asc(), Course.number.desc()),
}


@dataclass(frozen=True, slots=True)
class Sums:
    courses: int
    learners: int
    completed: int
    views: int
    unread: int
    """Courses of which nothing has been read yet."""


@dataclass(frozen=True, slots=True)
class Overview:
    """A page of courses with what is known of each, and the sums over all of them."""

    rows: tuple[tuple[Course, MonitoredCourse | None], ...]
    sums: Sums
    total: int


def look(session: Session, actor: Actor, search: str = "", order: str = "number", page: int = 1) -> Overview:
    """Published courses that the actor may monitor."""
    mine = [Course.published_at.is_not(None), permitted.visible(actor)]
    wanted = [*mine, *(Course.search.contains(word, autoescape=True) for word in fold(search[:200]).split())]
    known = MonitoredCourse.course_id == Course.id
    query = sa.select(Course, MonitoredCourse).outerjoin(MonitoredCourse, known).where(*wanted)
    query = query.order_by(*ORDERS.get(order, ORDERS["number"])).limit(SIZE).offset((page - 1) * SIZE)
    rows = tuple((row[0], row[1]) for row in session.execute(query))
    total = session.scalar(sa.select(sa.func.count()).select_from(Course).where(*wanted)) or 0
    sums = (MonitoredCourse.learners, MonitoredCourse.completed, MonitoredCourse.views)
    added = sa.select(
        sa.func.count(Course.id), *(sa.func.coalesce(sa.func.sum(one), 0) for one in sums),
        sa.func.count(Course.id) - sa.func.count(MonitoredCourse.read_at),
    ).outerjoin(MonitoredCourse, known).where(*mine)  # fmt: skip
    return Overview(rows, Sums(*(int(one) for one in session.execute(added).one())), total)


@dataclass(frozen=True, slots=True)
class Glance:
    """A published course in a few numbers, for everybody who may see the course: nobody is named in them (R1-b)."""

    views: int | None
    people: int | None
    learners: int | None
    completed: int | None
    known: MonitoredCourse | None


def glance(session: Session, course: Course) -> Glance | None:
    """None for a course that is not published; a number is None where nothing has been read or imported."""
    if course.published_at is None:
        return None
    known = session.get(MonitoredCourse, course.id)
    logged = known is not None and known.imported_at is not None
    read = known is not None and known.read_at is not None
    return Glance(
        known.views if known and logged else None, known.people if known and logged else None,
        known.learners if known and read else None, known.completed if known and read else None, known,
    )  # fmt: skip
