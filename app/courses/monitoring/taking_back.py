"""Taking an import back: the wrong file, or the wrong zone. The figures afterwards are those without it."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses.models import Course
from app.courses.monitoring import by_hand, figures, receiving
from app.courses.monitoring.models import BroughtRow, LogImport, LogTally
from app.courses.record import record
from app.engine import Json
from app.errors import N_, Conflict, NotFound
from app.workflow import jobs
from app.workflow.inserting import insert
from app.workflow.operations import Context, Operation

TAKE_OUT = "monitoring.take_out"
WITHIN = timedelta(days=180)
"""How long what an import brought is kept by itself, so that it can be taken back."""
TOO_LATE = N_("This import can no longer be taken back: what it brought is not kept by itself any more.")


def get_import(session: Session, course: Course, ident: str) -> LogImport:
    """Raises NotFound."""
    one = session.get(LogImport, ident)
    if one is None or one.course_id != course.id:
        raise NotFound
    return one


def is_possible(one: LogImport) -> bool:
    return one.state == "done" and one.kept


def take_back(session: Session, course: Course, ident: str, by: str) -> LogImport:
    """What the import brought counts no longer. Raises NotFound; Conflict when it is too late or another one runs."""
    receiving.demand_quiet(session, course.id)
    get_import(session, course, ident)
    one = session.get_one(LogImport, ident, with_for_update=True, populate_existing=True)
    if not is_possible(one):
        raise Conflict(TOO_LATE)
    one.kept = False
    if one.report == "log":
        one.state = "leaving"
        jobs.enqueue(session, TAKE_OUT, {"log": one.id}, key=f"{TAKE_OUT}:{one.id}")
    else:
        _leave(session, one)
    record(session, course.id, Kind.IMPORT_TAKEN_BACK, by, {"import": one.id, "report": one.report})
    return one


def _leave(session: Session, one: LogImport) -> None:
    one.state = "taken_back"
    session.flush()
    told = sa.select(BroughtRow.user_id).where(BroughtRow.import_id == one.id, BroughtRow.user_id.is_not(None))
    users = [user for user in session.scalars(told) if user is not None]
    session.execute(sa.delete(BroughtRow).where(BroughtRow.import_id == one.id))
    if users:
        figures.forget_students(session, one.course_id, users)
    by_hand.begin(session, one.course_id)


def _take_out(context: Context, log: str) -> Json:
    session = context.session
    one = session.get(LogImport, log, with_for_update=True, populate_existing=True)
    if one is None or one.state != "leaving":
        return {"taken": False}
    figures.take_out(session, one)
    one.state = "taken_back"
    session.flush()
    return {"taken": True}


def settle(session: Session) -> None:
    """Of what was brought long ago stay one set of tallies a course, and the reports that hold."""
    limit = clock.now() - WITHIN
    old = (LogImport.kept, LogImport.state == "done", LogImport.ended_at < limit)
    for one in session.scalars(sa.select(LogImport).where(*old).order_by(LogImport.ended_at, LogImport.id)):
        if one.report == "log":
            _fold(session, one)
            one.kept = False
            continue
        held = by_hand.holding(session, one.course_id)
        holds = held.completion[:1] if one.cmid is None else held.quizzes.get(one.cmid, ())
        if one not in holds:
            session.execute(sa.delete(BroughtRow).where(BroughtRow.import_id == one.id))
            one.kept = False
    session.flush()


def _fold(session: Session, one: LogImport) -> None:
    """The tallies of imports that stay for good are joined to this one's."""
    past = sa.select(LogImport.id).where(
        LogImport.course_id == one.course_id, LogImport.report == "log", LogImport.state == "done", ~LogImport.kept
    )
    table = LogTally.__table__
    rows = sa.select(sa.literal(one.id), *(table.c[name] for name in ("cmid", "viewer", "day", "kind", "views")))
    adding = insert(session, table).from_select(
        ["import_id", "cmid", "viewer", "day", "kind", "views"], rows.where(table.c.import_id.in_(past))
    )
    larger = sa.case((adding.excluded.views > table.c.views, adding.excluded.views), else_=table.c.views)
    keys = ["import_id", "cmid", "viewer", "day"]
    session.execute(adding.on_conflict_do_update(index_elements=keys, set_={"views": larger}))
    session.execute(sa.delete(LogTally).where(LogTally.import_id.in_(past)))


OPERATIONS = (Operation(TAKE_OUT, _take_out, {"log": True}),)
