"""Admitting people to a course of restricted access: a list, its grounds, the confirmation, and the procedure (4.6)."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.kinds import Kind
from app.courses import settings
from app.courses.access import sealed
from app.courses.access.listing import Person
from app.courses.access.models import AccessEntry, AccessList
from app.courses.models import Course
from app.courses.record import record
from app.courses.register import get_course
from app.errors import N_, Conflict, Denied, Invalid, NotFound, Problem
from app.i18n import Locale, current_locale
from app.identity import appointments
from app.identity.actors import Actor
from app.workflow import events

EVENT = "access.listed"
OPEN_TO_ALL = N_("The course is open: anybody with an account enrols alone, and nobody has to be admitted.")
NOT_THERE = N_("The course is not published on the platform: nobody can be admitted yet.")
NOBODY = N_("The course has no coordinator in office who would follow up the list. Appoint one first.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page sent: why these people, and whether the words on their data were confirmed."""

    people: Sequence[Person]
    grounds: str
    confirmed: bool
    locale: Locale = "ru"


def may_admit(actor: Actor, course_id: str) -> bool:
    """Coordinators of the course and administrators (R4.6-b)."""
    return actor.holds("administrator") or course_id in set(actor.subjects("coordinator"))


def admits(actor: Actor, course: Course) -> bool:
    """Whether there is anything for the actor to do: open courses admit everybody by themselves."""
    return course.access == "restricted" and may_admit(actor, course.id)


def get_course_for(session: Session, actor: Actor, course_id: str) -> Course:
    """The course, for whoever admits people to it. Raises NotFound, Denied."""
    course = get_course(session, course_id)
    if not may_admit(actor, course.id):
        raise Denied(kind="course", id=course_id)
    return course


def confirmation(session: Session) -> str:
    """The words on people's data that must be confirmed, in the reader's language (A18)."""
    return settings.read(session, f"data_confirmation_{current_locale()}", settings.today(session))


def hindrance(session: Session, course: Course) -> str:
    """Why nobody can be admitted; "" where it can be done."""
    if course.published_at is None or course.stage != "published":
        return NOT_THERE
    if course.access != "restricted":
        return OPEN_TO_ALL
    return "" if appointments.holders(session, "coordinator", None, course.id) else NOBODY


def enrol_list(session: Session, actor: Actor, course_id: str, asked: Asked) -> AccessList:
    """Way 2: enrolled on the platform (R4.6-d). Without the confirmation nothing is kept (R4.6-e). Raises Invalid."""
    course = get_course_for(session, actor, course_id)
    made = _make(session, course, actor, "list", asked)
    _begin(session, made)
    return made


def send_key(session: Session, actor: Actor, course_id: str, asked: Asked, key: str) -> AccessList:
    """Way 1: the key to each listed person by a letter of its own (R4.6-c). Raises Invalid."""
    course = get_course_for(session, actor, course_id)
    if not 3 <= len(key) <= 50 or not key.isprintable() or key != key.strip():
        message = N_("Enter the key as it is set on the platform: 3 to 50 characters, no space at either end.")
        raise Invalid(message, {"key": Problem(message)})
    made = _make(session, course, actor, "key", asked)
    sealed.keep(session, made.id, key)
    _begin(session, made)
    return made


def _make(session: Session, course: Course, actor: Actor, way: str, asked: Asked) -> AccessList:
    reason = hindrance(session, course)
    if reason:
        raise Conflict(reason)
    faults = {}
    if not asked.grounds.strip():
        faults["grounds"] = Problem(N_("Say on what grounds these people are admitted."))
    if not asked.confirmed:
        faults["confirmed"] = Problem(N_("Without this confirmation nobody is admitted."))
    if faults:
        raise Invalid(N_("Something is missing; nothing has been sent."), faults)
    made = AccessList(
        course_id=course.id,
        way=way,
        grounds=asked.grounds.strip()[:2000],
        confirmation=confirmation(session),
        locale=asked.locale,
        made_by=actor.person_id,
    )
    session.add(made)
    session.flush()
    session.add_all(
        AccessEntry(list_id=made.id, position=position, account=one.account, name=one.name)
        for position, one in enumerate(asked.people)
    )
    session.flush()
    body = {"list": made.id, "way": way, "people": len(asked.people)}
    personal = {"accounts": [one.account for one in asked.people], "reason": made.grounds}
    record(session, course.id, Kind.ACCESS_LISTED, actor.person_id, body, personal)
    return made


def _begin(session: Session, made: AccessList) -> None:
    events.announce(session, EVENT, made.course_id, {"list": made.id}, f"{EVENT}:{made.id}", by=made.made_by)


def get(session: Session, list_id: str) -> AccessList:
    """Raises NotFound."""
    found = session.get(AccessList, list_id)
    if found is None:
        raise NotFound
    return found


def get_for(session: Session, actor: Actor, course_id: str, list_id: str) -> AccessList:
    """Raises NotFound, Denied."""
    get_course_for(session, actor, course_id)
    found = get(session, list_id)
    if found.course_id != course_id:
        raise NotFound
    return found


def of_course(session: Session, course_id: str) -> list[AccessList]:
    """The newest first."""
    query = sa.select(AccessList).where(AccessList.course_id == course_id)
    return list(session.scalars(query.order_by(AccessList.made_at.desc(), AccessList.id.desc()).limit(100)))


def entries(session: Session, list_id: str, *states: str) -> list[AccessEntry]:
    """Of those states, or all, in the order of the list."""
    query = sa.select(AccessEntry).where(AccessEntry.list_id == list_id)
    if states:
        query = query.where(AccessEntry.state.in_(states))
    return list(session.scalars(query.order_by(AccessEntry.position)))


def counted(session: Session, list_id: str) -> dict[str, int]:
    query = sa.select(AccessEntry.state, sa.func.count()).where(AccessEntry.list_id == list_id)
    return {row[0]: row[1] for row in session.execute(query.group_by(AccessEntry.state))}
