"""What the Secretariat keeps: the archive, and the organisation's settings."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.audit import append_only
from app.db import Model, new_id


class ArchiveEntry(Model):
    """An entry of the Secretariat's archive: rows are only ever added; triggers refuse anything else."""

    __tablename__ = "archive_entry"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(index=True)
    course_id: Mapped[str] = mapped_column(index=True)
    source_id: Mapped[str]
    """Package it was made from."""
    title_ru: Mapped[str]
    title_en: Mapped[str]
    search: Mapped[str]
    body: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str]
    stored_by: Mapped[str]
    stored_at: Mapped[datetime] = mapped_column(default=clock.now)


append_only.guard(Model.metadata.tables["archive_entry"], ("id",), ("number",))


class Setting(Model):
    """A value of the organisation's settings from a day on; the newest that has begun holds."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[str]
    set_by: Mapped[str]
    set_at: Mapped[datetime] = mapped_column(default=clock.now)
