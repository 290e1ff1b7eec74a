"""Courses, their materials and agreements (clauses 6.2, 6.4, 7 and Appendix 1 of R/TR/XX:202_, draft)."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.db import Model, new_id
from app.i18n import Text

STAGES = (
    *("registered", "agreement", "agreed", "handed_over", "preparation", "submitted", "rework", "approved"),
    *("published", "withdrawn", "annulled"),
)
FORMATS = ("h5p", "ppt", "pdf")
ACCESS = ("open", "restricted")
INITIATORS = ("nmi", "sb")
LANGUAGES = ("ru", "en", "ru_en")
NO_SHEET = {
    "no_other_body": Text(
        "Курс СОК не касается деятельности других СОК: лист согласования заменяет подтверждение председателя.",
        "The course of a body touches no other body: the confirmation of its chair takes the sheet's place.",
    )
}
SOURCES = ("survey", "administrator", "secretariat")


def _one_of(column: str, values: tuple[str, ...], name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ({', '.join(repr(v) for v in values)})", name=name)


class Course(Model):
    """A course from the day it is registered; `id` is the subject of its tasks, appointments and letters."""

    __tablename__ = "course"
    __table_args__ = (
        _one_of("stage", STAGES, "stage"),
        _one_of("initiator_kind", INITIATORS, "initiator_kind"),
        _one_of("language", LANGUAGES, "language"),
        _one_of("source", SOURCES, "source"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(unique=True)
    """Year and consecutive number, 2026-003."""
    title_ru: Mapped[str] = mapped_column(default="")
    title_en: Mapped[str] = mapped_column(default="")
    search: Mapped[str] = mapped_column(default="")
    """Number and both titles, folded for searching (A57)."""
    language: Mapped[str]
    initiator_kind: Mapped[str]
    """nmi (7.1) or sb (7.6)."""
    initiator_id: Mapped[str] = mapped_column(index=True)
    """Organisation that initiated the course."""
    procedural: Mapped[bool] = mapped_column(default=False)
    """Holds material on procedural matters of COOMET (7.7)."""
    year: Mapped[int] = mapped_column(index=True)
    source: Mapped[str]
    """Where the entry of the list of courses being created comes from (A56)."""
    source_note: Mapped[str] = mapped_column(default="")
    stage: Mapped[str] = mapped_column(default="registered", index=True)
    creator_id: Mapped[str | None] = mapped_column(index=True)
    executor_id: Mapped[str | None]
    """Person who proposes the bodies and confirms the final files (7.2, A3)."""
    registered_by: Mapped[str]
    registered_at: Mapped[datetime] = mapped_column(default=clock.now)
    field: Mapped[str] = mapped_column(default="", server_default="")
    """Field of measurement or activity (6.2)."""
    aim_ru: Mapped[str] = mapped_column(default="", server_default="")
    aim_en: Mapped[str] = mapped_column(default="", server_default="")
    description_ru: Mapped[str] = mapped_column(default="", server_default="")
    """Three to five sentences (6.6), as plain text."""
    description_en: Mapped[str] = mapped_column(default="", server_default="")
    format: Mapped[str] = mapped_column(default="", server_default="")
    """h5p, ppt (also .pptx, A17) or pdf (4.4); empty until the organisational questions are agreed."""
    access: Mapped[str] = mapped_column(default="", server_default="")
    """open or restricted (4.6); empty until the initiator has advised it (6.6)."""
    has_theory: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    has_tests: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    inventory: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """Kinds of content used (4.2)."""
    modules: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """{"ru", "en"} of each module, in order (4.3)."""
    splash_id: Mapped[str | None]
    """File of the splash image (6.6)."""
    representative_id: Mapped[str | None]
    """Representative of the body or NMI, responsible for the content (6.6)."""
    counterpart_id: Mapped[str | None]
    """Member of the body or representative of the NMI who prepares the course with the creator (6.3)."""
    third_party: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """{"item", "source", "licence", "compatible"} of each piece of somebody else's material (6.7, A22)."""
    platform_id: Mapped[int | None]
    """Id of the course at Moodle."""
    platform_url: Mapped[str] = mapped_column(default="", server_default="")
    published_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    check_due: Mapped[date | None] = mapped_column(index=True)
    """Day by which its topicality must have been checked again (13.1); None: not published, or not any more."""
    annulled_at: Mapped[datetime | None]


class Coordinator(Model):
    """A proposed coordinator; one or several a course (3.1, A16)."""

    __tablename__ = "coordinator"

    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]


class MaterialVersion(Model):
    """One state of a course's source materials; never changed after it was made, only marked."""

    __tablename__ = "material_version"
    __table_args__ = (sa.UniqueConstraint("course_id", "number"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), index=True)
    number: Mapped[int]
    note: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str]
    """Of the manifest: name, size and SHA-256 of each file, in order."""
    agreed: Mapped[bool] = mapped_column(default=False)
    superseded: Mapped[bool] = mapped_column(default=False)
    made_by: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)


