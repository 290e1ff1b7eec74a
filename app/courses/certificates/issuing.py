"""Issuing: a number in consecutive order, once for a learner of a course, and the register's row (R10.2-a, A32–A35)."""

import json
import secrets
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses import settings
from app.courses.certificates import asking, checking
from app.courses.certificates.models import Certificate, CertificateRequest, CertificateTerms
from app.courses.models import Course
from app.courses.record import record
from app.db import lock_table
from app.engine import Json
from app.errors import N_, Invalid, Problem
from app.i18n import fold

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no letter that reads like a digit. Twenty of them are 100 bits."""
LENGTH, GROUP = 20, 5


def issue(session: Session, request: CertificateRequest, note: str, by: str) -> Json:
    """Issue, or give the certificate there is. What cannot be told from the platform is issued with a reason only.

    Raises Invalid. Whoever issues at the same moment waits: a number is given once, a learner has one certificate.
    """
    if request.outcome == "undecided" and not note.strip():
        message = N_("The platform does not decide: say on what you rest the decision.")
        raise Invalid(message, {"reason": Problem(message)})
    lock_table(session, Certificate)
    course = session.get_one(Course, request.course_id, populate_existing=True)
    if course.stage in asking.ENDED:
        return _overtaken(session, request, by)
    known = checking.valid(session, request.course_id, request.learner, request.email)
    made = known or _make(session, course, request, by)
    request.state, request.certificate_id = ("again" if known else "issued"), made.id
    request.note, request.decided_by, request.decided_at = note.strip(), by, clock.now()
    session.flush()
    return {"outcome": "issued"}


def refuse(session: Session, request: CertificateRequest, note: str, by: str) -> None:
    """With what the check found, or with what the administrator wrote."""
    request.state, request.note = "refused", note.strip()
    request.decided_by, request.decided_at = by, clock.now()
    session.flush()
    body = {"request": request.id, "reason": request.reason}
    record(session, request.course_id, Kind.CERTIFICATE_REFUSED, by, body, {"reason": request.note or request.reason})


def _overtaken(session: Session, request: CertificateRequest, by: str) -> Json:
    request.state, request.reason, request.decided_at = "overtaken", "annulled", clock.now()
    session.flush()
    body = {"request": request.id, "reason": "annulled"}
    record(session, request.course_id, Kind.CERTIFICATE_REFUSED, by, body)
    return {"outcome": "overtaken"}


def _make(session: Session, course: Course, request: CertificateRequest, by: str) -> Certificate:
    terms = session.get(CertificateTerms, course.id)
    today = settings.today(session)
    made = Certificate(
        course_id=course.id,
        request_id=request.id,
        learner=request.learner,
        name=request.name,
        email=request.email,
        title_ru=course.title_ru or course.title_en,
        title_en=course.title_en or course.title_ru,
        hours=terms.hours if terms else None,
        wording=settings.read(session, "certificate_wording", today),
        signatory={name: settings.read(session, f"certificate_{name}", today) for name in SIGNATORY},
    )
    return number(session, made, course, by)


SIGNATORY = ("signatory_ru", "signatory_en", "post_ru", "post_en")


def number(session: Session, made: Certificate, course: Course, by: str) -> Certificate:
    """Give it the next number and a code, and enter it; the table is locked by the caller."""
    today = settings.today(session)
    made.serial = (session.scalar(sa.select(sa.func.max(Certificate.serial))) or 0) + 1
    made.number = written(settings.read(session, "certificate_number", today), made.serial, today.year)
    made.code, made.issued_on, made.issued_by = new_code(), today, by
    made.content_sha256 = content_digest(made)
    made.search = fold(f"{made.number} {made.name} {made.title_ru} {made.title_en} {course.number}")
    session.add(made)
    session.flush()
    body = {"certificate": made.id, "number": made.number, "request": made.request_id, "sha256": made.content_sha256}
    record(session, course.id, Kind.CERTIFICATE_ISSUED, by, body)
    return made


def written(pattern: str, serial: int, year: int) -> str:
    """The setting's words with the number in them: `COOMET-{year}-{number}`."""
    return pattern.replace("{year}", str(year)).replace("{number}", f"{serial:05}")


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def content(one: Certificate) -> dict[str, Any]:
    """Everything that is printed, and nothing else."""
    return {
        "format": "coomet-certificate/1",
        "number": one.number,
        "code": one.code,
        "course": one.course_id,
        "titles": [one.title_ru, one.title_en],
        "name": one.name,
        "hours": one.hours,
        "wording": one.wording,
        "signatory": one.signatory,
        "issued_on": one.issued_on.isoformat(),
    }


def content_digest(one: Certificate) -> str:
    """The code makes it unguessable, so that the evidence tells nobody's name."""
    return sha256(json.dumps(content(one), sort_keys=True, ensure_ascii=False).encode()).hexdigest()
