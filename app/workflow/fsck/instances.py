"""Instances against what stands in their state, in their rows and in the evidence (V01–V04, V09, V10, V15)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import engine
from app.audit.kinds import Kind
from app.audit.models import EventRow, StreamRow
from app.engine import Call, OpenTask, Receiver, Snapshot, Timer
from app.errors import NotFound
from app.workflow import releases
from app.workflow.fsck.folding import Fold
from app.workflow.fsck.violation import Violation
from app.workflow.models import Blob, Incident, Instance, Job, Release, Task
from app.workflow.models import Receiver as ReceiverRow
from app.workflow.models import Timer as TimerRow
from app.workflow.trail import digest


@dataclass(slots=True)
class _Rows:
    """What the rows say an instance waits for."""

    tasks: set[str] = field(default_factory=set)
    timers: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)
    """Calls whose job lives, or is dead and waits for a person."""
    receivers: set[str] = field(default_factory=set)
    incidents: int = 0


def check(session: Session, told: Mapping[str, Fold]) -> Iterator[Violation]:
    yield from _releases(session)
    rows = _rows(session)
    for instance in session.scalars(sa.select(Instance).order_by(Instance.id)):
        fold = told.get(instance.id, Fold())
        own = rows.get(instance.id, _Rows())
        yield from _evidence(instance, fold)
        if instance.ended_at is not None or instance.status not in ("running", "suspended"):
            yield from _ended(instance, own, fold)
        else:
            yield from _running(session, instance, own, fold)


def _releases(session: Session) -> Iterator[Violation]:
    blobs = {blob.sha256: releases.manifest_of({"": blob.data})[""] for blob in session.scalars(sa.select(Blob))}
    published = _published(session)
    for release in session.scalars(sa.select(Release)):
        where = f"release {release.number}"
        for path, wanted in release.manifest.items():
            if wanted not in blobs:
                yield Violation("V10", where, f"{path} is missing")
            elif blobs[wanted] != wanted:
                yield Violation("V09", where, f"{path} is not what was published")
        if releases.content_hash(release.manifest) != release.sha256 or published.get(release.id) != release.sha256:
            yield Violation("V09", where, "the manifest is not what was published")


def _published(session: Session) -> dict[str, str]:
    """Release -> checksum, as its event says."""
    query = (
        sa.select(StreamRow.ident, EventRow.body)
        .join(StreamRow, StreamRow.id == EventRow.stream)
        .where(EventRow.kind == Kind.RELEASE_PUBLISHED.value)
    )
    return {row[0]: releases.published_as(row[1]) for row in session.execute(query)}


def _rows(session: Session) -> dict[str, _Rows]:
    found: dict[str, _Rows] = {}

    def of(instance_id: str) -> _Rows:
        return found.setdefault(instance_id, _Rows())

    for owner, ident in session.execute(sa.select(Task.instance_id, Task.id).where(Task.closed_at.is_(None))):
        of(owner).tasks.add(ident)
    for owner, ident in session.execute(sa.select(TimerRow.instance_id, TimerRow.id)):
        of(owner).timers.add(ident)
    for owner, ident in session.execute(sa.select(ReceiverRow.instance_id, ReceiverRow.id)):
        of(owner).receivers.add(ident)
    live = sa.and_(Job.call.is_not(None), sa.or_(Job.outcome.is_(None), _awaited()))
    for job in session.scalars(sa.select(Job).where(live)):
        of(str(job.instance_id)).calls.add(str(job.call))
    for incident in session.scalars(sa.select(Incident).where(Incident.closed_at.is_(None))):
        of(str(incident.instance_id)).incidents += 1
    return found


def _awaited() -> sa.ColumnElement[bool]:
    waits = sa.exists().where(Incident.job_id == Job.id, Incident.closed_at.is_(None))
    return sa.and_(Job.outcome == "dead", waits)


def _evidence(instance: Instance, fold: Fold) -> Iterator[Violation]:
    where = f"instance {instance.id}"
    if fold.revisions != list(range(1, instance.revision + 1)):
        yield Violation("V05", where, f"revision {instance.revision}, but {len(fold.revisions)} steps in the evidence")
    stored = digest(instance.state) if instance.state is not None else None
    if stored != fold.state:
        yield Violation("V09", where, "the state is not that of the last step")


def _ended(instance: Instance, rows: _Rows, fold: Fold) -> Iterator[Violation]:
    where = f"instance {instance.id}"
    if (instance.status == "completed") != (instance.end_event is not None):
        yield Violation("V01", where, f"{instance.status} with end event {instance.end_event}")
    if instance.state is not None or instance.ended_at is None or not fold.ended or fold.end != instance.end_event:
        yield Violation("V01", where, "its end is not in the evidence")
    for name, ids in (("task", rows.tasks), ("timer", rows.timers), ("call", rows.calls), ("receiver", rows.receivers)):
        for ident in sorted(ids):
            yield Violation("V01", where, f"{name} {ident} still waits")


def _running(session: Session, instance: Instance, rows: _Rows, fold: Fold) -> Iterator[Violation]:
    where = f"instance {instance.id}"
    try:
        loaded = releases.load(session, instance.release_id)
    except (NotFound, KeyError):
        yield Violation("V10", where, f"release {instance.release_id} cannot be loaded")
        return
    if instance.state is None:
        yield Violation("V02", where, "it has no state")
        return
    try:
        snapshot = engine.restore(loaded.specification, instance.state).snapshot()
    except Exception as error:  # whatever a damaged state does to the engine is one finding here
        yield Violation("V09", where, f"the state cannot be read: {type(error).__name__}")
        return
    if snapshot.ended or not (_waiting(snapshot) or rows.incidents):
        yield Violation("V02", where, "it waits for nothing")
    calls = {call.id for call in snapshot.calls}
    yield from _same("V03", where, "task", rows.tasks, {task.id for task in snapshot.open_tasks})
    for task in sorted(fold.standing ^ {task.id for task in snapshot.open_tasks}):
        yield Violation("V06", where, f"task {task} is open only in the state, or only by the evidence")
    yield from _same("V04", where, "timer", rows.timers, {timer.id for timer in snapshot.timers})
    yield from _same("V04", where, "call", rows.calls, calls)
    yield from _same("V04", where, "receiver", rows.receivers, {one.id for one in snapshot.receivers})
    yield from _called(instance, snapshot, fold)


def _same(invariant: str, where: str, name: str, rows: Iterable[str], state: Iterable[str]) -> Iterator[Violation]:
    for ident in sorted(set(rows) - set(state)):
        yield Violation(invariant, where, f"{name} {ident} is a row but not in the state")
    for ident in sorted(set(state) - set(rows)):
        yield Violation(invariant, where, f"{name} {ident} is in the state but not a row")


def _waiting(snapshot: Snapshot) -> Sequence[OpenTask | Call | Timer | Receiver]:
    return (*snapshot.open_tasks, *snapshot.calls, *snapshot.timers, *snapshot.receivers)


def _called(instance: Instance, snapshot: Snapshot, fold: Fold) -> Iterator[Violation]:
    """What waits in a called process or a sub-process must be within an activity that was entered and not left."""
    for one in _waiting(snapshot):
        if one.path and fold.inside[one.path[0]] < 1:
            yield Violation("V15", f"instance {instance.id}", f"{one.element} waits, but {one.path[0]} does not")
