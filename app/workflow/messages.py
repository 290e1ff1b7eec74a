"""Messages between instances: kept a while until somebody waits for them, received once, delivered by a job."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.evidence import record
from app.audit.kinds import Kind
from app.db import new_id
from app.engine import Json, Sent
from app.workflow import jobs
from app.workflow.inserting import insert
from app.workflow.models import Instance, Message, Receiver

DELIVER = "messages.deliver"
"""The program's own operation; see `delivery`."""


_kept: Callable[[Session], timedelta] = lambda _session: timedelta(days=364)  # noqa: E731 - the default of a setting


def keep_for(time: Callable[[Session], timedelta]) -> None:
    """Install the setting that says how long a message waits for somebody to receive it."""
    global _kept
    _kept = time


def send(session: Session, name: str, key: str | None, payload: Json = None, ident: str = "") -> str:
    """Send from outside of diagrams (a page, an event of the domain). Returns the message's id.

    Sent again under an `ident` that was sent before, it is the same message: received once at most.
    """
    row = {"id": ident or new_id(), "name": name, "key": key, "payload": payload, "at": clock.now()}
    written = insert(session, Message).values(**row).on_conflict_do_nothing().returning(Message.id)
    if session.scalar(written) is not None:
        _deliver(session, str(row["id"]))
    return str(row["id"])


def expire(session: Session, most: int) -> None:
    """Let go of messages that nobody has received in time; the evidence keeps that there was one."""
    before = clock.now() - _kept(session)
    old = sa.select(Message).where(Message.received_at.is_(None), Message.at < before).order_by(Message.at).limit(most)
    for one in session.scalars(old):
        body = {"message": one.id, "name": one.name, "key": one.key, "sent": one.at.isoformat()}
        record(session, "site", "messages", Kind.MESSAGE_EXPIRED, "system:messages", body)
        session.delete(one)


def send_all(session: Session, sent: Sequence[Sent]) -> None:
    for one in sent:
        send(session, one.name, one.key, one.payload)


def look_for(session: Session, name: str, key: str | None) -> None:
    """Somebody waits from now on: have an early message delivered, if there is one."""
    waiting = sa.select(Message.id).where(Message.name == name, Message.received_at.is_(None))
    if key is not None:
        waiting = waiting.where(Message.key == key)
    found = session.scalar(waiting.order_by(Message.at, Message.id).limit(1))
    if found is not None:
        _deliver(session, found)


def look_for_all(session: Session, instance_id: str) -> None:
    """The instance is resumed: what came for it meanwhile is delivered now."""
    for one in session.scalars(sa.select(Receiver).where(Receiver.instance_id == instance_id)):
        look_for(session, one.name, one.key)


def waiting_for(session: Session, message: Message) -> Receiver | None:
    """Who has waited longest for this message, in an instance that is not suspended."""
    fits = sa.or_(Receiver.key.is_(None), Receiver.key == message.key)
    query = (
        sa.select(Receiver)
        .join(Instance, Instance.id == Receiver.instance_id)
        .where(Receiver.name == message.name, fits, Instance.status == "running")
    )
    return session.scalars(query.order_by(Receiver.since, Receiver.id).limit(1)).one_or_none()


def _deliver(session: Session, message_id: str) -> None:
    jobs.enqueue(session, DELIVER, {"message": message_id}, key=f"{DELIVER}:{new_id()}")
