"""What our own register keeps about a course on the platform, and what must be true before it is changed there."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.connectors.moodle import NewCourse
from app.courses import descriptions
from app.courses.actualisation import calendar
from app.courses.approvals.models import ApprovalForm
from app.courses.models import Course
from app.courses.monitoring import planning
from app.courses.record import record
from app.courses.surveys import calendar as surveys
from app.errors import N_, Conflict, PermanentFailure

NOT_APPROVED = "not_approved"
NOT_CREATED = "not_created"
TAKEN = N_("The course of this number on the platform is our course %(number)s already. Check the address.")


def shortname(course: Course) -> str:
    return f"COOMET-{course.number}"


def new_course(session: Session, course: Course) -> NewCourse:
    """Known again by the course's id, which no other course anywhere has; the number is for people."""
    wanted = {"ru": [course.title_ru], "en": [course.title_en]}.get(course.language, [])
    titles = [title for title in wanted if title] or [course.title_en, course.title_ru]
    name = " / ".join(dict.fromkeys(title for title in titles if title))
    return NewCourse(course.id, shortname(course), name[:254], descriptions.compose(session, course))


def demand_id(course: Course) -> int:
    if course.platform_id is None:
        raise PermanentFailure("the course has not been created on the platform yet", NOT_CREATED)
    return course.platform_id


def demand_approval(session: Session, course: Course) -> None:
    """Nothing makes a course visible without a positive form of Appendix 2 (R5.1-e). Raises PermanentFailure."""
    query = sa.select(ApprovalForm.may_place).where(ApprovalForm.course_id == course.id)
    if not session.scalar(query.order_by(ApprovalForm.position.desc()).limit(1)):
        raise PermanentFailure("the course has no positive form of expert review", NOT_APPROVED)


def created(
    session: Session, course: Course, ident: int, url: str, by: str, evidence: Mapping[str, Any] | None = None
) -> None:
    if (course.platform_id, course.platform_url) == (ident, url):
        return
    taken = sa.select(Course.number).where(Course.platform_id == ident, Course.id != course.id).limit(1)
    if (number := session.scalar(taken)) is not None:
        raise Conflict(TAKEN, number=number)
    course.platform_id, course.platform_url = ident, url
    session.flush()
    kind = Kind.PLATFORM_CONFIRMED if evidence else Kind.PLATFORM_CREATED
    record(session, course.id, kind, by, {"step": "create", "id": ident, "url": url, **(evidence or {})})


def described(session: Session, course: Course, html: str, by: str) -> None:
    body = {"id": course.platform_id, "sha256": sha256(html.encode()).hexdigest()}
    record(session, course.id, Kind.PLATFORM_DESCRIBED, by, body)


def set_up(session: Session, course: Course, by: str, facts: Mapping[str, Any]) -> None:
    record(session, course.id, Kind.PLATFORM_CONFIRMED, by, {"step": "set_up", "id": course.platform_id, **facts})


def published(session: Session, course: Course, by: str, evidence: Mapping[str, Any]) -> None:
    """Learners have it; from now on its topicality is checked in time (13.1)."""
    if course.published_at is not None:
        return
    course.published_at, course.stage = clock.now(), "published"
    session.flush()
    calendar.plan(session, course)
    record(session, course.id, Kind.COURSE_PUBLISHED, by, {"step": "publish", **evidence})
    surveys.begin(session, course, by)
    planning.begin(session, course, by)
