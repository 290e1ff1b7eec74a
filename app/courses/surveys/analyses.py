"""The quarterly analysis (11.2): figures frozen first, then the coordinator's conclusions, then the confirmation.

Both answer for it: an analysis is kept and printed once the administrator has confirmed what the coordinator wrote.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses import header, settings
from app.courses.models import Course
from app.courses.record import record
from app.courses.surveys import figures, quarters
from app.courses.surveys.figures import Figures
from app.courses.surveys.models import CRITERIA, SurveyAnalysis
from app.courses.surveys.quarters import Quarter
from app.db import lock_table
from app.errors import N_, Conflict, NotFound
from app.identity.models import Person
from app.identity.places import default_place

LONGEST = 40
"""Quarters that one analysis may cover: ten years without a worker."""


def freeze(session: Session, course: Course, instance_id: str | None, by: str) -> SurveyAnalysis | None:
    """The figures up to the quarter that has ended last, from where the analysis before stopped. None: all is done."""
    lock_table(session, SurveyAnalysis)
    today = settings.today(session)
    last = quarters.of(today).previous
    begin = _begin(session, course, last)
    if begin > last:
        return None
    least = settings.number(session, "survey_least", today)
    found = figures.of_course(session, course.id, begin.first_day, last.last_day)
    told = figures.told(session, course.id, begin.first_day, last.last_day, least)
    position = len(of_course(session, course.id)) + 1
    made = SurveyAnalysis(
        number=f"{course.number}/S{position}",
        course_id=course.id,
        instance_id=instance_id,
        first_day=begin.first_day,
        last_day=last.last_day,
        quarters=[_written(quarter, one) for quarter, one in found],
        least=least,
        comments=figures.count_comments(session, course.id, begin.first_day, last.last_day),
        participated_from=told.first,
        participated_to=told.last,
    )
    session.add(made)
    session.flush()
    body = {"analysis": made.id, "number": made.number, "quarters": made.quarters, "comments": made.comments}
    record(session, course.id, Kind.SURVEY_FROZEN, by, body)
    return made


def _begin(session: Session, course: Course, last: Quarter) -> Quarter:
    """The quarter after the last one analysed; of a new course that of its publication."""
    newest = latest(session, course.id)
    if newest is not None:
        return quarters.of(newest.last_day + timedelta(days=1))
    zone = ZoneInfo(default_place(session).zone)
    published = course.published_at.astimezone(zone).date() if course.published_at else last.first_day
    earliest = quarters.of(last.last_day - timedelta(days=91 * LONGEST))
    return max(quarters.of(min(published, figures.first_day(session, course.id) or published)), earliest)


def _written(quarter: Quarter, found: Figures) -> dict[str, Any]:
    marks = {criterion: list(found.marks[criterion]) for criterion in CRITERIA}
    return {"year": quarter.year, "quarter": quarter.number, "answers": found.answers, "marks": marks}


def figures_of(analysis: SurveyAnalysis) -> list[tuple[Quarter, Figures]]:
    """As they were frozen, oldest quarter first."""
    return [
        (
            Quarter(row["year"], row["quarter"]),
            Figures(row["answers"], {criterion: tuple(row["marks"][criterion]) for criterion in CRITERIA}),
        )
        for row in analysis.quarters
    ]


def whole(analysis: SurveyAnalysis) -> Figures:
    """Its quarters together."""
    return figures.together(found for _, found in figures_of(analysis))


def hides(analysis: SurveyAnalysis) -> bool:
    """Whether there were too few answers to show dates and comments (A37)."""
    return whole(analysis).answers < analysis.least


def conclude(session: Session, analysis: SurveyAnalysis, conclusions: str, measures: str, by: str) -> None:
    """What the coordinator writes. Raises Conflict once it is confirmed."""
    _demand_open(analysis)
    analysis.conclusions, analysis.measures = conclusions.strip(), measures.strip()
    analysis.analysed_by, analysis.analysed_at = by, clock.now()
    session.flush()
    said = {"conclusions": analysis.conclusions, "measures": analysis.measures}
    record(session, analysis.course_id, Kind.SURVEY_ANALYSED, by, {"analysis": analysis.id}, said)


def give_back(session: Session, analysis: SurveyAnalysis, remarks: str, by: str) -> None:
    """The administrator wants it clearer. Raises Conflict once it is confirmed."""
    _demand_open(analysis)
    analysis.remarks = remarks.strip()
    session.flush()
    said = {"reason": analysis.remarks}
    record(session, analysis.course_id, Kind.SURVEY_RETURNED, by, {"analysis": analysis.id}, said)


def confirm(session: Session, analysis: SurveyAnalysis, course: Course, by: str) -> None:
    """From now on it is kept as it is. Raises Conflict where it was confirmed before or nobody has analysed it."""
    _demand_open(analysis)
    if analysis.analysed_by is None:
        raise Conflict(N_("The coordinator has not analysed the answers yet (11.2)."))
    analysis.confirmed_by, analysis.confirmed_at = by, clock.now()
    analysis.header = {
        "title_ru": course.title_ru,
        "title_en": course.title_en,
        "coordinator": header.person(session, session.get_one(Person, analysis.analysed_by)),
        "administrator": header.person(session, session.get_one(Person, by)),
    }
    session.flush()
    body = {"analysis": analysis.id, "number": analysis.number, "analysed_by": analysis.analysed_by}
    record(session, analysis.course_id, Kind.SURVEY_CONFIRMED, by, body)


def _demand_open(analysis: SurveyAnalysis) -> None:
    if analysis.confirmed_at is not None:
        raise Conflict(N_("This analysis is confirmed: it is changed no more."))


def get(session: Session, analysis_id: str) -> SurveyAnalysis:
    """Raises NotFound."""
    found = session.get(SurveyAnalysis, analysis_id)
    if found is None:
        raise NotFound
    return found


def of_instance(session: Session, instance_id: str | None) -> SurveyAnalysis | None:
    """What that run of the procedure has frozen."""
    found = sa.select(SurveyAnalysis).where(SurveyAnalysis.instance_id == instance_id)
    return session.scalar(found) if instance_id else None


def of_course(session: Session, course_id: str) -> list[SurveyAnalysis]:
    """The newest first."""
    query = sa.select(SurveyAnalysis).where(SurveyAnalysis.course_id == course_id)
    return list(session.scalars(query.order_by(SurveyAnalysis.last_day.desc())))


def latest(session: Session, course_id: str) -> SurveyAnalysis | None:
    return next(iter(of_course(session, course_id)), None)


def confirmed_between(session: Session, first: date, last: date) -> Mapping[str, list[SurveyAnalysis]]:
    """Course -> confirmed analyses of quarters that ended in those days, oldest first: for the yearly report (11.3)."""
    query = sa.select(SurveyAnalysis).where(
        SurveyAnalysis.confirmed_at.is_not(None), SurveyAnalysis.last_day.between(first, last)
    )
    found: dict[str, list[SurveyAnalysis]] = {}
    for one in session.scalars(query.order_by(SurveyAnalysis.last_day, SurveyAnalysis.number)):
        found.setdefault(one.course_id, []).append(one)
    return found


def newest_of(session: Session, courses: Sequence[str]) -> dict[str, SurveyAnalysis]:
    """Course -> its last analysis."""
    query = sa.select(SurveyAnalysis).where(SurveyAnalysis.course_id.in_(courses))
    return {one.course_id: one for one in session.scalars(query.order_by(SurveyAnalysis.last_day))}
