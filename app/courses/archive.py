"""The Secretariat's archive: entries are only ever added; the database refuses every change."""

from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses.models import ArchiveEntry, Course
from app.courses.record import record
from app.db import lock_table
from app.errors import Denied, NotFound
from app.i18n import Text, fold
from app.identity.actors import Actor

READERS = ("secretariat", "administrator", "auditor")


@dataclass(frozen=True, slots=True)
class Found:
    """A page of entries and how many there are in all."""

    entries: tuple[ArchiveEntry, ...]
    total: int


def add(session: Session, kind: str, course: Course, source_id: str, title: Text, body: str, by: str) -> ArchiveEntry:
    """Keep a document for good: its text and the SHA-256 of its bytes."""
    lock_table(session, ArchiveEntry)
    year = clock.now().year
    counted = sa.select(sa.func.count()).select_from(ArchiveEntry).where(ArchiveEntry.number.startswith(f"A-{year}-"))
    number = f"A-{year}-{(session.scalar(counted) or 0) + 1:04}"
    entry = ArchiveEntry(
        number=number,
        kind=kind,
        course_id=course.id,
        source_id=source_id,
        title_ru=title.ru,
        title_en=title.en,
        search=fold(f"{number} {course.number} {title.ru} {title.en}"),
        body=body,
        sha256=sha256(body.encode()).hexdigest(),
        stored_by=by,
    )
    session.add(entry)
    session.flush()
    facts = {"entry": entry.id, "number": number, "kind": kind, "sha256": entry.sha256}
    record(session, course.id, Kind.DOCUMENT_ARCHIVED, by, facts)
    return entry


def query(session: Session, actor: Actor, *, search: str = "", kind: str = "", page: int = 1, size: int = 50) -> Found:
    """Entries, newest first. Raises Denied for others than the Secretariat, administrators and auditors."""
    if not actor.holds(*READERS):
        raise Denied
    wanted = [ArchiveEntry.search.contains(word, autoescape=True) for word in fold(search[:200]).split()]
    if kind:
        wanted.append(ArchiveEntry.kind == kind)
    total = session.scalar(sa.select(sa.func.count()).select_from(ArchiveEntry).where(*wanted)) or 0
    rows = sa.select(ArchiveEntry).where(*wanted).order_by(ArchiveEntry.number.desc())
    return Found(tuple(session.scalars(rows.limit(size).offset((page - 1) * size))), total)


def get_entry_for(session: Session, actor: Actor, entry_id: str) -> ArchiveEntry:
    """Raises NotFound, Denied."""
    if not actor.holds(*READERS):
        raise Denied
    found = session.get(ArchiveEntry, entry_id)
    if found is None:
        raise NotFound
    return found


def is_intact(entry: ArchiveEntry) -> bool:
    """Whether the text still has the checksum it was stored with."""
    return sha256(entry.body.encode()).hexdigest() == entry.sha256
