"""What a person can do about an incident: retry, answer by hand, or cancel the instance."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.evidence import record
from app.audit.kinds import Kind
from app.engine import Json
from app.errors import N_, Conflict, Invalid, NotFound, PermanentFailure
from app.workflow import immediate, incidents, instances, jobs, operations, stops
from app.workflow.models import Incident, Instance, Job, Timer
from app.workflow.operations import Context, Operation
from app.workflow.trail import Cause

CLOSED = N_("Somebody has already dealt with this incident.")
NOTHING_TO_RETRY = N_("Nothing of this can be repeated. Cancel the instance and start it anew.")
NO_ANSWER = N_("Only an operation can be answered by hand. Retry, or cancel the instance.")

NOT_LIKE_THIS = N_("This answer cannot be taken: %(reason)s. Retry, or cancel the procedure.")


def retry(session: Session, incident_id: str, by: str) -> None:
    """Try what failed once more, under the same idempotency key."""
    incident, instance = _take(session, incident_id)
    if incident.kind == "system":
        stops.lift(session, incident, by)
        jobs.wake(session)
    elif incident.kind == "job":
        jobs.revive(session, _job(session, incident))
        _record(session, incident, Kind.INCIDENT_RETRIED, by)
    elif incident.kind == "timer":
        values = {"due": clock.now(), "attempts": 0}
        session.execute(sa.update(Timer).where(Timer.id == incident.task_id).values(values))
        _record(session, incident, Kind.INCIDENT_RETRIED, by)
    elif instance is not None and incident.task_id is None:
        raise Conflict(NOTHING_TO_RETRY)
    elif instance is not None:
        task = str(incident.task_id)
        jobs.forget_dead(session, task)
        cause = Cause(Kind.INCIDENT_RETRIED, by, {"incident": incident.id, "element": incident.element})
        instances.step(session, instance, lambda run: run.retry(task), cause)
    incidents.close(session, incident, by, "retried")


def answerable(session: Session, incident_id: str) -> tuple[Incident, Operation]:
    """The open incident and the operation whose result a person may give. Raises NotFound or Conflict."""
    incident = session.get(Incident, incident_id)
    if incident is None:
        raise NotFound
    if incident.closed_at is not None:
        raise Conflict(CLOSED)
    found = session.scalar(sa.select(Job.operation).where(Job.call == incident.task_id).limit(1))
    if incident.task_id is None or found is None or not operations.known(found):
        raise Conflict(NO_ANSWER)
    return incident, operations.find(found)


def answerable_among(session: Session, found: Sequence[Incident]) -> set[str]:
    """Ids of the incidents that wait for an operation's result."""
    calls = [one.task_id for one in found if one.task_id and one.instance_id]
    asked = set(session.scalars(sa.select(Job.call).where(Job.call.in_(calls))))
    return {one.id for one in found if one.task_id in asked}


def answer_by_hand(session: Session, incident_id: str, result: Json, by: str, note: str) -> None:
    """Give the result that the operation should have given; the note says how it was come by."""
    incident, instance = _take(session, incident_id)
    if not note.strip():
        raise Invalid(N_("Say how the result was come by: it is kept in the evidence."))
    call = incident.task_id
    job = _job_of_call(session, call) if call else None
    if instance is None or call is None or job is None:
        raise Conflict(NO_ANSWER)
    result = _taken(session, instance, job, result, by)
    facts: dict[str, Json] = {"incident": incident.id, "call": call, "element": incident.element}
    cause = Cause(Kind.JOB_ANSWERED_BY_HAND, by, facts, personal={"note": note}, person=None)
    if incident.kind == "job":
        instances.step(session, instance, lambda run: run.answer(call, result), cause)
    else:
        instances.step(
            session, instance, lambda run: immediate.joined([run.retry(call), run.answer(call, result)], {call}), cause
        )
    incidents.close(session, incident, by, "answered")


def cancel(session: Session, incident_id: str, by: str, reason: str) -> None:
    """Give up: the instance is cancelled; an incident of no instance is closed only."""
    incident, instance = _take(session, incident_id)
    stops.demand_cancellable(incident)
    if instance is not None and instance.state is not None:
        instances.cancel(session, instance.id, by, reason)
    incidents.close(session, incident, by, "cancelled")


def _take(session: Session, incident_id: str) -> tuple[Incident, Instance | None]:
    """The open incident and its instance, locked in the usual order."""
    owner = session.scalar(sa.select(Incident.instance_id).where(Incident.id == incident_id))
    instance = instances.lock(session, owner) if owner else None
    query = sa.select(Incident).where(Incident.id == incident_id).with_for_update()
    incident = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if incident is None:
        raise NotFound
    if incident.closed_at is not None:
        raise Conflict(CLOSED)
    return incident, instance


def _job(session: Session, incident: Incident) -> Job:
    job = session.get(Job, incident.job_id, populate_existing=True)
    if job is None or job.outcome != "dead":
        raise Conflict(CLOSED)
    return job


def _job_of_call(session: Session, call: str) -> Job | None:
    return session.scalar(sa.select(Job).where(Job.call == call).order_by(Job.id.desc()).limit(1))


def _taken(session: Session, instance: Instance, job: Job, result: Json, by: str) -> Json:
    """What the operation makes of the person's answer: it keeps its own records and its own conditions."""
    operation = operations.find(job.operation) if operations.known(job.operation) else None
    if operation is None or operation.answered is None:
        return result
    context = Context(session, instance.id, instance.subject, by, clock.now(), job.key)
    try:
        return operation.answered(context, **job.params, answer=result)
    except PermanentFailure as failure:
        raise Conflict(NOT_LIKE_THIS, reason=str(failure)) from None


def _record(session: Session, incident: Incident, kind: Kind, by: str) -> None:
    if incident.instance_id is not None:
        body = {"incident": incident.id, "element": incident.element}
        record(session, "instance", incident.instance_id, kind, by, body)
