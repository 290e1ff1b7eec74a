"""Courses of ours and a platform for them, for tests of what is done there."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.connectors.moodle import Client
from app.courses import platform
from app.courses.approvals.models import ApprovalForm
from app.courses.documents import making
from app.courses.happenings import HAPPENINGS
from app.courses.models import Course
from app.courses.operations import moodle
from app.courses.platform import PlatformCheck
from app.identity import people
from app.worker import work_off
from app.workflow import happenings, incidents, jobs, operations
from app.workflow.models import Incident, Job
from app.workflow.operations import Context, Operation

Sessions = sessionmaker[Session]
FIRST = "One sentence. Another sentence. A third sentence."


def begin(client: Client | None) -> None:
    """Make the operations and events known and the platform theirs; documents are made by nobody here."""
    for operation in (*moodle.OPERATIONS, Operation(making.NAME, _nothing, {"kind": True, "source": True})):
        operations.register(operation)
    for happening in HAPPENINGS:
        happenings.register(happening)
    platform.install(client)


def _nothing(_context: Context, kind: str, source: str) -> None:
    """Instead of typesetting."""


def course(sessions: Sessions, number: int = 1) -> str:
    """A course with a creator and a description, in English."""
    with sessions.begin() as session:
        details = people.Details(f"Анна {number}", f"Anna {number}", f"anna{number}@example.org")
        creator = people.create(session, details, "tester").id
        made = Course(
            number=f"2026-{number:03}",
            title_ru=f"Курс {number}",
            title_en=f"Course {number}",
            language="en",
            initiator_kind="nmi",
            initiator_id="belgim",
            year=2026,
            source="secretariat",
            registered_by="tester",
            creator_id=creator,
            representative_id=creator,
            description_en=FIRST,
            access="open",
        )
        session.add(made)
        session.flush()
        return made.id


def perform(sessions: Sessions, name: str, course_id: str) -> Any:
    """One operation as a worker does it: prepared, done, kept."""
    operation: Operation = operations.find(name)
    with sessions.begin() as session:
        request = operation.outside.prepare(_context(session), course=course_id) if operation.outside else None
    answer = {"answer": operation.outside.act(request, "key")} if operation.outside else {}
    with sessions.begin() as session:
        return operation.run(_context(session), course=course_id, **answer)


def _context(session: Session) -> Context:
    return Context(session, None, None, "system:worker", clock.now(), "key")


def want(sessions: Sessions, name: str, *courses: str) -> None:
    """Jobs for the worker."""
    with sessions.begin() as session:
        for one in courses:
            jobs.enqueue(session, name, {"course": one}, key=f"{name}-{one}")


def approve(sessions: Sessions, course_id: str) -> None:
    """A positive form of Appendix 2."""
    with sessions.begin() as session:
        verdicts = dict.fromkeys(("description", "content", "copyright", "may_place"), True)
        form = ApprovalForm(course_id=course_id, number=f"{course_id}/F1", position=1, needs_rework=False, **verdicts)
        form.recommendation, form.decided_by = "R/TR", "tester"
        session.add(form)


def get(sessions: Sessions, course_id: str) -> Course:
    with sessions() as session:
        return session.get_one(Course, course_id)


def jobs_of(sessions: Sessions) -> list[Job]:
    with sessions() as session:
        return list(session.scalars(sa.select(Job).order_by(Job.id)))


def open_incidents(sessions: Sessions) -> list[Incident]:
    with sessions() as session:
        return incidents.listed(session)


def checks(sessions: Sessions) -> int:
    with sessions() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(PlatformCheck)) or 0




def ask(sessions: Sessions, key: str = "first") -> None:
    """What the worker asks the platform once a day."""
    with sessions.begin() as session:
        jobs.enqueue(session, "moodle.site", {}, key=key)
    work_off(sessions)
