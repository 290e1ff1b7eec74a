"""What is cleared away in the course of time: rows that no invariant, no page and no evidence needs any more."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.workflow import messages
from app.workflow.chores import Chore
from app.workflow.models import Draft, Job, Message

KEPT = timedelta(days=90)
"""Done jobs and received messages; long enough to ask a mail server what became of a letter."""
DRAFTS_KEPT = timedelta(days=365)
AT_ONCE = 1_000
"""Rows in one transaction, so that nobody waits for the broom."""


def clear(session: Session) -> None:
    """Jobs of calls stay as long as their instance runs: the state is checked against them."""
    before = clock.now() - KEPT
    done = sa.select(Job.id).where(Job.outcome == "done", Job.call.is_(None), Job.finished_at < before)
    session.execute(sa.delete(Job).where(Job.id.in_(done.limit(AT_ONCE))))
    received = sa.select(Message.id).where(Message.received_at < before)
    session.execute(sa.delete(Message).where(Message.id.in_(received.limit(AT_ONCE))))
    messages.expire(session, AT_ONCE)
    session.execute(sa.delete(Draft).where(Draft.at < clock.now() - DRAFTS_KEPT))


CHORES = (Chore("workflow.clear", timedelta(hours=1), clear),)
