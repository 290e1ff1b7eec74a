"""Certificates against the evidence and the archive (V17): one that holds a learner and course, unchanged, sealed."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.kinds import Kind
from app.audit.models import EventRow
from app.connectors import documents
from app.courses import archive
from app.courses.certificates.issuing import content_digest
from app.courses.certificates.models import Certificate
from app.courses.documents.making import CERTIFICATE
from app.files.store import path_of


def check(session: Session, root: Path) -> Iterator[tuple[str, str]]:
    """(certificate …, what does not fit); `root`: where the files are."""
    told = _told(session)
    valid: Counter[tuple[str, str]] = Counter()
    for one in session.scalars(sa.select(Certificate).order_by(Certificate.serial).execution_options(yield_per=500)):
        where = f"certificate {one.number}"
        valid[one.course_id, one.learner] += one.revoked_at is None
        if valid[one.course_id, one.learner] > 1:
            yield where, "the learner has two certificates of the course that hold"
        if content_digest(one) != one.content_sha256:
            yield where, "what is printed is not what was issued"
        if told.pop(one.id, None) != (one.number, one.content_sha256):
            yield where, "its event says otherwise, or there is none"
        yield from _documents(session, root, where, one.id)
    for ident, (number, _digest) in told.items():
        yield f"certificate {number}", f"{ident} was issued and is not in the register"


def _told(session: Session) -> dict[str, tuple[str, str]]:
    """Certificate -> number and checksum, as its event says."""
    query = sa.select(EventRow.body).where(EventRow.kind == Kind.CERTIFICATE_ISSUED.value)
    bodies = (json.loads(body) for body in session.scalars(query.execution_options(yield_per=1000)))
    return {body["certificate"]: (body["number"], body["sha256"]) for body in bodies if "certificate" in body}


def _documents(session: Session, root: Path, where: str, ident: str) -> Iterator[tuple[str, str]]:
    """That the files are there and whole is V16; here only whether the seal of those that bear one holds."""
    entry = archive.newest_of(session, CERTIFICATE, ident)
    if entry is None or not orjson.loads(entry.body)["sealed"]:
        return
    for file in archive.files_of(session, entry.id):
        path = path_of(root, file.sha256)
        if path.is_file() and not documents.seal_holds(path.read_bytes()):
            yield where, f"the seal of {file.name} does not hold"
