"""Tables of certificates: what was asked for, what was issued, lists issued in one action."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.db import Model, new_id, partial_index

STATES = ("asked", "waiting", "refused", "issued", "again", "considered", "unknown", "overtaken")
OUTCOMES = ("eligible", "undecided", "refused", "by_hand", "certified", "considered", "unknown", "overtaken")


class CertificateRequest(Model):
    """One wish for a certificate (R10.1-a). Who wished is known only once the platform has been asked."""

    __tablename__ = "certificate_request"
    __table_args__ = (sa.CheckConstraint(f"state IN ({', '.join(map(repr, STATES))})", name="state"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), index=True)
    account: Mapped[str]
    """User name or e-mail as it was typed on the public page; nothing is ever sent there."""
    locale: Mapped[str]
    state: Mapped[str] = mapped_column(default="asked", index=True)
    instance_id: Mapped[str | None] = mapped_column(index=True)
    learner: Mapped[str] = mapped_column(default="", index=True)
    """Whose it is: `moodle:` and the account's number, `mail:` and its address where a person has looked."""
    name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    """Both from the account on the platform when it was looked up (A35)."""
    outcome: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    """Code of the finding, see `eligibility.REASONS`."""
    tests: Mapped[list[Any]] = mapped_column(default=list)
    """The evidence: every test with its grade and outcome, as the platform told it."""
    checked_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")
    """What the administrator wrote."""
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    certificate_id: Mapped[str | None] = mapped_column(index=True)
    batch_id: Mapped[str | None] = mapped_column(index=True)
    trouble: Mapped[str] = mapped_column(default="")
    """Why the list it was in could not issue it."""
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)


class Certificate(Model):
    """An issued certificate; what is printed never changes. A correction is another row with a number of its own."""

    __tablename__ = "certificate"
    __table_args__ = (
        sa.UniqueConstraint("course_id", "learner", "edition"),
        partial_index(
            "ix_certificate_valid",
            "course_id",
            "learner",
            unique=True,
            where="revoked_at IS NULL",
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    serial: Mapped[int] = mapped_column(unique=True)
    """Consecutive through all years; the number is made of it by the setting of the day."""
    number: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(unique=True)
    """What the public page is asked with: 100 random bits, so that nobody counts upwards (S56)."""
    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), index=True)
    request_id: Mapped[str] = mapped_column(sa.ForeignKey("certificate_request.id"), index=True)
    learner: Mapped[str]
    edition: Mapped[int] = mapped_column(default=0)
    name: Mapped[str]
    email: Mapped[str]
    title_ru: Mapped[str]
    title_en: Mapped[str]
    hours: Mapped[int | None]
    wording: Mapped[str]
    """participation or completion (A33)."""
    signatory: Mapped[dict[str, Any]]
    """Name and post of who signs, ru and en, by the settings of the day."""
    issued_on: Mapped[date]
    issued_by: Mapped[str]
    issued_at: Mapped[datetime] = mapped_column(default=clock.now)
    content_sha256: Mapped[str]
    """Of everything printed; the same stands in the evidence (V17)."""
    search: Mapped[str]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None]
    revocation: Mapped[str] = mapped_column(default="")
    replaced_by: Mapped[str | None]
    """The certificate that takes its place."""


class CertificateBatch(Model):
    """A list of requests of one course, issued in one action; each by a job of its own."""

    __tablename__ = "certificate_batch"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), index=True)
    total: Mapped[int]
    started_by: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(default=clock.now)


class CertificateTerms(Model):
    """What certificates of a course say beside its title."""

    __tablename__ = "certificate_terms"

    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), primary_key=True)
    hours: Mapped[int | None]
