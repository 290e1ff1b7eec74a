"""Moving one instance, in the caller's transaction: all of it or nothing, and only from what was previewed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.db import new_id
from app.engine import Json, Move, Passage
from app.errors import NotFound
from app.workflow import instances, releases
from app.workflow.models import Instance, Release
from app.workflow.models_moves import InstanceMove, MoveBatch
from app.workflow.moves import rows
from app.workflow.trail import Cause

Outcome = Literal["moved", "refused", "changed", "over"]
Names = Sequence[tuple[str, str, str]]
"""(Process, old element, new element)."""


@dataclass(frozen=True, slots=True)
class Result:
    """What has become of one instance; `plan` where one was made."""

    outcome: Outcome
    plan: Move | None = None


_ways: dict[tuple[str, str, tuple[tuple[str, str, str], ...]], Passage] = {}
_KEPT = 8


def way(session: Session, old_id: str, new_id_: str, names: Names) -> Passage:
    """The way between two releases, which remembers what it has found out; a few are kept in this process."""
    key = (old_id, new_id_, tuple((process, old, new) for process, old, new in names))
    if key not in _ways:
        old, new = (releases.specification(session, one) for one in (old_id, new_id_))
        while len(_ways) >= _KEPT:
            _ways.pop(next(iter(_ways)), None)
        _ways[key] = Passage(old, new, {(process, before): after for process, before, after in names})
    return _ways[key]


def move(session: Session, batch: MoveBatch, instance_id: str, revision: int) -> Result:
    """Move the instance if it stands as it did at that revision; else it is to be previewed again."""
    try:
        instance = instances.lock(session, instance_id)
    except NotFound:
        return Result("over")
    if instance.ended_at is not None or instance.state is None:
        return Result("over")
    if instance.release_id != batch.from_release_id or instance.revision != revision:
        return Result("changed")
    plan = way(session, batch.from_release_id, batch.to_release_id, _names(batch)).plan(instance.state)
    if plan.state is None:
        return Result("refused", plan)
    _write(session, batch, instance, plan)
    return Result("moved", plan)


def _write(session: Session, batch: MoveBatch, instance: Instance, plan: Move) -> None:
    old, new = (releases.load(session, one) for one in (batch.from_release_id, batch.to_release_id))
    made = InstanceMove(id=new_id(), instance_id=instance.id, batch_id=batch.id, state_before=instance.state)
    made.from_release_id, made.to_release_id = old.id, new.id
    made.rows_before = rows.rewrite(session, instance, plan, old, new, made.id)
    made.by, made.at, made.revision = batch.by, clock.now(), instance.revision + 1
    note: dict[str, Json] | None = {"reason": batch.note} if batch.note else None
    cause = Cause(Kind.INSTANCE_MIGRATED, batch.by, facts(session, old.id, new.id, made.id), note)
    assert plan.state is not None
    instances.transfer(session, instance, new.id, plan.state, plan.advance, cause)
    session.add(made)
    session.flush()


def facts(session: Session, old_id: str, new_id_: str, ident: str) -> dict[str, Json]:
    """What the event says: the move, and both releases by number and id."""
    old, new = (session.get_one(Release, one) for one in (old_id, new_id_))
    return {"move": ident, "from": old.number, "to": new.number, "from_release": old.id, "to_release": new.id}


def _names(batch: MoveBatch) -> list[tuple[str, str, str]]:
    return [(process, old, new) for process, old, new in batch.names]
