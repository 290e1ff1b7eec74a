"""What somebody has typed and not sent yet, kept on the server. A draft dies with its task or when it is sent."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.workflow.inserting import insert
from app.workflow.models import Draft

_TABLE: Any = Draft.__table__
_DROP_ALL = sa.delete(_TABLE).where(_TABLE.c.place == sa.bindparam("at"))


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


def find(session: Session, place: str, person_id: str) -> Draft | None:
    return session.get(Draft, (place, person_id), populate_existing=True)


def drop(session: Session, place: str, person_id: str) -> None:
    session.execute(sa.delete(Draft).where(Draft.place == place, Draft.person_id == person_id))


def drop_all(session: Session, place: str) -> None:
    """Everybody's drafts there: the task is closed."""
    session.execute(_DROP_ALL, {"at": place})
