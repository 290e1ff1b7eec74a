"""A new version of a published course: prepared, agreed and reviewed while learners keep the old one (13.3, 13.4)."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses import agreements, descriptions, materials, settings
from app.courses.actualisation.models import Edition, TopicalityCheck
from app.courses.approvals import kept
from app.courses.approvals.models import ApprovalForm
from app.courses.creation import intake
from app.courses.models import Course
from app.courses.record import record
from app.errors import N_, Conflict, Invalid, NotFound, PermanentFailure, Problem

EDITORIAL = "editorial_waiver"
"""Setting: whether section 7 may be skipped for changes that are editorial only (A44)."""


def current(session: Session, check_id: str) -> Edition | None:
    """The new version that came of this check."""
    return session.scalar(sa.select(Edition).where(Edition.check_id == check_id))


def of_course(session: Session, course_id: str) -> list[Edition]:
    """All new versions, the newest first."""
    query = sa.select(Edition).where(Edition.course_id == course_id)
    return list(session.scalars(query.order_by(Edition.number.desc())))


def get_edition(session: Session, edition_id: str) -> Edition:
    """Raises NotFound."""
    found = session.get(Edition, edition_id)
    if found is None:
        raise NotFound
    return found


def in_the_making(session: Session, course_id: str) -> Edition | None:
    """The new version that learners do not see yet."""
    states = ("preparing", "submitted", "approved")
    query = sa.select(Edition).where(Edition.course_id == course_id, Edition.state.in_(states))
    return session.scalar(query.order_by(Edition.number.desc()).limit(1))


def propose(
    session: Session, course: Course, check: TopicalityCheck, values: Mapping[str, Any], files: Sequence[str], by: str
) -> Edition:
    """What the coordinator changes; after an expert review that refused, what is changed again. Raises Invalid."""
    known = current(session, check.id)
    if known is None and not files:
        message = N_("Attach the materials of the new version.")
        raise Invalid(message, {"materials": Problem(message)})
    texts = _texts(session, course, values)
    edition = known or Edition(course_id=course.id, number=_next_number(session, course), check_id=check.id, changes="")
    edition.changes = str(values.get("changes") or "").strip()
    edition.proposed_by, edition.proposed_at = by, clock.now()
    edition.description_ru = texts.get("ru", edition.description_ru or "")
    edition.description_en = texts.get("en", edition.description_en or "")
    edition.editorial = bool(values.get("editorial")) if known is None else edition.editorial
    edition.state = "preparing"
    session.add(edition)
    session.flush()
    if files:
        edition.version_id = materials.add(session, course, files, str(values.get("note") or ""), by).id
        session.flush()
    body = {"edition": edition.id, "number": edition.number, "check": check.id, "editorial": edition.editorial}
    record(session, course.id, Kind.EDITION_PROPOSED, by, body, {"reason": edition.changes})
    return edition


def _texts(session: Session, course: Course, values: Mapping[str, Any]) -> dict[str, str]:
    """The new short description in the languages of the course, held to 6.6 as the first one was."""
    if not values.get("new_description"):
        return {}
    languages: list[str] = list(descriptions.languages(course))
    given = {one: str(values.get(f"description_{one}") or "").strip() for one in languages}
    faults = {f"description_{one}": intake.length_fault(session, course, text) for one, text in given.items()}
    problems = {name: fault for name, fault in faults.items() if fault is not None}
    if problems:
        raise Invalid(N_("Some answers need another look."), problems)
    return given


def _next_number(session: Session, course: Course) -> int:
    known = session.scalar(sa.select(sa.func.max(Edition.number)).where(Edition.course_id == course.id))
    return (known or 1) + 1


def may_be_waived(session: Session, edition: Edition) -> bool:
    """Whether an administrator may be asked to let section 7 be (A44); asked once for an edition."""
    allowed = settings.read(session, EDITORIAL, settings.today(session)) == "yes"
    return allowed and edition.editorial and last_form(session, edition) is None


def needs_agreement(session: Session, edition: Edition) -> bool:
    """Section 7 anew for a new version; after a refusal only where the administrator said so (A8)."""
    refused = last_form(session, edition)
    return refused.repeat_agreement if refused is not None else True


def last_form(session: Session, edition: Edition) -> ApprovalForm | None:
    """The newest form for approval of this edition."""
    found = kept.latest(session, edition.course_id)
    first = session.scalar(sa.select(TopicalityCheck.begun_at).where(TopicalityCheck.id == edition.check_id))
    return found if found is not None and first is not None and found.decided_at >= first else None


def waive(session: Session, edition: Edition, *, allowed: bool, reason: str, by: str) -> None:
    """The administrator's word on editorial changes; section 8 is never skipped. Raises Invalid."""
    if not reason.strip():
        message = N_("Give a reason: it is kept with the evidence.")
        raise Invalid(message, {"reason": Problem(message)})
    if allowed and not may_be_waived(session, edition):
        raise Conflict(N_("The settings do not allow section 7 to be skipped (A44)."))
    edition.waived_by, edition.waiver_reason = (by, reason.strip()) if allowed else (None, "")
    session.flush()
    body = {"edition": edition.id, "allowed": allowed}
    record(session, edition.course_id, Kind.AGREEMENT_WAIVED, by, body, {"reason": reason.strip()})


def submit(session: Session, edition: Edition, by: str) -> None:
    """To the expert review. Raises Invalid while the agreement of this edition is not complete (13.4)."""
    passage = agreements.current(session, edition.course_id)
    begun = session.get_one(TopicalityCheck, edition.check_id).begun_at
    anew = passage is not None and passage.state == "delivered" and passage.started_at >= begun
    if not anew and edition.waived_by is None:
        message = N_("The new version has not been agreed with the structural bodies (13.4).")
        raise Invalid(message, {"done": Problem(message)})
    edition.state, edition.submitted_at = "submitted", clock.now()
    session.flush()
    body = {"edition": edition.id, "number": edition.number, "waived": edition.waived_by is not None}
    record(session, edition.course_id, Kind.EDITION_SUBMITTED, by, body)


def enact(session: Session, edition: Edition, by: str) -> None:
    """The expert review has approved it: the record takes over what is new. Raises PermanentFailure without a form."""
    form = last_form(session, edition)
    if form is None or not form.may_place or edition.submitted_at is None:
        raise PermanentFailure("the new version has no positive form of expert review", "not_approved")
    course = session.get_one(Course, edition.course_id)
    course.description_ru = edition.description_ru or course.description_ru
    course.description_en = edition.description_en or course.description_en
    edition.state, edition.approval_id = "approved", form.id
    session.flush()
    record(session, course.id, Kind.EDITION_APPROVED, by, {"edition": edition.id, "form": form.number})


def put_in_force(session: Session, edition: Edition, by: str, evidence: Mapping[str, Any]) -> None:
    """Learners have the new version. Raises PermanentFailure for one that was not approved."""
    if edition.state == "in_force":
        return
    if edition.state != "approved":
        raise PermanentFailure("the new version has not been approved", "not_approved")
    edition.state, edition.in_force_at = "in_force", clock.now()
    session.flush()
    body = {"edition": edition.id, "number": edition.number, **evidence}
    record(session, edition.course_id, Kind.EDITION_IN_FORCE, by, body)
