"""Outside systems that refuse us altogether: one incident a system, and all its jobs wait until a person has looked.

Also how many jobs of one system may run at a time, on all machines together.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.evidence import record
from app.audit.kinds import Kind
from app.db import is_sqlite
from app.errors import N_, Conflict, OutOfOrder
from app.i18n import Text
from app.workflow import incidents, operations
from app.workflow.models import Incident, Job, Stop

STREAM = "systems"
MESSAGE = Text(
    "Внешняя система «{name}» отказывает программе в доступе. Все действия с ней ждут. Устраните причину "
    "(маркер доступа, права, адрес в настройках) и повторите: ожидающие действия продолжатся сами.",
    "The outside system “{name}” refuses the program's access. Everything that concerns it waits. Remove the cause "
    "(access token, rights, address in the settings) and retry: what waits goes on by itself.",
)
NOT_TO_CANCEL = N_("This concerns a whole outside system, not one procedure. Remove the cause and retry.")


def stopped() -> sa.Exists:
    """For a query over jobs: their system is out of order."""
    return sa.exists().where(Stop.operation == Job.operation)


def stop(session: Session, failure: OutOfOrder) -> None:
    """Let all jobs of the system wait; a second job that meets the same refusal adds nothing."""
    names = operations.names_of(failure.system)
    lock_system(session, failure.system)
    if session.scalar(sa.select(Stop.operation).where(Stop.operation.in_(names)).limit(1)) is not None:
        return
    text = Text(*(words.replace("{name}", failure.system.capitalize()) for words in (MESSAGE.ru, MESSAGE.en)))
    incident = incidents.open_one(
        session, None, "system", text, str(failure), incidents.About(None, element=failure.system)
    )
    rows = [{"operation": name, "incident_id": incident.id, "since": clock.now()} for name in names]
    session.execute(sa.insert(Stop), rows)
    body = {"incident": incident.id, "system": failure.system, "reason": str(failure)[:500]}
    record(session, "site", STREAM, Kind.INCIDENT_OPENED, "system:worker", body)


def lift(session: Session, incident: Incident, by: str) -> None:
    """The cause is removed: the jobs that wait may run."""
    session.execute(sa.delete(Stop).where(Stop.incident_id == incident.id))
    body = {"incident": incident.id, "system": incident.element}
    record(session, "site", STREAM, Kind.INCIDENT_RETRIED, by, body)


def demand_cancellable(incident: Incident) -> None:
    if incident.kind == "system":
        raise Conflict(NOT_TO_CANCEL)


def crowded(session: Session, job: Job, at: object) -> bool:
    """Whether as many jobs of its system as may run at a time are running besides this one.

    Whoever claims another job of the system at this moment is waited for, so that two never take the last place.
    """
    if not operations.known(job.operation):
        return False
    operation = operations.find(job.operation)
    if not operation.system or not operation.at_a_time:
        return False
    running = sa.select(sa.func.count()).where(
        Job.operation.in_(operations.names_of(operation.system)),
        Job.outcome.is_(None),
        Job.lease_until >= at,
        Job.id != job.id,
    )
    full = int(session.scalar(running) or 0) >= operation.at_a_time
    if full:
        return True
    lock_system(session, operation.system)
    return int(session.scalar(running) or 0) >= operation.at_a_time


def companions(operation: str) -> set[str]:
    """The operations that touch the same system, itself among them."""
    return {operation, *operations.names_of(operations.find(operation).system)}


def lock_system(session: Session, system: str) -> None:
    """Until the end of the transaction; SQLite has one writer at a time as it is."""
    if not is_sqlite(session):
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(f"system {system}"))))
