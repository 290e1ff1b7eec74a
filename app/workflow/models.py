"""The tables of running procedures. One step of an instance changes rows of most of them in one transaction."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, new_id, partial_index
from app.workflow.columns import Due
from app.workflow.models_waiting import (
    AnnouncedEvent,
    Chore,
    Deadline,
    Incident,
    Job,
    Message,
    PlannedEvent,
    Receiver,
    Stop,
    Timer,
)

__all__ = [
    "AnnouncedEvent",
    "Blob",
    "Chore",
    "Deadline",
    "Draft",
    "Incident",
    "Instance",
    "Job",
    "Message",
    "PlannedEvent",
    "Receiver",
    "Release",
    "Stop",
    "Subject",
    "Submission",
    "Task",
    "Timer",
]


class Release(Model):
    """An immutable set of diagrams, decisions, forms and templates; its files are blobs by checksum."""

    __tablename__ = "release"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(unique=True)
    sha256: Mapped[str] = mapped_column(index=True)
    """Of the manifest: two releases of the same content have the same."""
    manifest: Mapped[dict[str, Any]]
    """Path -> SHA-256 of the file."""
    source: Mapped[str]
    """"folders" or "studio"."""
    note: Mapped[str] = mapped_column(default="")
    by: Mapped[str]
    at: Mapped[datetime]


class Blob(Model):
    """Content of a file of releases."""

    __tablename__ = "release_blob"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    data: Mapped[bytes]


class Subject(Model):
    """What instances and tasks are about (a course), known here by an opaque key and its titles only."""

    __tablename__ = "subject"
    key: Mapped[str] = mapped_column(primary_key=True)
    title_ru: Mapped[str]
    title_en: Mapped[str]
    folded: Mapped[str]


class Instance(Model):
    """One run of a procedure. Called procedures run inside the state of their caller."""

    __tablename__ = "instance"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    release_id: Mapped[str] = mapped_column(sa.ForeignKey("release.id"))
    process: Mapped[str]
    subject: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="running")
    """running, suspended, completed or cancelled."""
    revision: Mapped[int]
    """Counts the steps; every write demands the one it read."""
    state: Mapped[bytes | None]
    """What the engine saved; None once the instance has ended."""
    started_by: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_event: Mapped[str | None]

    __table_args__ = (
        sa.Index("ix_instance_subject", "subject", sqlite_where=sa.text("subject IS NOT NULL")),
        partial_index(
            "ix_instance_live",
            "process",
            where="ended_at IS NULL",
        ),
    )


_POOL = "closed_at IS NULL AND claimed_by IS NULL AND person IS NULL"
_ASSIGNED = "closed_at IS NULL AND claimed_by IS NULL AND person IS NOT NULL"
_CLAIMED = "closed_at IS NULL AND claimed_by IS NOT NULL"
_DONE = "closed_by IS NOT NULL"


class Task(Model):
    """A person is, or was, asked for something. Who may answer is computed from these columns, never copied."""

    __tablename__ = "task"
    id: Mapped[str] = mapped_column(primary_key=True)
    """The engine's id."""
    instance_id: Mapped[str] = mapped_column(sa.ForeignKey("instance.id"), index=True)
    process: Mapped[str]
    element: Mapped[str]
    role: Mapped[str | None]
    organisation: Mapped[str | None]
    pool: Mapped[str | None]
    """Whom an open task falls to, as one key for the index (`inbox_reach.pool_of`); None once it is closed."""
    person: Mapped[str | None]
    """Asked in person; others may not act, except his substitutes."""
    exclude: Mapped[list[Any] | None]
    """Persons who may not decide here (A14)."""
    subject: Mapped[str | None]
    title: Mapped[str | None]
    """Only where the diagram computes one; otherwise the element's name."""
    due: Mapped[datetime | None] = mapped_column(Due)
    opened_at: Mapped[datetime]
    claimed_by: Mapped[str | None]
    revision: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
    """Person who completed it; None while open and when it was cancelled."""

    __table_args__ = (
        partial_index("ix_task_pool", "pool", "due", "id", where=_POOL),
        partial_index("ix_task_pool_opened", "pool", "opened_at", "id", where=_POOL),
        partial_index("ix_task_assigned", "person", "due", "id", where=_ASSIGNED),
        partial_index("ix_task_claimed", "claimed_by", "due", "id", where=_CLAIMED),
        partial_index("ix_task_done", "closed_by", "closed_at", where=_DONE),
        partial_index(
            "ix_task_subject",
            "subject",
            where="closed_at IS NULL",
        ),
    )


class Submission(Model):
    """A sent form, never changed. `nonce` makes sending it twice the same as once."""

    __tablename__ = "submission"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    nonce: Mapped[str] = mapped_column(unique=True)
    instance_id: Mapped[str] = mapped_column(sa.ForeignKey("instance.id"), index=True)
    task_id: Mapped[str | None]
    """None for a start form."""
    release_id: Mapped[str]
    form: Mapped[str]
    values: Mapped[dict[str, Any]]
    files: Mapped[list[Any] | None]
    """Ids of the files the values name."""
    by: Mapped[str]
    on_behalf_of: Mapped[str | None]
    at: Mapped[datetime]


class Draft(Model):
    """What somebody has typed and not sent. `place` is "task:<id>" or "start:<process>"."""

    __tablename__ = "draft"
    place: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(primary_key=True)
    values: Mapped[dict[str, Any]]
    at: Mapped[datetime]
