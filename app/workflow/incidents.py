"""Incidents: what stands still until a person has looked. They can retry, answer by hand, or cancel."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.evidence import record
from app.audit.kinds import Kind
from app.engine import EngineProblem
from app.i18n import Text
from app.workflow.models import Incident

NO_MOMENT = Text(
    "Из диаграммы не удалось вычислить срок. Исправьте его в новом выпуске или отмените экземпляр.",
    "The diagram gives no moment for this date. Put it right in a new release, or cancel the instance.",
)
OPERATION_FAILED = Text(
    "Операция не удалась, и больше она сама не повторится. Устраните причину и повторите, либо ответьте вручную.",
    "The operation failed and will not be tried again by itself. Remove the cause and retry, or answer by hand.",
)


@dataclass(frozen=True, slots=True)
class About:
    """What stands still: the engine's task (or timer, or call), its element, the job."""

    task: str | None
    element: str | None = None
    job: int | None = None


def open_for(session: Session, instance_id: str, problems: Sequence[EngineProblem]) -> None:
    for problem in problems:
        about = About(problem.task, problem.element)
        open_one(session, instance_id, "engine", problem.message, problem.detail, about)


def open_one(
    session: Session,
    instance_id: str | None,
    kind: str,
    message: Text,
    detail: str,
    about: About,
) -> Incident:
    incident = Incident(
        instance_id=instance_id,
        kind=kind,
        task_id=about.task,
        element=about.element,
        job_id=about.job,
        message_ru=message.ru,
        message_en=message.en,
        detail=detail[:4000],
        opened_at=clock.now(),
    )
    session.add(incident)
    session.flush()
    if instance_id is not None:
        body = {"incident": incident.id, "kind": kind, "element": about.element, "job": about.job}
        record(session, "instance", instance_id, Kind.INCIDENT_OPENED, "system:workflow", body)
    return incident


def listed(
    session: Session, *, instance_id: str | None = None, closed: bool = False, limit: int = 200
) -> list[Incident]:
    """The newest first."""
    query = _listed(closed, of_one=bool(instance_id))
    return list(session.scalars(query, {"of": instance_id, "most": limit} if instance_id else {"most": limit}))


@cache
def _listed(closed: bool, of_one: bool) -> sa.Select[Incident]:
    query = sa.select(Incident).order_by(Incident.opened_at.desc(), Incident.id.desc()).limit(sa.bindparam("most"))
    query = query.where(Incident.closed_at.is_not(None) if closed else Incident.closed_at.is_(None))
    return query.where(Incident.instance_id == sa.bindparam("of")) if of_one else query


def close(session: Session, incident: Incident, by: str, how: str) -> None:
    incident.closed_at, incident.closed_by, incident.closed_how = clock.now(), by, how
    session.flush()


_ROWS: Any = Incident.__table__
_CLOSE_ALL = sa.update(_ROWS).where(
    _ROWS.c.instance_id == sa.bindparam("instance"),
    _ROWS.c.closed_at.is_(None),
    sa.or_(_ROWS.c.job_id.is_(None), _ROWS.c.task_id.is_not(None)),
)


def close_all(session: Session, instance_id: str, by: str, how: str) -> None:
    """The instance is over: nothing of it is left to look at, only jobs that it never waited for (a document)."""
    values = {"closed_at": clock.now(), "closed_by": by, "closed_how": how}
    session.execute(_CLOSE_ALL, {"instance": instance_id, **values})
