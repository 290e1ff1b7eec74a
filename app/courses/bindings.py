"""Places of domain data that forms name by `x-bind`; the subject is the course."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses import agreements, executors, people, register, settings
from app.courses.creation import polls
from app.courses.models import Course, DutyException
from app.courses.record import record
from app.courses.register import get_course
from app.engine import Json
from app.identity.calendars import add_workdays
from app.identity.places import default_place
from app.workflow.bindings import Binding


def _title(session: Session, course_id: str) -> Json:
    return str(register.title(get_course(session, course_id)))


def _procedural(session: Session, course_id: str) -> Json:
    return get_course(session, course_id).procedural


def _set_procedural(session: Session, course_id: str, value: Json, by: str) -> None:
    course = get_course(session, course_id)
    if course.procedural != bool(value):
        course.procedural = bool(value)
        session.flush()
        record(session, course.id, Kind.COURSE_CHANGED, by, {"procedural": course.procedural})


def _creator(session: Session, course_id: str) -> Json:
    return get_course(session, course_id).creator_id


def _set_creator(session: Session, course_id: str, value: Json, by: str) -> None:
    if value:
        people.assign_creator(session, get_course(session, course_id), str(value), by)


def _bodies(session: Session, course_id: str) -> Json:
    agreement = agreements.current(session, course_id)
    rows = agreements.proposed(session, agreement.id) if agreement else []
    return [{"body": row.body_id, "part": row.part, "executor": row.executor_id} for row in rows]


def _set_bodies(session: Session, course_id: str, value: Json, by: str) -> None:
    rows: list[Any] = value if isinstance(value, list) else []
    agreements.propose(session, get_course(session, course_id), rows, by)


def _exceptions(session: Session, course_id: str) -> Json:
    rows = session.scalars(sa.select(DutyException).where(DutyException.course_id == course_id))
    return [{"person": row.person_id, "reason": row.reason} for row in rows]


def _set_exceptions(session: Session, course_id: str, value: Json, by: str) -> None:
    course: Course = get_course(session, course_id)
    rows: list[Any] = value if isinstance(value, list) else []
    executors.allow_only(session, course, {str(row["person"]): str(row["reason"]) for row in rows}, by)


def _answer_by(session: Session, _course_id: str) -> Json:
    """The day that the setting proposes: so many working days from today."""
    place = default_place(session)
    today = clock.today(place.zone)
    days = settings.number(session, "answer_workdays", today)
    proposed: date = add_workdays(session, place.country, today, days)
    return proposed.isoformat()


def _outdated(session: Session, course_id: str) -> Json:
    agreement = agreements.current(session, course_id)
    return [{"body": body_id} for body_id in agreements.outdated(session, agreement.id)] if agreement else []


def _answer(_session: Session, _course_id: str) -> Json:
    """Everybody's own: nothing to begin with."""
    return None


def _take_answer(session: Session, course_id: str, _value: Json, by: str) -> None:
    polls.take_answer(session, get_course(session, course_id), by)


def _only_shown(_session: Session, _course_id: str, _value: Json, _by: str) -> None:
    """A proposal to start from: the answer itself is kept where the diagram says."""


BINDINGS = {
    "course.title": Binding(_title),
    "course.procedural": Binding(_procedural, _set_procedural),
    "course.creator": Binding(_creator, _set_creator),
    "poll.answer": Binding(_answer, _take_answer),
    "agreement.bodies": Binding(_bodies, _set_bodies),
    "agreement.exceptions": Binding(_exceptions, _set_exceptions),
    "agreement.answer_by": Binding(_answer_by, _only_shown),
    "agreement.outdated": Binding(_outdated, _only_shown),
}
