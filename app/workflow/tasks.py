"""Tasks: who may see, take and complete them. Fetching and permitting are one call; there is no other way to a task."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock, engine, forms
from app.audit.evidence import record
from app.audit.kinds import Kind
from app.db import is_sqlite
from app.engine import Element, Json
from app.errors import N_, Conflict, Denied, NotFound
from app.i18n import Text
from app.identity.actors import Actor, formerly
from app.workflow import deadlines, instances, past_diagrams, releases, submissions
from app.workflow.models import Deadline, Instance, Subject, Submission, Task
from app.workflow.submissions import Place, Sender
from app.workflow.trail import Cause

DONE = N_("This task is no longer open: it has been completed or withdrawn.")
CHANGED = N_("This task has changed since the page was opened. What you typed is kept below.")
TAKEN = N_("Somebody else has taken this task.")
STOPPED = N_("This procedure is suspended. Nothing can be submitted until it is resumed.")


@dataclass(frozen=True, slots=True)
class Opened:
    """A task that the actor may see, with what its page needs."""

    task: Task
    instance: Instance
    element: Element
    form: forms.Form | None
    subject: Subject | None
    earlier: Submission | None = None
    """What was sent with the nonce that was asked for."""

    @property
    def name(self) -> Text:
        title = self.task.title
        return Text(title, title) if title else self.element.name


class Ended(Denied):
    """The actor's appointment or substitution, by which the open task was theirs, has ended since it opened."""

    def __init__(self, opened: Opened) -> None:
        super().__init__(kind="task", id=opened.task.id)
        self.opened = opened


@dataclass(frozen=True, slots=True)
class Completion:
    """The answer to a submitted task. `repeated`: it had been taken before; the answer is the same."""

    instance_id: str
    task_id: str
    submission_id: str
    repeated: bool = False
    next_task: str | None = None
    """A task of the same instance that opened by it and that the same person may act on: where to go on."""


_OWNER = sa.select(Task.instance_id).where(Task.id == sa.bindparam("task")).scalar_subquery()
_LOCK = sa.select(Instance.id).where(Instance.id == _OWNER).with_for_update()
_FETCH = (
    sa.select(Task, Instance, Subject, Submission)
    .join(Instance, Instance.id == Task.instance_id)
    .outerjoin(Subject, Subject.key == Task.subject)
    .outerjoin(Submission, Submission.nonce == sa.bindparam("nonce"))
    .where(Task.id == sa.bindparam("task"))
    .execution_options(populate_existing=True)
)


def get_task_for(
    session: Session, actor: Actor, task_id: str, *, lock: bool = False, nonce: str | None = None
) -> Opened:
    """The task, if it exists and the actor may act on it or has completed it.

    Raises NotFound or Denied, which read the same (S38), and Ended to whom it was open until lately. With `lock`, the
    instance is ours until the end.
    """
    if lock and not is_sqlite(session):
        session.execute(_LOCK, {"task": task_id})
    row = session.execute(_FETCH, {"task": task_id, "nonce": nonce}).one_or_none()
    if row is None:
        raise NotFound
    task, instance, subject, earlier = row
    opened = _opened(session, task, instance, subject, earlier)
    if task.closed_by != actor.person_id and not may_act(actor, task):
        if task.closed_at is None and may_act(formerly(session, actor, task.opened_at.date()), task):
            raise Ended(opened)
        raise Denied(kind="task", id=task_id)
    return opened


def _opened(
    session: Session, task: Task, instance: Instance, subject: Subject | None, earlier: Submission | None
) -> Opened:
    release = past_diagrams.loaded_for(session, instance, task)
    element = release.specification.element(task.process, task.element)
    form = release.forms.get(element.form) if element.form else None
    return Opened(task, instance, element, form, subject, earlier)


def may_act(actor: Actor, task: Task) -> bool:
    return actor.may(task.role, task.organisation, task.subject, task.person, task.exclude or ())


def acting_for(actor: Actor, task: Task) -> str | None:
    """The absent person for whom the actor acts here; None when the actor acts in his own right."""
    if task.person == actor.person_id:
        return None
    own = tuple(holding for holding in actor.holdings if holding.on_behalf_of is None)
    if may_act(replace(actor, holdings=own), task):
        return None
    return next((one.on_behalf_of for one in actor.holdings if may_act(replace(actor, holdings=(one,)), task)), None)


def record_denial(session: Session, person_id: str, task_id: str) -> None:
    """Keep a refusal as a security event; in a transaction of its own, since the refused one is rolled back."""
    record(session, "person", person_id, Kind.TASK_DENIED, person_id, {"task": task_id})


def data_of(session: Session, opened: Opened) -> Mapping[str, Json]:
    """The data the open task sees. Restores the engine: for the task's own page, never for lists."""
    if opened.instance.state is None:
        return {}
    run = instances.restored(session, opened.instance)
    return next((one.data for one in run.snapshot().open_tasks if one.id == opened.task.id), {})


