"""Tables of signing in. Of every secret only a hash is kept; times are the real clock's, which no demo moves."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, new_id


class Account(Model):
    """That a person may sign in with a password. The row stays when the person is erased, without the password."""

    __tablename__ = "account"

    person_id: Mapped[str] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    password_hash: Mapped[str | None]
    """Argon2id with its parameters; None until the invitation is taken up."""
    password_set_at: Mapped[datetime | None]
    """When it was last chosen; None: nobody has ever come in here."""
    created_at: Mapped[datetime]


class AccountSession(Model):
    """A browser that is signed in, kept on the server so that it can be shown and revoked."""

    __tablename__ = "account_session"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    hash: Mapped[str] = mapped_column(unique=True)
    """SHA-256 of the secret in the cookie."""
    person_id: Mapped[str] = mapped_column(sa.ForeignKey("person.id"), index=True)
    rights: Mapped[str]
    """The roles held when the secret was given out; others demand a fresh secret (S52)."""
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """To within a few minutes."""
    expires_at: Mapped[datetime]
    """At the latest, however busy it is."""
    ended_at: Mapped[datetime | None]
    user_agent: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    """Where it came from, shortened to the network."""


class OneTimeLink(Model):
    """Something that a person may do once by a link in a letter; withdrawn, expired or used it does nothing."""

    __tablename__ = "one_time_link"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    hash: Mapped[str] = mapped_column(unique=True)
    """SHA-256 of the token."""
    purpose: Mapped[str]
    """invite or reset."""
    person_id: Mapped[str] = mapped_column(sa.ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    effect: Mapped[str | None]
    """Kind of the one event in the person's stream that names this link; None until it is used."""


class Attempt(Model):
    """Somebody tried something that is allowed so many times in so long; cleared away after a day."""

    __tablename__ = "attempt"
    __table_args__ = (sa.Index(None, "key", "at"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str]
    """Hash of what is counted: an address with an account, an account, an address."""
    at: Mapped[datetime] = mapped_column(index=True)
