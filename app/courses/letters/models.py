"""The table of letters."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.db import Model, new_id


class Letter(Model):
    """A letter to one person, composed in their language; whether the mail has taken it."""

    __tablename__ = "letter"
    __table_args__ = (sa.UniqueConstraint("key", "recipient_id"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str]
    """What caused it: a call, a task, a deadline. With the recipient it makes the Message-ID stable."""
    template: Mapped[str]
    subject_id: Mapped[str | None] = mapped_column(index=True)
    """Course it is about."""
    recipient_id: Mapped[str] = mapped_column(index=True)
    """Person; for a letter to an address that is nobody's own, that of the organisation."""
    to_name: Mapped[str] = mapped_column(default="", server_default="")
    to_address: Mapped[str] = mapped_column(default="", server_default="")
    """Where it goes in place of the person's own address, as it was when the letter was written."""
    locale: Mapped[str]
    title: Mapped[str]
    text: Mapped[str] = mapped_column(sa.Text)
    calendar: Mapped[str | None] = mapped_column(sa.Text)
    """An iCalendar entry, where there is a deadline."""
    message_id: Mapped[str] = mapped_column(unique=True)
    composed_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[datetime | None]
    instance_id: Mapped[str | None] = mapped_column(index=True)
    attached_id: Mapped[str | None]
    """Entry of the archive whose files go with the letter."""
    secret_id: Mapped[str | None]
    """List of access whose enrolment key takes the place of the mark in the text when the letter is sent."""
    link_id: Mapped[str | None]
    """The one-time link whose token takes the place of the mark in the text when the letter is sent."""
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often the mail was asked to take it."""
    uncertain: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often it was sent anew although the attempt before may have reached the recipient (same Message-ID)."""
    bounced_at: Mapped[datetime | None]
    bounce: Mapped[str | None] = mapped_column(sa.Text)
    """Why it came back, in the mail system's words."""
