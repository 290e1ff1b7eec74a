"""The table of reference documents."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.db import Model


class ReferenceDocument(Model):
    """An edition of a reference document from a day on; the newest that has begun holds (2, footnote 1)."""

    __tablename__ = "reference_document"

    code: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    title_ru: Mapped[str]
    title_en: Mapped[str]
    number: Mapped[str] = mapped_column(default="")
    edition: Mapped[str] = mapped_column(default="")
    """Year of approval or number of the edition, as printed."""
    link: Mapped[str] = mapped_column(default="")
    set_by: Mapped[str]
    set_at: Mapped[datetime] = mapped_column(default=clock.now)
