"""Agreement sheets (Appendix 1): one for each body asked, with its rounds and remarks."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.kinds import Kind
from app.courses import people
from app.courses.models import Agreement, AskedBody, Course, Remark, Sheet, SheetRound
from app.courses.record import record
from app.courses.register import get_course, get_course_for
from app.errors import N_, Conflict, Denied, NotFound
from app.identity.actors import Actor


def open_sheet(session: Session, agreement_id: str, body_id: str, by: str) -> Sheet:
    """The body's sheet: one a body, however often it is asked. Raises Conflict for a body nobody confirmed."""
    known = session.scalar(_wanted(agreement_id, body_id))
    if known is not None:
        return known
    row = session.get(AskedBody, (agreement_id, body_id))
    agreement = session.get(Agreement, agreement_id)
    if row is None or agreement is None or not row.confirmed or row.executor_id is None:
        raise Conflict(N_("The administrator has not confirmed this body."))
    course = get_course(session, agreement.course_id)
    sheet = Sheet(
        number=_number(session, course),
        agreement_id=agreement_id,
        course_id=course.id,
        body_id=body_id,
        part=row.part,
        executor_id=row.executor_id,
    )
    session.add(sheet)
    session.flush()
    record(session, course.id, Kind.SHEET_OPENED, by, {"sheet": sheet.id, "number": sheet.number, "body": body_id})
    return sheet


def _number(session: Session, course: Course) -> str:
    known = session.scalar(sa.select(sa.func.count()).select_from(Sheet).where(Sheet.course_id == course.id)) or 0
    return f"{course.number}/{known + 1}"


def _wanted(agreement_id: str, body_id: str) -> sa.Select[Sheet]:
    return sa.select(Sheet).where(Sheet.agreement_id == agreement_id, Sheet.body_id == body_id)


def get_sheet(session: Session, sheet_id: str) -> Sheet:
    """Raises NotFound."""
    found = session.get(Sheet, sheet_id)
    if found is None:
        raise NotFound
    return found


def get_sheet_for(session: Session, actor: Actor, sheet_id: str) -> Sheet:
    """The sheet, if the actor may see its course and is not only of another body asked. Raises NotFound, Denied."""
    sheet = get_sheet(session, sheet_id)
    get_course_for(session, actor, sheet.course_id)
    if not _open_to(session, actor, sheet):
        raise Denied
    return sheet


def of_course_for(session: Session, actor: Actor, course_id: str) -> list[Sheet]:
    """The sheets of a course that the actor may read, in the order of their numbers."""
    get_course_for(session, actor, course_id)
    return [sheet for sheet in of_course(session, course_id) if _open_to(session, actor, sheet)]


def _open_to(session: Session, actor: Actor, sheet: Sheet) -> bool:
    """Everybody who takes part in the course reads its sheets; a body that is merely asked reads its own."""
    if sheet.body_id in actor.organisations("chair", "member"):
        return True
    course = get_course(session, sheet.course_id)
    taking_part = {course.registered_by, course.executor_id, course.creator_id, sheet.executor_id}
    taking_part |= {person.id for person in people.coordinators(session, course)}
    everywhere = actor.holds("administrator", "secretariat", "tc4_secretariat", "auditor", "operator")
    initiating = course.initiator_id in actor.organisations("chair", "member", "representative", "national_secretariat")
    return everywhere or initiating or actor.person_id in taking_part or course.id in actor.subjects("executor")


def of_body(session: Session, agreement_id: str, body_id: str) -> Sheet:
    """Raises NotFound."""
    found = session.scalar(_wanted(agreement_id, body_id))
    if found is None:
        raise NotFound
    return found


def find_open(session: Session, course_id: str, body_id: str) -> Sheet | None:
    """The course's newest sheet of that body while it is open."""
    query = sa.select(Sheet).where(Sheet.course_id == course_id, Sheet.body_id == body_id, Sheet.state == "open")
    return session.scalar(query.order_by(Sheet.opened_at.desc()).limit(1))


def of_agreement(session: Session, agreement_id: str) -> list[Sheet]:
    return list(
        session.scalars(sa.select(Sheet).where(Sheet.agreement_id == agreement_id).order_by(Sheet.opened_at, Sheet.id))
    )


def of_course(session: Session, course_id: str) -> list[Sheet]:
    """Sheets of all passages of the course, oldest first."""
    return list(
        session.scalars(sa.select(Sheet).where(Sheet.course_id == course_id).order_by(Sheet.opened_at, Sheet.id))
    )


def rounds(session: Session, sheet_id: str) -> list[SheetRound]:
    """Primary, then the repeat rounds."""
    return list(
        session.scalars(sa.select(SheetRound).where(SheetRound.sheet_id == sheet_id).order_by(SheetRound.number))
    )


def last_round(session: Session, sheet_id: str) -> SheetRound | None:
    query = sa.select(SheetRound).where(SheetRound.sheet_id == sheet_id)
    return session.scalar(query.order_by(SheetRound.number.desc()).limit(1))


def open_round(session: Session, sheet_id: str) -> SheetRound:
    """The round that is being considered. Raises Conflict when there is none."""
    found = last_round(session, sheet_id)
    if found is None or found.decided_at is not None:
        raise Conflict(N_("No round of this sheet is being considered."))
    return found


def remarks(session: Session, round_id: str) -> list[Remark]:
    return list(session.scalars(sa.select(Remark).where(Remark.round_id == round_id).order_by(Remark.number)))
