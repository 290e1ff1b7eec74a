"""Tables of restricted access: lists, who is on them, and the sealed key of a list."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.db import Model, new_id

WAYS = ("key", "list")
STATES = ("waiting", "sent", "enrolled", "unknown", "failed", "dropped")


class AccessList(Model):
    """People admitted to a course in one action, with the grounds and the words that were confirmed (4.6, A18)."""

    __tablename__ = "access_list"
    __table_args__ = (sa.CheckConstraint(f"way IN ({', '.join(map(repr, WAYS))})", name="way"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), index=True)
    way: Mapped[str]
    """key: the enrolment key is mailed; list: enrolled on the platform."""
    grounds: Mapped[str]
    confirmation: Mapped[str]
    """The setting's words as they were read and confirmed."""
    locale: Mapped[str]
    """Language of the letters of a key."""
    made_by: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)


class AccessEntry(Model):
    """Somebody on a list, and what became of it."""

    __tablename__ = "access_entry"
    __table_args__ = (
        sa.CheckConstraint(f"state IN ({', '.join(map(repr, STATES))})", name="state"),
        sa.UniqueConstraint("list_id", "position"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    list_id: Mapped[str] = mapped_column(sa.ForeignKey("access_list.id"), index=True)
    position: Mapped[int]
    account: Mapped[str]
    """As typed: an address, for enrolment also a user name."""
    name: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="waiting", index=True)
    platform_id: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")
    """Why it was let be, or what was corrected."""
    letter_id: Mapped[str | None]
    settled_by: Mapped[str | None]
    settled_at: Mapped[datetime | None]


class SealedKey(Model):
    """The enrolment key of a list, encrypted with the deployment's secret; nothing once its letters are gone."""

    __tablename__ = "sealed_key"

    list_id: Mapped[str] = mapped_column(sa.ForeignKey("access_list.id"), primary_key=True)
    sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    forgotten_at: Mapped[datetime | None]
