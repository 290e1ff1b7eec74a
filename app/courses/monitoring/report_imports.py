"""Importing the platform's own reports on completion and quizzes, where no access to it is configured (9.2-c…e).

The rows are read piece by piece into a table of their own; only when the whole file has proved right do they count.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses.models import Course
from app.courses.monitoring import by_hand, figures, module_names, receiving, report_files
from app.courses.monitoring.models import BroughtRow, CourseModule, LogImport, MonitoredCourse
from app.courses.monitoring.moments import Clock
from app.courses.monitoring.receiving import LOST, Brought, path_of
from app.courses.monitoring.report_files import QUIZ, Piece, Shape
from app.courses.platform import connection
from app.courses.record import record
from app.engine import Json
from app.errors import N_, Conflict, Invalid, Problem
from app.workflow import jobs
from app.workflow.operations import Context, Operation, Outside

READ = "monitoring.read_report"
PIECE = 2_000
"""Rows of one job."""

CONNECTED = N_("The platform is open to the program: learners, completion and attempts are read from it.")
NO_MODULE = N_("Choose the quiz that the file is about: the file does not tell.")
COMPLETION_FIRST = N_("Import the completion of activities first: it tells the modules of the course.")
NOBODY = N_("The file lists nobody.")
FOREIGN_PEOPLE = N_("None of the people in the file takes part in this course.")


def is_open(session: Session, course_id: str) -> bool:
    """Whether reports are brought by hand: no access is configured, or the platform does not give the figures."""
    known = session.get(MonitoredCourse, course_id)
    return connection.client() is None or bool(known and known.trouble)


def take(
    session: Session, course: Course, stream: IO[bytes], name: str, zone: str, by: str,
    *, cmid: int | None = None, changed: bool = False,
) -> LogImport:  # fmt: skip
    """Take in a report and have it read after commit. `changed`: the course's modules are others than before.

    Raises Invalid, Conflict or TooLarge; then nothing is kept.
    """
    if not is_open(session, course.id):
        raise Conflict(CONNECTED)

    def inspect(path: Path) -> tuple[str, dict[str, Any], int]:
        shape = report_files.inspect(path)
        if shape.report in QUIZ:
            _demand_module(session, course.id, cmid)
        else:
            names = [name for name, _column in shape.modules]
            module_names.demand(session, course.id, names, changed=changed)
        return shape.report, shape.as_json(), shape.start

    made = receiving.receive(session, course, Brought(stream, name, zone, by, cmid=cmid), inspect)
    _enqueue(session, made)
    return made


def _demand_module(session: Session, course_id: str, cmid: int | None) -> None:
    if not module_names.known(session, course_id):
        raise Conflict(COMPLETION_FIRST)
    if cmid is None or session.get(CourseModule, (course_id, cmid)) is None:
        raise Invalid(NO_MODULE, {"cmid": Problem(NO_MODULE)})


def _enqueue(session: Session, one: LogImport) -> None:
    jobs.enqueue(session, READ, {"report": one.id, "offset": one.offset}, key=f"{READ}:{one.id}:{one.offset}")


@dataclass(frozen=True, slots=True)
class _Request:
    path: Path
    shape: Shape
    clock: Clock
    offset: int
    rows: int
    key: str


@dataclass(frozen=True, slots=True)
class _Read:
    """`rows`: person, the platform's number, name, what was told. `refusal`: why nothing of the file counts."""

    piece: Piece | None
    rows: tuple[tuple[int, int | None, str, dict[str, Any]], ...] = ()
    refusal: Problem | None = None


def _prepare(context: Context, report: str, offset: int) -> _Request | None:
    """None where this piece is read already."""
    session = context.session
    one = session.get(LogImport, report)
    if one is None or one.ended_at is not None or one.offset != offset:
        return None
    key = figures.of_course(session, one.course_id).viewer_key
    times = Clock(one.zone, one.day_first, clock.now())
    return _Request(path_of(one.id), Shape(**one.layout), times, offset, one.rows, key)


def _act(request: _Request | None, _key: str) -> _Read | None:
    if request is None:
        return None
    try:
        piece = report_files.read(
            request.path, request.shape, request.clock, request.offset, request.rows, PIECE
        )  # fmt: skip
    except FileNotFoundError:
        return _Read(None, refusal=Invalid(LOST))
    except Invalid as refusal:
        return _Read(None, refusal=refusal)
    rows = []
    for told in piece.rows:
        if request.shape.report in QUIZ and told.attempt is None:
            continue
        what = {"attempt": told.attempt} if told.attempt else {"states": told.states}
        rows.append((figures.pseudonym(request.key, told.mail), told.user, told.name[:200], what))
    return _Read(piece, tuple(rows))


def _keep(context: Context, report: str, offset: int, answer: _Read | None) -> Json:
    session = context.session
    one = session.get(LogImport, report, with_for_update=True, populate_existing=True)
    if answer is None or one is None or one.offset != offset or one.ended_at is not None:
        return {"read": 0}
    if answer.piece is None:
        _refuse(session, one, answer.refusal or Invalid(LOST))
        return {"read": 0}
    rows = [
        {"import_id": one.id, "place": one.counted + at, "person": person, "user_id": user, "name": name, "told": what}
        for at, (person, user, name, what) in enumerate(answer.rows)
    ]
    if rows:
        session.execute(sa.insert(BroughtRow), rows)
    one.offset, one.state = answer.piece.offset, "reading"
    one.rows, one.counted = one.rows + answer.piece.read, one.counted + len(rows)
    session.flush()
    if answer.piece.ended:
        _end(session, one)
    else:
        _enqueue(session, one)
    return {"read": len(rows)}


def _end(session: Session, one: LogImport) -> None:
    """All is read: judge the whole, then let it count."""
    if one.rows == 0 or (one.counted == 0 and one.report not in QUIZ):
        return _refuse(session, one, Invalid(NOBODY))
    if one.report in QUIZ and one.counted and not _known_people(session, one):
        return _refuse(session, one, Invalid(FOREIGN_PEOPLE))
    receiving.close(session, one, "done")
    by_hand.begin(session, one.course_id)
    body = {"import": one.id, "report": one.report, "rows": one.rows}
    return record(session, one.course_id, Kind.REPORT_IMPORTED, one.by, body)


def _known_people(session: Session, one: LogImport) -> bool:
    """Whether anybody of a quiz's report takes part, as far as it is known who does."""
    newest = by_hand.holding(session, one.course_id).newest
    if newest is None:
        return True
    listed = sa.select(BroughtRow.person).where(BroughtRow.import_id == newest.id)
    query = sa.select(BroughtRow.place).where(BroughtRow.import_id == one.id, BroughtRow.person.in_(listed))
    return session.scalar(query.limit(1)) is not None


def _refuse(session: Session, one: LogImport, why: Problem) -> None:
    session.execute(sa.delete(BroughtRow).where(BroughtRow.import_id == one.id))
    receiving.refuse(session, one, why)


OPERATIONS = (Operation(READ, _keep, {"report": True, "offset": True}, outside=Outside(_prepare, _act)),)