class MaterialFile(Model):
    """A file of a version."""

    __tablename__ = "material_file"

    version_id: Mapped[str] = mapped_column(sa.ForeignKey("material_version.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]


class Agreement(Model):
    """One passage of section 7; a course that is actualised has several (13.4)."""

    __tablename__ = "agreement"
    __table_args__ = (
        sa.UniqueConstraint("course_id", "number"),
        _one_of("state", ("open", "agreed", "delivered", "cancelled"), "state"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), index=True)
    number: Mapped[int]
    instance_id: Mapped[str | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default="open")
    reason: Mapped[str] = mapped_column(default="")
    """Why there is no sheet, where there is none (A24)."""
    chair_statement: Mapped[str] = mapped_column(default="")
    chair_id: Mapped[str | None]
    """Initiating chair who took the responsibility of 7.5 in place of a sheet (A24)."""
    started_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]

    @property
    def why_no_sheet(self) -> Text | None:
        """The reason in words; None where bodies are asked."""
        return NO_SHEET.get(self.reason)


class AskedBody(Model):
    """A body the executor proposed, with the part that concerns it; asked once the administrator confirms (A23)."""

    __tablename__ = "asked_body"

    agreement_id: Mapped[str] = mapped_column(sa.ForeignKey("agreement.id"), primary_key=True)
    body_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    part: Mapped[str] = mapped_column(default="")
    """Empty: the whole course."""
    executor_id: Mapped[str | None]
    """Who sends to this body (7.2, A3)."""
    confirmed: Mapped[bool] = mapped_column(default=False)


class DutyException(Model):
    """Permission to decide on one's own submission, against the rule of A14, with its reason."""

    __tablename__ = "duty_exception"

    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    granted_by: Mapped[str]
    granted_at: Mapped[datetime] = mapped_column(default=clock.now)


class Sheet(Model):
    """Agreement sheet (Appendix 1): one for each body of an agreement."""

    __tablename__ = "sheet"
    __table_args__ = (
        sa.UniqueConstraint("agreement_id", "body_id"),
        _one_of("state", ("open", "agreed", "cancelled"), "state"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(unique=True)
    """Course number and position, 2026-003/1."""
    agreement_id: Mapped[str] = mapped_column(sa.ForeignKey("agreement.id"), index=True)
    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), index=True)
    body_id: Mapped[str] = mapped_column(index=True)
    part: Mapped[str] = mapped_column(default="")
    executor_id: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    header: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Names and contacts as they were when the sheet was last sent; what is printed."""
    chair_id: Mapped[str | None]
    """Chair (or acting chair) responsible for the content on the day of agreement (7.5)."""
    stands_for: Mapped[str | None]
    """Latest version for which the administrator decided that the body need not be asked again."""
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    closed_at: Mapped[datetime | None]


class SheetRound(Model):
    """A review round: number 0 is the primary agreement, 1, 2 … the repeat ones (A5)."""

    __tablename__ = "sheet_round"
    __table_args__ = (sa.UniqueConstraint("sheet_id", "number"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    sheet_id: Mapped[str] = mapped_column(sa.ForeignKey("sheet.id"), index=True)
    number: Mapped[int]
    version_id: Mapped[str] = mapped_column(sa.ForeignKey("material_version.id"))
    due: Mapped[date]
    """"To be considered by" (A4): proposed by the executor, changed only with a reason."""
    due_changes: Mapped[list[Any]] = mapped_column(default=list)
    """{"from", "to", "reason", "by", "at"} of every change, oldest first."""
    message: Mapped[str] = mapped_column(default="")
    """The executor's words to the chair."""
    sent_by: Mapped[str]
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
    appointed_id: Mapped[str | None]
    """Member of the body whom the chair appointed (7.3)."""
    appointed_by: Mapped[str | None]
    appointed_at: Mapped[datetime | None]
    reviewer_id: Mapped[str | None]
    reviewer: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Name, telephone and e-mail of the deciding person on the day of the decision, ru and en."""
    reworked: Mapped[bool | None]
    conforms: Mapped[bool | None]
    comments: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]


class Remark(Model):
    """One remark of a round that requires rework, and the executor's answer to it."""

    __tablename__ = "remark"
    __table_args__ = (sa.UniqueConstraint("round_id", "number"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(sa.ForeignKey("sheet_round.id"), index=True)
    number: Mapped[int]
    text: Mapped[str]
    answer: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[str | None]
    answered_at: Mapped[datetime | None]


class Package(Model):
    """Final sheets and materials, frozen: `sha256` is that of the manifest's bytes (7.3, 7.4, A2)."""

    __tablename__ = "package"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    agreement_id: Mapped[str] = mapped_column(sa.ForeignKey("agreement.id"), unique=True)
    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), index=True)
    version_id: Mapped[str] = mapped_column(sa.ForeignKey("material_version.id"))
    manifest: Mapped[str] = mapped_column(sa.Text)
    """Canonical JSON: files with checksums, sheets with every round."""
    sha256: Mapped[str]
    frozen_by: Mapped[str]
    frozen_at: Mapped[datetime] = mapped_column(default=clock.now)
    received_by: Mapped[str | None]
    """Administrator who took the package (7.8)."""
    received_at: Mapped[datetime | None]
    handed_to: Mapped[str | None]
    handed_at: Mapped[datetime | None]
