"""One passage of a course through section 7: whom the executor proposed, who is asked, who must look again."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.kinds import Kind
from app.courses import executors, materials, sheets
from app.courses.models import Agreement, AskedBody, Course
from app.courses.record import record
from app.courses.register import get_course
from app.courses.stages import reach
from app.errors import N_, Invalid, NotFound, Problem
from app.identity.models import SECRETARIAT, Organisation

NO_OTHER_BODY = "no_other_body"
"""Why there is no sheet: the course of a body touches no other one (A24)."""


def open_agreement(session: Session, course: Course, instance_id: str | None, by: str) -> Agreement:
    """The passage that is open, or a new one; bodies named in the former passage are proposed again."""
    found = current(session, course.id)
    if found is not None and found.state == "open":
        return found
    number = found.number + 1 if found else 1
    made = Agreement(course_id=course.id, number=number, instance_id=instance_id)
    session.add(made)
    session.flush()
    if found is not None:
        for row in asked(session, found.id):
            again = AskedBody(agreement_id=made.id, body_id=row.body_id, position=row.position, part=row.part)
            again.executor_id = row.executor_id
            session.add(again)
    reach(course, "agreement")
    session.flush()
    record(session, course.id, Kind.AGREEMENT_OPENED, by, {"agreement": made.id, "number": number})
    return made


def current(session: Session, course_id: str) -> Agreement | None:
    """The newest passage of the course."""
    query = sa.select(Agreement).where(Agreement.course_id == course_id)
    return session.scalar(query.order_by(Agreement.number.desc()).limit(1))


def get_agreement(session: Session, agreement_id: str) -> Agreement:
    """Raises NotFound."""
    found = session.get(Agreement, agreement_id)
    if found is None:
        raise NotFound
    return found


def of_course(session: Session, course_id: str) -> Agreement:
    """The newest passage. Raises NotFound before the first."""
    found = current(session, course_id)
    if found is None:
        raise NotFound
    return found


def asked(session: Session, agreement_id: str) -> list[AskedBody]:
    """Bodies proposed, in the order they were named."""
    query = sa.select(AskedBody).where(AskedBody.agreement_id == agreement_id)
    return list(session.scalars(query.order_by(AskedBody.position)))


def proposed(session: Session, agreement_id: str) -> list[AskedBody]:
    """Structural bodies among those asked: what the executor names and the administrator may correct."""
    return [row for row in asked(session, agreement_id) if row.body_id != SECRETARIAT]


def propose(session: Session, course: Course, rows: Sequence[Mapping[str, Any]], by: str) -> None:
    """Replace the proposed bodies (A23). Raises Invalid where a body or its executor cannot be (A3)."""
    agreement = of_course(session, course.id)
    session.execute(sa.delete(AskedBody).where(AskedBody.agreement_id == agreement.id))
    for position, row in enumerate(rows):
        body = _body(session, course, rows, position)
        executor = executors.check(session, course, body, row.get("executor") or None, f"bodies.{position}.executor")
        made = AskedBody(agreement_id=agreement.id, body_id=body, position=position, part=str(row.get("part") or ""))
        made.executor_id = executor
        session.add(made)
    session.flush()
    body_rows = [[row.body_id, row.executor_id] for row in asked(session, agreement.id)]
    record(session, course.id, Kind.BODIES_PROPOSED, by, {"agreement": agreement.id, "bodies": body_rows})


def _body(session: Session, course: Course, rows: Sequence[Mapping[str, Any]], position: int) -> str:
    body_id = str(rows[position].get("body") or "")
    field = f"bodies.{position}.body"
    organisation = session.get(Organisation, body_id)
    if organisation is None or organisation.kind != "body" or not organisation.active:
        message = N_("Choose a structural body.")
        raise Invalid(message, {field: Problem(message)})
    if body_id == course.initiator_id:
        message = N_("The initiating body gets no sheet: its chair is responsible for the content (7.5, 7.6).")
        raise Invalid(message, {field: Problem(message)})
    if body_id in [row.get("body") for row in rows[:position]]:
        message = N_("One sheet a body: this one is named already.")
        raise Invalid(message, {field: Problem(message)})
    return body_id


def choose(session: Session, agreement_id: str, groups: Sequence[str], by: str) -> dict[str, str]:
    """The bodies that get a sheet, by the groups of the routing table; their executors are appointed.

    Empty: an NMI named no profile body (7.1), or nobody but the initiating body is concerned (7.6, A24).
    """
    agreement = get_agreement(session, agreement_id)
    course = get_course(session, agreement.course_id)
    wanted = asked(session, agreement_id)
    if not {"profile", "others"} & set(groups):
        wanted = []
    chosen = [row.body_id for row in wanted]
    if "profile" in groups and not chosen:
        return {}
    if "secretariat" in groups:
        chosen.append(SECRETARIAT)
        _ask_secretariat(session, course, agreement, len(wanted))
    for row in asked(session, agreement_id):
        row.confirmed = row.body_id in chosen
        if row.confirmed and row.executor_id:
            executors.appoint(session, course, row.body_id, row.executor_id, by)
    agreement.reason = "" if chosen else NO_OTHER_BODY
    session.flush()
    body = {"agreement": agreement.id, "bodies": chosen, "groups": list(groups), "reason": agreement.reason}
    record(session, course.id, Kind.BODIES_CHOSEN, by, body)
    return {body_id: body_id for body_id in chosen}


def _ask_secretariat(session: Session, course: Course, agreement: Agreement, position: int) -> None:
    """The addressee of procedural matters; the same executor sends (7.7, A3, A25)."""
    executor = executors.check(session, course, SECRETARIAT, course.executor_id, "bodies")
    row = AskedBody(agreement_id=agreement.id, body_id=SECRETARIAT, position=position, executor_id=executor)
    session.merge(row)
    session.flush()


def outdated(session: Session, agreement_id: str) -> dict[str, str]:
    """Bodies that agreed an earlier version than the newest, unless the administrator let that stand."""
    agreement = get_agreement(session, agreement_id)
    newest = materials.newest(session, agreement.course_id)
    found = {}
    for sheet in sheets.of_agreement(session, agreement_id):
        last = sheets.last_round(session, sheet.id)
        if last is not None and last.version_id != newest.id and sheet.stands_for != newest.id:
            found[sheet.body_id] = sheet.body_id
    return found


def ask_again(session: Session, agreement_id: str, again: Sequence[str], reason: str, by: str) -> dict[str, str]:
    """Reopen the sheets of these bodies; those of the other outdated ones stand for the newest version."""
    agreement = get_agreement(session, agreement_id)
    newest = materials.newest(session, agreement.course_id)
    reopened = {}
    for body_id in outdated(session, agreement_id):
        sheet = sheets.of_body(session, agreement_id, body_id)
        if body_id in again:
            sheet.state, sheet.closed_at, sheet.chair_id = "open", None, None
            reopened[body_id] = body_id
        else:
            sheet.stands_for = newest.id
        kind = Kind.SHEET_REOPENED if body_id in again else Kind.SHEET_STANDS
        record(session, sheet.course_id, kind, by, {"sheet": sheet.id, "version": newest.number}, {"reason": reason})
    session.flush()
    return reopened


def confirm_by_chair(session: Session, agreement: Agreement, chair_id: str, statement: str) -> None:
    """The initiating chair's recorded confirmation takes the sheet's place (7.5, A24)."""
    agreement.chair_id, agreement.chair_statement = chair_id, statement
    session.flush()
    body = {"agreement": agreement.id, "reason": agreement.reason}
    record(session, agreement.course_id, Kind.CHAIR_CONFIRMED, chair_id, body, {"statement": statement})


def open_bodies(session: Session, course_id: str) -> list[str]:
    """Ids of bodies whose agreement is still open: what stands between a course and its submission (7.9)."""
    agreement = current(session, course_id)
    if agreement is None:
        return []
    closed = {sheet.body_id for sheet in sheets.of_agreement(session, agreement.id) if sheet.state == "agreed"}
    return [row.body_id for row in asked(session, agreement.id) if row.body_id not in closed]
