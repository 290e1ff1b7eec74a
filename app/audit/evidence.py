"""Writing evidence. The caller's transaction carries it: a step and its events are stored together or not at all.

Streams of kind `instance` rely on the lock that the caller holds on the instance: recording costs one SELECT and one
INSERT however many events there are (one INSERT more for a stream's first event, or where there are personal data).
All other streams may be written by many at once; on PostgreSQL their row is locked first (SQLite has one writer
anyway). Should a caller forget its lock, the unique (stream, n) makes the slower transaction fail: a chain never forks.
Record shared streams in one call and late in the transaction: the locks are held until it ends.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit import chain
from app.audit.kinds import STREAM_KINDS, Kind, StreamKind
from app.audit.models import EventRow, PersonalRow, StreamRow
from app.db import is_sqlite

Stream = tuple[StreamKind, str]

# Built once: every step of an instance runs them, and building them costs more than running them.
_EVENT: Any = EventRow.__table__
_APPEND = sa.insert(_EVENT).returning(_EVENT.c.stream, _EVENT.c.n, _EVENT.c.seq)
_STREAM: Any = StreamRow.__table__
_MAKE = sa.insert(_STREAM).returning(_STREAM.c.id)
_BEFORE = _EVENT.alias()
_NEWEST = sa.select(sa.func.max(_BEFORE.c.n)).where(_BEFORE.c.stream == _STREAM.c.id).scalar_subquery()
_HEADS = sa.select(_STREAM.c.kind, _STREAM.c.ident, _STREAM.c.id, _EVENT.c.n, _EVENT.c.hash).select_from(
    _STREAM.outerjoin(_EVENT, sa.and_(_EVENT.c.stream == _STREAM.c.id, _EVENT.c.n == _NEWEST))
)
_HEAD_OF_ONE = _HEADS.where(_STREAM.c.kind == sa.bindparam("of_kind"), _STREAM.c.ident == sa.bindparam("of_ident"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to record. `body` holds ids, decisions, checksums; what names or describes a person is `personal`."""

    stream_kind: StreamKind
    stream_id: str
    kind: Kind
    actor: str
    """A person's id, or `system:<part>`."""
    body: Mapping[str, Any] = field(default_factory=dict)
    personal: Mapping[str, Any] | None = None
    about: str | None = None
    """Id of the person whose data `personal` are; in a person's stream that person unless said otherwise."""

    @property
    def stream(self) -> Stream:
        return self.stream_kind, self.stream_id


@dataclass(frozen=True, slots=True)
class Event:
    """One recorded event. `personal` is None where there were no such data or they were erased (`erased`)."""

    seq: int
    stream_kind: StreamKind
    stream_id: str
    n: int
    at: datetime
    actor: str
    kind: Kind
    body: Mapping[str, Any]
    commitment: bytes | None
    hash: bytes
    personal: Mapping[str, Any] | None = None

    @property
    def erased(self) -> bool:
        return self.commitment is not None and self.personal is None


@dataclass(slots=True)
class _Head:
    """The end of a stream's chain."""

    id: int
    n: int = 0
    hash: bytes = chain.START


def record(
    session: Session,
    stream_kind: StreamKind,
    stream_id: str,
    kind: Kind,
    actor: str,
    body: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
    about: str | None = None,
) -> Event:
    """Append one event; see `many` for more than one."""
    return many(session, [Entry(stream_kind, stream_id, kind, actor, body or {}, personal, about)])[0]


