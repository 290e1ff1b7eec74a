"""What must hold of checks, new versions and annulments, proven from the rows alone (V25)."""

from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.courses import settings
from app.courses.actualisation import calendar
from app.courses.actualisation.models import PARTS, Annulment, BodyDecision, Conclusion, Edition, TopicalityCheck
from app.courses.approvals.models import ApprovalForm
from app.courses.models import Course
from app.workflow.models import PlannedEvent

Found = Iterator[tuple[str, str]]


def check(session: Session, _files: Path) -> Found:
    """Where, and what does not fit."""
    yield from _annulled(session)
    yield from _checks(session)
    yield from _editions(session)
    yield from _planned(session)


def _annulled(session: Session) -> Found:
    """Nothing but TC 4's decision annuls a course (13.5)."""
    query = sa.select(Course.id, Course.stage, BodyDecision.act).select_from(Course)
    query = query.outerjoin(Annulment, Annulment.course_id == Course.id)
    query = query.outerjoin(BodyDecision, BodyDecision.id == Annulment.decision_id)
    query = query.where(sa.or_(Course.stage == "annulled", Annulment.course_id.is_not(None)))
    for course_id, stage, act in session.execute(query):
        if stage != "annulled" or act != "annul":
            yield f"course {course_id}", f"stage {stage}, decision of TC 4: {act}"


def _checks(session: Session) -> Found:
    """A closed check has all its conclusions (13.2)."""
    given = sa.func.count(Conclusion.part)
    query = sa.select(TopicalityCheck.id, given).outerjoin(Conclusion, Conclusion.check_id == TopicalityCheck.id)
    query = query.where(TopicalityCheck.closed_at.is_not(None)).group_by(TopicalityCheck.id)
    for check_id, count in session.execute(query.having(given < len(PARTS))):
        yield f"check {check_id}", f"closed with {count} conclusions of {len(PARTS)}"


def _editions(session: Session) -> Found:
    """No version is in force without a positive form for approval (13.4)."""
    query = sa.select(Edition.id).outerjoin(ApprovalForm, ApprovalForm.id == Edition.approval_id)
    query = query.where(
        Edition.state == "in_force", sa.func.coalesce(ApprovalForm.may_place, sa.false()).is_(sa.false())
    )
    for edition_id in session.scalars(query):
        yield f"edition {edition_id}", "in force without a positive form for approval"


def _planned(session: Session) -> Found:
    """A course whose next check is far off has it in the calendar (13.1)."""
    today = settings.today(session)
    begun = sa.select(TopicalityCheck.course_id).where(TopicalityCheck.closed_at.is_(None))
    planned = sa.select(PlannedEvent.subject).where(PlannedEvent.name == calendar.EVENT)
    query = sa.select(Course.id, Course.check_due).where(
        Course.check_due.is_not(None),
        Course.id.not_in(begun),
        Course.id.not_in(planned.where(PlannedEvent.subject.is_not(None))),
    )
    for course_id, due in session.execute(query):
        if due is not None and calendar.begins(session, due) > today:
            yield f"course {course_id}", f"to be checked by {due}, and nothing will begin the check"
