"""What people wrote in the forms of an instance: task data hold decisions only, the rest stays in the submissions."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.workflow.models import Instance, Submission, Task


def latest(
    session: Session, instance_id: str | None, *forms: str, organisation: str | None = None
) -> Submission | None:
    """The newest submission of one of these forms; with an organisation, of a task of that organisation."""
    query = sa.select(Submission).where(Submission.instance_id == instance_id, Submission.form.in_(forms))
    if organisation is not None:
        query = query.join(Task, Task.id == Submission.task_id).where(Task.organisation == organisation)
    return session.scalar(query.order_by(Submission.at.desc(), Submission.id.desc()).limit(1))


def about(session: Session, subject: str, form: str) -> Submission | None:
    """The newest submission of that form about a course, whatever instance it belongs to."""
    query = sa.select(Submission).join(Instance, Instance.id == Submission.instance_id)
    query = query.where(Instance.subject == subject, Submission.form == form)
    return session.scalar(query.order_by(Submission.at.desc(), Submission.id.desc()).limit(1))


def text(submission: Submission | None, field: str) -> str:
    """What was typed in a text field, or nothing."""
    value = submission.values.get(field) if submission else None
    return value.strip() if isinstance(value, str) else ""


def rows(submission: Submission | None, field: str) -> Sequence[dict[str, str]]:
    """The rows of a table, each field name -> text."""
    value = submission.values.get(field) if submission else None
    return value if isinstance(value, list) else []


def files(submission: Submission | None, field: str) -> list[str]:
    """Ids of the files given in a field."""
    value = submission.values.get(field) if submission else None
    return [value] if isinstance(value, str) and value else list(value or [])
