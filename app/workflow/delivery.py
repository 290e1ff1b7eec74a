"""Delivering a message: the program's own operation, run as a job after the commit that sent it or began to wait."""

import sqlalchemy as sa

from app import clock
from app.audit.kinds import Kind
from app.engine import Advance, Json, Run
from app.workflow import instances, messages
from app.workflow.models import Message, Receiver
from app.workflow.operations import Context, Operation
from app.workflow.trail import Cause


def deliver(context: Context, message: str) -> Json:
    """Give the message to whoever has waited longest for it; returns the instance, None while nobody waits."""
    session = context.session
    letter = session.get(Message, message)
    receiver = messages.waiting_for(session, letter) if letter is not None else None
    if letter is None or receiver is None:
        return None
    instance = instances.lock(session, receiver.instance_id)
    session.refresh(letter, with_for_update=True)
    still_there = session.get(Receiver, receiver.id, populate_existing=True) is not None
    if letter.received_at is not None or not still_there or instance.status != instances.RUNNING:
        messages.look_for(session, letter.name, letter.key)
        return None
    letter.received_at, letter.received_by = clock.now(), instance.id
    waiting: set[str] = set()

    def receive(run: Run) -> Advance:
        change = run.receive(letter.name, letter.key, letter.payload)
        waiting.update(one.id for one in run.snapshot().receivers)
        return change

    facts: dict[str, Json] = {"message": letter.id, "name": letter.name}
    instances.step(session, instance, receive, Cause(Kind.MESSAGE_RECEIVED, "system:messages", facts))
    gone = sa.delete(Receiver).where(Receiver.instance_id == instance.id, Receiver.id.not_in(waiting))
    session.execute(gone)
    return instance.id


OPERATION = Operation(messages.DELIVER, deliver, {"message": True})
