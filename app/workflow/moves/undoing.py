"""Taking a move back, as long as the instance stands where the move has put it."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.engine import Advance, Step
from app.errors import N_, Conflict, Denied, NotFound
from app.identity.actors import Actor
from app.workflow import instances
from app.workflow.models import Instance
from app.workflow.models_moves import InstanceMove
from app.workflow.moves import rows
from app.workflow.moves.applying import facts
from app.workflow.trail import Cause

GONE_ON = N_("The procedure has gone on since the move. It can be moved to the older release instead.")
UNDONE = N_("This move has been undone already.")
OVER = N_("The procedure has ended.")
_BACK: Any = {"entered": "cancelled", "cancelled": "entered"}


def hindrance(found: InstanceMove, instance: Instance) -> str | None:
    """Why the move cannot be undone (an English msgid), or None."""
    if found.undone_at is not None:
        return UNDONE
    if instance.ended_at is not None:
        return OVER
    if instance.revision != found.revision or instance.release_id != found.to_release_id:
        return GONE_ON
    return None


def undo(session: Session, actor: Actor, move_id: str) -> InstanceMove:
    """Put the instance back into the state, the rows and the release it had. Raises Denied, NotFound, Conflict."""
    if not actor.holds("analyst"):
        raise Denied(kind="move", id=move_id)
    owner = session.scalar(sa.select(InstanceMove.instance_id).where(InstanceMove.id == move_id))
    if owner is None:
        raise NotFound
    instance = instances.lock(session, owner)
    found = session.get_one(InstanceMove, move_id, populate_existing=True)
    reason = hindrance(found, instance)
    if reason is not None or found.state_before is None:
        raise Conflict(reason or UNDONE)
    before = found.rows_before
    rows.put_back(session, before)
    journal = tuple(Step(one[0], one[1], one[2], _BACK.get(one[3], one[3])) for one in reversed(before["journal"]))
    told = facts(session, found.to_release_id, found.from_release_id, found.id)
    cause = Cause(Kind.INSTANCE_MOVE_UNDONE, actor.person_id, told)
    state = found.state_before
    instances.transfer(session, instance, found.from_release_id, state, Advance(journal=journal), cause)
    found.undone_by, found.undone_at, found.state_before = actor.person_id, clock.now(), None
    session.flush()
    return found


def newest(session: Session, instance_id: str) -> InstanceMove | None:
    """The last move of the instance that stands."""
    query = sa.select(InstanceMove).where(InstanceMove.instance_id == instance_id, InstanceMove.undone_at.is_(None))
    return session.scalars(query.order_by(InstanceMove.revision.desc()).limit(1)).one_or_none()
