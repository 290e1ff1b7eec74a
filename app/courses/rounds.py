"""Review rounds of a sheet: sent, considered by the chair or an appointed member, decided, reworked (7.2, 7.3)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses import due_dates, executors, header, materials, people, sheets
from app.courses.models import Remark, Sheet, SheetRound
from app.courses.record import record
from app.courses.register import get_course
from app.errors import N_, Conflict, Invalid, Problem
from app.identity.models import Person

_MARK = re.compile(r"^\s*(?:[-–—•*]|\d{1,3}[.)])\s*")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the deciding person has filled in: both answers as in Appendix 1, and the comments."""

    conforms: bool
    comments: str
    reworked: bool | None = None


def send(session: Session, sheet: Sheet, due: date, message: str, by: str) -> SheetRound:
    """Open the next round on the newest version. Raises Conflict while one is open, Denied to a stranger's hand."""
    _refuse_stranger(session, sheet, by)
    last = sheets.last_round(session, sheet.id)
    if last is not None and last.decided_at is None:
        raise Conflict(N_("The sheet is being considered already."))
    version = materials.newest(session, sheet.course_id)
    number = last.number + 1 if last else 0
    opened = SheetRound(sheet_id=sheet.id, number=number, version_id=version.id, due=due, message=message, sent_by=by)
    session.add(opened)
    sheet.header = header.of_sheet(session, sheet)
    session.flush()
    body = {"sheet": sheet.id, "round": number, "version": version.number, "sha256": version.sha256}
    record(session, sheet.course_id, Kind.SHEET_SENT, by, {**body, "due": due.isoformat()})
    return opened


def _refuse_stranger(session: Session, sheet: Sheet, by: str) -> None:
    """Only the executor of this course and body, or who substitutes for them, sends to it (7.2, A3)."""
    course = get_course(session, sheet.course_id)
    allowed = {person.id for person in executors.in_office(session, course, sheet.body_id)}
    if by not in allowed:
        raise Conflict(N_("Only the executor for this body may send it the materials (7.2)."))


def appoint(session: Session, sheet: Sheet, member_id: str, by: str) -> SheetRound:
    """The chair names a responsible member of that body (7.3). Raises Invalid for anybody else (A14 included)."""
    opened = sheets.open_round(session, sheet.id)
    course = get_course(session, sheet.course_id)
    if member_id not in {person.id for person in people.members(session, sheet.body_id)}:
        raise _refused(N_("Only a member of this body can be appointed (7.3)."))
    if member_id in executors.excluded(session, course):
        raise _refused(N_("Nobody decides on their own materials; an exception needs the administrator's reason."))
    due_dates.write_down(session, sheet, opened)
    opened.appointed_id, opened.appointed_by, opened.appointed_at = member_id, by, clock.now()
    session.flush()
    body = {"sheet": sheet.id, "round": opened.number, "member": member_id}
    record(session, sheet.course_id, Kind.REVIEWER_APPOINTED, by, body)
    return opened


def member_in_office(session: Session, sheet: Sheet, member_id: str) -> list[Person]:
    """The appointed member while a member; nobody else, for the appointment is personal."""
    return [person for person in people.members(session, sheet.body_id) if person.id == member_id]


def _refused(message: str) -> Invalid:
    return Invalid(message, {"member": Problem(message)})


def take_back(session: Session, sheet: Sheet, by: str, reason: str) -> SheetRound:
    """The appointed member has returned the appointment: the chair decides or appoints another one."""
    opened = sheets.open_round(session, sheet.id)
    due_dates.write_down(session, sheet, opened)
    opened.appointed_id = opened.appointed_by = opened.appointed_at = None
    session.flush()
    body = {"sheet": sheet.id, "round": opened.number}
    record(session, sheet.course_id, Kind.REVIEWER_RETURNED, by, body, {"reason": reason})
    return opened


def decide(session: Session, sheet: Sheet, verdict: Verdict, by: str) -> SheetRound:
    """Write the decision into the sheet (RA1-e … RA1-l). Raises Invalid where an answer the form demands is missing."""
    opened = sheets.open_round(session, sheet.id)
    _check(opened, verdict)
    due_dates.write_down(session, sheet, opened)
    opened.conforms, opened.comments = verdict.conforms, verdict.comments.strip()
    opened.reworked = verdict.reworked if opened.number else None
    opened.reviewer_id, opened.decided_at = by, clock.now()
    opened.reviewer = header.person(session, session.get_one(Person, by))
    if verdict.conforms:
        _close(session, sheet)
    else:
        for number, text in enumerate(split(verdict.comments), 1):
            session.add(Remark(round_id=opened.id, number=number, text=text))
    session.flush()
    body = {"sheet": sheet.id, "round": opened.number, "conforms": verdict.conforms, "reworked": opened.reworked}
    record(session, sheet.course_id, Kind.VERDICT_GIVEN, by, body, {"comments": opened.comments})
    return opened


def _check(opened: SheetRound, verdict: Verdict) -> None:
    if opened.number and verdict.reworked is None:
        message = N_("Say whether the course was reworked taking into account the earlier recommendations.")
        raise Invalid(message, {"reworked": Problem(message)})
    if not verdict.comments.strip() and (not verdict.conforms or verdict.reworked is False):
        message = N_("State what exactly requires rework.") if not verdict.conforms else N_("Explain in the comments.")
        raise Invalid(message, {"comments": Problem(message)})


def _close(session: Session, sheet: Sheet) -> None:
    """Agreed: whoever is chair or acting chair on this day is responsible for the content (7.5)."""
    sheet.state, sheet.closed_at = "agreed", clock.now()
    in_office = people.chairs(session, sheet.body_id)
    sheet.chair_id = in_office[0].id if in_office else None


def split(comments: str) -> list[str]:
    """Remarks, one a line; bullets and numbers before them are dropped."""
    lines = (_MARK.sub("", line).strip() for line in comments.splitlines())
    return [line for line in lines if line]


def rework(
    session: Session, sheet: Sheet, answers: Sequence[str], file_ids: Sequence[str], note: str, by: str
) -> dict[str, Any]:
    """An answer to every remark and a new version of the materials. Raises Invalid where one is missing."""
    _refuse_stranger(session, sheet, by)
    last = sheets.last_round(session, sheet.id)
    if last is None or last.decided_at is None or last.conforms:
        raise Conflict(N_("Nothing of this sheet requires rework."))
    open_remarks = sheets.remarks(session, last.id)
    if len(answers) != len(open_remarks) or not all(answer.strip() for answer in answers):
        message = N_("Answer every remark: %(number)s are expected.")
        raise Invalid(message, {"answers": Problem(message, number=len(open_remarks))}, number=len(open_remarks))
    course = get_course(session, sheet.course_id)
    version = materials.add(session, course, file_ids, note, by)
    for remark, answer in zip(open_remarks, answers, strict=True):
        remark.answer, remark.answered_by, remark.answered_at = answer.strip(), by, clock.now()
    session.flush()
    body = {"sheet": sheet.id, "round": last.number, "version": version.number, "answers": len(answers)}
    record(session, sheet.course_id, Kind.SHEET_REWORKED, by, body)
    return {"version": version.number, "creator": course.creator_id}
