"""The Secretariat's archive: entries are only ever added; the database refuses every change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit import evidence
from app.audit.kinds import Kind
from app.courses.documents.models import ArchivedFile
from app.courses.models import Course
from app.courses.models_kept import ArchiveEntry
from app.courses.record import record
from app.db import lock_table
from app.errors import Denied, NotFound
from app.files.models import File
from app.files.sniff import WORKBOOK, Sniffed
from app.files.store import keep, path_of, store
from app.i18n import Text, fold
from app.identity.actors import Actor

READERS = ("secretariat", "administrator", "auditor")
NO_COURSE = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of entries and how many there are in all."""

    entries: tuple[ArchiveEntry, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with an entry."""

    name: str
    content: bytes
    media_type: str
    language: str = ""

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


def add(
    session: Session,
    kind: str,
    course: Course | None,
    source_id: str,
    title: Text,
    body: str,
    by: str,
    files: Sequence[Attachment] = (),
    root: Path | None = None,
) -> ArchiveEntry:
    """Keep a document for good: its text with the SHA-256 of its bytes, and its files in the store at `root`.

    `course` None: it is about no single course; its event goes to the stream of the archive.
    """
    lock_table(session, ArchiveEntry)
    year = clock.now().year
    counted = sa.select(sa.func.count()).select_from(ArchiveEntry).where(ArchiveEntry.number.startswith(f"A-{year}-"))
    number = f"A-{year}-{(session.scalar(counted) or 0) + 1:04}"
    entry = ArchiveEntry(
        number=number,
        kind=kind,
        course_id=course.id if course else NO_COURSE,
        source_id=source_id,
        title_ru=title.ru,
        title_en=title.en,
        search=fold(f"{number} {course.number if course else ''} {title.ru} {title.en}"),
        body=body,
        sha256=sha256(body.encode()).hexdigest(),
        stored_by=by,
    )
    session.add(entry)
    session.flush()
    if root is not None:
        _add_files(session, entry, files, root)
    facts = {"entry": entry.id, "number": number, "kind": kind, "sha256": entry.sha256}
    _record(session, course, by, facts)
    return entry


def _record(session: Session, course: Course | None, by: str, facts: Mapping[str, str]) -> None:
    if course is not None:
        record(session, course.id, Kind.DOCUMENT_ARCHIVED, by, facts)
    else:
        evidence.record(session, "register", "archive", Kind.DOCUMENT_ARCHIVED, by, facts)


def _add_files(session: Session, entry: ArchiveEntry, files: Sequence[Attachment], root: Path) -> None:
    for position, one in enumerate(files):
        kept = _kept(session, one, entry.stored_by, root)
        row = ArchivedFile(entry_id=entry.id, position=position, file_id=kept.id, name=kept.name, size=kept.size)
        row.media_type, row.language, row.sha256 = one.media_type, one.language, kept.sha256
        session.add(row)
    session.flush()


def _kept(session: Session, one: Attachment, by: str, root: Path) -> File:
    if one.media_type == WORKBOOK:
        return keep(root, session, one.content, one.name, by, Sniffed("xlsx"))
    return store(root, session, BytesIO(one.content), one.name, by, len(one.content))


def has_document(session: Session, kind: str, source_id: str, content: str) -> bool:
    """Whether the newest entry of that document was made of this very content."""
    newest = newest_of(session, kind, source_id)
    return newest is not None and content in newest.body


def newest_of(session: Session, kind: str, source_id: str) -> ArchiveEntry | None:
    query = sa.select(ArchiveEntry).where(ArchiveEntry.kind == kind, ArchiveEntry.source_id == source_id)
    return session.scalar(query.order_by(ArchiveEntry.number.desc()).limit(1))


def of_course(session: Session, course_id: str, *kinds: str) -> list[ArchiveEntry]:
    """Entries about a course of those kinds, newest first."""
    wanted = sa.select(ArchiveEntry).where(ArchiveEntry.course_id == course_id, ArchiveEntry.kind.in_(kinds))
    return list(session.scalars(wanted.order_by(ArchiveEntry.number.desc())))


def files_of(session: Session, entry_id: str) -> list[ArchivedFile]:
    query = sa.select(ArchivedFile).where(ArchivedFile.entry_id == entry_id)
    return list(session.scalars(query.order_by(ArchivedFile.position)))


def get_file(session: Session, entry_id: str, position: int) -> File:
    """Raises NotFound; whoever asks has made sure that the reader may have it."""
    row = session.get(ArchivedFile, (entry_id, position))
    if row is None:
        raise NotFound
    return session.get_one(File, row.file_id)


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


def are_intact(files: Sequence[ArchivedFile], root: Path) -> bool:
    """Whether the store still has every file with the checksum it was archived with."""
    for one in files:
        path = path_of(root, one.sha256)
        if not path.is_file() or sha256(path.read_bytes()).hexdigest() != one.sha256:
            return False
    return True
