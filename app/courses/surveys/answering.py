"""Taking an answer (11.1): only what Appendix 3 asks, and the day. Nothing here knows who sends it.

Limits need no identity (S58): so many answers a course and day and so many for all, counted in the answers themselves;
how fast they may come is for `pace`. The same shown form counts once, however often it is sent.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.courses import settings
from app.courses.models import Course
from app.courses.surveys import questionnaires
from app.courses.surveys.models import CRITERIA, MARKS, SurveyAnswer
from app.errors import N_, Conflict, Invalid, Problem
from app.forms import Form, load_form
from app.workflow import releases
from app.workflow.inserting import insert

FORM = "questionnaire"
ALL_COURSES = 2000
"""Answers a day for all courses together."""
LARGEST = 64 * 1024
"""Bytes of a sent form."""

NOT_OPEN = N_("This course takes no answers at present.")
ONE_MARK = N_("Give one mark for each criterion, not two.")
ENOUGH = N_(
    "This course has received very many answers today. Please send yours tomorrow: what you typed is still here."
)


class Full(Problem):
    """Somebody floods; whoever is no robot may come back."""

    status = 429


def form(session: Session) -> Form:
    """Appendix 3 as the newest release has it."""
    release = releases.current(session)
    files = releases.load(session, release.id).files if release else {}
    return _form(files[f"forms/{FORM}.schema.json"], files[f"forms/{FORM}.ui.json"])


@lru_cache(maxsize=4)
def _form(schema: bytes, ui: bytes) -> Form:
    """Reading and checking it takes longer than all the rest of the page."""
    return load_form(schema, ui, FORM)


def check_marks(posted: Mapping[str, Any]) -> dict[str, Problem]:
    """Criteria for which more than one mark was sent: no page of ours does that (RA3-b … RA3-e)."""
    return {name: Problem(ONE_MARK) for name in CRITERIA if len(posted.get(name, ())) > 1}


def take(session: Session, course: Course, values: Mapping[str, Any], random: str) -> bool:
    """Keep the answer. False: this very form was kept before. Raises Conflict, Invalid, Full."""
    if not questionnaires.is_open(course):
        raise Conflict(NOT_OPEN)
    wrong = {name: Problem(ONE_MARK) for name in CRITERIA if values.get(name) not in MARKS}
    if wrong:
        raise Invalid(N_("Some answers need another look."), wrong)
    today = settings.today(session)
    key = sha256(f"survey {course.id} {random}".encode()).hexdigest()
    if session.get(SurveyAnswer, key) is not None:
        return False
    _demand_room(session, course.id, today)
    row = {name: values[name] for name in CRITERIA}
    row |= {"comments": str(values.get("comments") or ""), "key": key, "course_id": course.id, "day": today}
    row |= {name: _day(values.get(name)) for name in ("participated_from", "participated_to")}
    written = insert(session, SurveyAnswer).values(**row).on_conflict_do_nothing().returning(SurveyAnswer.key)
    return session.scalar(written) is not None


def _demand_room(session: Session, course_id: str, today: date) -> None:
    counted = sa.select(sa.func.count()).select_from(SurveyAnswer).where(SurveyAnswer.day == today)
    of_course = session.scalar(counted.where(SurveyAnswer.course_id == course_id)) or 0
    if of_course >= settings.number(session, "survey_daily", today) or (session.scalar(counted) or 0) >= ALL_COURSES:
        raise Full(ENOUGH)


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None
