"""The joint check of a course: begun by its date or by a person, closed only with all three conclusions (13.2, A43)."""

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses import header, settings
from app.courses.actualisation import calendar
from app.courses.actualisation.models import OUTCOMES, PARTS, Conclusion, TopicalityCheck
from app.courses.models import Course
from app.courses.record import record
from app.courses.stages import is_open_to_learners
from app.errors import N_, Conflict, Denied, Invalid, NotFound, Problem
from app.i18n import Text
from app.identity.actors import Actor
from app.identity.models import Person

STARTERS = ("secretariat", "tc4_secretariat", "administrator")
"""Who may begin a check before its date; what comes of it needs all three conclusions all the same."""
NAMES = {
    "secretariat": Text("Секретариат КООМЕТ", "COOMET Secretariat"),
    "tc4": Text("ТК 4", "TC 4"),
    "coordinator": Text("координатор курса", "course coordinator"),
}
ALREADY = N_("A check of this course is going on already.")
NOT_PUBLISHED = N_("Only a published course is checked (13.1).")
INCOMPLETE = N_("The check cannot be closed: a conclusion is missing.")


def begin_early(session: Session, actor: Actor, course: Course, reason: str) -> TopicalityCheck:
    """A check before its date, by a person's wish. Raises Denied, Invalid, Conflict where one is going on."""
    if not actor.holds(*STARTERS):
        raise Denied(kind="course", id=course.id)
    given = reason.strip()[:2000]
    if not given:
        message = N_("Give a reason: it is kept with the evidence.")
        raise Invalid(message, {"reason": Problem(message)})
    if not is_open_to_learners(course):
        raise Conflict(NOT_PUBLISHED)
    if calendar.find_open(session, course.id) is not None:
        raise Conflict(ALREADY)
    calendar.announce(session, course, actor.person_id)
    made = _made(session, course, None, actor.person_id, given)
    record(session, course.id, Kind.CHECK_BEGAN, actor.person_id, _facts(made), {"reason": given})
    return made


def open_check(session: Session, course: Course, instance_id: str, by: str) -> TopicalityCheck | None:
    """The check that this procedure carries out; None where there is nothing to check, or another one is at it."""
    if not is_open_to_learners(course):
        return None
    known = calendar.find_open(session, course.id)
    if known is None:
        known = _made(session, course, instance_id, by, "")
        record(session, course.id, Kind.CHECK_BEGAN, by, _facts(known))
    elif known.instance_id is None:
        known.instance_id = instance_id
    session.flush()
    return known if known.instance_id == instance_id else None


def _made(session: Session, course: Course, instance_id: str | None, by: str, reason: str) -> TopicalityCheck:
    counted = sa.select(sa.func.count()).select_from(TopicalityCheck).where(TopicalityCheck.course_id == course.id)
    made = TopicalityCheck(
        course_id=course.id,
        number=(session.scalar(counted) or 0) + 1,
        due=course.check_due or calendar.next_due(session, course) or settings.today(session),
        instance_id=instance_id,
        begun_by=by,
        early_reason=reason,
    )
    session.add(made)
    try:
        session.flush()
    except IntegrityError:  # somebody else began it at the same moment
        raise Conflict(ALREADY) from None
    return made


def _facts(check: TopicalityCheck) -> dict[str, object]:
    return {"check": check.id, "number": check.number, "due": check.due.isoformat()}


def answer_by(session: Session, check: TopicalityCheck) -> date:
    """The day by which the three are asked to conclude: that of the check; of an early one, the usual lead from now."""
    today = settings.today(session)
    return min(check.due, today + timedelta(days=settings.number(session, calendar.LEAD, today)))


def get_check(session: Session, check_id: str) -> TopicalityCheck:
    """Raises NotFound."""
    found = session.get(TopicalityCheck, check_id)
    if found is None:
        raise NotFound
    return found


def conclude(session: Session, check: TopicalityCheck, part: str, outcome: str, grounds: str, by: str) -> Conclusion:
    """One of the three says what it holds of the course; said once. Raises Invalid, Conflict."""
    if part not in PARTS or outcome not in OUTCOMES:
        message = N_("Choose one of the three outcomes.")
        raise Invalid(message, {"outcome": Problem(message)})
    if not grounds.strip():
        message = N_("State the grounds: they are kept with the conclusion.")
        raise Invalid(message, {"grounds": Problem(message)})
    if check.closed_at is not None or session.get(Conclusion, (check.id, part)) is not None:
        raise Conflict(N_("This conclusion has been given already."))
    person = session.get_one(Person, by)
    made = Conclusion(
        check_id=check.id,
        part=part,
        outcome=outcome,
        grounds=grounds.strip(),
        person_id=by,
        person=header.person(session, person),
    )
    session.add(made)
    session.flush()
    body = {"check": check.id, "part": part, "outcome": outcome}
    record(session, check.course_id, Kind.CONCLUSION_GIVEN, by, body, {"reason": made.grounds})
    return made


def conclusions(session: Session, check_id: str) -> list[Conclusion]:
    """In the order in which they were given."""
    query = sa.select(Conclusion).where(Conclusion.check_id == check_id)
    return list(session.scalars(query.order_by(Conclusion.concluded_at, Conclusion.part)))


def missing(session: Session, check_id: str) -> Sequence[str]:
    """Whose conclusions are still awaited."""
    given = {one.part for one in conclusions(session, check_id)}
    return [part for part in PARTS if part not in given]


def close(session: Session, check: TopicalityCheck, result: str, by: str) -> None:
    """Note what came of it and plan the next one. Raises Conflict while a conclusion is missing (13.2)."""
    if missing(session, check.id):
        raise Conflict(INCOMPLETE)
    course = session.get_one(Course, check.course_id)
    check.result, check.closed_at = result, clock.now()
    session.flush()
    calendar.plan(session, course, by)
    body = {"check": check.id, "result": result, "next": course.check_due.isoformat() if course.check_due else None}
    record(session, course.id, Kind.CHECK_CLOSED, by, body)


def of_course(session: Session, course_id: str) -> list[TopicalityCheck]:
    """All checks of the course, the newest first."""
    query = sa.select(TopicalityCheck).where(TopicalityCheck.course_id == course_id)
    return list(session.scalars(query.order_by(TopicalityCheck.number.desc())))
