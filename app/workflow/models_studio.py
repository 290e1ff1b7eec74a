"""The tables of the draft release that analysts share, and of who is at work on which of its files."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, new_id

OPEN = "open"


class StudioDraft(Model):
    """Files laid over a release until they are published or thrown away. One is open at a time."""

    __tablename__ = "studio_draft"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    base_release_id: Mapped[str] = mapped_column(sa.ForeignKey("release.id"))
    slot: Mapped[str | None] = mapped_column(unique=True, default=OPEN)
    """OPEN, or None once it is closed: the database lets no second draft be open."""
    opened_by: Mapped[str]
    opened_at: Mapped[datetime]
    closed_by: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    release_id: Mapped[str | None] = mapped_column(sa.ForeignKey("release.id"))
    """What it was published as; None while open, and when it was discarded."""


class StudioFile(Model):
    """A file of the draft that differs, or once differed, from its base."""

    __tablename__ = "studio_file"
    draft_id: Mapped[str] = mapped_column(sa.ForeignKey("studio_draft.id"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    data: Mapped[bytes | None]
    """None: removed from the draft."""
    revision: Mapped[int]
    """Counts the saves from 1; a file that nobody has touched stands at 0."""
    by: Mapped[str]
    at: Mapped[datetime]


class StudioVersion(Model):
    """Of a file's history. What one person saves within a while without a note is one entry: its last state."""

    __tablename__ = "studio_version"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    draft_id: Mapped[str] = mapped_column(sa.ForeignKey("studio_draft.id"))
    path: Mapped[str]
    revision: Mapped[int]
    data: Mapped[bytes | None]
    how: Mapped[str]
    """saved, restored, imported, removed; or aside: refused because somebody else had saved since, and kept here."""
    note: Mapped[str] = mapped_column(default="")
    by: Mapped[str]
    began_at: Mapped[datetime]
    at: Mapped[datetime]

    __table_args__ = (
        sa.CheckConstraint("how IN ('saved', 'restored', 'imported', 'removed', 'aside')", name="how"),
        sa.Index("ix_studio_version_draft_id_path", "draft_id", "path", "at"),
    )


class StudioPresence(Model):
    """Somebody has a file open in an editor; the row counts only for a short while after `at`."""

    __tablename__ = "studio_presence"
    draft_id: Mapped[str] = mapped_column(sa.ForeignKey("studio_draft.id"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    """By the database's own clock, which nobody moves."""


WAITING = "waiting"


class StudioRequest(Model):
    """Somebody asks that exactly this content be published; a second analyst answers. One waits at a time."""

    __tablename__ = "studio_request"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    slot: Mapped[str | None] = mapped_column(unique=True, default=WAITING)
    """WAITING, or None once it is answered: the database lets no second one wait."""
    draft_id: Mapped[str | None] = mapped_column(sa.ForeignKey("studio_draft.id"))
    """None: an older release is to be published anew."""
    again_id: Mapped[str | None] = mapped_column(sa.ForeignKey("release.id"))
    """That older release."""
    sha256: Mapped[str]
    """Of the content that was asked for; another content needs another request."""
    note: Mapped[str]
    by: Mapped[str]
    on_behalf_of: Mapped[str | None]
    at: Mapped[datetime]
    outcome: Mapped[str | None]
    """approved, returned, or withdrawn by who asked or by a newer request."""
    answered_by: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    release_id: Mapped[str | None] = mapped_column(sa.ForeignKey("release.id"))
    """What came of it."""

    __table_args__ = (sa.CheckConstraint("outcome IN ('approved', 'returned', 'withdrawn')", name="outcome"),)


class StudioUpload(Model):
    """An archive that somebody has sent and is shown a preview of; forgotten once taken, or after a day."""

    __tablename__ = "studio_upload"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    data: Mapped[bytes]
    name: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
