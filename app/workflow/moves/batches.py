"""Orders to move instances: each instance is a job of its own, so that a kill in the midst leaves none half moved."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.db import new_id
from app.engine import Json
from app.errors import N_, Conflict, Denied, Invalid, NotFound
from app.i18n import Text
from app.identity.actors import Actor, actor_of
from app.workflow import jobs, releases
from app.workflow.models import Instance, Release, Subject
from app.workflow.models_moves import InstanceMove, MoveBatch, MoveItem
from app.workflow.moves import applying, undoing
from app.workflow.moves.applying import Names
from app.workflow.operations import Context, Operation

MOVE, UNDO = "moves.move", "moves.undo"
NOTHING = N_("Choose the procedures to be moved.")
NONE_BACK = N_("None of these moves can be undone any more: the procedures have gone on, or the moves are undone.")
SAME = N_("Choose another release than the one they are in.")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be moved where."""

    process: str
    from_id: str
    to_id: str
    names: Names = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """How far an order is."""

    batch: MoveBatch
    counted: Mapping[str, int]
    """Outcome -> number; "" is what still waits."""
    total: int
    undone: int
    can_be_undone: int

    @property
    def left(self) -> int:
        return 0 if self.batch.stopped_at is not None else self.counted.get("", 0)

    @property
    def done(self) -> int:
        return self.total - self.left


def give(session: Session, actor: Actor, order: Order, chosen: Mapping[str, int]) -> MoveBatch:
    """Have the instances (id -> revision previewed) moved after commit. Raises Denied, NotFound, Invalid, Conflict."""
    _permit(actor)
    if not chosen:
        raise Invalid(NOTHING)
    if order.from_id == order.to_id:
        raise Conflict(SAME)
    for ident in (order.from_id, order.to_id):
        releases.load(session, ident)
    fits = sa.select(Instance.id).where(Instance.id.in_(chosen), Instance.process == order.process)
    known = set(session.scalars(fits))
    if known != set(chosen):
        raise NotFound
    batch = MoveBatch(id=new_id(), process=order.process, names=[list(one) for one in order.names], note=order.note)
    batch.from_release_id, batch.to_release_id = order.from_id, order.to_id
    batch.by, batch.at = actor.person_id, clock.now()
    session.add(batch)
    session.flush()
    session.execute(
        sa.insert(MoveItem),
        [{"batch_id": batch.id, "instance_id": one, "revision": revision} for one, revision in chosen.items()],
    )
    params = ({"batch": batch.id, "instance": one} for one in chosen)
    jobs.enqueue_all(session, [jobs.Wanted(MOVE, one, f"{MOVE}:{one['batch']}:{one['instance']}") for one in params])
    return batch


def move_one(context: Context, batch: str, instance: str) -> Json:
    """One instance of the order; what hinders it is written beside it."""
    session = context.session
    ordered = session.get_one(MoveBatch, batch, populate_existing=True)
    item = session.get_one(MoveItem, (batch, instance), populate_existing=True)
    if item.outcome is not None:
        return item.outcome
    if ordered.stopped_at is not None:
        item.outcome = "left"
    else:
        result = applying.move(session, ordered, instance, item.revision)
        item.outcome = result.outcome
        if result.plan is not None and result.plan.refusals:
            item.remarks = [[one.message.ru, one.message.en] for one in result.plan.refusals]
    item.at = clock.now()
    session.flush()
    return item.outcome


def undo_one(context: Context, move: str, by: str) -> Json:
    """One move of an order that is taken back; one whose instance has gone on meanwhile stays."""
    try:
        with context.session.begin_nested():
            undoing.undo(context.session, actor_of(context.session, by), move)
    except Conflict:
        return "gone on"
    return "undone"


OPERATIONS = (
    Operation(MOVE, move_one, {"batch": True, "instance": True}),
    Operation(UNDO, undo_one, {"move": True, "by": True}),
)


