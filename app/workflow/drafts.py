"""What somebody has typed and not sent yet, kept on the server. A draft dies with its task or when it is sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.workflow.inserting import insert
from app.workflow.models import Draft

_TABLE: Any = Draft.__table__
_ITS = _TABLE.c.place == sa.bindparam("at")
_THEIRS = sa.and_(_ITS, _TABLE.c.person_id == sa.bindparam("whose"))
_FIND = sa.select(_TABLE.c["values"], _TABLE.c.at).where(_THEIRS)
_DROP = sa.delete(_TABLE).where(_THEIRS)
_DROP_ALL = sa.delete(_TABLE).where(_ITS)


class Kept(NamedTuple):
    """A draft: what was typed, and when it was kept."""

    values: dict[str, Any]
    at: datetime


def of_task(task_id: str) -> str:
    return f"task:{task_id}"


def of_start(process: str) -> str:
    return f"start:{process}"


def keep(session: Session, place: str, person_id: str, values: Mapping[str, Any]) -> None:
    """Replace the person's draft at the place; the caller has checked that the person may be there."""
    row = {"values": dict(values), "at": clock.now()}
    session.execute(
        insert(session, Draft)
        .values(place=place, person_id=person_id, **row)
        .on_conflict_do_update(index_elements=["place", "person_id"], set_=row)
    )


def find(session: Session, place: str, person_id: str) -> Kept | None:
    row = session.execute(_FIND, {"at": place, "whose": person_id}).one_or_none()
    return Kept(*row) if row else None


def drop(session: Session, place: str, person_id: str) -> None:
    session.execute(_DROP, {"at": place, "whose": person_id})


def drop_all(session: Session, place: str) -> None:
    """Everybody's drafts there: the task is closed."""
    session.execute(_DROP_ALL, {"at": place})
