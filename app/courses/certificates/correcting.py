"""Revoking a certificate, or putting a corrected one in its place; both with a reason, both kept."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses.certificates import issuing, letters
from app.courses.certificates.models import Certificate
from app.courses.models import Course
from app.courses.record import record
from app.db import lock_table
from app.errors import N_, Conflict, Denied, Invalid, NotFound, Problem
from app.identity.actors import Actor

ISSUERS = ("administrator",)
GONE = N_("This certificate was revoked or replaced already.")


def revoke(session: Session, actor: Actor, certificate_id: str, reason: str) -> Certificate:
    """It says so from now on to whoever verifies it. Raises Denied, NotFound, Conflict, Invalid."""
    found = _ours(session, actor, certificate_id)
    given = _reason(reason)
    _revoke(session, found, actor.person_id, given)
    body = {"certificate": found.id, "number": found.number, "replaced_by": None}
    record(session, found.course_id, Kind.CERTIFICATE_REVOKED, actor.person_id, body, {"reason": given})
    return found


def correct(session: Session, actor: Actor, certificate_id: str, name: str, reason: str) -> Certificate:
    """Another certificate with another number in its place, sent to the learner; the old one says which."""
    found = _ours(session, actor, certificate_id)
    given, name = _reason(reason), " ".join(name.split())[:200]
    if not name:
        message = N_("Enter the name as it shall be printed.")
        raise Invalid(message, {"name": Problem(message)})
    _revoke(session, found, actor.person_id, given)
    course = session.get_one(Course, found.course_id)
    fresh = Certificate(
        course_id=found.course_id,
        request_id=found.request_id,
        learner=found.learner,
        edition=found.edition + 1,
        name=name,
        email=found.email,
        title_ru=found.title_ru,
        title_en=found.title_en,
        hours=found.hours,
        wording=found.wording,
        signatory=dict(found.signatory),
    )
    issuing.number(session, fresh, course, actor.person_id)
    found.replaced_by = fresh.id
    session.flush()
    body = {"certificate": found.id, "number": found.number, "replaced_by": fresh.number}
    record(session, found.course_id, Kind.CERTIFICATE_REVOKED, actor.person_id, body, {"reason": given})
    letters.deliver_later(session, fresh)
    return fresh


def _ours(session: Session, actor: Actor, certificate_id: str) -> Certificate:
    if not actor.holds(*ISSUERS):
        raise Denied(kind="certificate", id=certificate_id)
    lock_table(session, Certificate)
    query = sa.select(Certificate).where(Certificate.id == certificate_id)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    if found.revoked_at is not None:
        raise Conflict(GONE)
    return found


def _revoke(session: Session, found: Certificate, by: str, reason: str) -> None:
    found.revoked_at, found.revoked_by, found.revocation = clock.now(), by, reason
    session.flush()


def _reason(text: str) -> str:
    given = text.strip()[:2000]
    if not given:
        message = N_("Give a reason: it is kept with the evidence.")
        raise Invalid(message, {"reason": Problem(message)})
    return given
