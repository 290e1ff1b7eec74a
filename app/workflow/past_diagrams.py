"""What an instance that has been moved was drawn as before: its closed tasks and its history speak of old diagrams."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.engine import Element
from app.i18n import Text
from app.workflow import releases
from app.workflow.models import Instance, Task
from app.workflow.models_moves import InstanceMove
from app.workflow.releases import Loaded

_MOVES = (
    sa.select(InstanceMove.from_release_id, InstanceMove.at)
    .where(InstanceMove.instance_id == sa.bindparam("instance"))
    .order_by(InstanceMove.at, InstanceMove.id)
)


def loaded_for(session: Session, instance: Instance, task: Task) -> Loaded:
    """The release that the task is, or was, drawn in: of a closed one, that of the day on which it was closed."""
    if task.closed_at is None:
        return releases.load(session, instance.release_id)
    for ident in [*_since(session, instance.id, task.closed_at), instance.release_id]:
        found = releases.load(session, ident)
        if _draws(found, task.process, task.element):
            return found
    return releases.load(session, instance.release_id)


def element(session: Session, release_id: str, task: Task) -> Element:
    """What the task is drawn as: in that release, else in the one it was closed in."""
    found = releases.load(session, release_id)
    if _draws(found, task.process, task.element):
        return found.specification.element(task.process, task.element)
    for ident in _since(session, task.instance_id, None):
        found = releases.load(session, ident)
        if _draws(found, task.process, task.element):
            return found.specification.element(task.process, task.element)
    return Element(task.element, "userTask", Text(task.element, task.element), Text("", ""))


def name(session: Session, instance: Instance, process: str, element_id: str) -> Text | None:
    """What a release that the instance has left called the step."""
    for ident in reversed(_since(session, instance.id, None)):
        specification = releases.load(session, ident).specification
        for one in [process] if process else specification.processes:
            if one in specification.processes and element_id in specification.processes[one].elements:
                return specification.processes[one].elements[element_id].name
    return None


def _draws(loaded: Loaded, process: str, element_id: str) -> bool:
    found = loaded.specification.processes.get(process)
    return found is not None and element_id in found.elements


def _since(session: Session, instance_id: str, closed_at: datetime | None) -> list[str]:
    """The releases that the instance has left at that moment or later, in order; all where no moment is given."""
    moves = session.execute(_MOVES, {"instance": instance_id}).all()
    return [ident for ident, at in moves if closed_at is None or at >= closed_at]
