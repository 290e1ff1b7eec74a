"""Running a claimed job in three parts: prepare in a transaction, act on the world in none, settle in another.

The worker opens the transactions. `settle` writes what the operation keeps, the job's end and the instance's step
together, and only while the claim's token is still good: a worker that was away too long changes nothing.
"""

import logging
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.evidence import record
from app.audit.kinds import Kind
from app.engine import Json
from app.errors import OutOfOrder, PermanentFailure, Problem
from app.workflow import delivery, events, incidents, instances, jobs, operations, stops
from app.workflow.models import Instance, Job, Task
from app.workflow.moves import batches
from app.workflow.operations import Context, Operation
from app.workflow.trail import Cause

OWN = {one.name: one for one in (delivery.OPERATION, *events.OWN, *batches.OPERATIONS)}
"""Operations of the workflow itself."""
WORKER = "system:worker"
log = logging.getLogger("coomet.worker")


class Dropped(Exception):
    """The job's reason is gone (its task is closed): nothing is to be done."""


def prepare(session: Session, job: Job) -> Any:
    """What the operation needs to act; None where it acts on our own tables only. Raises Dropped."""
    if job.attempts > job.max_attempts:
        raise PermanentFailure("its workers vanished in every attempt")
    operation = _operation(job)
    if job.task_id is not None and _closed(session, job.task_id):
        raise Dropped
    if operation.outside is None:
        return None
    return operation.outside.prepare(_context(session, job, _instance_of(session, job)), **job.params)


def act(job: Job, request: Any) -> Any:
    """Touch the world. No transaction is open."""
    outside = _operation(job).outside
    return None if outside is None else outside.act(request, job.key)


def settle(session: Session, job: Job, answer: Any) -> None:
    """Keep the result. Raises LeaseLost."""
    instance = instances.lock(session, job.instance_id) if job.instance_id else None
    held = jobs.hold(session, job.id, job.token)
    operation = _operation(job)
    extra: Mapping[str, Any] = {"answer": answer} if operation.outside is not None else {}
    result = operation.run(_context(session, job, instance), **job.params, **extra)
    jobs.finish(session, held, result)
    if instance is not None and held.call is not None:
        _answer(session, instance, held, result)


def drop(session: Session, job: Job) -> None:
    held = jobs.hold(session, job.id, job.token)
    jobs.forget(session, held)


def fail(session: Session, job: Job, error: Exception) -> None:
    """Try again later, or give up and say so. Raises LeaseLost."""
    instance = instances.lock(session, job.instance_id) if job.instance_id else None
    held = jobs.hold(session, job.id, job.token)
    final = isinstance(error, PermanentFailure | Problem)
    said = f"{type(error).__name__}: {error}"
    if isinstance(error, instances.Damaged):
        jobs.let_wait(session, held, said)
        instances.quarantine(session, error.instance_id)
        return
    if isinstance(error, OutOfOrder) and operations.names_of(error.system):
        jobs.let_wait(session, held, said)
        stops.stop(session, error)
        return
    if not final and held.attempts < held.max_attempts:
        jobs.put_off(session, held, said)
        return
    jobs.bury(session, held, said)
    log.warning("job %s (%s) given up: %s", held.id, held.operation, said)
    if instance is not None and held.call is not None and isinstance(error, PermanentFailure):
        _fail_call(session, instance, held, error)
        return
    if instance is not None:
        record(session, "instance", instance.id, Kind.JOB_FAILED, WORKER, _facts(held))
    about = incidents.About(held.call, job=held.id)
    incidents.open_one(session, held.instance_id, "job", incidents.OPERATION_FAILED, said, about)


def _answer(session: Session, instance: Instance, job: Job, result: Json) -> None:
    call = str(job.call)
    cause = Cause(Kind.JOB_DONE, WORKER, _facts(job))
    instances.step(session, instance, lambda run: run.answer(call, result), cause)


def _fail_call(session: Session, instance: Instance, job: Job, failure: PermanentFailure) -> None:
    """The diagram may catch the error; what it does not catch becomes an incident in the step."""
    call = str(job.call)
    cause = Cause(Kind.JOB_FAILED, WORKER, _facts(job))
    instances.step(session, instance, lambda run: run.fail(call, failure.code, str(failure)), cause)


def _facts(job: Job) -> dict[str, Json]:
    return {"job": job.id, "call": job.call, "operation": job.operation}


def _operation(job: Job) -> Operation:
    if job.operation in OWN:
        return OWN[job.operation]
    if not operations.known(job.operation):
        raise PermanentFailure(f"no operation is called {job.operation!r}")
    return operations.find(job.operation)


def _context(session: Session, job: Job, instance: Instance | None) -> Context:
    subject = instance.subject if instance else None
    return Context(session, job.instance_id, subject, WORKER, clock.now(), job.key)


def _instance_of(session: Session, job: Job) -> Instance | None:
    return session.get(Instance, job.instance_id) if job.instance_id else None


def _closed(session: Session, task_id: str) -> bool:
    open_task = sa.select(Task.id).where(Task.id == task_id, Task.closed_at.is_(None))
    return session.scalar(open_task) is None
