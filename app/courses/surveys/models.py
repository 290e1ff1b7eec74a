"""Tables of the survey of satisfaction (11, Appendix 3)."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.audit import append_only
from app.db import Model, new_id

CRITERIA = ("practical", "theoretical", "quality", "design")
"""Criteria of Appendix 3 in its order."""
MARKS = ("excellent", "good", "satisfactory", "unsatisfactory")
"""The scale of Appendix 3, the best first."""


def _marked(criterion: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{criterion} IN ({', '.join(repr(mark) for mark in MARKS)})", name=criterion)


class Questionnaire(Model):
    """The link of a course: no secret, but not to be guessed, so that nobody answers for courses they never saw."""

    __tablename__ = "questionnaire"

    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)


class SurveyAnswer(Model):
    """What one learner answered, and the day. Not more, and in no order: rows of SQLite have no number here.

    `key` is made of random bytes of the form that was shown, which makes sending it twice the same as once; nothing
    else knows them.
    """

    __tablename__ = "survey_answer"
    __table_args__ = (
        *(_marked(criterion) for criterion in CRITERIA),
        sa.CheckConstraint("participated_to >= participated_from", name="participated"),
        sa.Index("ix_survey_answer_course_id_day", "course_id", "day"),
        sa.Index("ix_survey_answer_day", "day"),
        {"sqlite_with_rowid": False},
    )

    key: Mapped[str] = mapped_column(primary_key=True)
    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"))
    day: Mapped[date]
    practical: Mapped[str]
    theoretical: Mapped[str]
    quality: Mapped[str]
    design: Mapped[str]
    comments: Mapped[str] = mapped_column(sa.Text, default="")
    participated_from: Mapped[date | None]
    participated_to: Mapped[date | None]


class SurveyAnalysis(Model):
    """The analysis of a course for a quarter (11.2): figures as they were frozen, conclusions, the confirmation."""

    __tablename__ = "survey_analysis"
    __table_args__ = (sa.UniqueConstraint("course_id", "last_day"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(unique=True)
    """Course number and position, 2026-003/S1."""
    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), index=True)
    instance_id: Mapped[str | None] = mapped_column(index=True)
    first_day: Mapped[date]
    last_day: Mapped[date] = mapped_column(index=True)
    """One calendar quarter; several where those before were not analysed in time."""
    quarters: Mapped[list[Any]] = mapped_column(default=list)
    """{"year", "quarter", "answers", "marks": criterion -> counts from excellent to unsatisfactory}, oldest first."""
    least: Mapped[int]
    """Fewest answers with which dates and comments were shown on that day (A37)."""
    comments: Mapped[int] = mapped_column(default=0)
    """How many suggestions there are; themselves they stay with the answers."""
    participated_from: Mapped[date | None]
    participated_to: Mapped[date | None]
    """Earliest and latest day of participation; empty where there are too few answers (A37)."""
    frozen_at: Mapped[datetime] = mapped_column(default=clock.now)
    conclusions: Mapped[str] = mapped_column(sa.Text, default="")
    measures: Mapped[str] = mapped_column(sa.Text, default="")
    analysed_by: Mapped[str | None]
    analysed_at: Mapped[datetime | None]
    remarks: Mapped[str] = mapped_column(sa.Text, default="")
    """Of the administrator, when the analysis was last returned."""
    confirmed_by: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]
    header: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Title, coordinator and administrator as they were when the analysis was confirmed; what is printed."""


append_only.guard(Model.metadata.tables["survey_answer"], ("key",))
