"""Learners' satisfaction as a section of the yearly report: figures and analyses, by course and quarter (11.3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.courses.surveys import analyses, figures
from app.courses.surveys.figures import Figures
from app.courses.surveys.models import SurveyAnalysis
from app.courses.surveys.quarters import Quarter


@dataclass(frozen=True, slots=True)
class Row:
    """A quarter of a course: `counts` of the marks of all criteria together, the best first; the mean, or None."""

    quarter: Quarter
    answers: int
    counts: tuple[int, ...]
    mean: float | None

    def as_json(self) -> dict[str, Any]:
        when = {"year": self.quarter.year, "number": self.quarter.number}
        return {"quarter": when, "answers": self.answers, "counts": list(self.counts), "mean": self.mean}


def by_course(session: Session, courses: Iterable[str], first: date, last: date) -> dict[str, list[Row]]:
    """Course -> its quarters of the period with answers, oldest first; a course without answers is missing."""
    found = figures.by_quarter(session, first, last, list(courses))
    return {course: [_row(quarter, found[course][quarter]) for quarter in sorted(found[course])] for course in found}


def analyses_by_course(session: Session, first: date, last: date) -> dict[str, list[dict[str, Any]]]:
    """Course -> what its coordinator concluded and the administrator confirmed, of quarters ended in these days."""
    confirmed = analyses.confirmed_between(session, first, last)
    return {course: [_concluded(one) for one in found] for course, found in confirmed.items()}


def _concluded(one: SurveyAnalysis) -> dict[str, Any]:
    days = {"first": one.first_day.isoformat(), "last": one.last_day.isoformat()}
    return {"number": one.number, **days, "conclusions": one.conclusions, "measures": one.measures}


def _row(quarter: Quarter, one: Figures) -> Row:
    counts = tuple(sum(column) for column in zip(*one.marks.values(), strict=True))
    return Row(quarter, one.answers, counts, one.overall)
