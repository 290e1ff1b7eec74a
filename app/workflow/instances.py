"""Instances of procedures: the heart of the program.

An instance stands still until something happens to it: a person completes a task, a job has its answer, a timer is
due, a message comes. Then it takes one step, in one transaction:

    the row is locked → the engine is restored from its state → it moves to rest → operations that the diagram wants
    answered at once are run, and the engine moves on → the new state is stored if nobody else has stored one →
    tasks, deadlines, timers, jobs and incidents become rows (`effects`) → the step becomes evidence (`trail`)

Whoever calls commits: all of it is stored, or nothing.
"""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app import clock, engine
from app.audit.evidence import record
from app.audit.kinds import Kind
from app.db import new_id
from app.engine import Advance, Json, Run, StaleTask
from app.errors import N_, Conflict, Invalid, NotFound
from app.i18n import Text
from app.workflow import effects, immediate, incidents, messages, releases, trail
from app.workflow.models import Instance
from app.workflow.operations import Context
from app.workflow.trail import Cause

RUNNING, SUSPENDED, COMPLETED, CANCELLED = "running", "suspended", "completed", "cancelled"
NOWHERE = incidents.About(None)
UNUSABLE = N_("The procedure cannot go on with this: %(detail)s")
DAMAGED = N_(
    "What is stored of this procedure is damaged. It has been stopped and the operator is told; nothing is lost."
)
STANDS = Text(
    "Сохраненное состояние процедуры повреждено, она остановлена. Восстановите ее состояние из "
    "резервной копии, затем возобновите процедуру.",
    "The stored state of the procedure is damaged, and it has been stopped. Restore its state from a "
    "backup, then resume the procedure.",
)
TOO_LATE = N_("This is not waiting any more: somebody was faster, or it was withdrawn.")


class Damaged(Conflict):
    """The stored state is not what was stored. This instance stops; all others go on."""

    def __init__(self, instance_id: str) -> None:
        super().__init__(DAMAGED)
        self.instance_id = instance_id


def start(
    session: Session,
    release_id: str,
    process: str,
    data: Mapping[str, Json],
    actor: str,
    *,
    subject: str | None = None,
    body: Mapping[str, Json] | None = None,
    instance_id: str | None = None,
) -> Instance:
    """Begin an instance with these data and move it to its first rest. NotFound: the release has no such process.

    By a person's form: see `starts`. From a domain event or a calendar rule: an operation in a job calls this.
    """
    specification = releases.specification(session, release_id)
    if process not in specification.processes:
        raise NotFound
    instance = Instance(id=instance_id or new_id(), release_id=release_id, process=process, subject=subject)
    instance.status, instance.revision = RUNNING, 0
    instance.started_by, instance.started_at = actor, clock.now()
    session.add(instance)
    session.flush()
    run = engine.start(specification, process, data)
    facts = {"process": process, "release": release_id, "subject": subject, **(body or {})}
    _settle(session, instance, run, run.advance, Cause(Kind.INSTANCE_STARTED, actor, facts))
    return instance


def step(session: Session, instance: Instance, move: Callable[[Run], Advance], cause: Cause) -> Advance:
    """Take one step; `instance` comes from `lock` in this transaction. Conflict when the engine waits no longer."""
    if instance.state is None:
        raise Conflict(TOO_LATE)
    run = restored(session, instance)
    try:
        change = move(run)
    except StaleTask:
        raise Conflict(TOO_LATE) from None
    return _settle(session, instance, run, change, cause)


def restored(session: Session, instance: Instance) -> Run:
    """The instance in the engine. Raises Damaged; whoever catches that calls `quarantine` in a new transaction."""
    specification = releases.specification(session, instance.release_id)
    try:
        return engine.restore(specification, instance.state or b"")
    except engine.UnreadableState as error:
        raise Damaged(instance.id) from error


def _settle(session: Session, instance: Instance, run: Run, change: Advance, cause: Cause) -> Advance:
    """From the engine's rest to a stored step."""
    now = clock.now()
    context = Context(session, instance.id, instance.subject, cause.actor, now, key="")
    change = immediate.answer_all(context, run, change)
    _refuse(change)
    state = None if change.ended else run.save()
    _store(session, instance, state, change)
    specification = releases.specification(session, instance.release_id)
    again = cause.kind is Kind.INCIDENT_RETRIED
    written = effects.Step(session, instance, specification, change, now, cause.person, again)
    effects.write(written)
    trail.record_step(session, instance, change, cause, written.dates)
    if change.ended:
        incidents.close_all(session, instance.id, cause.actor, instance.status)
        for told in _at_end:
            told(session, instance, instance.status)
    return change


