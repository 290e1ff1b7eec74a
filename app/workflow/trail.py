"""What a step leaves in the evidence: one event, small, from which the way through the diagram can be drawn again."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.audit.evidence import Entry, many
from app.audit.kinds import Kind
from app.engine import Advance, Json
from app.engine import Step as Moved
from app.workflow.models import Instance

MARKS = {"entered": ">", "completed": "+", "cancelled": "-", "failed": "!", "took_flow": "~", "decided": "?"}


@dataclass(frozen=True, slots=True)
class Cause:
    """Why an instance takes a step, for the evidence."""

    kind: Kind
    actor: str
    """Person id or "system:<part>"."""
    body: Mapping[str, Json] = field(default_factory=dict)
    personal: Mapping[str, Json] | None = None
    person: str | None = None
    """Who completed a task by it."""

    @property
    def about(self) -> str | None:
        """Whose words `personal` are."""
        return None if self.actor.startswith("system:") else self.actor


def record_step(session: Session, instance: Instance, change: Advance, cause: Cause, dates: Mapping[str, str]) -> None:
    """The event says: revision, way (see `way`), tasks that opened and closed, jobs asked for, the state's checksum."""
    body: dict[str, Any] = {key: value for key, value in cause.body.items() if value is not None}
    body |= {"rev": instance.revision, "way": way(change.journal, instance.process)}
    if instance.state is not None:
        body["state"] = digest(instance.state)
    if change.tasks:
        body["opened"] = {task.id: task.element for task in change.tasks}
    if dates:
        body["due"] = dict(dates)
    withdrawn = [task.id for task in change.closed if task.how == "cancelled"]
    if withdrawn:
        body["withdrawn"] = withdrawn
    if change.calls:
        body["asked"] = {call.id: call.operation for call in change.calls}
    if change.problems:
        body["failed"] = [problem.element for problem in change.problems]
    entries = [Entry("instance", instance.id, cause.kind, cause.actor, body, cause.personal, cause.about)]
    if change.ended and cause.kind is not Kind.INSTANCE_CANCELLED:
        ended = {"end": change.ended.end_event}
        entries.append(Entry("instance", instance.id, Kind.INSTANCE_ENDED, cause.actor, ended))
    many(session, entries)


def way(journal: tuple[Moved, ...], process: str) -> str:
    """ ">review +review ~f2 …": marks as in MARKS; elements of called processes as `process:element`."""
    return " ".join(
        MARKS[step.what] + (step.element if step.process == process else f"{step.process}:{step.element}")
        for step in journal
    )


def digest(state: bytes) -> str:
    """Half of the SHA-256, which is enough to know a state again."""
    return hashlib.sha256(state).hexdigest()[:32]
