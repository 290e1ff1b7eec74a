"""The calendar rule of a published course: its figures are read, and its log is asked for, every so many days (9.3)."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app import clock
from app.courses import settings
from app.courses.models import Course
from app.identity.places import default_place
from app.workflow import events
from app.workflow.models import PlannedEvent

DUE = "monitoring.due"
WHO = "system:monitoring"


def key_of(course_id: str) -> str:
    return f"{DUE}:{course_id}"


def begin(session: Session, course: Course, by: str = WHO) -> None:
    """From now on, the first time when one period has passed."""
    today = clock.today(default_place(session).zone)
    days = settings.number(session, "monitoring_days", today)
    events.plan(session, DUE, course.id, today + timedelta(days=days), key_of(course.id), every=f"P{days}D", by=by)


def keep_pace(session: Session, course: Course) -> None:
    """The setting may have changed since the rule was written."""
    planned = session.get(PlannedEvent, key_of(course.id))
    days = settings.number(session, "monitoring_days", settings.today(session))
    if planned is not None and planned.every != f"P{days}D":
        begin(session, course)


def end(session: Session, course_id: str, by: str = WHO) -> None:
    """A course that is no longer on the platform is monitored no more; its figures stay."""
    events.withdraw(session, key_of(course_id), by=by)
