"""Reading evidence: pages of events, newest first."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.evidence import Event, Stream
from app.audit.kinds import Kind, StreamKind
from app.audit.models import EventRow, PersonalRow, StreamRow


@dataclass(frozen=True, slots=True)
class Page:
    """Some events, newest first, and where the next (older) page begins; None when this is the last."""

    events: tuple[Event, ...]
    before: int | None


def history(
    session: Session,
    stream_kind: StreamKind,
    stream_id: str,
    *,
    before: int | None = None,
    limit: int = 50,
    kinds: Collection[Kind] = (),
) -> Page:
    """One stream; `before` is what the previous page returned."""
    return merged_history(session, [(stream_kind, stream_id)], before=before, limit=limit, kinds=kinds)


def get(session: Session, seq: int) -> Event | None:
    """One event."""
    row = session.execute(_query().where(EventRow.seq == seq)).one_or_none()
    return _read(row) if row else None


def merged_history(
    session: Session,
    streams: Sequence[Stream] | None = None,
    *,
    before: int | None = None,
    limit: int = 50,
    kinds: Collection[Kind] = (),
) -> Page:
    """Several streams as one (a course and its instances), or with None all there are, in the order of writing."""
    query = _query()
    if streams is not None:
        named = (sa.and_(StreamRow.kind == kind, StreamRow.ident == ident) for kind, ident in streams)
        ids = sa.select(StreamRow.id).where(sa.or_(sa.false(), *named))
        query = query.where(EventRow.stream.in_(ids))
    if before is not None:
        query = query.where(EventRow.seq < before)
    if kinds:
        query = query.where(EventRow.kind.in_([kind.value for kind in kinds]))
    rows = session.execute(query.order_by(EventRow.seq.desc()).limit(limit + 1)).all()
    events = tuple(_read(row) for row in rows[:limit])
    return Page(events, events[-1].seq if len(rows) > limit else None)


def _query() -> sa.Select[EventRow, StreamKind, str, str]:
    personal = sa.and_(PersonalRow.stream == EventRow.stream, PersonalRow.n == EventRow.n)
    return (
        sa.select(EventRow, StreamRow.kind.label("stream_kind"), StreamRow.ident, PersonalRow.value)
        .join(StreamRow, StreamRow.id == EventRow.stream)
        .outerjoin(PersonalRow, personal)
    )


def _read(row: sa.Row[EventRow, StreamKind, str, str]) -> Event:
    event = row[0]
    return Event(
        seq=event.seq,
        stream_kind=row[1],
        stream_id=row[2],
        n=event.n,
        at=event.at,
        actor=event.actor,
        kind=Kind(event.kind),
        body=json.loads(event.body),
        commitment=event.commitment,
        hash=event.hash,
        personal=None if row[3] is None else json.loads(row[3]),
    )
