"""The completion report: participants by modules, and of one participant every attempt with its answers (9.2, A31)."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.courses.models import Course
from app.courses.monitoring.learners import DONE
from app.courses.monitoring.models import CourseModule, LearnerAttempt, LearnerModule, MonitoredLearner
from app.errors import N_, NotFound
from app.i18n import fold

STATES = {0: N_("not done"), 1: N_("fulfilled"), 2: N_("passed"), 3: N_("failed")}
ATTEMPT_STATES = {
    "inprogress": N_("going on"),
    "overdue": N_("overdue"),
    "finished": N_("finished"),
    "abandoned": N_("abandoned"),
    "submitted": N_("submitted"),
    "notstarted": N_("not begun"),
}
ANSWER_STATES = {
    "gradedright": N_("correct"),
    "gradedwrong": N_("wrong"),
    "gradedpartial": N_("partly right"),
    "gaveup": N_("not answered"),
    "needsgrading": N_("awaits its mark"),
    "todo": N_("not answered yet"),
    "complete": N_("answered"),
    "invalid": N_("not answered in full"),
}
SIZE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A participant; `states` by course module, missing where nothing is tracked or told."""

    learner: MonitoredLearner
    states: dict[int, LearnerModule]
    attempts: dict[int, int]
    """How many attempts at each module."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A page of participants. `done` and `failed`: of all participants, by module."""

    modules: tuple[CourseModule, ...]
    rows: tuple[Row, ...]
    total: int
    done: dict[int, int]
    failed: dict[int, int]


def tracked(session: Session, course_id: str) -> tuple[CourseModule, ...]:
    """The modules of the report: those with completion tracking, in the order of the course."""
    query = sa.select(CourseModule).where(CourseModule.course_id == course_id, CourseModule.tracked)
    return tuple(session.scalars(query.where(~CourseModule.gone).order_by(CourseModule.position, CourseModule.cmid)))


def summary(session: Session, course: Course, search: str = "", page: int = 1, size: int = SIZE) -> Summary:
    """Participants by name; the search forgives look-alike letters (A57)."""
    wanted = [MonitoredLearner.course_id == course.id]
    wanted += [MonitoredLearner.search.contains(word, autoescape=True) for word in fold(search[:200]).split()]
    total = session.scalar(sa.select(sa.func.count()).select_from(MonitoredLearner).where(*wanted)) or 0
    query = sa.select(MonitoredLearner).where(*wanted).order_by(MonitoredLearner.sorting, MonitoredLearner.user_id)
    found = list(session.scalars(query.limit(size).offset((page - 1) * size)))
    done, failed = _sums(session, course.id)
    return Summary(tracked(session, course.id), tuple(_rows(session, course.id, found)), total, done, failed)


def everybody(session: Session, course: Course, at_once: int = 500) -> Iterator[Row]:
    """All participants, some at a time, for a file."""
    ident = course.id
    for found in _groups(session, course, at_once):
        yield from _rows(session, ident, found)


def _rows(session: Session, course_id: str, found: list[MonitoredLearner]) -> list[Row]:
    users = [one.user_id for one in found]
    states: dict[int, dict[int, LearnerModule]] = {}
    mine = (LearnerModule.course_id == course_id, LearnerModule.user_id.in_(users))
    for one in session.scalars(sa.select(LearnerModule).where(*mine)):
        states.setdefault(one.user_id, {})[one.cmid] = one
    attempts: dict[int, dict[int, int]] = {}
    counted = sa.select(LearnerAttempt.user_id, LearnerAttempt.cmid, sa.func.count()).where(
        LearnerAttempt.course_id == course_id, LearnerAttempt.user_id.in_(users)
    )
    for user, cmid, number in session.execute(counted.group_by(LearnerAttempt.user_id, LearnerAttempt.cmid)):
        attempts.setdefault(user, {})[cmid] = number
    return [Row(one, states.get(one.user_id, {}), attempts.get(one.user_id, {})) for one in found]


def _sums(session: Session, course_id: str) -> tuple[dict[int, int], dict[int, int]]:
    """Done and failed of every module, over all participants."""
    query = sa.select(LearnerModule.cmid, LearnerModule.state, sa.func.count())
    rows = session.execute(
        query.where(LearnerModule.course_id == course_id).group_by(LearnerModule.cmid, LearnerModule.state)
    )
    done: dict[int, int] = {}
    failed: dict[int, int] = {}
    for cmid, state, number in rows:
        if state in DONE:
            done[cmid] = done.get(cmid, 0) + number
        elif state:
            failed[cmid] = number
    return done, failed


@dataclass(frozen=True, slots=True)
class Detail:
    """A module of one participant, with the attempts where it has any."""

    module: CourseModule
    state: LearnerModule | None
    attempts: tuple[LearnerAttempt, ...]


def of_learner(session: Session, course: Course, user_id: int) -> tuple[MonitoredLearner, list[Detail]]:
    """Everything about one participant. Raises NotFound."""
    learner = session.get(MonitoredLearner, (course.id, user_id))
    if learner is None:
        raise NotFound
    [row] = _rows(session, course.id, [learner])
    mine = (LearnerAttempt.course_id == course.id, LearnerAttempt.user_id == user_id)
    made: dict[int, list[LearnerAttempt]] = {}
    for one in session.scalars(sa.select(LearnerAttempt).where(*mine).order_by(LearnerAttempt.number)):
        made.setdefault(one.cmid, []).append(one)
    query = sa.select(CourseModule).where(CourseModule.course_id == course.id)
    known = session.scalars(query.order_by(CourseModule.gone, CourseModule.position, CourseModule.cmid))
    return learner, [
        Detail(module, row.states.get(module.cmid), tuple(made.get(module.cmid, ())))
        for module in known
        if module.cmid in row.states or module.cmid in made
    ]


def every_attempt(session: Session, course: Course, at_once: int = 500) -> Iterator[tuple[str, str, LearnerAttempt]]:
    """Participant and module by name, and the attempt: of everybody, some people at a time."""
    ident = course.id
    known = sa.select(CourseModule.cmid, CourseModule.name).where(CourseModule.course_id == ident)
    names: dict[int, str] = {row.cmid: row.name for row in session.execute(known)}
    for row_group in _groups(session, course, at_once):
        people = {one.user_id: one.name for one in row_group}
        query = sa.select(LearnerAttempt).where(
            LearnerAttempt.course_id == ident, LearnerAttempt.user_id.in_(list(people))
        )
        found = sorted(session.scalars(query), key=lambda one: (people[one.user_id], one.user_id, one.cmid, one.number))
        for one in found:
            yield people[one.user_id], names.get(one.cmid, str(one.cmid)), one


def _groups(session: Session, course: Course, at_once: int) -> Iterator[list[MonitoredLearner]]:
    """All participants by name, some at a time."""
    ident, after = course.id, ("", -1)
    while True:
        query = sa.select(MonitoredLearner).where(
            MonitoredLearner.course_id == ident,
            sa.tuple_(MonitoredLearner.sorting, MonitoredLearner.user_id) > sa.tuple_(*map(sa.literal, after)),
        )
        found = list(session.scalars(query.order_by(MonitoredLearner.sorting, MonitoredLearner.user_id).limit(at_once)))
        if not found:
            return
        after = (found[-1].sorting, found[-1].user_id)
        yield found
