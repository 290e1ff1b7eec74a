"""Importing a log export: taken in as a stream, counted piece by piece in jobs, and the file is gone afterwards (9.2).

A piece is one job: what it has counted and how far it has come are written together, so that a killed worker loses
nothing and counts nothing twice. Names and addresses never reach a table; the platform's number of a person becomes a
pseudonym of the course.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses import settings
from app.courses.models import Course
from app.courses.monitoring import figures, log_files, receiving
from app.courses.monitoring.export_lines import EMPTY
from app.courses.monitoring.log_files import Layout, Piece, View
from app.courses.monitoring.models import LogImport, LogTally, MonitoredLearner
from app.courses.monitoring.moments import Clock
from app.courses.monitoring.receiving import LOST, Brought, path_of, refuse
from app.courses.record import record
from app.engine import Json
from app.errors import N_, Conflict, Invalid, Problem
from app.identity.places import default_place
from app.workflow import jobs
from app.workflow.inserting import insert
from app.workflow.operations import Context, Operation, Outside

READ = "monitoring.read_log"
PIECE = 20_000
"""Rows of one job."""

NO_NUMBER = N_("The course has no number on the platform yet: there is no log of it to import.")


def take(
    session: Session, course: Course, stream: IO[bytes], name: str, zone: str, by: str, *, day_first: bool = True
) -> LogImport:
    """Take in the log and have it counted after commit. Raises Invalid, Conflict or TooLarge; then nothing is kept."""
    if course.platform_id is None:
        raise Conflict(NO_NUMBER)
    made = receiving.receive(session, course, Brought(stream, name, zone, by, day_first), _inspect)
    _enqueue(session, made)
    return made


def _inspect(path: Path) -> tuple[str, dict[str, Any], int]:
    layout = log_files.inspect(path)
    return "log", layout.as_json(), layout.start


def _enqueue(session: Session, one: LogImport) -> None:
    key = f"{READ}:{one.id}:{one.offset}"
    jobs.enqueue(session, READ, {"log": one.id, "offset": one.offset}, key=key)


# --- one piece -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Request:
    path: Path
    layout: Layout
    clock: Clock
    offset: int
    rows: int
    course: int
    zone: str
    """Zone whose days are counted: the Secretariat's, for every course and every export alike."""
    key: str
    guest: int
    students: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Counted:
    """`tallies`: (cmid, viewer, day) -> views; `kinds`: viewer -> kind. `refusal`: why nothing of the file counts."""

    piece: Piece | None
    tallies: Mapping[tuple[int, int, Any], int]
    kinds: Mapping[int, str]
    refusal: Problem | None = None


def _prepare(context: Context, log: str, offset: int) -> _Request | None:
    """None where this piece is counted already."""
    session = context.session
    one = session.get(LogImport, log)
    if one is None or one.ended_at is not None or one.offset != offset:
        return None
    course = session.get_one(Course, one.course_id)
    today = settings.today(session)
    students = sa.select(MonitoredLearner.user_id).where(MonitoredLearner.course_id == course.id)
    return _Request(
        path=path_of(one.id),
        layout=Layout(**one.layout),
        clock=Clock(one.zone, one.day_first, clock.now()),
        offset=offset,
        rows=one.rows,
        course=course.platform_id or 0,
        zone=default_place(session).zone,
        key=figures.of_course(session, course.id).viewer_key,
        guest=settings.number(session, "platform_guest", today),
        students=frozenset(session.scalars(students)),
    )


def _act(request: _Request | None, _key: str) -> _Counted | None:
    if request is None:
        return None
    try:
        piece = log_files.read(
            request.path, request.layout, request.clock, request.offset, request.rows, PIECE, request.course
        )
    except FileNotFoundError:
        return _Counted(None, {}, {}, Invalid(LOST))
    except Invalid as refusal:
        return _Counted(None, {}, {}, refusal)
    return _tally(request, piece)


def _tally(request: _Request, piece: Piece) -> _Counted:
    """Views by module, pseudonym and day; each person's pseudonym is made once."""
    days, tallies = ZoneInfo(request.zone), Counter[tuple[int, int, Any]]()
    viewers: dict[int, int] = {}
    kinds: dict[int, str] = {}
    for view in piece.views:
        if view.user <= 0:  # the platform's own doings
            continue
        if view.user not in viewers:
            viewers[view.user] = figures.pseudonym(request.key, view.user)
            kinds[viewers[view.user]] = _kind(view, request)
        tallies[view.cmid, viewers[view.user], view.at.astimezone(days).date()] += 1
    return _Counted(piece, tallies, kinds)


def _kind(view: View, request: _Request) -> str:
    if view.user == request.guest:
        return "guest"
    return "student" if view.user in request.students else "other"


def _keep(context: Context, log: str, offset: int, answer: _Counted | None) -> Json:
    session = context.session
    one = session.get(LogImport, log, with_for_update=True, populate_existing=True)
    if answer is None or one is None or one.offset != offset or one.ended_at is not None:
        return {"counted": 0}
    if answer.piece is None:
        _refuse(session, one, answer.refusal or Invalid(LOST))
        return {"counted": 0}
    piece = answer.piece
    _add(session, one, answer)
    one.offset, one.rows, one.state = piece.offset, one.rows + piece.rows, "reading"
    one.counted += sum(answer.tallies.values())
    one.facts = {**one.facts, "told": int(one.facts.get("told", 0)) + piece.told}
    session.flush()
    if not piece.ended:
        _enqueue(session, one)
    else:
        _end(session, one)
    return {"counted": sum(answer.tallies.values())}


def _add(session: Session, one: LogImport, answer: _Counted) -> None:
    if not answer.tallies:
        return
    rows = [
        {"import_id": one.id, "cmid": cmid, "viewer": viewer, "day": day, "kind": answer.kinds[viewer], "views": views}
        for (cmid, viewer, day), views in answer.tallies.items()
    ]
    adding = insert(session, LogTally.__table__)
    more = {"views": LogTally.__table__.c.views + adding.excluded.views}
    keys = ["import_id", "cmid", "viewer", "day"]
    session.execute(adding.on_conflict_do_update(index_elements=keys, set_=more), rows)


def _end(session: Session, one: LogImport) -> None:
    """All is counted: judge the whole, then join it to what is known."""
    if one.rows == 0:
        return _refuse(session, one, Invalid(EMPTY))
    if not one.facts.get("told"):
        return _refuse(session, one, Invalid(log_files.NO_DESCRIPTIONS))
    foreign = figures.foreign_module(session, one)
    if foreign is not None:
        return _refuse(session, one, Invalid(FOREIGN_MODULES, cmid=foreign))
    figures.join(session, one)
    receiving.close(session, one, "done")
    body = {"import": one.id, "rows": one.rows, "views": one.counted}
    record(session, one.course_id, Kind.LOG_IMPORTED, one.by, body)
    return None


FOREIGN_MODULES = N_("No module of the file belongs to this course (the file names module %(cmid)s, for example).")


def _refuse(session: Session, one: LogImport, why: Problem) -> None:
    session.execute(sa.delete(LogTally).where(LogTally.import_id == one.id))
    refuse(session, one, why)


OPERATIONS = (Operation(READ, _keep, {"log": True, "offset": True}, outside=Outside(_prepare, _act)),)
