"""Those who prepare a course together share questions and working files (6.3); nobody else does."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.kinds import Kind
from app.courses.creation.models import WorkingFile
from app.courses.models import Coordinator, Course
from app.courses.record import record
from app.errors import N_, Denied, Invalid, NotFound, Problem
from app.files.models import File
from app.identity.actors import Actor

MAKERS = ("creator", "executor")
KINDS = ("ppt", "pptx", "pdf", "h5p", "png", "jpg")


def takes_part(session: Session, actor: Actor, course: Course) -> bool:
    """Creator, counterpart, representative, executor, coordinators (each also by substitution), administrators."""
    if actor.holds("administrator"):
        return True
    named = {course.creator_id, course.counterpart_id, course.representative_id, course.executor_id}
    if actor.person_id in named or course.id in actor.subjects("creator", "coordinator", "executor"):
        return True
    return session.get(Coordinator, (course.id, actor.person_id)) is not None


def may_share(actor: Actor, course: Course) -> bool:
    """Who puts files here: the creator, the counterpart, the executor."""
    mine = actor.person_id in (course.creator_id, course.counterpart_id, course.executor_id)
    return mine or course.id in actor.subjects(*MAKERS)


def files(session: Session, course_id: str) -> list[WorkingFile]:
    """Newest first."""
    query = sa.select(WorkingFile).where(WorkingFile.course_id == course_id)
    return list(session.scalars(query.order_by(WorkingFile.added_at.desc(), WorkingFile.id.desc())))


def share(session: Session, actor: Actor, course: Course, file: File, note: str) -> WorkingFile:
    """Add a file to the workspace. Raises Denied, Invalid."""
    if not may_share(actor, course):
        raise Denied(kind="course", id=course.id)
    if file.kind not in KINDS:
        message = N_("Attach a PowerPoint, PDF, h5p, PNG or JPEG file.")
        raise Invalid(message, {"file": Problem(message)})
    made = WorkingFile(course_id=course.id, file_id=file.id, name=file.name, note=note.strip()[:1000])
    made.added_by = actor.person_id
    session.add(made)
    session.flush()
    facts = {"file": file.id, "sha256": file.sha256, "name": file.name}
    record(
        session, course.id, Kind.WORKING_FILE_ADDED, actor.person_id, facts, {"note": made.note} if made.note else None
    )
    return made


def get_file_for(session: Session, actor: Actor, course: Course, file_id: str) -> File:
    """A shared file, for those who take part. Raises NotFound, Denied."""
    query = sa.select(WorkingFile.id).where(WorkingFile.course_id == course.id, WorkingFile.file_id == file_id)
    if session.scalar(query.limit(1)) is None:
        raise NotFound
    if not takes_part(session, actor, course):
        raise Denied(kind="course", id=course.id)
    return session.get_one(File, file_id)
