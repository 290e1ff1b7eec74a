"""Jobs: what is to be done after commit. The row is written with the step that wants it, and is the truth about it.

A worker claims a row for the length of a lease, renews the lease while it works, and finishes the row under the token
of its claim. Whoever lost the lease holds an old token and can change nothing any more.
"""

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app import clock
from app.db import is_sqlite
from app.workflow import operations, standstill, stops
from app.workflow.inserting import insert
from app.workflow.models import Instance, Job

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=6)
LIVE = Job.outcome.is_(None)


class LeaseLost(Exception):
    """The job was given to another worker, finished or cancelled in the meantime: keep nothing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A job to be written; see the columns of `Job`."""

    operation: str
    params: Mapping[str, Any]
    key: str
    instance_id: str | None = None
    call: str | None = None
    queue: str | None = None
    due: datetime | None = None
    task_id: str | None = None
    max_attempts: int | None = None
    """None: as many as the operation says."""


def _nobody(session: Session) -> None:
    """The local worker looks for itself."""


Defer = Callable[[Session, Mapping[int, datetime]], None]
_wake: Callable[[Session], None] = _nobody
_defer: Defer | None = None


def dispatch_by(wake: Callable[[Session], None]) -> None:
    """Install what tells workers that this transaction writes jobs which are due."""
    global _wake
    _wake = wake


def defer_by(defer: Defer | None) -> None:
    """Install what hands jobs (number -> due) to a queue outside, in the transaction that writes them."""
    global _defer
    _defer = defer


def enqueue(
    session: Session,
    operation: str,
    params: Mapping[str, Any],
    *,
    key: str,
    due: datetime | None = None,
    instance_id: str | None = None,
    queue: str | None = None,
) -> None:
    """Have the operation run after commit, not before `due`. A second job of the same key is not written."""
    enqueue_all(session, [Wanted(operation, params, key, instance_id, queue=queue, due=due)])


def enqueue_all(session: Session, wanted: Sequence[Wanted]) -> None:
    """One statement for all of them."""
    if not wanted:
        return
    now = clock.now()
    rows: list[dict[str, Any]] = [
        {
            "operation": one.operation,
            "params": dict(one.params),
            "key": one.key,
            "instance_id": one.instance_id,
            "call": one.call,
            "task_id": one.task_id,
            "queue": one.queue,
            "due": one.due or now,
            "created_at": now,
            "max_attempts": one.max_attempts or _attempts(one.operation),
        }
        for one in wanted
    ]
    if _defer is not None:
        written = session.execute(_new(session).returning(Job.id, Job.due), rows)
        _defer(session, {row.id: row.due for row in written})
    else:
        session.execute(_new(session), rows)
    if any(row["due"] <= now for row in rows):
        _wake(session)


def _attempts(operation: str) -> int:
    return operations.find(operation).max_attempts if operations.known(operation) else operations.ATTEMPTS


_NEW: dict[bool, Any] = {}
"""The statement, built once for each kind of database."""


def _new(session: Session) -> Any:
    here = is_sqlite(session)
    if here not in _NEW:
        _NEW[here] = insert(session, Job.__table__).on_conflict_do_nothing(index_elements=["key"])
    return _NEW[here]


def claim(session: Session, worker: str, lease: timedelta, limit: int = 1, only: int | None = None) -> list[Job]:
    """Take due jobs, the longest due first: none whose queue has an older one, none that another worker holds.

    None whose outside system is out of order, or has as many running as may run at a time. Counts an attempt for
    each, also when the last holder simply vanished; one that has none left comes back with `attempts > max_attempts`
    and is to be given up.
    """
    if standstill.is_on(session):
        return []
    at = lease_clock(session)
    until = at + lease
    taken: list[Job] = []
    crowded: set[str] = set()
    while len(taken) < limit:
        query = _due(at, crowded).order_by(Job.due, Job.id).limit(limit - len(taken))
        query = query.where(Job.id == only) if only is not None else query
        query = query.with_for_update(skip_locked=True, of=Job)
        found = list(session.scalars(query.execution_options(populate_existing=True)))
        if not found:
            break
        for job in found:
            if job.operation in crowded or stops.crowded(session, job, at):
                crowded |= stops.companions(job.operation)
                continue
            job.lease_by, job.lease_until = worker, until
            job.token += 1
            job.attempts += 1
            session.flush()
            taken.append(job)
    return taken


def _due(at: datetime, crowded: Collection[str]) -> sa.Select[Any]:
    older = aliased(Job)
    blocked = sa.exists().where(older.queue == Job.queue, older.outcome.is_(None), older.id < Job.id)
    suspended = sa.exists().where(Instance.id == Job.instance_id, Instance.status == "suspended")
    query = (
        sa.select(Job)
        .where(LIVE, Job.due <= clock.now(), sa.or_(Job.lease_until.is_(None), Job.lease_until < at))
        .where(~blocked, ~suspended, ~stops.stopped())
    )
    return query.where(Job.operation.not_in(crowded)) if crowded else query


