"""Reading evidence: pages of events, newest first."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

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
    row = session.execute(_ONE, {"seq": seq}).one_or_none()
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
    query = _pages(None if streams is None else len(streams), before is not None, frozenset(kinds))
    asked: dict[str, Any] = {"before": before, "most": limit + 1}
    for number, (kind, ident) in enumerate(streams or ()):
        asked |= {f"kind_{number}": kind, f"ident_{number}": ident}
    rows = session.execute(query, asked).all()
    events = tuple(_read(row) for row in rows[:limit])
    return Page(events, events[-1].seq if len(rows) > limit else None)


_EVENTS: Any = EventRow.__table__
_STREAMS: Any = StreamRow.__table__
_PERSONAL: Any = PersonalRow.__table__
_ALL = sa.select(
    _EVENTS.c.seq, _STREAMS.c.kind, _STREAMS.c.ident, *(_EVENTS.c[name] for name in ("n", "at", "actor")),
    _EVENTS.c.kind, _EVENTS.c.body, _EVENTS.c.commitment, _EVENTS.c.hash, _PERSONAL.c.value,
).select_from(
    _EVENTS.join(_STREAMS, _STREAMS.c.id == _EVENTS.c.stream)
    .outerjoin(_PERSONAL, sa.and_(_PERSONAL.c.stream == _EVENTS.c.stream, _PERSONAL.c.n == _EVENTS.c.n))
)  # fmt: skip
_ONE = _ALL.where(_EVENTS.c.seq == sa.bindparam("seq"))


@cache
def _pages(streams: int | None, before: bool, kinds: frozenset[Kind]) -> sa.Select[Any]:
    """Built once for each number of streams and each list of kinds: building it costs more than running it."""
    query = _ALL
    if streams is not None:
        named = (
            sa.and_(_STREAMS.c.kind == sa.bindparam(f"kind_{one}"), _STREAMS.c.ident == sa.bindparam(f"ident_{one}"))
            for one in range(streams)
        )
        query = query.where(_EVENTS.c.stream.in_(sa.select(_STREAMS.c.id).where(sa.or_(sa.false(), *named))))
    if before:
        query = query.where(_EVENTS.c.seq < sa.bindparam("before"))
    if kinds:
        written_out: list[Any] = [sa.literal_column(f"'{kind.value}'") for kind in sorted(kinds)]
        query = query.where(_EVENTS.c.kind.in_(written_out))  # forty parameters a page would be spelled anew each time
    return query.order_by(_EVENTS.c.seq.desc()).limit(sa.bindparam("most"))


def _read(row: sa.Row[*tuple[Any, ...]]) -> Event:
    seq, stream_kind, stream_id, n, at, actor, kind, body, commitment, digest, personal = row
    return Event(
        seq=seq,
        stream_kind=stream_kind,
        stream_id=stream_id,
        n=n,
        at=at,
        actor=actor,
        kind=Kind(kind),
        body=json.loads(body),
        commitment=commitment,
        hash=digest,
        personal=None if personal is None else json.loads(personal),
    )
