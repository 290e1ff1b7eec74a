"""Taking in a file that somebody brings from the platform: kept until it is read in jobs, and gone afterwards (9.2)."""

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo, available_timezones

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses.models import Course
from app.courses.monitoring.models import LogImport
from app.courses.monitoring.report_files import QUIZ
from app.courses.record import record
from app.db import new_id
from app.errors import N_, Conflict, Invalid, Problem, TooLarge
from app.identity.places import default_place
from app.workflow import jobs
from app.workflow.operations import Operation, Outside

DROP = "monitoring.drop_log"
LIMIT = 1 << 30
"""Bytes of one file that anybody may bring; what a page takes is limited before (the deployment's setting)."""
_CHUNK = 1 << 16

KNOWN = N_("This very file was imported on %(day)s. Nothing was counted again.")
UNDER_WAY = N_("Another export of this course is being imported or taken back. Wait until it is done.")
ZONE = N_("Choose the time zone in which the times are written.")
LOST = N_("The file is no longer there. Send it again.")


@dataclass(slots=True)
class _Place:
    root: Path = Path("data/files")


_place = _Place()


def install(root: Path) -> None:
    """Where files wait until they are imported; called once when the program is joined."""
    _place.root = root


def folder() -> Path:
    """Where files wait."""
    return _place.root / "imports"


def path_of(ident: str) -> Path:
    return folder() / f"{ident}.csv"


@dataclass(frozen=True, slots=True)
class Brought:
    """What a person brings: the file, the name it has, the zone and the order of day and month of its times."""

    stream: IO[bytes]
    name: str
    zone: str
    by: str
    day_first: bool = True
    cmid: int | None = None
    """The module that a quiz's report is about: the file does not tell."""


Inspect = Callable[[Path], tuple[str, Mapping[str, Any], int]]
"""Report, layout and the byte at which the rows begin. Raises Invalid."""


def receive(session: Session, course: Course, given: Brought, inspect: Inspect) -> LogImport:
    """Take in the file. Raises Invalid, Conflict or TooLarge; then nothing is kept."""
    if given.zone not in available_timezones():
        raise Invalid(ZONE, {"zone": Problem(ZONE)})
    demand_quiet(session, course.id)
    ident = new_id()
    try:
        size, digest = _copy(given.stream, path_of(ident))
        report, layout, start = inspect(path_of(ident))
        cmid = given.cmid if report in QUIZ else None
        _demand_new(session, course, digest, cmid)
    except BaseException:
        path_of(ident).unlink(missing_ok=True)
        raise
    made = LogImport(
        id=ident, course_id=course.id, name=given.name[:200], size=size, sha256=digest, zone=given.zone, by=given.by
    )
    made.report, made.cmid, made.day_first = report, cmid, given.day_first
    made.layout, made.offset = dict(layout), start
    session.add(made)
    session.flush()
    told = {"import": ident, "size": size, "sha256": digest}
    kind = Kind.LOG_TAKEN if report == "log" else Kind.REPORT_TAKEN
    record(session, course.id, kind, given.by, told if report == "log" else {**told, "report": report})
    return made


def demand_quiet(session: Session, course_id: str) -> None:
    """Raises Conflict while a file of the course is being imported or taken back."""
    busy = sa.or_(LogImport.ended_at.is_(None), LogImport.state == "leaving")
    if session.scalar(sa.select(LogImport.id).where(LogImport.course_id == course_id, busy).limit(1)) is not None:
        raise Conflict(UNDER_WAY)


def _copy(stream: IO[bytes], target: Path) -> tuple[int, str]:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as file:
        os.chmod(target, 0o600)
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > LIMIT:
                raise TooLarge(N_("The file is larger than %(limit)s MB."), limit=LIMIT >> 20)
            digest.update(chunk)
            file.write(chunk)
    return size, digest.hexdigest()


def _demand_new(session: Session, course: Course, digest: str, cmid: int | None) -> None:
    """The same quiz report may be meant for another module: two untouched quizzes look alike."""
    same = sa.select(LogImport).where(LogImport.sha256 == digest, LogImport.course_id == course.id)
    same = same.where(LogImport.cmid == cmid if cmid is not None else LogImport.cmid.is_(None))
    known = session.scalars(same.where(LogImport.state == "done").limit(1)).first()
    if known is not None:
        day = known.at.astimezone(ZoneInfo(default_place(session).zone)).date()
        raise Conflict(KNOWN, day=f"{day:%d.%m.%Y}")


def refuse(session: Session, one: LogImport, why: Problem) -> None:
    """Nothing of the file counts."""
    one.trouble, one.facts = why.message, {name: str(value) for name, value in why.params.items()}
    close(session, one, "refused")
    kind = Kind.LOG_REFUSED if one.report == "log" else Kind.REPORT_REFUSED
    record(session, one.course_id, kind, one.by, {"import": one.id, "why": one.trouble})


def close(session: Session, one: LogImport, state: str) -> None:
    """The import is over: the file goes."""
    one.state, one.ended_at, one.kept = state, clock.now(), state == "done"
    session.flush()
    jobs.enqueue(session, DROP, {"log": one.id}, key=f"{DROP}:{one.id}")


def _drop(path: Path, _key: str) -> None:
    path.unlink(missing_ok=True)


OPERATIONS = (
    Operation(
        DROP,
        lambda _context, log, answer: None,  # noqa: ARG005 - the file is gone, and that is all
        {"log": True},
        result=False,
        outside=Outside(lambda _context, log: path_of(log), _drop),
    ),
)
