"""The calendar rule on a course: when its topicality is checked again, and when the check is to begin (13.1, A42)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.courses import settings
from app.courses.actualisation.models import TopicalityCheck
from app.courses.models import Course
from app.courses.stages import is_open_to_learners
from app.identity.places import default_place
from app.workflow import events

EVENT = "course.check_due"
YEARS, LEAD = "check_years", "check_lead_days"


def next_due(session: Session, course: Course) -> date | None:
    """The later of the last approval and the last check, and the years of the setting; None: it is not checked."""
    if not is_open_to_learners(course):
        return None
    last = sa.select(sa.func.max(TopicalityCheck.closed_at)).where(TopicalityCheck.course_id == course.id)
    known = (course.approved_at or course.published_at, session.scalar(last))
    zone = ZoneInfo(default_place(session).zone)
    latest = max(one for one in known if one is not None)
    return years_later(latest.astimezone(zone).date(), settings.number(session, YEARS, settings.today(session)))


def years_later(day: date, years: int) -> date:
    """The same day so many years on; of 29 February the 28th, so that no year is longer than it should be."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def plan(session: Session, course: Course, by: str = events.WHO) -> None:
    """Put the next check into the calendar, or take it out; to be called whenever what it depends on has changed."""
    course.check_due = next_due(session, course)
    session.flush()
    if course.check_due is None:
        withdraw(session, course, by)
    elif find_open(session, course.id) is None:
        events.plan(session, EVENT, course.id, begins(session, course.check_due), _key(session, course), by=by)


def begins(session: Session, due: date) -> date:
    """The day on which the check begins, so that it is done by the day it is due."""
    return due - timedelta(days=settings.number(session, LEAD, settings.today(session)))


def withdraw(session: Session, course: Course, by: str) -> None:
    for one in events.planned(session, course.id):
        if one.name == EVENT:
            events.withdraw(session, one.key, by=by)


def _key(session: Session, course: Course) -> str:
    """One event for each check of the course, however often its date is moved."""
    counted = sa.select(sa.func.count()).select_from(TopicalityCheck).where(TopicalityCheck.course_id == course.id)
    return f"{EVENT}:{course.id}:{(session.scalar(counted) or 0) + 1}"


def announce(session: Session, course: Course, by: str) -> None:
    """Begin now, not on the day that is in the calendar."""
    planned = [one.key for one in events.planned(session, course.id) if one.name == EVENT]
    events.announce(session, EVENT, course.id, key=planned[0] if planned else f"{_key(session, course)}:early", by=by)


def find_open(session: Session, course_id: str) -> TopicalityCheck | None:
    """The check that is going on; there is never more than one."""
    query = sa.select(TopicalityCheck).where(TopicalityCheck.course_id == course_id)
    return session.scalar(query.where(TopicalityCheck.closed_at.is_(None)))


def plan_missing(session: Session) -> int:
    """Courses that were published before there was a calendar get their date; returns how many."""
    wanted = sa.select(Course).where(Course.published_at.is_not(None), Course.stage == "published")
    found = session.scalars(wanted.where(Course.check_due.is_(None)).limit(500)).all()
    for course in found:
        plan(session, course)
    return len(found)


def moment_of(day: date, zone: str) -> datetime:
    """The first moment of the day there."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