def unclaimed(session: Session, limit: int, queue: str | None = None) -> dict[int, datetime]:
    """Jobs that a worker could claim now, the longest due first; of one queue only, where it is named."""
    query = _due(lease_clock(session), ()).order_by(Job.due, Job.id).limit(limit)
    query = query.where(Job.queue == queue) if queue is not None else query
    return {job.id: job.due for job in session.scalars(query)}


def renew(session: Session, held: Mapping[int, int], lease: timedelta) -> set[int]:
    """Prolong the leases of the jobs (id -> token); returns the ids that are lost."""
    until = lease_clock(session) + lease
    lost = set()
    for job_id, token in held.items():
        update = sa.update(Job).where(Job.id == job_id, Job.token == token, LIVE).values(lease_until=until)
        if not _changed(session, update):
            lost.add(job_id)
    return lost


def release(session: Session, job_id: int, token: int) -> None:
    """Give an unfinished job back at once, uncounted: the worker stops."""
    values = {"lease_by": None, "lease_until": None, "attempts": Job.attempts - 1, "token": Job.token + 1}
    session.execute(_held(job_id, token).values(values))


def hold(session: Session, job_id: int, token: int) -> Job:
    """Lock the job for finishing. Raises LeaseLost. Lock its instance first, as every other step does."""
    query = sa.select(Job).where(Job.id == job_id, Job.token == token, LIVE).with_for_update()
    job = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if job is None:
        raise LeaseLost(job_id)
    return job


def finish(session: Session, job: Job, receipt: Any) -> None:
    """The job is done; `job` comes from `hold` in the same transaction."""
    _close(job, "done")
    job.receipt, job.last_error = receipt, None
    session.flush()


def put_off(session: Session, job: Job, error: str) -> None:
    """Try again later: the pauses grow from seconds to hours and differ, so that a crowd does not return at once."""
    job.lease_by, job.lease_until = None, None
    job.last_error = error[:2000]
    job.due = clock.now() + pause(job.attempts)
    session.flush()
    if _defer is not None:
        _defer(session, {job.id: job.due})


def let_wait(session: Session, job: Job, error: str) -> None:
    """Its outside system is out of order: it goes on when that is mended; the attempt does not count."""
    job.lease_by, job.lease_until = None, None
    job.attempts -= 1
    job.last_error = error[:2000]
    session.flush()


def bury(session: Session, job: Job, error: str) -> None:
    """No further attempt; the caller opens an incident or lets the diagram catch the error."""
    _close(job, "dead")
    job.last_error = error[:2000]
    session.flush()


def wake(session: Session) -> None:
    """Jobs that waited are due again."""
    _wake(session)


def cancel(session: Session, calls: Sequence[str]) -> None:
    """Nobody waits for these calls any more. A worker in the midst of one finds its token worthless."""
    if calls:
        values = {"outcome": "cancelled", "finished_at": clock.now(), "token": Job.token + 1, "lease_until": None}
        session.execute(sa.update(Job).where(Job.call.in_(calls), LIVE).values(values))


def revive(session: Session, job: Job) -> None:
    """Try a dead job anew, at the end of its queue. Its key stays, its old number dies with its old tokens."""
    now = clock.now()
    fresh = Wanted(
        job.operation, job.params, job.key, job.instance_id, job.call, job.queue, now, job.task_id, job.max_attempts
    )
    session.delete(job)
    session.flush()
    enqueue_all(session, [fresh])


def forget(session: Session, job: Job) -> None:
    """Its reason is gone and it has done nothing."""
    session.delete(job)
    session.flush()


def forget_dead(session: Session, call: str) -> None:
    """The engine asks anew under the same key: make room for the new job."""
    session.execute(sa.delete(Job).where(Job.call == call, Job.outcome.is_not(None)))


def pause(attempts: int) -> timedelta:
    """The pause after that many attempts, a quarter more or less by chance."""
    grown: timedelta = FIRST_PAUSE * 4 ** min(attempts - 1, 12)
    return min(grown, LONGEST_PAUSE) * random.uniform(0.75, 1.25)


def lease_clock(session: Session) -> datetime:
    """The clock of leases: the database's own on PostgreSQL, this machine's on SQLite; nobody moves it."""
    if is_sqlite(session):
        return clock.system()
    now: datetime = session.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return now


def _close(job: Job, outcome: str) -> None:
    job.outcome, job.finished_at = outcome, clock.now()
    job.lease_by, job.lease_until = None, None


def _held(job_id: int, token: int) -> sa.Update:
    return sa.update(Job).where(Job.id == job_id, Job.token == token, LIVE)


def _changed(session: Session, update: sa.Update) -> bool:
    result: Any = session.execute(update)
    return bool(result.rowcount == 1)
