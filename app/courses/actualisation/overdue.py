"""Published courses by the day by which their topicality must be checked: what is overdue, what comes next (13.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.courses import settings
from app.courses.actualisation.calendar import LEAD
from app.courses.actualisation.models import PARTS, Conclusion, TopicalityCheck
from app.courses.models import Course
from app.errors import Denied
from app.i18n import fold
from app.identity.actors import Actor

READERS = ("secretariat", "tc4_secretariat", "administrator", "auditor")
VIEWS = ("overdue", "soon", "all")


@dataclass(frozen=True, slots=True)
class Line:
    """A course; `check` is the one that goes on, `missing` whose conclusions it waits for."""

    course: Course
    due: date
    late: bool
    check: TopicalityCheck | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    lines: tuple[Line, ...]
    total: int
    counts: Mapping[str, int]
    """View -> how many courses, whatever is searched for."""


def listed(
    session: Session, actor: Actor, *, view: str = "overdue", search: str = "", page: int = 1, size: int = 50
) -> Listed:  # fmt: skip
    """The longest overdue first. Raises Denied for others than those who follow the checks."""
    if not actor.holds(*READERS):
        raise Denied
    today = settings.today(session)
    last = {"overdue": today - timedelta(days=1), "soon": today + timedelta(days=lead(session, today)), "all": date.max}
    counts = {name: _count(session, [Course.check_due <= day]) for name, day in last.items()}
    words = [Course.search.contains(word, autoescape=True) for word in fold(search[:200]).split()]
    wanted = [Course.check_due <= last[view], *words]
    query = sa.select(Course, TopicalityCheck).outerjoin(
        TopicalityCheck, sa.and_(TopicalityCheck.course_id == Course.id, TopicalityCheck.closed_at.is_(None))
    )
    query = query.where(*wanted).order_by(Course.check_due, Course.number).limit(size).offset((page - 1) * size)
    rows = session.execute(query).all()
    given = _given(session, [check.id for _course, check in rows if check is not None])
    lines = tuple(_line(course, check, given, today) for course, check in rows)
    return Listed(lines, _count(session, wanted), counts)


def lead(session: Session, today: date) -> int:
    """Days before its date when a check begins."""
    return settings.number(session, LEAD, today)


def _count(session: Session, wanted: Sequence[sa.ColumnElement[bool]]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Course).where(*wanted)) or 0


def _given(session: Session, checks: Sequence[str]) -> set[tuple[str, str]]:
    found = sa.select(Conclusion.check_id, Conclusion.part).where(Conclusion.check_id.in_(checks))
    return {(check, part) for check, part in session.execute(found)}


def _line(course: Course, check: TopicalityCheck | None, given: set[tuple[str, str]], today: date) -> Line:
    due = course.check_due or today
    missing = tuple(part for part in PARTS if (check.id, part) not in given) if check else ()
    return Line(course, due, due < today, check, missing)
