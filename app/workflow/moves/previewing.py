"""What a move would do to each instance. Nothing is changed, and nothing is locked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.engine import Move
from app.i18n import Text
from app.workflow.drafts import of_task
from app.workflow.models import Draft, Instance, Subject, Task, Timer
from app.workflow.moves.applying import Names, way
from app.workflow.moves.standing import LIVE

MOST = 2_000
"""Instances that one preview plans; the rest are previewed when these have been moved."""
Show = Literal["all", "ready", "refused"]


@dataclass(frozen=True, slots=True)
class Preview:
    """One instance: what the move would do, and what it would leave as it is."""

    instance: Instance
    about: Text | None
    plan: Move
    drafts: int
    """Forms begun at its open tasks, which stay."""
    dates: dict[str, datetime]
    """Task or timer -> when it is due, which stays."""

    @property
    def ready(self) -> bool:
        return self.plan.state is not None


@dataclass(frozen=True, slots=True)
class Account:
    """The whole of a preview; `left`: how many instances it does not reach."""

    previews: tuple[Preview, ...]
    ready: int
    refused: int
    left: int


def preview(
    session: Session, process: str, from_id: str, to_id: str, names: Names = (), only: Sequence[str] | None = None
) -> Account:
    """Every running instance of the procedure under that release, the oldest first."""
    own = sa.and_(LIVE, Instance.process == process, Instance.release_id == from_id)
    own = own if only is None else sa.and_(own, Instance.id.in_(only))
    query = (
        sa.select(Instance, Subject)
        .outerjoin(Subject, Subject.key == Instance.subject)
        .where(own)
        .order_by(Instance.started_at, Instance.id)
        .limit(MOST)
    )
    found = session.execute(query.execution_options(populate_existing=True)).all()
    passage = way(session, from_id, to_id, names)
    drafts, dates = _drafts(session, own), _dates(session, own)
    previews = tuple(
        Preview(
            instance,
            Text(subject.title_ru, subject.title_en) if subject else None,
            passage.plan(instance.state or b""),
            drafts[instance.id],
            dates.get(instance.id, {}),
        )
        for instance, subject in found
    )
    ready = sum(one.ready for one in previews)
    whole = session.scalar(sa.select(sa.func.count()).select_from(Instance).where(own)) or 0
    return Account(previews, ready, len(previews) - ready, whole - len(previews))


def _drafts(session: Session, own: sa.ColumnElement[bool]) -> Counter[str]:
    place = sa.literal(of_task("")) + Task.id
    query = (
        sa.select(Task.instance_id, sa.func.count())
        .join(Instance, Instance.id == Task.instance_id)
        .join(Draft, Draft.place == place)
        .where(own, Task.closed_at.is_(None))
        .group_by(Task.instance_id)
    )
    return Counter({ident: int(number) for ident, number in session.execute(query)})


def _dates(session: Session, own: sa.ColumnElement[bool]) -> dict[str, dict[str, datetime]]:
    found: dict[str, dict[str, datetime]] = {}
    tasks = sa.select(Task.instance_id, Task.id, Task.due).where(Task.closed_at.is_(None))
    timers = sa.select(Timer.instance_id, Timer.id, Timer.due)
    for query, owner in ((tasks, Task.instance_id), (timers, Timer.instance_id)):
        for ident, row, due in session.execute(query.join(Instance, Instance.id == owner).where(own)):
            if due is not None:
                found.setdefault(ident, {})[row] = due
    return found
