"""Reading a course's figures from the platform: its modules and learners first, then the learners in small groups.

Each group is a job of its own, so that a large course is read with progress and no call waits for hours. What was read
before stays until the last group has been read; a platform that is away leaves the last figures and their time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.connectors.moodle import SYSTEM, Client, Refused, progress
from app.connectors.moodle.progress import Attempt, Module, Participant, State, Test
from app.courses.models import Course
from app.courses.monitoring import by_hand, figures, keeping, learners
from app.courses.monitoring.models import CourseModule, MonitoredCourse
from app.courses.platform import connection
from app.courses.record import record
from app.courses.register import get_course
from app.db import new_id
from app.engine import Json
from app.workflow import jobs
from app.workflow.operations import Context, Operation, Outside

READ, GROUP = "monitoring.read", "monitoring.read_group"
AT_ONCE = 20
"""Learners of one job: some hundred calls of a third of a second."""
AT_A_TIME = 2


@dataclass(frozen=True, slots=True)
class Found:
    """The course as a whole. `played`: attempts at interactive activities by course module and learner."""

    modules: tuple[Module, ...]
    tests: tuple[Test, ...]
    students: tuple[Participant, ...]
    played: Mapping[int, Mapping[int, list[Attempt]]]


@dataclass(frozen=True, slots=True)
class Request:
    platform_id: int
    since: date


def _prepare(context: Context, course: str) -> Request | None:
    """Notes that the platform is asked now: figures older than this are told as such."""
    found = get_course(context.session, course)
    figures.of_course(context.session, course).asked_at = clock.now()
    if found.platform_id is None or connection.client() is None:
        return None
    return Request(found.platform_id, keeping.details_since(context.session))


def _act(request: Request | None, _key: str) -> Found | str:
    """What was found, or why nothing can be had; a platform that is away is asked again later."""
    client = connection.client()
    if request is None or client is None:
        return connection.NO_TOKEN
    try:
        return _find(client, request)
    except Refused as refusal:
        return str(refusal)


def _find(client: Client, request: Request) -> Found:
    course = request.platform_id
    modules = tuple(progress.modules(client, course))
    students = tuple(one for one in progress.participants(client, course) if one.student)
    played = {}
    if any(one.kind == "h5pactivity" for one in modules):
        for activity, cmid in progress.activities(client, course):
            played[cmid] = progress.activity_attempts(client, activity)
    tests = tuple(progress.tests(client, course)) if any(one.kind == "quiz" for one in modules) else ()
    return Found(modules, tests, students, played)


def _keep(context: Context, course: str, answer: Found | str) -> Json:
    session = context.session
    known = figures.of_course(session, course)
    if isinstance(answer, str):
        known.trouble = answer[:500]
        session.flush()
        return {"read": False, "learners": known.learners}
    known.trouble, known.reading = "", new_id()
    _keep_modules(session, course, answer.modules)
    since = keeping.details_since(session)
    present = [one for one in answer.students if not keeping.is_past(one.last_access, since)]
    known.past = len(answer.students) - len(present)
    learners.list_all(session, course, known.reading, present)
    for cmid, by_learner in answer.played.items():
        learners.keep_attempts(session, course, cmid, {one.id: by_learner.get(one.id, []) for one in present})
    known.to_read = known.left = len(present)
    session.flush()
    _read_groups(session, known, [one.id for one in present], answer.tests)
    if not present:
        _end(session, known)
    return {"read": True, "learners": len(answer.students)}


def _keep_modules(session: Session, course: str, modules: Sequence[Module]) -> None:
    """A module that is no longer shown keeps its figures."""
    known = {one.cmid: one for one in session.scalars(sa.select(CourseModule).where(CourseModule.course_id == course))}
    for one in known.values():
        one.gone = True
    for position, module in enumerate(modules):
        row = known.get(module.cmid) or CourseModule(course_id=course, cmid=module.cmid)
        row.position, row.kind, row.name, row.gone = position, module.kind, module.name, False
        session.add(row)
    session.flush()


def _read_groups(session: Session, known: MonitoredCourse, users: list[int], tests: Sequence[Test]) -> None:
    told: list[Json] = [asdict(one) for one in tests]
    wanted = []
    for start in range(0, len(users), AT_ONCE):
        group: list[Json] = [*users[start : start + AT_ONCE]]
        params = {"course": known.course_id, "reading": known.reading, "users": group, "tests": told}
        wanted.append(jobs.Wanted(GROUP, params, f"{GROUP}:{known.reading}:{start}"))
    jobs.enqueue_all(session, wanted)


# --- a group of learners ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GroupRequest:
    platform_id: int
    users: tuple[int, ...]
    tests: tuple[Test, ...]
    reviewed: frozenset[int]
    """Attempts whose answers are known already: a finished attempt does not change."""


@dataclass(frozen=True, slots=True)
class Read:
    """`states` None: the platform tells nothing about this learner any more."""

    states: list[State] | None
    attempts: Mapping[int, list[Attempt]]
    answers: Mapping[int, list[dict[str, Any]]]


def _prepare_group(
    context: Context, course: str, reading: str, users: Sequence[int], tests: Sequence[Mapping[str, Any]]
) -> GroupRequest | None:
    """None where a newer reading has begun, or there is no access any more."""
    known = figures.of_course(context.session, course)
    found = context.session.get_one(Course, course)
    if known.reading != reading or found.platform_id is None:
        return None
    reviewed = learners.reviewed(context.session, course, users)
    given = tuple(Test(**one) for one in tests)
    return GroupRequest(found.platform_id, tuple(users), given, reviewed)


def _act_group(request: GroupRequest | None, _key: str) -> dict[int, Read]:
    if request is None:
        return {}
    client = connection.demand()
    return {user: _read_one(client, request, user) for user in request.users}


def _read_one(client: Client, request: GroupRequest, user: int) -> Read:
    """Refused for a person who has left meanwhile, or whose attempts our account may not see: nothing is told."""
    try:
        states = progress.completion(client, request.platform_id, user)
        attempts = {test.cmid: progress.attempts(client, test, user) for test in request.tests}
    except Refused:
        return Read(None, {}, {})
    answers = {}
    for made in attempts.values():
        for one in made:
            if one.finished is not None and one.id not in request.reviewed:
                answers[one.id] = _answers(client, one)
    return Read(states, attempts, {ident: rows for ident, rows in answers.items() if rows is not None})


def _answers(client: Client, attempt: Attempt) -> list[dict[str, Any]] | None:
    try:
        return [asdict(one) for one in progress.review(client, attempt.id)]
    except Refused:  # the answers are a separate right
        return None


def _keep_group(
    context: Context,
    course: str,
    reading: str,
    users: Sequence[int],  # noqa: ARG001 - the answer is by learner
    tests: Sequence[Mapping[str, Any]],  # noqa: ARG001
    answer: Mapping[int, Read],
) -> Json:
    session = context.session
    known = session.get(MonitoredCourse, course, with_for_update=True, populate_existing=True)
    if known is None or known.reading != reading or not answer:
        return {"read": 0}
    _keep_read(session, course, answer)
    known.left = max(known.left - len(answer), 0)
    session.flush()
    if known.left == 0:
        _end(session, known)
    return {"read": len(answer)}


def _keep_read(session: Session, course: str, answer: Mapping[int, Read]) -> None:
    told = {user: one for user, one in answer.items() if one.states is not None}
    learners.keep_states(session, course, {user: one.states or [] for user, one in told.items()})
    for cmid in {cmid for one in told.values() for cmid in one.attempts}:
        made = {user: one.attempts.get(cmid, []) for user, one in told.items()}
        answers = {ident: rows for one in told.values() for ident, rows in one.answers.items()}
        learners.keep_attempts(session, course, cmid, made, answers)


def _end(session: Session, known: MonitoredCourse) -> None:
    """All learners are read: those whom the platform no longer lists go, the sums are counted, the time is noted."""
    learners.drop_unlisted(session, known.course_id, known.reading)
    by_hand.give_way(session, known.course_id)
    figures.know_students(session, known.course_id, learners.numbers(session, known.course_id))
    known.learners, known.completed = learners.count(session, known.course_id)
    known.learners += known.past
    known.read_at, known.reading, known.left, known.to_read = clock.now(), "", 0, 0
    session.flush()
    body = {"learners": known.learners, "completed": known.completed}
    record(session, known.course_id, Kind.FIGURES_READ, "system:monitoring", body)


def wanted(session: Session, course_id: str) -> None:
    """Have the figures read after commit, because somebody asks for them now."""
    jobs.enqueue(session, READ, {"course": course_id}, key=f"{READ}:{course_id}:{new_id()}")


OPERATIONS = (
    Operation(READ, _keep, {"course": True}, outside=Outside(_prepare, _act), system=SYSTEM, at_a_time=AT_A_TIME),
    Operation(
        GROUP,
        _keep_group,
        dict.fromkeys(("course", "reading", "users", "tests"), True),
        outside=Outside(_prepare_group, _act_group),
        system=SYSTEM,
        at_a_time=AT_A_TIME,
    ),
)
