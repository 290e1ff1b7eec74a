"""Forms for approval that were filled in: rows that nobody changes."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.courses.approvals.models import ApprovalForm
from app.courses.register import get_course_for
from app.errors import NotFound
from app.identity.actors import Actor


def get_form(session: Session, form_id: str) -> ApprovalForm:
    """Raises NotFound."""
    found = session.get(ApprovalForm, form_id)
    if found is None:
        raise NotFound
    return found


def get_form_for(session: Session, actor: Actor, form_id: str) -> ApprovalForm:
    """The form, if the actor may see its course. Raises NotFound, Denied."""
    found = get_form(session, form_id)
    get_course_for(session, actor, found.course_id)
    return found


def of_course(session: Session, course_id: str) -> list[ApprovalForm]:
    """All forms of the course, the newest first."""
    query = sa.select(ApprovalForm).where(ApprovalForm.course_id == course_id)
    return list(session.scalars(query.order_by(ApprovalForm.position.desc())))


def latest(session: Session, course_id: str) -> ApprovalForm | None:
    query = sa.select(ApprovalForm).where(ApprovalForm.course_id == course_id)
    return session.scalar(query.order_by(ApprovalForm.position.desc()).limit(1))


def is_approved(session: Session, course_id: str) -> bool:
    """Whether the newest form says that the course may be placed: without it nothing makes it visible (5.1)."""
    found = latest(session, course_id)
    return found is not None and found.may_place
