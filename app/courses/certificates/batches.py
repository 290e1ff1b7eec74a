"""A list of requests issued in one action: each by a job that completes the administrator's own task (R10.2-a)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.courses import choices
from app.courses.certificates.models import CertificateBatch, CertificateRequest
from app.courses.register import get_course
from app.engine import Json
from app.errors import N_, Conflict, Denied, NotFound, Problem
from app.identity.actors import Actor, actor_of
from app.workflow import jobs, tasks
from app.workflow.models import Task
from app.workflow.operations import Context

ISSUE = "certificates.issue_listed"
TASK = "decide"
MOST = 2000
NOTHING = N_("No request of this course can be issued without a person's look at it.")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a list is; `left` 0: everything is decided."""

    batch: CertificateBatch
    counted: Mapping[str, int]
    troubled: tuple[CertificateRequest, ...]

    @property
    def left(self) -> int:
        return max(self.batch.total - self.done - len(self.troubled), 0)

    @property
    def done(self) -> int:
        return sum(number for state, number in self.counted.items() if state != "waiting")


def ready(session: Session, course_id: str) -> list[CertificateRequest]:
    """Requests that the platform decides and that nobody has decided yet; undecided ones are no matter of a list."""
    query = sa.select(CertificateRequest).where(
        CertificateRequest.course_id == course_id,
        CertificateRequest.state == "waiting",
        CertificateRequest.outcome == "eligible",
        CertificateRequest.batch_id.is_(None),
    )
    return list(session.scalars(query.order_by(CertificateRequest.asked_at, CertificateRequest.id).limit(MOST)))


def start(session: Session, actor: Actor, course_id: str) -> CertificateBatch:
    """Issue all that are ready, after commit. Raises Denied, NotFound, Conflict."""
    if not actor.holds("administrator"):
        raise Denied(kind="course", id=course_id)
    course = get_course(session, course_id)
    found = ready(session, course.id)
    if not found:
        raise Conflict(NOTHING)
    made = CertificateBatch(course_id=course.id, total=len(found), started_by=actor.person_id)
    session.add(made)
    session.flush()
    for one in found:
        one.batch_id = made.id
    session.flush()
    wanted = [jobs.Wanted(ISSUE, {"request": one.id}, f"{ISSUE}:{made.id}:{one.id}") for one in found]
    jobs.enqueue_all(session, wanted)
    return made


def issue_listed(context: Context, request: str) -> Json:
    """One of the list, as if its administrator had pressed the button; what hinders it is written beside it."""
    session = context.session
    found = session.get_one(CertificateRequest, request)
    batch = session.get_one(CertificateBatch, found.batch_id)
    try:
        with session.begin_nested():
            _complete(session, actor_of(session, batch.started_by), found, context.key)
    except Problem as problem:
        session.refresh(found)
        found.trouble = str(problem)
    session.flush()
    return {"state": found.state}


def _complete(session: Session, actor: Actor, request: CertificateRequest, nonce: str) -> None:
    query = sa.select(Task).where(
        Task.instance_id == request.instance_id, Task.element == TASK, Task.closed_at.is_(None)
    )
    task = session.scalars(query).one_or_none()
    if task is None:  # decided by somebody meanwhile
        return
    opened = tasks.get_task_for(session, actor, task.id)
    form = opened.form.name if opened.form else ""
    known = choices.context(session, form, task.subject, tasks.data_of(session, opened))
    values: dict[str, Json] = {"decision": "issue"}
    tasks.complete(session, actor, task.id, values, nonce=nonce, revision=task.revision, context=known)


def progress_for(session: Session, actor: Actor, course_id: str, batch_id: str) -> Progress:
    """Raises Denied, NotFound."""
    if not actor.holds("administrator"):
        raise Denied(kind="course", id=course_id)
    batch = session.get(CertificateBatch, batch_id)
    if batch is None or batch.course_id != course_id:
        raise NotFound
    own = CertificateRequest.batch_id == batch.id
    rows: Sequence[tuple[str, int]] = [
        (row[0], row[1])
        for row in session.execute(
            sa.select(CertificateRequest.state, sa.func.count()).where(own).group_by(CertificateRequest.state)
        )
    ]
    stuck = sa.select(CertificateRequest).where(own, CertificateRequest.trouble != "")
    waiting = stuck.where(CertificateRequest.state == "waiting").order_by(CertificateRequest.asked_at)
    return Progress(batch, dict(rows), tuple(session.scalars(waiting)))


def of_course(session: Session, course_id: str) -> list[CertificateBatch]:
    """The newest first."""
    query = sa.select(CertificateBatch).where(CertificateBatch.course_id == course_id)
    return list(session.scalars(query.order_by(CertificateBatch.started_at.desc()).limit(20)))
