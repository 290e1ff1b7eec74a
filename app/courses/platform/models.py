"""What was found on the platform, and when."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.audit import append_only
from app.db import Model, new_id


class PlatformCheck(Model):
    """One look at a course on the platform; rows are only ever added."""

    __tablename__ = "platform_check"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), index=True)
    instance_id: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    checked: Mapped[bool]
    """Whether the platform was asked; if not, a person has to look (`by_hand`) and the findings say nothing."""
    by_hand: Mapped[bool]
    found: Mapped[bool]
    in_category: Mapped[bool]
    hidden: Mapped[bool]
    coordinators: Mapped[bool]
    copyright: Mapped[bool]
    description: Mapped[bool]
    image: Mapped[bool]
    """The course has an image of its own (6.6)."""
    self_enrolment: Mapped[bool]
    """People may enrol themselves (4.6)."""
    platform_id: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Short name and ID number there, modules and sections, release of the platform, reason of `by_hand`."""


append_only.guard(Model.metadata.tables["platform_check"], ("id",))
