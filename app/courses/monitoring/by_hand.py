"""The learners' figures out of the reports that were brought, where the platform gives none itself (design of 9.2-c…e).

The newest report on completion says who takes part and how far they are; the newest reports of a quiz say what they
attempted. The figures are always made of all the reports that hold, so that one of them can be taken back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.connectors.moodle.progress import Attempt, Participant, State
from app.courses.monitoring import figures, learners, module_names
from app.courses.monitoring.models import (
    BroughtRow,
    CourseModule,
    LearnerAttempt,
    LogImport,
    MonitoredCourse,
)
from app.courses.monitoring.report_files import COMPLETION, QUIZ
from app.db import new_id
from app.engine import Json
from app.workflow import jobs
from app.workflow.operations import Context, Operation

JOIN = "monitoring.join_reports"
AT_ONCE = 500
"""People of one job."""
_BITS = 63


@dataclass(frozen=True, slots=True)
class Holding:
    """The reports that hold, the newest first: on completion, and of each quiz by its module."""

    completion: tuple[LogImport, ...]
    quizzes: Mapping[int, tuple[LogImport, ...]]

    @property
    def newest(self) -> LogImport | None:
        return self.completion[0] if self.completion else None

    @property
    def every(self) -> list[LogImport]:
        return [*self.completion, *(one for found in self.quizzes.values() for one in found)]

    @property
    def listing(self) -> list[str]:
        """Imports that say who takes part."""
        return [self.completion[0].id] if self.completion else [one.id for one in self.every]

    @property
    def names(self) -> list[str]:
        return [str(name) for name, _column in self.newest.layout["modules"]] if self.newest else []


def holding(session: Session, course_id: str) -> Holding:
    """The reports of the course that were imported and not taken back."""
    done = (LogImport.course_id == course_id, LogImport.state == "done", LogImport.report != "log", LogImport.kept)
    query = sa.select(LogImport).where(*done).order_by(LogImport.at.desc(), LogImport.id.desc())
    found = list(session.scalars(query))
    quizzes: dict[int, tuple[LogImport, ...]] = {}
    for one in found:
        if one.report in QUIZ and one.cmid is not None:
            quizzes[one.cmid] = (*quizzes.get(one.cmid, ()), one)
    return Holding(tuple(one for one in found if one.report in COMPLETION), quizzes)


def begin(session: Session, course_id: str) -> None:
    """Have the figures made anew after commit, some people at a time."""
    held, known = holding(session, course_id), figures.of_course(session, course_id)
    module_names.settle(session, course_id, held.names, held.quizzes.keys())
    people = sa.select(sa.func.count(BroughtRow.person.distinct())).where(BroughtRow.import_id.in_(held.listing))
    known.reading = new_id()
    known.to_read = known.left = session.scalar(people) or 0
    session.flush()
    _enqueue(session, known, 0)


def _enqueue(session: Session, known: MonitoredCourse, after: int) -> None:
    params = {"course": known.course_id, "reading": known.reading, "after": after}
    jobs.enqueue(session, JOIN, params, key=f"{JOIN}:{known.reading}:{after}")


def _join(context: Context, course: str, reading: str, after: int) -> Json:
    session = context.session
    known = session.get(MonitoredCourse, course, with_for_update=True, populate_existing=True)
    if known is None or known.reading != reading:
        return {"joined": 0}
    held = holding(session, course)
    people = sa.select(BroughtRow.person).distinct()
    people = people.where(BroughtRow.import_id.in_(held.listing), BroughtRow.person > after)
    some = list(session.scalars(people.order_by(BroughtRow.person).limit(AT_ONCE)))
    if some:
        _join_people(session, course, reading, held, some)
    known.left = max(known.left - len(some), 0)
    session.flush()
    if len(some) == AT_ONCE:
        _enqueue(session, known, some[-1])
    else:
        _end(session, known, held)
    return {"joined": len(some)}


def _rows(session: Session, imports: Sequence[LogImport], people: Sequence[int]) -> dict[str, list[BroughtRow]]:
    """By import, in the order of the file."""
    found: dict[str, list[BroughtRow]] = {one.id: [] for one in imports}
    query = sa.select(BroughtRow).where(BroughtRow.import_id.in_(list(found)), BroughtRow.person.in_(people))
    for row in session.scalars(query.order_by(BroughtRow.place)):
        found[row.import_id].append(row)
    return found


def _join_people(session: Session, course: str, reading: str, held: Holding, people: Sequence[int]) -> None:
    found = _rows(session, held.every, people)
    numbers, names = dict[int, int](), dict[int, str]()
    for one in reversed(held.every):  # the newest report on completion comes last and holds
        for row in found[one.id]:
            names[row.person] = row.name
            if row.user_id is not None:
                numbers[row.person] = row.user_id
    users = {person: numbers.get(person, person) for person in people}
    listed = [Participant(users[person], names[person], student=True, last_access=None) for person in people]
    learners.list_all(session, course, reading, listed)
    learners.keep_states(session, course, _states(session, course, held, found, users))
    for cmid, reports in held.quizzes.items():
        made, answers = _attempts([found[one.id] for one in reports], users)
        learners.keep_attempts(session, course, cmid, made, answers)


def _states(
    session: Session, course: str, held: Holding, found: Mapping[str, list[BroughtRow]], users: Mapping[int, int]
) -> dict[int, list[State]]:
    states: dict[int, list[State]] = {user: [] for user in users.values()}
    if held.newest is None:
        return states
    modules = module_names.match(module_names.known(session, course), held.names)
    for row in found[held.newest.id]:
        states[users[row.person]] = [
            State(module.cmid, state, _moment(at))
            for place, state, at in row.told["states"]
            if (module := modules[place]) is not None
        ]
    return states


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _attempts(
    reports: Sequence[Sequence[BroughtRow]], users: Mapping[int, int]
) -> tuple[dict[int, list[Attempt]], dict[int, list[dict[str, Any]]]]:
    """Attempts of the newest report; what it does not tell of an answer, an older one may."""
    made: dict[int, list[Attempt]] = {user: [] for user in users.values()}
    answers: dict[int, list[dict[str, Any]]] = {}
    for newest, rows in enumerate(reports):
        numbered: dict[int, int] = {}
        for row in sorted(rows, key=lambda one: (one.person, one.told["attempt"]["started"] or "", one.place)):
            number = numbered[row.person] = numbered.get(row.person, 0) + 1
            ident, told = (row.person + number) % (1 << _BITS), row.told["attempt"]
            if newest == 0:
                made[users[row.person]].append(_attempt(ident, number, told))
                answers[ident] = told["answers"]
            elif ident in answers:
                answers[ident] = _together(answers[ident], told["answers"])
    return made, answers


def _attempt(ident: int, number: int, told: Mapping[str, Any]) -> Attempt:
    started, finished = _moment(told["started"]), _moment(told["finished"])
    return Attempt(
        ident, number, told["state"], started, finished, told["seconds"], told["grade"], told["highest"]
    )  # fmt: skip


def _together(newer: list[dict[str, Any]], older: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By question; a state that a mark gave holds before one that was only compared."""
    known = {one["slot"]: one for one in older}
    merged = []
    for one in newer:
        other = known.pop(one["slot"], {})
        both = {name: value if value not in ("", None) else other.get(name, value) for name, value in one.items()}
        if one["mark"] is None and other.get("mark") is not None:
            both["state"] = other["state"]
        merged.append(both)
    return sorted([*merged, *known.values()], key=lambda one: int(one["slot"]))


def _end(session: Session, known: MonitoredCourse, held: Holding) -> None:
    course = known.course_id
    learners.drop_unlisted(session, course, known.reading)
    told = sa.delete(LearnerAttempt).where(LearnerAttempt.course_id == course)
    session.execute(told.where(LearnerAttempt.cmid.not_in(list(held.quizzes))))
    figures.know_students(session, course, learners.numbers(session, course))
    known.learners, known.completed = learners.count(session, course)
    known.past, known.reading, known.left, known.to_read = 0, "", 0, 0
    known.trouble = ""
    known.read_at = max((one.ended_at or clock.now() for one in held.every), default=None)
    session.flush()


def give_way(session: Session, course_id: str) -> None:
    """The platform has told the figures itself: what was brought by hand is kept no longer."""
    every = holding(session, course_id).every
    for one in every:
        one.state, one.kept = "replaced", False
    session.flush()
    session.execute(sa.delete(BroughtRow).where(BroughtRow.import_id.in_([one.id for one in every])))
    for table in (LearnerAttempt, CourseModule):
        session.execute(sa.delete(table).where(table.course_id == course_id, table.cmid < 0))


OPERATIONS = (Operation(JOIN, _join, dict.fromkeys(("course", "reading", "after"), True)),)
