"""A restored site: everything can be read and looked into, but nothing goes out until a person has said so (F32).

The world has moved on since the backup was made. What was sent after it is not known here; after `end` every job goes
on, and those that create something outside look first whether it is there already. Being on hold is an event of the
evidence, so that the fork of the records cannot be hidden.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import evidence
from app.audit.kinds import Kind
from app.audit.models import EventRow, StreamRow

STREAM = "restored"


def begin(session: Session, by: str, facts: Mapping[str, Any]) -> None:
    """From now on no timer fires and no job runs; `facts` say which backup this is."""
    evidence.record(session, "site", STREAM, Kind.SITE_RESTORED, by, facts)


def end(session: Session, by: str) -> bool:
    """Let everything go on. False when the site was not on hold."""
    if not is_on(session):
        return False
    evidence.record(session, "site", STREAM, Kind.SITE_RESUMED, by)
    return True


def is_on(session: Session) -> bool:
    """One look-up by index; asked before every piece of work."""
    query = sa.select(EventRow.kind).join(StreamRow, StreamRow.id == EventRow.stream)
    query = query.where(StreamRow.kind == "site", StreamRow.ident == STREAM)
    return session.scalar(query.order_by(EventRow.n.desc()).limit(1)) == Kind.SITE_RESTORED
