"""Tables of planning (clauses 6.1 and 6.2): surveys and their recipients, topics, versions of the list, requests."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.audit import append_only
from app.db import Model, new_id

WAYS = ("task", "address", "other", "left_out", "none")
"""How a recipient is reached: a task for its people, by a letter to its own address, otherwise, not at all, not yet."""
TOPIC_STATES = ("open", "promoted", "dropped")
REQUEST_STATES = ("asked", "released", "refused")


def _one_of(column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ({', '.join(repr(v) for v in values)})", name=column)


class SurveyCampaign(Model):
    """The survey of a year; `id` is the subject of its tasks and letters."""

    __tablename__ = "survey_campaign"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    year: Mapped[int] = mapped_column(unique=True)
    """There is one survey a year (A11)."""
    deadline: Mapped[date]
    message_ru: Mapped[str] = mapped_column(sa.Text, default="")
    message_en: Mapped[str] = mapped_column(sa.Text, default="")
    instance_id: Mapped[str | None] = mapped_column(index=True)
    opened_by: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    closed_at: Mapped[datetime | None]


class SurveyRecipient(Model):
    """An institute or body that is asked; its answer is the submission of its task."""

    __tablename__ = "survey_recipient"
    __table_args__ = (_one_of("way", WAYS),)

    campaign_id: Mapped[str] = mapped_column(sa.ForeignKey("survey_campaign.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(sa.ForeignKey("organisation.id"), primary_key=True)
    position: Mapped[int]
    way: Mapped[str]
    email: Mapped[str] = mapped_column(default="")
    """Address that is nobody's own, where the letter goes to one."""
    note: Mapped[str] = mapped_column(default="")
    """How the survey was passed on otherwise, or why the recipient was left out."""


class SurveyDecision(Model):
    """What became of one line of an answer: rows are only ever added."""

    __tablename__ = "survey_decision"
    __table_args__ = (_one_of("kind", ("material", "topic")), _one_of("decision", ("entered", "backlog", "declined")))

    campaign_id: Mapped[str] = mapped_column(sa.ForeignKey("survey_campaign.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    """Of the line in the answer, from 0."""
    decision: Mapped[str]
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    course_id: Mapped[str | None] = mapped_column(sa.ForeignKey("course.id"))
    topic_id: Mapped[str | None] = mapped_column(sa.ForeignKey("prospective_topic.id"))
    decided_by: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(default=clock.now)


append_only.guard(Model.metadata.tables["survey_decision"], ("campaign_id", "organisation_id", "kind", "position"))


class ProspectiveTopic(Model):
    """An idea for a later course: beside the list, until it is promoted into it (A51)."""

    __tablename__ = "prospective_topic"
    __table_args__ = (_one_of("state", TOPIC_STATES),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    title: Mapped[str]
    """In the language in which it was proposed."""
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    wanted_year: Mapped[int | None]
    search: Mapped[str]
    organisation_id: Mapped[str | None] = mapped_column(sa.ForeignKey("organisation.id"))
    campaign_id: Mapped[str | None] = mapped_column(sa.ForeignKey("survey_campaign.id"), index=True)
    state: Mapped[str] = mapped_column(default="open", index=True)
    course_id: Mapped[str | None] = mapped_column(sa.ForeignKey("course.id"))
    """The course that took it up."""
    note: Mapped[str] = mapped_column(sa.Text, default="")
    """Why it was dropped."""
    added_by: Mapped[str]
    added_at: Mapped[datetime] = mapped_column(default=clock.now)


class CourseVersion(Model):
    """A state of a course's entry in the list, from a moment on: rows are only ever added (6.2)."""

    __tablename__ = "course_version"
    __table_args__ = (sa.Index("ix_course_version_course_id_at", "course_id", "at"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    year: Mapped[int] = mapped_column(index=True)
    stage: Mapped[str]
    search: Mapped[str]
    entry: Mapped[dict[str, Any]]
    """Titles, ids of organisations and people: names are looked up, so that erasing a person reaches them here too."""


append_only.guard(Model.metadata.tables["course_version"], ("id",))


class RegisterRequest(Model):
    """Somebody of a participant of cooperation asks for the list of a year; what became of it (6.2, A55)."""

    __tablename__ = "register_request"
    __table_args__ = (_one_of("state", REQUEST_STATES),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    year: Mapped[int]
    purpose: Mapped[str] = mapped_column(sa.Text, default="")
    organisation_id: Mapped[str]
    """Participant of cooperation for which it was asked."""
    asked_by: Mapped[str] = mapped_column(index=True)
    asked_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    state: Mapped[str] = mapped_column(default="asked")
    automatic: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    """What was released is the list as it stood at this moment."""


class RegisterCopy(Model):
    """The list of a year as on a day, made a PDF in both languages."""

    __tablename__ = "register_copy"
    __table_args__ = (sa.UniqueConstraint("year", "until"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    year: Mapped[int] = mapped_column(index=True)
    until: Mapped[datetime]
    """Moment whose state it shows."""
    content: Mapped[str]
    """SHA-256 of what was printed."""
    file_ru: Mapped[str] = mapped_column(sa.ForeignKey("file.id"))
    file_en: Mapped[str] = mapped_column(sa.ForeignKey("file.id"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
