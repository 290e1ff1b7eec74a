"""What the platform, or a person in its place, says about a request; kept as evidence with the request (R10.1-b)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.connectors.moodle import BY_HAND, Client, Refused, learners
from app.connectors.moodle.learners import Learner, Results
from app.courses.certificates import asking
from app.courses.certificates.eligibility import Outcome, Verdict, judge
from app.courses.certificates.models import Certificate, CertificateRequest
from app.courses.models import Course
from app.courses.platform import connection, looking
from app.courses.record import record
from app.db import lock_table
from app.engine import Json
from app.i18n import Text

STATE_AFTER = {"certified": "again", "considered": "considered", "unknown": "unknown", "overtaken": "overtaken"}


@dataclass(frozen=True, slots=True)
class Wanted:
    account: str
    course: looking.Wanted


@dataclass(frozen=True, slots=True)
class Found:
    """`learner` None: the platform knows no such account."""

    learner: Learner | None
    results: Results


def look(request: Wanted) -> Found | str:
    """Ask the platform; words where a person has to look in its place."""
    client = connection.client()
    if client is None:
        return connection.NO_TOKEN
    try:
        return _look(client, request)
    except Refused as refusal:
        if refusal.code != BY_HAND:
            raise
        return str(refusal)


def _look(client: Client, request: Wanted) -> Found | str:
    there = looking.look(client, request.course).course
    if there is None:
        return "the platform does not show the course to our account"
    learner = learners.find(client, request.account)
    if learner is None:
        return Found(None, Results(enrolled=False))
    return Found(learner, learners.results(client, there.id, learner.id))


def keep(session: Session, request: CertificateRequest, course: Course, found: Found | str, by: str) -> Json:
    """Write the finding; the diagram goes on by its outcome."""
    if isinstance(found, str):
        if course.inventory and not course.has_tests:  # our own record says so (R4.2-b)
            return _conclude(session, request, Verdict("refused", "no_tests"), by)
        return _finish(session, request, "by_hand", "by_hand", (), by)
    if found.learner is None:
        return _finish(session, request, "unknown", "unknown", (), by)
    request.learner, request.name = f"moodle:{found.learner.id}", found.learner.name
    request.email = found.learner.email
    return _conclude(session, request, judge(found.results, modules(course)), by)


def keep_word(session: Session, request: CertificateRequest, said: Mapping[str, Any], by: str) -> Json:
    """What an administrator saw on the platform: `finding`, `name`, `email`, `tests`."""
    finding = str(said["finding"])
    if finding == "unknown":
        return _finish(session, request, "unknown", "unknown", (), by)
    request.name, request.email = str(said.get("name") or "").strip(), str(said.get("email") or "").strip()
    request.learner = f"mail:{request.email.lower()}"
    tests = ({"by_hand": str(said.get("seen") or "").strip(), "submission": said.get("submission")},)
    outcome: Outcome = "eligible" if finding == "passed" else "undecided" if finding == "undecided_tests" else "refused"
    return _conclude(session, request, Verdict(outcome, finding, tests), by)


def _conclude(session: Session, request: CertificateRequest, verdict: Verdict, by: str) -> Json:
    """A learner who has the certificate gets the same one; a second request beside an open one decides nothing.

    Whoever checks at the same moment waits, so that of two requests of one learner only one goes to a person.
    """
    lock_table(session, CertificateRequest)
    if request.learner and valid(session, request.course_id, request.learner, request.email):
        return _finish(session, request, "certified", "certified", verdict.tests, by)
    if request.learner and verdict.outcome != "refused" and _is_considered(session, request):
        return _finish(session, request, "considered", "considered", verdict.tests, by)
    return _finish(session, request, verdict.outcome, verdict.reason, verdict.tests, by)


def _finish(
    session: Session, request: CertificateRequest, outcome: str, reason: str, tests: Sequence[Any], by: str
) -> Json:
    course = session.get_one(Course, request.course_id)
    if course.stage in asking.ENDED and outcome in ("eligible", "undecided", "by_hand"):
        outcome, reason = "overtaken", "annulled"
    request.outcome, request.reason, request.tests = outcome, reason, list(tests)
    request.checked_at = clock.now()
    request.state = STATE_AFTER.get(outcome, "waiting")
    if outcome == "certified":
        known = valid(session, request.course_id, request.learner, request.email)
        request.certificate_id = known.id if known else None
    session.flush()
    body = {"request": request.id, "outcome": outcome, "reason": reason, "tests_sha256": digest(request.tests)}
    record(session, request.course_id, Kind.CERTIFICATE_CHECKED, by, body)
    return {"outcome": outcome}


def digest(tests: Sequence[Any]) -> str:
    return sha256(json.dumps(list(tests), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def valid(session: Session, course_id: str, learner: str, email: str) -> Certificate | None:
    """The learner's certificate of the course that holds today, however the learner was known then."""
    same = sa.or_(Certificate.learner == learner, sa.func.lower(Certificate.email) == email.lower())
    query = sa.select(Certificate).where(Certificate.course_id == course_id, Certificate.revoked_at.is_(None), same)
    return session.scalar(query.order_by(Certificate.serial).limit(1))


def _is_considered(session: Session, request: CertificateRequest) -> bool:
    query = sa.select(CertificateRequest.id).where(
        CertificateRequest.course_id == request.course_id,
        CertificateRequest.learner == request.learner,
        CertificateRequest.id != request.id,
        CertificateRequest.state == "waiting",
        CertificateRequest.outcome.in_(("eligible", "undecided")),
    )
    return session.scalar(query.limit(1)) is not None


def modules(course: Course) -> list[Text]:
    return [Text(str(one.get("ru") or ""), str(one.get("en") or "")) for one in course.modules]
