"""Recomputing the chains. A chain shows what was changed, taken out or put in between; that its newest events were
cut off, only a checkpoint kept elsewhere can show."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

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


class _Row(NamedTuple):
    """An event as it is stored, with the personal part if it is still there."""

    stream: int
    stream_kind: str
    stream_id: str
    hash: bytes
    salt: bytes | None
    value: str | None
    n: int
    at: datetime
    actor: str
    kind: str
    body: str
    commitment: bytes | None

    @property
    def name(self) -> dict[str, object]:
        return {"stream": f"{self.stream_kind} {self.stream_id}", "n": self.n}


def _problems(session: Session, only: Stream | None) -> Iterator[str]:
    stream, n, previous = 0, 0, chain.START
    for row in _rows(session, only):
        if row.stream != stream:
            stream, n, previous = row.stream, 0, chain.START
        if row.n != n + 1:
            yield _("%(stream)s: events are missing before event %(n)s.", **row.name)
        fields = chain.Fields(row.n, row.at, row.actor, row.kind, row.body, row.commitment)
        if chain.link(previous, row.stream_kind, row.stream_id, fields) != row.hash:
            yield _(
                "%(stream)s: event %(n)s is not what was written, or does not follow the one before it.", **row.name
            )
        if not _personal_part_holds(row):
            yield _("%(stream)s: the personal data of event %(n)s are not what was written.", **row.name)
        n, previous = row.n, row.hash


def _rows(session: Session, only: Stream | None) -> Iterator[_Row]:
    personal = sa.and_(PersonalRow.stream == EventRow.stream, PersonalRow.n == EventRow.n)
    told = (EventRow.n, EventRow.at, EventRow.actor, EventRow.kind, EventRow.body, EventRow.commitment)
    kept = (EventRow.hash, PersonalRow.salt, PersonalRow.value)
    query = (
        sa.select(EventRow.stream, StreamRow.kind, StreamRow.ident, *kept, *told)
        .join(StreamRow, StreamRow.id == EventRow.stream)
        .outerjoin(PersonalRow, personal)
        .order_by(EventRow.stream, EventRow.n)
        .execution_options(yield_per=1000)
    )
    if only is not None:
        query = query.where(StreamRow.kind == only[0], StreamRow.ident == only[1])
    found: Iterable[Any] = session.execute(query)
    for columns in found:
        yield _Row(*columns)


def _personal_part_holds(row: _Row) -> bool:
    if row.value is None or row.salt is None:
        return True
    return row.commitment is not None and chain.stands_for(row.commitment, row.salt, row.value)
