"""Counting views: an import is joined to what is known without counting anything twice; old days become mere counts."""

import hmac
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.courses.monitoring import keeping
from app.courses.monitoring.models import (
    COURSE_PAGE,
    CourseModule,
    LogImport,
    LogTally,
    MonitoredCourse,
    ViewDay,
    ViewerDay,
)
from app.db import new_secret
from app.workflow.inserting import insert

_VIEWERS: Any = ViewerDay.__table__
_DAYS: Any = ViewDay.__table__
_AT_ONCE = 400


def of_course(session: Session, course_id: str) -> MonitoredCourse:
    """What is known of the course as a whole, written down when first asked for."""
    adding = insert(session, MonitoredCourse.__table__).values(_blank(course_id))
    found = session.get(MonitoredCourse, course_id)
    if found is None:
        session.execute(adding.on_conflict_do_nothing(index_elements=["course_id"]))
        found = session.get_one(MonitoredCourse, course_id, populate_existing=True)
    return found


def _blank(course_id: str) -> dict[str, object]:
    zeros = dict.fromkeys(("to_read", "left", "learners", "completed", "past", "views", "people"), 0)
    return {"course_id": course_id, "viewer_key": new_secret(), "trouble": "", "reading": "", **zeros}


def foreign_module(session: Session, one: LogImport) -> int | None:
    """A module of the file, where the course has modules and none of the file's is among them."""
    mine = (CourseModule.course_id == one.course_id, CourseModule.cmid > COURSE_PAGE)  # numbers that the platform gave
    known = set(session.scalars(sa.select(CourseModule.cmid).where(*mine)))
    named = sa.select(LogTally.cmid).where(LogTally.import_id == one.id, LogTally.cmid != COURSE_PAGE).distinct()
    found = set(session.scalars(named))
    return min(found) if known and found and not known & found else None


def join(session: Session, one: LogImport) -> None:
    """The larger count of a person, a module and a day holds: two exports of a day share what is in both.

    So the same file twice, or files whose periods overlap, change nothing but what was missing.
    """
    _leave_out_thinned(session, one)
    one.facts = {**one.facts, "people": of_course(session, one.course_id).people}
    tallies = sa.select(
        sa.literal(one.course_id), LogTally.cmid, LogTally.viewer, LogTally.day, LogTally.kind, LogTally.views
    ).where(LogTally.import_id == one.id)
    adding = insert(session, _VIEWERS).from_select(["course_id", "cmid", "viewer", "day", "kind", "views"], tallies)
    larger = sa.case((adding.excluded.views > _VIEWERS.c.views, adding.excluded.views), else_=_VIEWERS.c.views)
    kind = sa.case((adding.excluded.kind == "other", _VIEWERS.c.kind), else_=adding.excluded.kind)
    joined = adding.on_conflict_do_update(
        index_elements=["course_id", "cmid", "viewer", "day"], set_={"views": larger, "kind": kind}
    )
    session.execute(joined)
    span = sa.select(sa.func.min(LogTally.day), sa.func.max(LogTally.day)).where(LogTally.import_id == one.id)
    one.first_day, one.last_day = session.execute(span).one()
    if one.first_day is not None and one.last_day is not None:
        _count(session, one.course_id, one.first_day, one.last_day)
    _note(session, one)


def _leave_out_thinned(session: Session, one: LogImport) -> None:
    """Days of which only counts are left are known already: whose views they were cannot be compared any more."""
    known, since = of_course(session, one.course_id), keeping.details_since(session)
    if known.first_day is None or known.last_day is None:
        return
    covered = (LogTally.day < since, LogTally.day.between(known.first_day, known.last_day))
    session.execute(sa.delete(LogTally).where(LogTally.import_id == one.id, *covered))


def _count(session: Session, course_id: str, first: date, last: date) -> None:
    """The counts of those days anew; where a day's details are gone already, the larger count holds."""
    kept = max(first, keeping.details_since(session))
    session.execute(sa.delete(ViewDay).where(ViewDay.course_id == course_id, ViewDay.day.between(kept, last)))
    query = (
        sa.select(
            _VIEWERS.c.course_id, _VIEWERS.c.cmid, _VIEWERS.c.day, _VIEWERS.c.kind,
            sa.func.sum(_VIEWERS.c.views), sa.func.count(),
        )
        .where(_VIEWERS.c.course_id == course_id, _VIEWERS.c.day.between(first, last))
        .group_by(_VIEWERS.c.course_id, _VIEWERS.c.cmid, _VIEWERS.c.day, _VIEWERS.c.kind)
    )  # fmt: skip
    adding = insert(session, _DAYS).from_select(["course_id", "cmid", "day", "kind", "views", "people"], query)
    set_ = {
        name: sa.case((adding.excluded[name] > _DAYS.c[name], adding.excluded[name]), else_=_DAYS.c[name])
        for name in ("views", "people")
    }
    session.execute(adding.on_conflict_do_update(index_elements=["course_id", "cmid", "day", "kind"], set_=set_))


