"""The tables of checks, conclusions, decisions of TC 4, new versions and annulments (section 13)."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.audit import append_only
from app.db import Model, new_id, partial_index

PARTS = ("secretariat", "tc4", "coordinator")
"""Whose conclusions a check needs (13.2, A43)."""
OUTCOMES = ("topical", "update", "obsolete")
RESULTS = ("topical", "updated", "annulled")
ACTS = ("annul", "update", "keep")
EDITION_STATES = ("preparing", "submitted", "approved", "in_force", "dropped")


def _one_of(column: str, values: tuple[str, ...], name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ({', '.join(repr(v) for v in values)})", name=name)


class TopicalityCheck(Model):
    """One check of the scientific and technical level of a course; at most one is open at a time."""

    __tablename__ = "topicality_check"
    __table_args__ = (
        sa.UniqueConstraint("course_id", "number"),
        partial_index(
            "one_open_check",
            "course_id",
            unique=True,
            where="closed_at IS NULL",
        ),
        _one_of("result", ("", *RESULTS), "result"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), index=True)
    number: Mapped[int]
    """1, 2 … of the course."""
    due: Mapped[date]
    """The last day by which it had to be done: three years by default (13.1)."""
    instance_id: Mapped[str | None]
    """The procedure that carries it out; None for the moment between a person's wish and its start."""
    begun_by: Mapped[str]
    early_reason: Mapped[str] = mapped_column(default="")
    """Why a person began it before its date."""
    begun_at: Mapped[datetime] = mapped_column(default=clock.now)
    result: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]


class Conclusion(Model):
    """What one of the three concluded, on which grounds (13.2)."""

    __tablename__ = "check_conclusion"
    __table_args__ = (_one_of("part", PARTS, "part"), _one_of("outcome", OUTCOMES, "outcome"))

    check_id: Mapped[str] = mapped_column(sa.ForeignKey("topicality_check.id"), primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str]
    grounds: Mapped[str] = mapped_column(sa.Text)
    person_id: Mapped[str]
    person: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Name, organisation and contacts as they were on that day."""
    concluded_at: Mapped[datetime] = mapped_column(default=clock.now)


class BodyDecision(Model):
    """A decision of TC 4 on a course that somebody holds to be obsolete (13.5)."""

    __tablename__ = "body_decision"
    __table_args__ = (sa.UniqueConstraint("course_id", "position"), _one_of("act", ACTS, "act"))

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(unique=True)
    """Course number and position, 2026-003/D1."""
    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), index=True)
    position: Mapped[int]
    check_id: Mapped[str] = mapped_column(sa.ForeignKey("topicality_check.id"), index=True)
    act: Mapped[str]
    decided_on: Mapped[date]
    """Day of the meeting or of the vote."""
    meeting: Mapped[str]
    reason: Mapped[str] = mapped_column(sa.Text)
    minutes_id: Mapped[str | None]
    """File of the minutes, where they were attached."""
    header: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Titles, who signs, the three conclusions as they were; what is printed."""
    recommendation: Mapped[str]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)


class Annulment(Model):
    """How far an annulled course has been taken out of the lists (13.5, A46)."""

    __tablename__ = "annulment"

    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), primary_key=True)
    decision_id: Mapped[str] = mapped_column(sa.ForeignKey("body_decision.id"))
    annulled_at: Mapped[datetime] = mapped_column(default=clock.now)
    told_at: Mapped[datetime | None]
    """Learners were told on the platform."""
    told_by: Mapped[str | None]
    told_note: Mapped[str] = mapped_column(default="")
    hidden_at: Mapped[datetime | None]
    """The course is hidden on the platform: read back, or confirmed by a person."""
    portal_at: Mapped[datetime | None]
    """The Secretariat confirmed that the portal's list no longer has it."""


class Edition(Model):
    """A new version of a published course, from the coordinator's proposal until it replaces the old one (13.3)."""

    __tablename__ = "edition"
    __table_args__ = (sa.UniqueConstraint("course_id", "number"), _one_of("state", EDITION_STATES, "state"))

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), index=True)
    number: Mapped[int]
    """The course as first published is edition 1."""
    check_id: Mapped[str] = mapped_column(sa.ForeignKey("topicality_check.id"))
    state: Mapped[str] = mapped_column(default="preparing")
    changes: Mapped[str] = mapped_column(sa.Text)
    description_ru: Mapped[str] = mapped_column(sa.Text, default="")
    """The new short description; empty: that of the course stays."""
    description_en: Mapped[str] = mapped_column(sa.Text, default="")
    version_id: Mapped[str | None]
    """Version of the materials."""
    editorial: Mapped[bool] = mapped_column(default=False)
    """The coordinator says that the changes are editorial only."""
    waived_by: Mapped[str | None]
    """Administrator who let section 7 be skipped for editorial changes (A44)."""
    waiver_reason: Mapped[str] = mapped_column(default="")
    proposed_by: Mapped[str]
    proposed_at: Mapped[datetime] = mapped_column(default=clock.now)
    submitted_at: Mapped[datetime | None]
    approval_id: Mapped[str | None]
    """The form for approval by which it may replace the old version (section 8)."""
    in_force_at: Mapped[datetime | None]


append_only.guard(Model.metadata.tables["check_conclusion"], ("check_id", "part"))
append_only.guard(Model.metadata.tables["body_decision"], ("id",), ("number",), ("course_id", "position"))
