"""The table of exports asked for on the page."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, new_id


class EvidenceExport(Model):
    """One export, written by the worker into a file that is thrown away after some days."""

    __tablename__ = "evidence_export"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    """all, course or instance"""
    subject: Mapped[str | None]
    """Id of the course or instance."""
    personal: Mapped[bool]
    """Whether the file that opens commitments is made too."""
    by: Mapped[str]
    asked_at: Mapped[datetime]
    total: Mapped[int]
    """Events there were when it was asked for: what the progress is measured by."""
    done_at: Mapped[datetime | None]
    events: Mapped[int | None]
    size: Mapped[int | None]
    """Bytes."""
    sha256: Mapped[str | None]
