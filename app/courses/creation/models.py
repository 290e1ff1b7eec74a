"""Tables of a course being created: polls of creators, the creator's preparation, questions, working files, waivers."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.audit import append_only
from app.db import Model, new_id

ANSWERS = ("yes", "no")


class CreatorPoll(Model):
    """All creators who were validly appointed on its day, asked at once who can take the course (6.3)."""

    __tablename__ = "creator_poll"
    __table_args__ = (sa.UniqueConstraint("course_id", "number"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), index=True)
    number: Mapped[int]
    ends_on: Mapped[date | None]
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    closed_at: Mapped[datetime | None]
    chosen_id: Mapped[str | None]
    """Who was appointed after it; None also where nobody was and the TC 4 secretariat was asked (A52)."""
    reason: Mapped[str] = mapped_column(default="")
    """Why somebody was chosen who had not agreed, or why nobody was."""


class PollAnswer(Model):
    """One creator of a poll; `answer` is None until given."""

    __tablename__ = "poll_answer"

    poll_id: Mapped[str] = mapped_column(sa.ForeignKey("creator_poll.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str | None]
    comment: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[str | None]
    """The creator or whoever substitutes for the creator."""
    answered_at: Mapped[datetime | None]


class Preparation(Model):
    """What was agreed before the creator began, and what the creator confirms before the submission."""

    __tablename__ = "preparation"

    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), primary_key=True)
    organised_on: Mapped[date | None]
    organised_with: Mapped[str] = mapped_column(default="")
    organised_note: Mapped[str] = mapped_column(default="")
    organised_by: Mapped[str | None]
    organised_at: Mapped[datetime | None]
    ready_by: Mapped[date | None]
    began_at: Mapped[datetime | None]
    self_check: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Item of clause 6.5 -> {"answer": "yes" | "no", "comment"}."""
    style_check: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Item of clause 6.7 -> {"answer", "comment"}."""
    guidance_edition: Mapped[str] = mapped_column(default="")
    """Edition of the CBKT guidance that the creator has confirmed to follow."""
    survey_waiver: Mapped[str] = mapped_column(default="")
    """Why there is no link to the survey (6.9)."""
    prepared_by: Mapped[str | None]
    prepared_at: Mapped[datetime | None]
    submitted_by: Mapped[str | None]
    submitted_at: Mapped[datetime | None]


class Waiver(Model):
    """A requirement of the recommendation that the administrator has waived for a course, with the reason."""

    __tablename__ = "waiver"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), index=True)
    requirement: Mapped[str]
    reason: Mapped[str]
    granted_by: Mapped[str]
    granted_at: Mapped[datetime] = mapped_column(default=clock.now)


class Question(Model):
    """A message in the course's thread (7.9): a question, or with `answers_to` an answer."""

    __tablename__ = "question"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), index=True)
    answers_to: Mapped[str | None] = mapped_column(sa.ForeignKey("question.id"))
    text: Mapped[str] = mapped_column(sa.Text)
    author_id: Mapped[str]
    written_at: Mapped[datetime] = mapped_column(default=clock.now)


class WorkingFile(Model):
    """A file that the creator and the counterpart share while they prepare the course (6.3)."""

    __tablename__ = "working_file"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), index=True)
    file_id: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    added_by: Mapped[str]
    added_at: Mapped[datetime] = mapped_column(default=clock.now)


for _table in ("waiver", "question", "working_file"):
    append_only.guard(Model.metadata.tables[_table], ("id",))
