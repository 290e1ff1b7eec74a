"""Every state that an entry of the list has had: kept by whatever changes a course, so none can be forgotten (6.2).

`install()` listens to the flushes of all sessions. A version is written in the transaction of the change itself.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, UOWTransaction

from app import clock
from app.courses.models import Agreement, AskedBody, Coordinator, Course
from app.courses.planning.models import CourseVersion
from app.db import new_id

COLUMNS = (
    *("number", "title_ru", "title_en", "language", "initiator_kind", "initiator_id", "field", "format"),
    *("creator_id", "executor_id", "counterpart_id", "representative_id", "source", "source_note"),
)
"""What the list shows of the course's own row, beside year and stage."""
_WATCHED = (*COLUMNS, "year", "stage")
_TABLE: Any = CourseVersion.__table__


def install() -> None:
    """Once a process, however often it is called."""
    if not sa.event.contains(Session, "after_flush", _after_flush):
        sa.event.listen(Session, "after_flush", _after_flush)


def _after_flush(session: Session, _context: UOWTransaction) -> None:
    touched = _touched(session)
    if touched:
        session.connection().execute(sa.insert(_TABLE), [_version(session, one) for one in touched])


def _touched(session: Session) -> list[str]:
    """Ids of the courses whose entry is another one now."""
    found: dict[str, None] = {}
    for thing in (*session.new, *session.dirty, *session.deleted):
        if isinstance(thing, Course):
            if thing in session.new or _differs(thing):
                found[thing.id] = None
        elif isinstance(thing, Coordinator):
            found[thing.course_id] = None
        elif isinstance(thing, AskedBody):
            found |= dict.fromkeys(_course_of(session, thing.agreement_id))
    return list(found)


def _differs(course: Course) -> bool:
    state = sa.inspect(course)
    return any(state.attrs[name].history.has_changes() for name in _WATCHED)


def _course_of(session: Session, agreement_id: str) -> Iterable[str]:
    query = sa.select(Agreement.__table__.c.course_id).where(Agreement.__table__.c.id == agreement_id)
    return session.connection().execute(query).scalars().all()


def _version(session: Session, course_id: str) -> dict[str, Any]:
    """Read from the rows as they are now: the flush has written them."""
    connection = session.connection()
    row = connection.execute(sa.select(Course.__table__).where(Course.__table__.c.id == course_id)).mappings().one()
    coordinators = sa.select(Coordinator.person_id).where(Coordinator.course_id == course_id)
    bodies = (
        sa.select(AskedBody.body_id)
        .join(Agreement, Agreement.id == AskedBody.agreement_id)
        .where(Agreement.course_id == course_id, AskedBody.confirmed)
    )
    people = connection.execute(coordinators.order_by(Coordinator.position)).scalars()
    asked = connection.execute(bodies.order_by(Agreement.number, AskedBody.position)).scalars()
    entry = {name: row[name] for name in COLUMNS}
    entry |= {"coordinators": list(people), "bodies": list(dict.fromkeys(asked))}
    return {
        "id": new_id(),
        "course_id": course_id,
        "at": clock.now(),
        "year": row["year"],
        "stage": row["stage"],
        "search": row["search"],
        "entry": entry,
    }
