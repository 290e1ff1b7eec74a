"""Requests that nobody will decide any more, because their course was annulled or their procedure cancelled."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses.certificates import letters
from app.courses.certificates.models import CertificateRequest
from app.courses.record import record
from app.workflow import instances
from app.workflow.models import Instance

OPEN = ("asked", "waiting")


def close(session: Session, instance: Instance, how: str) -> None:
    """An instance was cancelled, for whatever reason: the learner hears of it. Called in the step that ends it."""
    if how != instances.CANCELLED:
        return
    query = sa.select(CertificateRequest).where(
        CertificateRequest.instance_id == instance.id, CertificateRequest.state.in_(OPEN)
    )
    for request in session.scalars(query).all():
        request.state, request.reason, request.decided_at = "overtaken", "annulled", clock.now()
        session.flush()
        body = {"request": request.id, "reason": "annulled"}
        record(session, request.course_id, Kind.CERTIFICATE_REFUSED, "system:courses", body)
        letters.tell(session, request, letters.OVERTAKEN)
