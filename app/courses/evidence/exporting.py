"""What an export holds: which streams, which releases, which documents. Their form: `app.audit.export`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, Literal, TextIO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit import export
from app.audit.evidence import Stream, record
from app.audit.export import Attachments
from app.audit.keyring import STREAM
from app.audit.kinds import Kind
from app.courses.models import Course
from app.courses.models_kept import ArchiveEntry
from app.courses.record import stream_of
from app.errors import N_, NotFound
from app.files.models import File
from app.workflow.models import Blob, Instance, Release, Submission

ScopeKind = Literal["all", "course", "instance"]


@dataclass(frozen=True, slots=True)
class Scope:
    """What an export is about."""

    kind: ScopeKind
    id: str | None = None

    @property
    def facts(self) -> Mapping[str, str | None]:
        return {"kind": self.kind, "id": self.id}


def find(session: Session, kind: ScopeKind, ident: str | None) -> Scope:
    """Raises NotFound; a course may also be named by its number."""
    if kind == "all":
        return Scope("all")
    if kind == "course":
        query = sa.select(Course.id).where(sa.or_(Course.id == ident, Course.number == ident))
    else:
        query = sa.select(Instance.id).where(Instance.id == ident)
    found = session.scalars(query).first()
    if found is None:
        raise NotFound(N_("There is no %(kind)s %(id)s in the database."), kind=kind, id=ident)
    return Scope(kind, found)


def streams_of(session: Session, scope: Scope) -> set[Stream] | None:
    """None for all there are."""
    if scope.kind == "all":
        return None
    instances = list(session.scalars(_instances(scope)))
    found: set[Stream] = {("instance", one.id) for one in instances}
    found |= {("release", one.release_id) for one in instances}
    return found | ({("register", stream_of(str(scope.id)))} if scope.kind == "course" else set())


def write(
    session: Session,
    scope: Scope,
    target: BinaryIO,
    personal: TextIO | None = None,
    tell: Callable[[int], None] = lambda _done: None,
) -> Mapping[str, int]:
    """Write the zip from one snapshot; see `export.snapshot`."""
    content = export.contents(session, scope.facts, streams_of(session, scope), clock.now())
    attached = Attachments(_releases(session, scope), _blob(session), _documents(session, scope))
    return export.write(target, replace(content, attachments=attached), personal, tell)


def told(session: Session, scope: Scope, by: str, personal: bool, **facts: object) -> None:
    """Who took what out of the house is evidence itself."""
    body = {**scope.facts, "personal": personal, **facts}
    record(session, "site", STREAM, Kind.EVIDENCE_EXPORTED, by, body)


def _instances(scope: Scope) -> sa.Select[Instance]:
    column = Instance.subject if scope.kind == "course" else Instance.id
    return sa.select(Instance).where(column == scope.id).order_by(Instance.id)


def _releases(session: Session, scope: Scope) -> Iterator[dict[str, Any]]:
    query = sa.select(Release).order_by(Release.number)
    if scope.kind != "all":
        query = query.where(Release.id.in_(_instances(scope).with_only_columns(Instance.release_id).order_by(None)))
    for release in session.scalars(query):
        manifest = {path: release.manifest[path] for path in sorted(release.manifest)}
        yield {"id": release.id, "number": release.number, "sha256": release.sha256, "manifest": manifest}


def _blob(session: Session) -> Callable[[str], bytes]:
    def read(digest: str) -> bytes:
        found: bytes = session.scalars(sa.select(Blob.data).where(Blob.sha256 == digest)).one()
        return found

    return read


def _documents(session: Session, scope: Scope) -> Iterator[dict[str, Any]]:
    entries = sa.select(ArchiveEntry).order_by(ArchiveEntry.number)
    if scope.kind == "course":
        entries = entries.where(ArchiveEntry.course_id == scope.id)
    if scope.kind != "instance":
        for entry in session.scalars(entries):
            facts = {"number": entry.number, "what": entry.kind, "course": entry.course_id, "sha256": entry.sha256}
            yield {"kind": "archive", "id": entry.id, **facts}
    files = sa.select(File).order_by(File.id)
    if scope.kind != "all":
        ids = _instances(scope).with_only_columns(Instance.id).order_by(None)
        sent = session.scalars(sa.select(Submission.files).where(Submission.instance_id.in_(ids)))
        files = files.where(File.id.in_({one for listed in sent for one in listed or ()}))
    for file in session.scalars(files.execution_options(yield_per=1000)):
        yield {"kind": "file", "id": file.id, "sha256": file.sha256, "size": file.size, "type": file.media_type}
