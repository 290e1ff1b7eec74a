"""The tables of running procedures. One step of an instance changes rows of most of them in one transaction."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Json, Model, new_id
from app.workflow.columns import SERIAL, Due


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
        sa.Index(
            "ix_instance_live",
            "process",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )


_POOL = sa.text("closed_at IS NULL AND claimed_by IS NULL AND person IS NULL")
_ASSIGNED = sa.text("closed_at IS NULL AND claimed_by IS NULL AND person IS NOT NULL")
_CLAIMED = sa.text("closed_at IS NULL AND claimed_by IS NOT NULL")
_DONE = sa.text("closed_by IS NOT NULL")


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
        sa.Index("ix_task_pool", "pool", "due", "id", sqlite_where=_POOL, postgresql_where=_POOL),
        sa.Index("ix_task_pool_opened", "pool", "opened_at", "id", sqlite_where=_POOL, postgresql_where=_POOL),
        sa.Index("ix_task_assigned", "person", "due", "id", sqlite_where=_ASSIGNED, postgresql_where=_ASSIGNED),
        sa.Index("ix_task_claimed", "claimed_by", "due", "id", sqlite_where=_CLAIMED, postgresql_where=_CLAIMED),
        sa.Index("ix_task_done", "closed_by", "closed_at", sqlite_where=_DONE, postgresql_where=_DONE),
        sa.Index(
            "ix_task_subject",
            "subject",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
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


class Deadline(Model):
    """By when something is expected; moves timers, reminders and the overdue mark together."""

    __tablename__ = "deadline"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    instance_id: Mapped[str] = mapped_column(sa.ForeignKey("instance.id"), index=True)
    task_id: Mapped[str]
    """The engine's task (or call) whose deadline it is."""
    name: Mapped[str]
    country: Mapped[str]
    zone: Mapped[str]
    due: Mapped[datetime]
    first_due: Mapped[datetime]
    """Before anything was extended or stopped."""
    stopped_at: Mapped[datetime | None]
    remaining: Mapped[int | None]
    """Working days that were left when the clock was stopped."""
    __table_args__ = (sa.UniqueConstraint("task_id", "name"),)


class Timer(Model):
    """A timer of the diagram that waits for its moment. The row is deleted when it has fired for the last time."""

    __tablename__ = "timer"
    id: Mapped[str] = mapped_column(primary_key=True)
    """The engine's id."""
    instance_id: Mapped[str] = mapped_column(sa.ForeignKey("instance.id"), index=True)
    element: Mapped[str]
    kind: Mapped[str]
    expression: Mapped[Any] = mapped_column(Json)
    deadline_id: Mapped[str | None] = mapped_column(index=True)
    country: Mapped[str]
    zone: Mapped[str]
    set_at: Mapped[datetime]
    due: Mapped[datetime | None] = mapped_column(Due, index=True)
    """None: the clock of its deadline is stopped."""
    attempts: Mapped[int] = mapped_column(default=0)


class Receiver(Model):
    """An instance waits for a message of that name and key."""

    __tablename__ = "receiver"
    id: Mapped[str] = mapped_column(primary_key=True)
    instance_id: Mapped[str] = mapped_column(sa.ForeignKey("instance.id"), index=True)
    name: Mapped[str]
    key: Mapped[str | None]
    since: Mapped[datetime]
    __table_args__ = (sa.Index("ix_receiver_name_key", "name", "key"),)


class Message(Model):
    """A message sent, kept until somebody receives it."""

    __tablename__ = "message"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    key: Mapped[str | None]
    payload: Mapped[Any | None] = mapped_column(Json)
    at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    received_by: Mapped[str | None]
    """Instance that took it."""
    __table_args__ = (
        sa.Index(
            "ix_message_waiting",
            "name",
            "key",
            sqlite_where=sa.text("received_at IS NULL"),
            postgresql_where=sa.text("received_at IS NULL"),
        ),
    )


_LIVE = sa.text("outcome IS NULL")
_REMINDER = sa.text("outcome IS NULL AND task_id IS NOT NULL")


class Job(Model):
    """Something to be done after commit. The row is the truth; whoever holds the newest token may finish it."""

    __tablename__ = "job"
    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    """Rises; never used twice, so that a late worker cannot meet another job under its number."""
    operation: Mapped[str]
    params: Mapped[dict[str, Any]]
    key: Mapped[str] = mapped_column(unique=True)
    """Idempotency key, handed to the outside world where it takes one."""
    instance_id: Mapped[str | None]
    call: Mapped[str | None]
    """The engine's call to answer with the result."""
    task_id: Mapped[str | None]
    """The open task it reminds of; dropped with it."""
    queue: Mapped[str | None]
    """Jobs of one queue run one at a time, oldest first; None: independent of all others."""
    due: Mapped[datetime]
    created_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=12)
    lease_by: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    """By the clock of leases (the database's on PostgreSQL), which nobody moves."""
    token: Mapped[int] = mapped_column(default=0)
    """Fencing: grows with every claim; a late holder's token no longer fits."""
    outcome: Mapped[str | None]
    """None while it lives; done, dead or cancelled."""
    finished_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    receipt: Mapped[Any | None] = mapped_column(Json)
    """What the operation gave back."""
    __table_args__ = (
        sa.Index("ix_job_due", "due", sqlite_where=_LIVE, postgresql_where=_LIVE),
        sa.Index("ix_job_queue", "queue", "id", sqlite_where=_LIVE, postgresql_where=_LIVE),
        sa.Index("ix_job_instance", "instance_id"),
        sa.Index("ix_job_task", "task_id", sqlite_where=_REMINDER, postgresql_where=_REMINDER),
        {"sqlite_autoincrement": True},
    )


class Incident(Model):
    """Something a person must look at; never a silent stop."""

    __tablename__ = "incident"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    instance_id: Mapped[str | None] = mapped_column(sa.ForeignKey("instance.id"), index=True)
    kind: Mapped[str]
    """engine (a step failed), job (an operation failed for good) or timer (its time cannot be computed)."""
    task_id: Mapped[str | None]
    """The engine's task that stands still."""
    element: Mapped[str | None]
    job_id: Mapped[int | None] = mapped_column(SERIAL)
    message_ru: Mapped[str]
    message_en: Mapped[str]
    detail: Mapped[str]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
    closed_how: Mapped[str | None]
    """retried, answered or cancelled."""


class Chore(Model):
    """When a recurring work of the worker is next due; one row a name, so that one of many workers does it."""

    __tablename__ = "chore"
    name: Mapped[str] = mapped_column(primary_key=True)
    due: Mapped[datetime]
