"""The calendar rule of a published course: on the day after each quarter its satisfaction is analysed (11.2, A38)."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.courses import settings
from app.courses.documents import making
from app.courses.models import Course
from app.courses.surveys import quarters, questionnaires
from app.workflow import events
from app.workflow.models import PlannedEvent

QUARTER_ENDED = "satisfaction.quarter_ended"
EVERY = "P3M"


def begin(session: Session, course: Course, by: str = events.WHO) -> None:
    """The course is published: its questionnaire is there, on paper as well, and the rule runs."""
    code = questionnaires.of(session, course).code
    making.wanted(session, making.QUESTIONNAIRE, course.id, None, code)
    plan(session, course.id, settings.today(session), by)


def plan(session: Session, course_id: str, today: date, by: str = events.WHO) -> None:
    due = quarters.of(today).next.first_day
    events.plan(session, QUARTER_ENDED, course_id, due, key_of(course_id), every=EVERY, by=by)


def keep(session: Session) -> None:
    """Give every published course the rule that it lacks: those of earlier versions, those brought in otherwise."""
    known = sa.select(PlannedEvent.subject).where(PlannedEvent.name == QUARTER_ENDED)
    wanted = sa.select(Course).where(Course.published_at.is_not(None), Course.stage.not_in(questionnaires.CLOSED))
    for course in session.scalars(wanted.where(Course.id.not_in(known))).all():
        begin(session, course)


def key_of(course_id: str) -> str:
    return f"satisfaction:{course_id}"
