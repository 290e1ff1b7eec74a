"""Counts of answers by course and quarter, made by the database: nothing is as slow as reading answers one by one.

`by_quarter` is what the yearly report takes (11.3): for each course and quarter the answers, the distribution, means.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.courses.surveys.models import CRITERIA, MARKS, SurveyAnswer
from app.courses.surveys.quarters import Quarter, between

WORTH = {"excellent": 4, "good": 3, "satisfactory": 2, "unsatisfactory": 1}
"""For means only; the distribution comes first."""
Counts = tuple[int, int, int, int]
NONE: Counts = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one course and quarter, or of several together."""

    answers: int
    marks: Mapping[str, Counts]
    """Criterion -> counts from excellent to unsatisfactory."""

    def mean(self, criterion: str) -> float | None:
        """From 4 (excellent) to 1; None without answers."""
        return _mean(self.marks[criterion])

    @property
    def overall(self) -> float | None:
        """Mean of all marks of all criteria."""
        return _mean(tuple(sum(counts) for counts in zip(*self.marks.values(), strict=True)))


EMPTY = Figures(0, dict.fromkeys(CRITERIA, NONE))


@dataclass(frozen=True, slots=True)
class Told:
    """Suggestions and dates of a period, where there are enough answers to hide who gave them (A37)."""

    comments: tuple[str, ...]
    """In an order that tells nothing."""
    first: date | None
    last: date | None


def by_quarter(
    session: Session, first: date, last: date, courses: Iterable[str] | None = None
) -> dict[str, dict[Quarter, Figures]]:
    """Course -> quarter -> figures, of answers of those days; what has no answers is missing: see `EMPTY`."""
    month = sa.extract("month", SurveyAnswer.day)
    number = sa.case((month <= 3, 1), (month <= 6, 2), (month <= 9, 3), else_=4).label("in_quarter")
    year = sa.cast(sa.extract("year", SurveyAnswer.day), sa.Integer).label("in_year")
    query = sa.select(SurveyAnswer.course_id, year, number, sa.func.count(), *_sums())
    query = query.where(SurveyAnswer.day.between(first, last))
    if courses is not None:
        query = query.where(SurveyAnswer.course_id.in_(list(courses)))
    found: dict[str, dict[Quarter, Figures]] = {}
    grouped = query.group_by(SurveyAnswer.course_id, sa.text("in_year"), sa.text("in_quarter"))
    for course, in_year, in_quarter, answers, *sums in session.execute(grouped):
        found.setdefault(course, {})[Quarter(in_year, in_quarter)] = _figures(answers, sums)
    return found


def of_course(session: Session, course_id: str, first: date, last: date) -> list[tuple[Quarter, Figures]]:
    """Every quarter of the period, also those without answers, oldest first."""
    found = by_quarter(session, first, last, [course_id]).get(course_id, {})
    return [(quarter, found.get(quarter, EMPTY)) for quarter in between(first, last)]


def together(found: Iterable[Figures]) -> Figures:
    """Sums of several."""
    several = list(found)
    marks = {
        criterion: _counts([sum(one.marks[criterion][position] for one in several) for position in range(len(MARKS))])
        for criterion in CRITERIA
    }
    return Figures(sum(one.answers for one in several), marks)


def told(session: Session, course_id: str, first: date, last: date, least: int) -> Told:
    """Nothing where there are fewer answers than `least` (A37)."""
    of_period = (SurveyAnswer.course_id == course_id, SurveyAnswer.day.between(first, last))
    row = session.execute(
        sa.select(
            sa.func.count(), sa.func.min(SurveyAnswer.participated_from), sa.func.max(SurveyAnswer.participated_to)
        ).where(*of_period)
    ).one()
    if row[0] < least:
        return Told((), None, None)
    query = sa.select(SurveyAnswer.comments).where(*of_period, SurveyAnswer.comments != "")
    return Told(tuple(session.scalars(query.order_by(SurveyAnswer.key))), row[1], row[2])


def count_comments(session: Session, course_id: str, first: date, last: date) -> int:
    query = sa.select(sa.func.count()).select_from(SurveyAnswer)
    query = query.where(SurveyAnswer.course_id == course_id, SurveyAnswer.day.between(first, last))
    return session.scalar(query.where(SurveyAnswer.comments != "")) or 0


def first_day(session: Session, course_id: str) -> date | None:
    """Of the first answer there is."""
    return session.scalar(sa.select(sa.func.min(SurveyAnswer.day)).where(SurveyAnswer.course_id == course_id))


def _sums() -> list[sa.ColumnElement[int]]:
    columns = [SurveyAnswer.__table__.c[criterion] for criterion in CRITERIA]
    return [sa.func.sum(sa.case((column == mark, 1), else_=0)) for column in columns for mark in MARKS]


def _figures(answers: int, sums: Sequence[int]) -> Figures:
    width = len(MARKS)
    marks = {name: _counts(sums[width * place : width * (place + 1)]) for place, name in enumerate(CRITERIA)}
    return Figures(answers, marks)


def _counts(sums: Sequence[int]) -> Counts:
    one, two, three, four = (int(count) for count in sums)
    return one, two, three, four


def _mean(counts: Sequence[int]) -> float | None:
    total = sum(counts)
    return sum(WORTH[mark] * count for mark, count in zip(MARKS, counts, strict=True)) / total if total else None
