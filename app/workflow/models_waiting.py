"""Tables of what instances wait for and of what workers do: deadlines, timers, messages, jobs, incidents, chores."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Json, Model, new_id, partial_index
from app.workflow.columns import SERIAL, Due


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
        partial_index(
            "ix_message_waiting",
            "name",
            "key",
            where="received_at IS NULL",
        ),
    )


_LIVE = "outcome IS NULL"
_REMINDER = "outcome IS NULL AND task_id IS NOT NULL"


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
        partial_index("ix_job_due", "due", where=_LIVE),
        partial_index("ix_job_queue", "queue", "id", where=_LIVE),
        sa.Index("ix_job_instance", "instance_id"),
        partial_index("ix_job_task", "task_id", where=_REMINDER),
        {"sqlite_autoincrement": True},
    )


class Incident(Model):
    """Something a person must look at; never a silent stop."""

    __tablename__ = "incident"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    instance_id: Mapped[str | None] = mapped_column(sa.ForeignKey("instance.id"), index=True)
    kind: Mapped[str]
    """engine (a step failed), job (an operation failed for good), timer (its time cannot be computed), system."""
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


class Stop(Model):
    """Jobs of this operation wait: its outside system is out of order, and one incident says so."""

    __tablename__ = "stop"
    operation: Mapped[str] = mapped_column(primary_key=True)
    incident_id: Mapped[str] = mapped_column(sa.ForeignKey("incident.id"), index=True)
    since: Mapped[datetime]


class Chore(Model):
    """When a recurring work of the worker is next due; one row a name, so that one of many workers does it."""

    __tablename__ = "chore"
    name: Mapped[str] = mapped_column(primary_key=True)
    due: Mapped[datetime]


class PlannedEvent(Model):
    """A calendar rule: the domain event that is announced when its moment comes. Gone when it has been."""

    __tablename__ = "planned_event"
    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    subject: Mapped[str | None] = mapped_column(index=True)
    data: Mapped[dict[str, Any]]
    due: Mapped[datetime] = mapped_column(index=True)
    every: Mapped[str | None]
    """ISO 8601 duration after which it comes again."""
    country: Mapped[str]
    zone: Mapped[str]
    planned_at: Mapped[datetime]


class AnnouncedEvent(Model):
    """A domain event that has happened; its key keeps it from happening twice."""

    __tablename__ = "announced_event"
    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    subject: Mapped[str | None] = mapped_column(index=True)
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime]