def undo_all(session: Session, actor: Actor, batch_id: str) -> int:
    """Have every move of the order taken back whose instance stands where the move has put it; gives their number."""
    batch = _get(session, actor, batch_id)
    found = [move for move, instance in _made(session, batch) if undoing.hindrance(move, instance) is None]
    if not found:
        raise Conflict(NONE_BACK)
    moment = new_id()
    params = [{"move": one.id, "by": actor.person_id} for one in found]
    jobs.enqueue_all(session, [jobs.Wanted(UNDO, one, f"{UNDO}:{one['move']}:{moment}") for one in params])
    return len(found)


def _made(session: Session, batch: MoveBatch) -> list[tuple[InstanceMove, Instance]]:
    query = sa.select(InstanceMove, Instance).join(Instance, Instance.id == InstanceMove.instance_id)
    return [(row[0], row[1]) for row in session.execute(query.where(InstanceMove.batch_id == batch.id))]


def stop(session: Session, actor: Actor, batch_id: str) -> MoveBatch:
    """What has not been moved yet stays where it is; what has been stays moved, and can be undone."""
    batch = _get(session, actor, batch_id)
    if batch.stopped_at is None:
        batch.stopped_at = clock.now()
        session.flush()
    return batch


def report_for(session: Session, actor: Actor, batch_id: str) -> Report:
    """Raises Denied, NotFound."""
    batch = _get(session, actor, batch_id)
    query = sa.select(MoveItem.outcome, sa.func.count()).where(MoveItem.batch_id == batch.id)
    counted = Counter({outcome or "": int(n) for outcome, n in session.execute(query.group_by(MoveItem.outcome))})
    made = _made(session, batch)
    undone = sum(move.undone_at is not None for move, _ in made)
    standing = sum(undoing.hindrance(move, instance) is None for move, instance in made)
    return Report(batch, counted, counted.total(), undone, standing)


@dataclass(frozen=True, slots=True)
class Line:
    """One instance of a report."""

    item: MoveItem
    instance: Instance
    about: Text | None
    move: InstanceMove | None

    @property
    def hindrance(self) -> str | None:
        """Why the move cannot be undone, as an English msgid."""
        return undoing.hindrance(self.move, self.instance) if self.move is not None else None

    @property
    def remarks(self) -> list[Text]:
        return [Text(*one) for one in self.item.remarks or ()]


def lines(session: Session, batch: MoveBatch, first: int, most: int) -> Sequence[Line]:
    """Those that need a look before the others."""
    rank = sa.case({"refused": 0, "changed": 1, "left": 2, "over": 3}, value=MoveItem.outcome, else_=4)
    query = (
        sa.select(MoveItem, Instance, Subject, InstanceMove)
        .join(Instance, Instance.id == MoveItem.instance_id)
        .outerjoin(Subject, Subject.key == Instance.subject)
        .outerjoin(
            InstanceMove,
            sa.and_(InstanceMove.batch_id == MoveItem.batch_id, InstanceMove.instance_id == MoveItem.instance_id),
        )
        .where(MoveItem.batch_id == batch.id)
        .order_by(rank, Instance.started_at, Instance.id)
        .offset(first)
        .limit(most)
    )
    return [
        Line(item, instance, Text(about.title_ru, about.title_en) if about else None, move)
        for item, instance, about, move in session.execute(query)
    ]


def recent(session: Session, most: int = 20) -> list[MoveBatch]:
    """The newest first."""
    return list(session.scalars(sa.select(MoveBatch).order_by(MoveBatch.at.desc(), MoveBatch.id).limit(most)))


def numbers(session: Session, batch: MoveBatch) -> tuple[int, int]:
    """The numbers of the two releases."""
    return tuple(session.get_one(Release, one).number for one in (batch.from_release_id, batch.to_release_id))  # type: ignore[return-value]  # two of them


def _get(session: Session, actor: Actor, batch_id: str) -> MoveBatch:
    _permit(actor)
    found = session.get(MoveBatch, batch_id)
    if found is None:
        raise NotFound
    return found


def _permit(actor: Actor) -> None:
    if not actor.holds("analyst"):
        raise Denied(kind="moves", id="")
