"""The table of forms for approval (Appendix 2): rows are only ever added; triggers refuse anything else."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.audit import append_only
from app.db import Model, new_id


class ApprovalForm(Model):
    """One expert review of a course: the administrator's verdicts and what they were given on, as on that day."""

    __tablename__ = "approval_form"
    __table_args__ = (
        sa.UniqueConstraint("course_id", "position"),
        sa.CheckConstraint("may_place <> needs_rework", name="one_conclusion"),
        sa.CheckConstraint(
            "NOT may_place OR (description AND content AND copyright)", name="placed_only_with_all_criteria"
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(unique=True)
    """Course number and position, 2026-003/F1."""
    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), index=True)
    position: Mapped[int]
    """1, 2 …: one form for each expert review."""
    instance_id: Mapped[str | None] = mapped_column(index=True)
    description: Mapped[bool]
    """Proper description of the course (RA2-c)."""
    content: Mapped[bool]
    """Quality of the content (RA2-d)."""
    copyright: Mapped[bool]
    """Respect of copyright (RA2-e)."""
    may_place: Mapped[bool]
    needs_rework: Mapped[bool]
    remarks: Mapped[str] = mapped_column(sa.Text, default="")
    repeat_agreement: Mapped[bool] = mapped_column(default=False)
    """The administrator wants section 7 repeated before the next submission (A8)."""
    items: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Sub-items of the criteria: name -> whether met; what was found automatically and what was judged (8.1)."""
    header: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Title, administrator, creator, coordinators with contacts, as they were on that day; what is printed."""
    recommendation: Mapped[str]
    """Number of this recommendation as it was in force (A47)."""
    editions: Mapped[list[Any]] = mapped_column(default=list)
    """Editions of the documents that the decision rests on (2, footnote 1): {"code", "title_ru", …}."""
    version: Mapped[int | None]
    """Version of the materials that was examined."""
    version_sha256: Mapped[str] = mapped_column(default="")
    platform_id: Mapped[int | None]
    platform_url: Mapped[str] = mapped_column(default="")
    sheet_numbers: Mapped[list[Any]] = mapped_column(default=list)
    decided_by: Mapped[str] = mapped_column(index=True)
    decided_at: Mapped[datetime] = mapped_column(default=clock.now)


append_only.guard(Model.metadata.tables["approval_form"], ("id",), ("number",), ("course_id", "position"))
