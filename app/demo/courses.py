"""Courses in every stage, played through the program itself with a moved clock, as people would have acted.

Nothing is inserted: evidence, letters and documents come of the operations that make them anywhere else. How far the
story has come is an event of evidence in the transaction of each act, so that a start goes on where a kill broke off.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.audit import evidence
from app.audit.kinds import Kind
from app.audit.models import EventRow, StreamRow
from app.courses.models import Course
from app.db import transaction
from app.demo import story
from app.demo.acts import Telling
from app.workflow.models import Job

_BY = "system:demo"
Report = Callable[[int, int], bool]
"""Told how many acts are done and how many there are; False breaks the story off."""


def play(
    sessions: sessionmaker[Session], files: Path, run_jobs: Callable[[], object], *,
    whole: bool = False, report: Report = lambda _done, _all: True,
) -> bool:  # fmt: skip
    """Fill an empty register, or go on with filling it; a register filled by people is left alone. False: broken off.

    `run_jobs` works off what is due, so that letters of the past have their time; `whole`: the years before as well.
    """
    acts = story.read(whole=whole)
    known = _known(sessions, whole=whole)
    if known is None:
        return True
    began, done, subjects = known
    for number, act in enumerate(acts[done:], start=done):
        if not report(number, len(acts)):
            return False
        with clock.standing_at(_morning(began, act.days_ago)):
            run_jobs()
            with transaction(sessions) as session:
                subjects[act.story] = Telling(session, files, subjects.get(act.story)).act(act.what)
                _mark(session, began, number + 1, len(acts), (act.story, subjects[act.story]))
            run_jobs()
    return True


def is_told_in(sessions: sessionmaker[Session]) -> bool:
    with sessions() as session:
        return is_told(session)


def is_told(session: Session) -> bool:
    """Whether there is nothing left to be played here."""
    newest = session.scalar(_marks().order_by(EventRow.seq.desc()).limit(1))
    if newest is None:
        return bool(session.scalar(sa.select(sa.func.count()).select_from(Course)))
    told = json.loads(newest)
    return bool(told["done"] == told["of"])


def _known(sessions: sessionmaker[Session], *, whole: bool) -> tuple[datetime, int, dict[str, str]] | None:
    """When it was begun, how many acts are done, what each story is about; None: there is nothing to be played."""
    with transaction(sessions) as session:
        if is_told(session):
            return None
        marks = [json.loads(body) for body in session.scalars(_marks().order_by(EventRow.seq))]
        if not marks:
            return clock.now(), 0, {}
        if bool(marks[-1]["of"] == len(story.read(whole=whole))) is False:
            raise LookupError("another story was begun here: empty the data folder")
        left = sa.update(Job).where(Job.outcome.is_(None)).values(lease_by=None, lease_until=None)
        session.execute(left)  # held by the process that was killed
        began = datetime.fromisoformat(marks[-1]["began"])
        return began, marks[-1]["done"], {one["story"]: one["subject"] for one in marks}


def _marks() -> sa.Select[str]:
    of_demo = sa.select(StreamRow.id).where(StreamRow.kind == "site", StreamRow.ident == "demo")
    return sa.select(EventRow.body).where(EventRow.stream.in_(of_demo), EventRow.kind == Kind.DEMO_PLAYED)


def _mark(session: Session, began: datetime, done: int, of: int, about: tuple[str, str]) -> None:
    body = {"began": began.isoformat(), "done": done, "of": of, "story": about[0], "subject": about[1]}
    evidence.record(session, "site", "demo", Kind.DEMO_PLAYED, _BY, body)


def _morning(now: datetime, days_ago: int) -> datetime:
    day = now - timedelta(days=days_ago)
    return min(datetime(day.year, day.month, day.day, 8, 30, tzinfo=UTC), now)
