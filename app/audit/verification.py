"""Recomputing the chains. A chain shows what was changed, taken out or put in between; that its newest events were
cut off, only a checkpoint kept elsewhere can show."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import chain
from app.audit.evidence import Stream
from app.audit.kinds import StreamKind
from app.audit.models import EventRow, PersonalRow, StreamRow
from app.i18n import gettext as _


def verify(session: Session, stream_kind: StreamKind, stream_id: str) -> list[str]:
    """What is wrong with one stream, in the reader's language; empty when it is as it was written."""
    return list(_problems(session, (stream_kind, stream_id)))


def verify_all(session: Session) -> list[str]:
    """The same for every stream, reading them one after the other."""
    return list(_problems(session, None))


def _problems(session: Session, only: Stream | None) -> Iterator[str]:
    personal = sa.and_(PersonalRow.stream == EventRow.stream, PersonalRow.n == EventRow.n)
    query = (
        sa.select(StreamRow.kind, StreamRow.ident, EventRow, PersonalRow.salt, PersonalRow.value)
        .join(StreamRow, StreamRow.id == EventRow.stream)
        .outerjoin(PersonalRow, personal)
        .order_by(EventRow.stream, EventRow.n)
        .execution_options(yield_per=1000)
    )
    if only is not None:
        query = query.where(StreamRow.kind == only[0], StreamRow.ident == only[1])
    stream, n, previous = 0, 0, chain.START
    for kind, ident, event, salt, value in session.execute(query):
        if event.stream != stream:
            stream, n, previous = event.stream, 0, chain.START
        named = {"stream": f"{kind} {ident}", "n": event.n}
        if event.n != n + 1:
            yield _("%(stream)s: events are missing before event %(n)s.", **named)
        if chain.link(previous, kind, ident, _fields(event)) != event.hash:
            yield _("%(stream)s: event %(n)s is not what was written, or does not follow the one before it.", **named)
        if value is not None and not _stands(event, salt, value):
            yield _("%(stream)s: the personal data of event %(n)s are not what was written.", **named)
        n, previous = event.n, event.hash
        session.expunge(event)


def _fields(event: EventRow) -> chain.Fields:
    return chain.Fields(event.n, event.at, event.actor, event.kind, event.body, event.commitment)


def _stands(event: EventRow, salt: bytes, value: str) -> bool:
    return event.commitment is not None and chain.stands_for(event.commitment, salt, value)
