"""Versions of a course's source materials: each a set of files with a checksum, never changed, only superseded."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.kinds import Kind
from app.courses.advice import looks
from app.courses.models import Course, MaterialFile, MaterialVersion
from app.courses.record import record
from app.errors import N_, Invalid, NotFound, Problem
from app.files.models import File


@dataclass(frozen=True, slots=True)
class Differences:
    """Names of files between two versions; `changed` have another content under the same name."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


def add(session: Session, course: Course, file_ids: Sequence[str], note: str, by: str) -> MaterialVersion:
    """A new version of those stored files; the one before is superseded. Raises Invalid without a file."""
    chosen = [session.get(File, file_id) for file_id in dict.fromkeys(file_ids)]
    if not chosen or None in chosen:
        message = N_("Attach the materials.")
        raise Invalid(message, {"materials": Problem(message)})
    files = [file for file in chosen if file is not None]
    before = current(session, course.id)
    version = MaterialVersion(
        course_id=course.id,
        number=before.number + 1 if before else 1,
        note=note.strip(),
        sha256=checksum([(file.name, file.size, file.sha256) for file in files]),
        made_by=by,
    )
    session.add(version)
    session.flush()
    for position, file in enumerate(files):
        row = MaterialFile(version_id=version.id, position=position, file_id=file.id, name=file.name, size=file.size)
        row.sha256 = file.sha256
        session.add(row)
    if before:
        before.superseded = True
    session.flush()
    body = {"version": version.number, "sha256": version.sha256, "files": [[f.name, f.sha256] for f in files]}
    record(session, course.id, Kind.MATERIALS_ADDED, by, body)
    for file in files:
        looks.wanted(session, file)
    return version


def checksum(files: Sequence[tuple[str, int, str]]) -> str:
    """SHA-256 of the canonical list of name, size and SHA-256 of each file, in order."""
    return sha256(orjson.dumps(files)).hexdigest()


def versions(session: Session, course_id: str) -> list[MaterialVersion]:
    """All versions, newest first."""
    query = sa.select(MaterialVersion).where(MaterialVersion.course_id == course_id)
    return list(session.scalars(query.order_by(MaterialVersion.number.desc())))


def current(session: Session, course_id: str) -> MaterialVersion | None:
    """The newest version."""
    query = sa.select(MaterialVersion).where(MaterialVersion.course_id == course_id)
    return session.scalar(query.order_by(MaterialVersion.number.desc()).limit(1))


def newest(session: Session, course_id: str) -> MaterialVersion:
    """The newest version. Raises NotFound where there is none yet."""
    found = current(session, course_id)
    if found is None:
        raise NotFound
    return found


def files_of(session: Session, version_id: str) -> list[MaterialFile]:
    query = sa.select(MaterialFile).where(MaterialFile.version_id == version_id)
    return list(session.scalars(query.order_by(MaterialFile.position)))


def describe(version: MaterialVersion) -> str:
    """`v3 · 9f86d081…`: what stands on a sheet beside the round."""
    return f"v{version.number} · {version.sha256[:16]}"


def differences(session: Session, older: MaterialVersion, newer: MaterialVersion) -> Differences:
    """What a reviewer of the newer version finds other than in the older one."""
    old = {file.name: file.sha256 for file in files_of(session, older.id)}
    new = {file.name: file.sha256 for file in files_of(session, newer.id)}
    return Differences(
        added=tuple(name for name in new if name not in old),
        removed=tuple(name for name in old if name not in new),
        changed=tuple(name for name in new if name in old and new[name] != old[name]),
    )