def many(session: Session, entries: Sequence[Entry]) -> list[Event]:
    """Append the events in their order, to one stream or several, in as few statements as one event needs.

    ValueError for a body that has no canonical JSON.
    """
    if not entries:
        return []
    heads = _heads(session, sorted({entry.stream for entry in entries}))
    at = clock.now()
    rows: list[dict[str, Any]] = []
    personal_rows: list[dict[str, Any]] = []
    for entry in entries:
        row, personal_row = _link(heads[entry.stream], entry, at)
        rows.append(row)
        if personal_row:
            personal_rows.append(personal_row)
    returned = session.execute(_APPEND, rows)
    numbers = {(stream, n): seq for stream, n, seq in returned}
    if personal_rows:
        session.execute(sa.insert(PersonalRow), personal_rows)
    return [_event(entry, row, numbers[row["stream"], row["n"]]) for entry, row in zip(entries, rows, strict=True)]


def _link(head: _Head, entry: Entry, at: datetime) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The event's row, its personal row if any; moves the head on."""
    body = chain.canonical(entry.body)
    n = head.n + 1
    commitment, personal_row = None, None
    if entry.personal is not None:
        salt, value = chain.new_salt(), chain.canonical(entry.personal)
        commitment = chain.commit(salt, value)
        about = entry.about or (entry.stream_id if entry.stream_kind == "person" else None)
        personal_row = {"stream": head.id, "n": n, "about": about, "salt": salt, "value": value}
    fields = chain.Fields(n, at, entry.actor, entry.kind.value, body, commitment)
    digest = chain.link(head.hash, entry.stream_kind, entry.stream_id, fields)
    row = {"stream": head.id, "hash": digest, **fields._asdict()}
    head.n, head.hash = n, digest
    return row, personal_row


def _event(entry: Entry, row: Mapping[str, Any], seq: int) -> Event:
    return Event(
        seq=seq,
        stream_kind=entry.stream_kind,
        stream_id=entry.stream_id,
        n=row["n"],
        at=row["at"],
        actor=entry.actor,
        kind=entry.kind,
        body=entry.body,
        commitment=row["commitment"],
        hash=row["hash"],
        personal=entry.personal,
    )


def _heads(session: Session, streams: Sequence[Stream]) -> dict[Stream, _Head]:
    for kind, _ident in streams:
        if kind not in STREAM_KINDS:
            raise ValueError(f"{kind} is no kind of stream")
    shared = [stream for stream in streams if stream[0] != "instance"]
    if shared and not is_sqlite(session):
        _lock(session, shared)
    heads = _find(session, streams)
    for stream in streams:
        if stream not in heads:
            made = session.execute(_MAKE, {"kind": stream[0], "ident": stream[1]})
            heads[stream] = _Head(made.scalar_one())
    return heads


def _among(streams: Iterable[Stream]) -> sa.ColumnElement[bool]:
    return sa.or_(*(sa.and_(StreamRow.kind == kind, StreamRow.ident == ident) for kind, ident in streams))


def _lock(session: Session, streams: Sequence[Stream]) -> None:
    """Hold the streams' rows until the transaction ends, making them where they are new; always in the same order."""
    query = sa.select(StreamRow.kind, StreamRow.ident).where(_among(streams)).order_by(StreamRow.id).with_for_update()
    found = {(kind, ident) for kind, ident in session.execute(query)}
    missing = [{"kind": kind, "ident": ident} for kind, ident in streams if (kind, ident) not in found]
    if missing:
        from sqlalchemy.dialects.postgresql import insert as postgresql_insert  # not loaded where it is not used

        session.execute(postgresql_insert(StreamRow).values(missing).on_conflict_do_nothing())
        session.execute(query).all()


def _find(session: Session, streams: Sequence[Stream]) -> dict[Stream, _Head]:
    """The heads of those streams that exist; a separate statement from the lock, so that it sees what others wrote."""
    if len(streams) == 1:
        found = session.execute(_HEAD_OF_ONE, dict(zip(("of_kind", "of_ident"), streams[0], strict=True)))
    else:
        found = session.execute(_HEADS.where(_among(streams)))
    wanted: dict[tuple[str, str], Stream] = {stream: stream for stream in streams}
    return {wanted[kind, ident]: _Head(id_, n or 0, digest or chain.START) for kind, ident, id_, n, digest in found}
