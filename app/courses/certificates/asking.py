"""A learner asks for a certificate on a public page, without an account here (R10.1-a)."""

import re

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.kinds import Kind
from app.courses.certificates.models import CertificateRequest
from app.courses.models import Course
from app.courses.record import record
from app.errors import N_, Invalid, NotFound, Problem
from app.i18n import Locale
from app.workflow import events

EVENT = "certificate.requested"
ENDED = ("withdrawn", "annulled")
"""Stages in which no certificate is issued any more; those issued before stay valid (A32, 13.5)."""
BY = "system:learner"
_ACCOUNT = re.compile(r"[^\s<>\"'(),:;\\\[\]]{2,254}")


def open_course(session: Session, course_id: str) -> Course:
    """A course whose certificates may be asked for. Raises NotFound for all others alike."""
    found = session.get(Course, course_id)
    if found is None or found.published_at is None or found.stage in ENDED:
        raise NotFound
    return found


def listed(session: Session) -> list[Course]:
    """Courses whose certificates may be asked for, by number."""
    query = sa.select(Course).where(Course.published_at.is_not(None), Course.stage.not_in(ENDED))
    return list(session.scalars(query.order_by(Course.number)))


def ask(session: Session, course: Course, account: str, locale: Locale) -> CertificateRequest:
    """Keep the wish and begin the procedure; whether the account exists is found out later and told to it alone."""
    account = account.strip()
    if not _ACCOUNT.fullmatch(account):
        message = N_("Enter the user name or the e-mail address of your account on the platform, without spaces.")
        raise Invalid(message, {"account": Problem(message)})
    made = CertificateRequest(course_id=course.id, account=account, locale=locale)
    session.add(made)
    session.flush()
    record(session, course.id, Kind.CERTIFICATE_ASKED, BY, {"request": made.id})
    events.announce(session, EVENT, course.id, {"request": made.id}, f"{EVENT}:{made.id}", by=BY)
    return made


def get(session: Session, request_id: str) -> CertificateRequest:
    """Raises NotFound."""
    found = session.get(CertificateRequest, request_id)
    if found is None:
        raise NotFound
    return found