def know_students(session: Session, course_id: str, users: Sequence[int]) -> int:
    """Views that were imported before these people were known to be students are theirs; returns how many rows."""
    key, found = of_course(session, course_id).viewer_key, 0
    viewers = [pseudonym(key, user) for user in users]
    for start in range(0, len(viewers), _AT_ONCE):
        some = viewers[start : start + _AT_ONCE]
        unknown = (ViewerDay.course_id == course_id, ViewerDay.kind == "other", ViewerDay.viewer.in_(some))
        if session.scalar(sa.select(ViewerDay.cmid).where(*unknown).limit(1)) is not None:
            session.execute(sa.update(ViewerDay).where(*unknown).values(kind="student"))
            found += 1
    if found:
        _count_all(session, course_id)
    return found


def forget_students(session: Session, course_id: str, users: Sequence[int]) -> None:
    """These people are known as students no longer: what said so was taken back."""
    key = of_course(session, course_id).viewer_key
    viewers = [pseudonym(key, user) for user in users]
    for start in range(0, len(viewers), _AT_ONCE):
        mine = (ViewerDay.course_id == course_id, ViewerDay.kind == "student")
        some = ViewerDay.viewer.in_(viewers[start : start + _AT_ONCE])
        session.execute(sa.update(ViewerDay).where(*mine, some).values(kind="other"))
    _count_all(session, course_id)


def _count_all(session: Session, course_id: str) -> None:
    span = sa.select(sa.func.min(ViewerDay.day), sa.func.max(ViewerDay.day)).where(ViewerDay.course_id == course_id)
    first, last = session.execute(span).one()
    if first is not None:
        _count(session, course_id, first, last)


def pseudonym(key: str, user: int | str) -> int:
    """63 bits that tell people of one course apart and lead to nobody without the course's key."""
    return int.from_bytes(hmac.digest(key.encode(), str(user).encode(), "sha256")[:8], "big") >> 1


def _note(session: Session, one: LogImport) -> None:
    """The course's sums, for lists of all courses."""
    known = of_course(session, one.course_id)
    known.imported_at = clock.now()
    if one.first_day is None or one.last_day is None:
        session.flush()
        return
    known.first_day = min(known.first_day or one.first_day, one.first_day)
    known.last_day = max(known.last_day or one.last_day, one.last_day)
    known.views = _views(session, one.course_id)
    known.people = max(known.people, _people(session, one.course_id))
    session.flush()


def _views(session: Session, course_id: str) -> int:
    modules = (ViewDay.course_id == course_id, ViewDay.cmid != COURSE_PAGE)
    return session.scalar(sa.select(sa.func.coalesce(sa.func.sum(ViewDay.views), 0)).where(*modules)) or 0


def _people(session: Session, course_id: str) -> int:
    people = sa.select(sa.func.count(ViewerDay.viewer.distinct())).where(ViewerDay.course_id == course_id)
    return session.scalar(people) or 0


def take_out(session: Session, one: LogImport) -> None:
    """What only this import brought goes; of what others brought, too, the largest of theirs holds."""
    mine, theirs = LogTally.__table__.alias("mine"), LogTally.__table__.alias("theirs")
    others = sa.select(LogImport.id).where(
        LogImport.course_id == one.course_id, LogImport.report == "log", LogImport.state == "done"
    )
    brought = sa.exists().where(mine.c.import_id == one.id, *_same(mine))
    left = sa.select(sa.func.max(theirs.c.views)).where(theirs.c.import_id.in_(others), *_same(theirs))
    rows = (_VIEWERS.c.course_id == one.course_id, brought)
    remaining = left.correlate(_VIEWERS).scalar_subquery()
    session.execute(sa.delete(_VIEWERS).where(*rows, remaining.is_(None)))
    session.execute(sa.update(_VIEWERS).where(*rows).values(views=remaining))
    old = sa.exists().where(mine.c.import_id == one.id, mine.c.day == _DAYS.c.day)
    thinned = (_DAYS.c.course_id == one.course_id, _DAYS.c.day < keeping.details_since(session), old)
    session.execute(sa.delete(_DAYS).where(*thinned))
    if one.first_day is not None and one.last_day is not None:
        _count(session, one.course_id, one.first_day, one.last_day)
    session.execute(sa.delete(LogTally).where(LogTally.import_id == one.id))
    _note_less(session, one)


def _same(tally: Any) -> tuple[Any, ...]:
    """The tally's key is that of the row of `viewer_day`."""
    return tuple(tally.c[name] == _VIEWERS.c[name] for name in ("cmid", "viewer", "day"))


def _note_less(session: Session, one: LogImport) -> None:
    """The course's sums without the import that was taken out."""
    known = of_course(session, one.course_id)
    days = sa.select(sa.func.min(ViewDay.day), sa.func.max(ViewDay.day)).where(ViewDay.course_id == one.course_id)
    known.first_day, known.last_day = session.execute(days).one()
    done = (LogImport.course_id == one.course_id, LogImport.report == "log", LogImport.state == "done")
    known.imported_at = session.scalar(sa.select(sa.func.max(LogImport.ended_at)).where(*done))
    known.views, known.people = _views(session, one.course_id), _people(session, one.course_id)
    if known.first_day is not None and known.first_day < keeping.details_since(session):
        known.people = max(known.people, int(one.facts.get("people", 0)))
    session.flush()
