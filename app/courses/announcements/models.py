"""The table of invitations to training (12.1)."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.db import Model, new_id


class Invitation(Model):
    """An invitation to one contact of an NMI; whether it has arrived is known from its letter."""

    __tablename__ = "invitation"
    __table_args__ = (sa.UniqueConstraint("course_id", "organisation_id", "contact", "attempt"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(sa.ForeignKey("organisation.id"))
    contact: Mapped[str]
    """Id of the person, "organisation" for the institute's own address, "nobody" where an institute has none."""
    name_ru: Mapped[str] = mapped_column(default="")
    name_en: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    locale: Mapped[str]
    locale_assumed: Mapped[bool] = mapped_column(default=False)
    """The recipient's language is not known: the default one was used."""
    attempt: Mapped[int] = mapped_column(default=1)
    letter_id: Mapped[str | None]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    answer: Mapped[str] = mapped_column(default="")
    """What the Secretariat did about an invitation that could not be delivered."""
    answered_by: Mapped[str | None]
    answered_at: Mapped[datetime | None]
