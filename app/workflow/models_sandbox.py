"""The table of runs in the studio's sandbox."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, new_id


class StudioSandbox(Model):
    """One run: who plays and what was done. Where it stands is found by doing it again on the open draft."""

    __tablename__ = "studio_sandbox"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    folder: Mapped[str]
    process: Mapped[str]
    setting: Mapped[dict[str, Any]]
    acts: Mapped[list[Any]]
    source: Mapped[str] = mapped_column(default="")
    """Id of the scenario that was opened as this run; empty for one begun by hand."""
    revision: Mapped[int] = mapped_column(default=0)
    """Counts the changes: two people at the same run do not overwrite each other."""
    begun_by: Mapped[str]
    begun_at: Mapped[datetime]
    at: Mapped[datetime]
    """Of the last change."""

    __table_args__ = (sa.Index("ix_studio_sandbox_at", "at"),)
