"""What certificates of a course say beside its title: its extent in hours, where it is known (R10.2-a)."""

from sqlalchemy.orm import Session

from app.audit.kinds import Kind
from app.courses.certificates.models import CertificateTerms
from app.courses.record import record
from app.courses.register import get_course
from app.errors import N_, Denied, Invalid, Problem
from app.identity.actors import Actor

MOST = 500


def hours(session: Session, course_id: str) -> int | None:
    found = session.get(CertificateTerms, course_id)
    return found.hours if found else None


def set_hours(session: Session, actor: Actor, course_id: str, typed: str) -> None:
    """Empty: the certificate says nothing of it. Raises Denied, NotFound, Invalid."""
    if not actor.holds("administrator"):
        raise Denied(kind="course", id=course_id)
    course = get_course(session, course_id)
    if typed and not (typed.isascii() and typed.isdigit() and 1 <= int(typed) <= MOST):
        message = N_("Enter whole hours from 1 to %(most)s, or nothing.")
        raise Invalid(message, {"hours": Problem(message, most=MOST)}, most=MOST)
    found = session.get(CertificateTerms, course.id) or CertificateTerms(course_id=course.id)
    found.hours = int(typed) if typed else None
    session.add(found)
    session.flush()
    record(session, course.id, Kind.CERTIFICATE_TERMS_SET, actor.person_id, {"hours": found.hours})
