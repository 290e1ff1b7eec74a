"""What is kept about the learners of a course, for the completion report alone (R9.2-c…e)."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.connectors.moodle.progress import Attempt, Participant, State
from app.courses.monitoring import keeping
from app.courses.monitoring.models import CourseModule, LearnerAttempt, LearnerModule, MonitoredLearner
from app.i18n import fold, sort_key
from app.workflow.inserting import insert

DONE = (1, 2)
"""States of a module that is done: done, and passed."""
_AT_ONCE = 400


def list_all(session: Session, course: str, reading: str, found: Sequence[Participant]) -> None:
    """Those whom the platform lists now; the figures of those known already stay until they are read."""
    rows = [
        {
            "course_id": course, "user_id": one.id, "name": one.name, "search": fold(one.name),
            "sorting": sort_key(one.name)[0],
            "last_access": one.last_access, "reading": reading, "done": 0, "read_at": None,
        }
        for one in found
    ]  # fmt: skip
    adding = insert(session, MonitoredLearner.__table__)
    told = {name: adding.excluded[name] for name in ("name", "search", "sorting", "last_access", "reading")}
    adding = adding.on_conflict_do_update(index_elements=["course_id", "user_id"], set_=told)
    for start in range(0, len(rows), _AT_ONCE):
        session.execute(adding, rows[start : start + _AT_ONCE])


def keep_states(session: Session, course: str, states: Mapping[int, Sequence[State]]) -> None:
    """How far these learners are in every module with tracking, in place of what was known."""
    users = list(states)
    old = sa.delete(LearnerModule).where(LearnerModule.course_id == course, LearnerModule.user_id.in_(users))
    session.execute(old)
    rows = [
        {"course_id": course, "user_id": user, "cmid": one.cmid, "state": one.state, "at": one.at}
        for user, found in states.items()
        for one in found
    ]
    if rows:
        session.execute(sa.insert(LearnerModule), rows)
        tracked = {row["cmid"] for row in rows}
        marking = sa.update(CourseModule).where(CourseModule.course_id == course, CourseModule.cmid.in_(tracked))
        session.execute(marking.values(tracked=True))
    now = clock.now()
    done = [
        {"c": course, "u": user, "n": sum(1 for one in found if one.state in DONE)} for user, found in states.items()
    ]
    table: Any = MonitoredLearner.__table__
    update = sa.update(table).where(table.c.course_id == sa.bindparam("c"), table.c.user_id == sa.bindparam("u"))
    session.connection().execute(update.values(done=sa.bindparam("n"), read_at=now), done)


def keep_attempts(
    session: Session,
    course: str,
    cmid: int,
    made: Mapping[int, Sequence[Attempt]],
    answers: Mapping[int, Sequence[Mapping[str, Any]]] | None = None,
) -> None:
    """These learners' attempts at a module, in place of what was known; answers read before stay."""
    rows = [_attempt(course, user, cmid, one, answers or {}) for user, found in made.items() for one in found]
    adding = insert(session, LearnerAttempt.__table__)
    told = {name: adding.excluded[name] for name in ("state", "finished", "seconds", "grade", "highest", "number")}
    told["answers"] = sa.func.coalesce(adding.excluded.answers, LearnerAttempt.__table__.c.answers)
    keys = ["course_id", "user_id", "cmid", "ident"]
    for start in range(0, len(rows), _AT_ONCE):
        session.execute(adding.on_conflict_do_update(index_elements=keys, set_=told), rows[start : start + _AT_ONCE])
    _drop_vanished(session, course, cmid, made)


def _attempt(
    course: str, user: int, cmid: int, one: Attempt, answers: Mapping[int, Sequence[Mapping[str, Any]]]
) -> dict[str, Any]:
    found = answers.get(one.id)
    return {
        "course_id": course, "user_id": user, "cmid": cmid, "ident": one.id, "number": one.number,
        "state": one.state, "started": one.started, "finished": one.finished, "seconds": one.seconds,
        "grade": one.grade, "highest": one.highest, "answers": None if found is None else list(found),
    }  # fmt: skip


def _drop_vanished(session: Session, course: str, cmid: int, made: Mapping[int, Sequence[Attempt]]) -> None:
    """An attempt that was deleted on the platform."""
    users = list(made)
    for start in range(0, len(users), _AT_ONCE):
        some = users[start : start + _AT_ONCE]
        kept = [one.id for user in some for one in made[user]]
        old = sa.delete(LearnerAttempt).where(
            LearnerAttempt.course_id == course, LearnerAttempt.cmid == cmid, LearnerAttempt.user_id.in_(some)
        )
        session.execute(old.where(LearnerAttempt.ident.not_in(kept)) if kept else old)


def reviewed(session: Session, course: str, users: Sequence[int]) -> frozenset[int]:
    """Finished attempts of these learners whose answers are known, none of which still awaits its mark."""
    query = sa.select(LearnerAttempt.ident, LearnerAttempt.answers).where(
        LearnerAttempt.course_id == course,
        LearnerAttempt.user_id.in_(list(users)),
        LearnerAttempt.finished.is_not(None),
        LearnerAttempt.answers.is_not(None),
    )
    found = session.execute(query)
    return frozenset(ident for ident, rows in found if all(row["state"] != "needsgrading" for row in rows or ()))


def drop_unlisted(session: Session, course: str, reading: str) -> None:
    """Learners whom the platform did not list in this reading: they have left the course."""
    query = sa.select(MonitoredLearner.user_id).where(
        MonitoredLearner.course_id == course, MonitoredLearner.reading != reading
    )
    keeping.drop(session, course, list(session.scalars(query)))


def numbers(session: Session, course: str) -> list[int]:
    """The platform's own numbers of all learners that are kept."""
    return list(session.scalars(sa.select(MonitoredLearner.user_id).where(MonitoredLearner.course_id == course)))


def count(session: Session, course: str) -> tuple[int, int]:
    """Learners, and those who have done every module with tracking."""
    tracked = session.scalar(
        sa.select(sa.func.count())
        .select_from(CourseModule)
        .where(CourseModule.course_id == course, CourseModule.tracked, ~CourseModule.gone)
    )
    mine = sa.select(sa.func.count()).select_from(MonitoredLearner).where(MonitoredLearner.course_id == course)
    everybody = session.scalar(mine) or 0
    finished = session.scalar(mine.where(MonitoredLearner.done >= tracked)) if tracked else 0
    return everybody, finished or 0