def claim(session: Session, actor: Actor, task_id: str) -> Opened:
    """Take the task, so that colleagues see it is in hand. Conflict when somebody else has it."""
    opened = _still_open(get_task_for(session, actor, task_id, lock=True))
    task = opened.task
    if task.claimed_by == actor.person_id:
        return opened
    if task.claimed_by is not None:
        raise Conflict(TAKEN)
    task.claimed_by, task.revision = actor.person_id, task.revision + 1
    session.flush()
    body = {"task": task.id, "element": task.element}
    record(session, "instance", task.instance_id, Kind.TASK_CLAIMED, actor.person_id, body)
    return opened


def give_back(session: Session, actor: Actor, task_id: str) -> Opened:
    """Put a task back for the colleagues."""
    opened = _still_open(get_task_for(session, actor, task_id, lock=True))
    task = opened.task
    if task.claimed_by != actor.person_id:
        raise Conflict(CHANGED)
    task.claimed_by, task.revision = None, task.revision + 1
    session.flush()
    body = {"task": task.id, "element": task.element}
    record(session, "instance", task.instance_id, Kind.TASK_GIVEN_BACK, actor.person_id, body)
    return opened


def complete(
    session: Session,
    actor: Actor,
    task_id: str,
    values: Mapping[str, Json],
    *,
    nonce: str,
    revision: int,
    context: forms.Context | None = None,
    opened: Opened | None = None,
) -> Completion:
    """Submit the task's form. `values` as typed or typed already; they are checked here whoever has checked before.

    The same nonce again gives the same answer and has no second effect (V19). Raises Invalid with the fields, and
    Conflict when somebody was faster or the task is another than the page showed. `opened`: what this transaction has
    fetched already, with `lock` and this nonce.
    """
    opened = opened or get_task_for(session, actor, task_id, lock=True, nonce=nonce)
    task, instance = opened.task, opened.instance
    if opened.earlier is not None:
        if (opened.earlier.by, opened.earlier.task_id) != (actor.person_id, task_id):
            raise Conflict(CHANGED)
        return Completion(instance.id, task_id, opened.earlier.id, repeated=True)
    _refuse_late(_still_open(opened), actor, revision)
    result = submissions.checked(opened.form, values, context)
    sender = Sender(actor.person_id, nonce, acting_for(actor, task))
    place = Place(instance.id, instance.release_id, task_id, task.subject)
    written = submissions.write(opened.form, result, sender, place)
    submissions.keep(session, written)
    submissions.write_bound(session, opened.form, result.values, actor.person_id, task.subject)
    outputs = forms.outputs(opened.form, result, opened.element.outputs) if opened.form else {}
    facts = {"task": task_id, "element": task.element, **written.facts}
    cause = Cause(Kind.TASK_COMPLETED, actor.person_id, facts, person=actor.person_id)
    change = instances.step(session, instance, lambda run: run.complete(task_id, outputs), cause)
    return Completion(instance.id, task_id, written.id, next_task=_next_of(session, actor, instance, change))


def _next_of(session: Session, actor: Actor, instance: Instance, change: engine.Advance) -> str | None:
    specification = releases.specification(session, instance.release_id)
    for one in change.tasks:
        role = specification.element(one.process, one.element).role
        if actor.may(role, one.organisation, one.subject or instance.subject, one.person, one.exclude):
            return one.id
    return None


def _still_open(opened: Opened) -> Opened:
    if opened.task.closed_at is not None:
        raise Conflict(DONE)
    return opened


def _refuse_late(opened: Opened, actor: Actor, revision: int) -> None:
    task = opened.task
    if not may_act(actor, task):
        raise Denied(kind="task", id=task.id)
    if opened.instance.status == instances.SUSPENDED:
        raise Conflict(STOPPED)
    if task.claimed_by not in (None, actor.person_id):
        raise Conflict(TAKEN)
    if task.revision != revision:
        raise Conflict(CHANGED)


def extend_deadline(session: Session, actor: Actor, task_id: str, name: str, until: date, reason: str) -> None:
    """Move a deadline of the task; see `deadlines.extend`."""
    deadlines.extend(session, _deadline(session, actor, task_id, name).id, until, actor.person_id, reason)


def stop_clock(session: Session, actor: Actor, task_id: str, name: str, reason: str) -> None:
    deadlines.stop_clock(session, _deadline(session, actor, task_id, name).id, actor.person_id, reason)


def start_clock(session: Session, actor: Actor, task_id: str, name: str, reason: str) -> None:
    deadlines.start_clock(session, _deadline(session, actor, task_id, name).id, actor.person_id, reason)


def _deadline(session: Session, actor: Actor, task_id: str, name: str) -> Deadline:
    _still_open(get_task_for(session, actor, task_id, lock=True))
    found = [one for one in deadlines.of_task(session, task_id) if one.name == name]
    if not found:
        raise NotFound
    return found[0]


def today_for(actor: Actor) -> date:
    """The date where the actor is, for forms."""
    return clock.today(actor.zone)
