"""The register of certificates and of requests; and what the public page may tell about a code (S56, S57)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.courses import archive
from app.courses.certificates.issuing import LENGTH
from app.courses.certificates.models import Certificate, CertificateRequest
from app.courses.models import Course
from app.courses.register import get_course
from app.errors import Denied, NotFound
from app.files.models import File
from app.i18n import fold
from app.identity.actors import Actor

READERS = ("administrator", "secretariat", "tc4_secretariat", "auditor")
DECIDERS = ("administrator",)
_READ_ALIKE = str.maketrans("OILАВЕКМНОРСТХ", "011ABEKMH0PCTX")
"""As a person copies from paper: O for 0, I and L for 1, Cyrillic letters that look Latin (A57)."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of certificates and how many there are in all."""

    certificates: tuple[Certificate, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Verified:
    """All that anybody is told: what is printed on the certificate anyway, and whether it holds."""

    certificate: Certificate
    replaced_by: str
    """Number of the certificate in its place."""


def query(session: Session, actor: Actor, *, search: str = "", state: str = "", page: int = 1, size: int = 50) -> Found:
    """The newest number first. Raises Denied."""
    wanted = _wanted(actor, search, state)
    total = session.scalar(sa.select(sa.func.count()).select_from(Certificate).where(*wanted)) or 0
    rows = sa.select(Certificate).where(*wanted).order_by(Certificate.serial.desc())
    return Found(tuple(session.scalars(rows.limit(size).offset((page - 1) * size))), total)


def everything(session: Session, actor: Actor, *, search: str = "", state: str = "") -> Iterator[Certificate]:
    """All of them for a workbook, in the order of their numbers, read as they are written."""
    rows = sa.select(Certificate).where(*_wanted(actor, search, state)).order_by(Certificate.serial)
    yield from session.scalars(rows.execution_options(yield_per=1000))


def _wanted(actor: Actor, search: str, state: str) -> list[sa.ColumnElement[bool]]:
    if not actor.holds(*READERS):
        raise Denied
    wanted = [Certificate.search.contains(word, autoescape=True) for word in fold(search[:200]).split()]
    if state == "valid":
        wanted.append(Certificate.revoked_at.is_(None))
    if state == "revoked":
        wanted.append(Certificate.revoked_at.is_not(None))
    return wanted


def get_for(session: Session, actor: Actor, certificate_id: str) -> Certificate:
    """Raises Denied, NotFound."""
    if not actor.holds(*READERS):
        raise Denied(kind="certificate", id=certificate_id)
    found = session.get(Certificate, certificate_id)
    if found is None:
        raise NotFound
    return found


def file_for(session: Session, actor: Actor, certificate_id: str, position: int) -> File:
    """A certificate as PDF in one language. Raises Denied, NotFound."""
    found = get_for(session, actor, certificate_id)
    entry = archive.newest_of(session, "certificate", found.id)
    if entry is None:
        raise NotFound
    return archive.get_file(session, entry.id, position)


def requests_for(
    session: Session, actor: Actor, course_id: str, page: int, size: int
) -> tuple[Course, list[CertificateRequest], int]:
    """Requests about a course, the newest first. Raises Denied, NotFound."""
    if not actor.holds(*READERS):
        raise Denied(kind="course", id=course_id)
    course = get_course(session, course_id)
    own = CertificateRequest.course_id == course_id
    total = session.scalar(sa.select(sa.func.count()).select_from(CertificateRequest).where(own)) or 0
    rows = sa.select(CertificateRequest).where(own)
    rows = rows.order_by(CertificateRequest.asked_at.desc(), CertificateRequest.id.desc())
    return course, list(session.scalars(rows.limit(size).offset((page - 1) * size))), total


def normalised(code: str) -> str:
    """The code as it is stored; "" for what cannot be one."""
    tidy = re.sub(r"[\s-]", "", code[:100]).upper().translate(_READ_ALIKE)
    return tidy if len(tidy) == LENGTH and tidy.isascii() and tidy.isalnum() else ""


def find_by_code(session: Session, code: str) -> Verified | None:
    """None for a code that no certificate has; the number alone opens nothing."""
    wanted = normalised(code)
    found = session.scalar(sa.select(Certificate).where(Certificate.code == wanted)) if wanted else None
    if found is None:
        return None
    successor = session.get(Certificate, found.replaced_by) if found.replaced_by else None
    return Verified(found, successor.number if successor else "")