def transfer(
    session: Session, instance: Instance, release_id: str, state: bytes, change: Advance, cause: Cause
) -> None:
    """Put the instance under another release, with a state that was planned for it; stored and told as a step is.

    `instance` comes from `lock` in this transaction. For `moves` only.
    """
    _store(session, instance, state, change, release_id)
    written = effects.Step(session, instance, releases.specification(session, release_id), change, clock.now())
    effects.write(written)
    trail.record_step(session, instance, change, cause, written.dates)


AtEnd = Callable[[Session, Instance, str], None]
_at_end: list[AtEnd] = []


def on_end(do: AtEnd) -> None:
    """Have `do(session, instance, how)` called in the step that ends an instance; `how` is completed or cancelled."""
    if do not in _at_end:
        _at_end.append(do)


def _refuse(change: Advance) -> None:
    """What was handed to the engine was too large or unusable: nothing has happened, and nothing is kept."""
    for problem in change.problems:
        if problem.refused:
            raise Invalid(UNUSABLE, detail=str(problem.message))


_ROWS: Any = Instance.__table__
_STORE: Any = sa.update(_ROWS).where(_ROWS.c.id == sa.bindparam("instance"), _ROWS.c.revision == sa.bindparam("read"))


def _store(
    session: Session, instance: Instance, state: bytes | None, change: Advance, release_id: str | None = None
) -> None:
    """Compare and set: the revision that was read must still be the stored one (N7)."""
    values: dict[str, Any] = {"state": state, "revision": instance.revision + 1}
    if release_id is not None:
        values["release_id"] = release_id
    if change.ended:
        values["status"] = COMPLETED if change.ended.end_event else CANCELLED
        values["ended_at"], values["end_event"] = clock.now(), change.ended.end_event
    read = {"instance": instance.id, "read": instance.revision}
    stored: Any = session.execute(_STORE, {**read, **values})
    if stored.rowcount != 1:
        raise Conflict(TOO_LATE)
    for name, value in values.items():
        set_committed_value(instance, name, value)


def lock(session: Session, instance_id: str) -> Instance:
    """The instance as it stands now, ours until the transaction ends. Always lock it before its jobs and timers."""
    query = sa.select(Instance).where(Instance.id == instance_id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def suspend(session: Session, instance_id: str, by: str, reason: str) -> None:
    """Stop the instance: no task of it is taken, no timer fires, no job begins, until it is resumed."""
    _set_status(session, instance_id, (RUNNING, SUSPENDED), Kind.INSTANCE_SUSPENDED, by, reason)


def resume(session: Session, instance_id: str, by: str, reason: str) -> None:
    """Timers that came due meanwhile fire now, each once, and messages that came are delivered."""
    _set_status(session, instance_id, (SUSPENDED, RUNNING), Kind.INSTANCE_RESUMED, by, reason)
    messages.look_for_all(session, instance_id)


def quarantine(session: Session, instance_id: str) -> None:
    """Suspend an instance whose state is damaged, with an incident; once, however many meet it."""
    instance = lock(session, instance_id)
    if instance.status == RUNNING:
        instance.status = SUSPENDED
        session.flush()
        record(session, "instance", instance_id, Kind.INSTANCE_SUSPENDED, "system:workflow", {"damaged": True})
        incidents.open_one(session, instance_id, "state", STANDS, trail.digest(instance.state or b""), NOWHERE)


def cancel(session: Session, instance_id: str, by: str, reason: str) -> None:
    """End the instance where it stands; all that it waits for is closed."""
    instance = lock(session, instance_id)
    cause = Cause(Kind.INSTANCE_CANCELLED, by, personal={"reason": _given(reason)})
    step(session, instance, Run.cancel, cause)


def _set_status(session: Session, instance_id: str, change: tuple[str, str], kind: Kind, by: str, reason: str) -> None:
    instance = lock(session, instance_id)
    if instance.status != change[0]:
        raise Conflict(TOO_LATE)
    instance.status = change[1]
    session.flush()
    record(session, "instance", instance_id, kind, by, {}, {"reason": _given(reason)}, by)


def _given(reason: str) -> str:
    if not reason.strip():
        raise Invalid(N_("Give a reason: it is kept with the evidence."))
    return reason.strip()
