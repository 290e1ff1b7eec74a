"""The register of courses (6.2): from registration on, whatever stage a course is in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses import executors, materials, people
from app.courses.models import Agreement, AskedBody, Coordinator, Course
from app.courses.record import record
from app.db import lock_table
from app.errors import N_, Denied, Invalid, NotFound, Problem
from app.i18n import Text, fold
from app.identity import appointments
from app.identity.actors import Actor
from app.identity.models import Organisation

EVERYWHERE = ("administrator", "secretariat", "tc4_secretariat", "auditor", "operator")
"""Roles that see every course."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of courses and how many there are in all."""

    courses: tuple[Course, ...]
    total: int


def title(course: Course) -> Text:
    """In both languages; a course in one language may have its title in that one only (4.5)."""
    return Text(course.title_ru, course.title_en)


def register(session: Session, values: Mapping[str, Any], by: str) -> Course:
    """Enter a course prepared outside the procedure: with materials and people (A56). Raises Invalid with fields."""
    course = enter(session, values, by)
    _name_people(session, course, values, by)
    materials.add(session, course, list(values["materials"]), str(values.get("note") or ""), by)
    return course


def enter(session: Session, values: Mapping[str, Any], by: str, source: str = "") -> Course:
    """Enter a course in the list of courses being created (6.2, A56). Raises Invalid with fields.

    `source`: survey; by default whoever enters it.
    """
    kind = str(values["initiator_kind"])
    initiator = str(values.get("nmi" if kind == "nmi" else "sb") or "")
    _check_initiator(session, kind, initiator)
    year = int(values.get("year") or clock.now().year)
    course = Course(
        number=_next_number(session, year),
        title_ru=str(values.get("title_ru") or "").strip(),
        title_en=str(values.get("title_en") or "").strip(),
        language=values["language"],
        initiator_kind=kind,
        initiator_id=initiator,
        procedural=bool(values.get("procedural")),
        year=year,
        source=source or _source(session, by),
        source_note=str(values.get("source_note") or ""),
        field=str(values.get("field") or "").strip(),
        registered_by=by,
    )
    course.search = fold(f"{course.number} {course.title_ru} {course.title_en}")
    session.add(course)
    session.flush()
    course.executor_id = executors.check(session, course, None, values.get("executor") or None, "executor")
    executors.appoint(session, course, initiator, course.executor_id, by)
    body = {"course": course.id, "number": course.number, "initiator": initiator, "executor": course.executor_id}
    record(session, course.id, Kind.COURSE_REGISTERED, by, {**body, "title": [course.title_ru, course.title_en]})
    return course


def _check_initiator(session: Session, kind: str, initiator: str) -> None:
    organisation = session.get(Organisation, initiator)
    wanted = "nmi" if kind == "nmi" else "body"
    if organisation is None or not organisation.active or organisation.kind != wanted:
        message = N_("Choose who initiated the course.")
        raise Invalid(message, {"nmi" if kind == "nmi" else "sb": Problem(message)})


def _next_number(session: Session, year: int) -> str:
    """Year and the next number in it; whoever registers at the same moment waits."""
    lock_table(session, Course)
    taken = session.scalar(sa.select(sa.func.count()).select_from(Course).where(Course.year == year)) or 0
    return f"{year}-{taken + 1:03}"


def _source(session: Session, by: str) -> str:
    administrators = {person.id for person in appointments.holders(session, "administrator")}
    return "administrator" if by in administrators else "secretariat"


def _name_people(session: Session, course: Course, values: Mapping[str, Any], by: str) -> None:
    if values.get("creator"):
        people.assign_creator(session, course, str(values["creator"]), by)
    named = dict.fromkeys(str(row["person"]) for row in values["coordinators"])
    for position, person_id in enumerate(named):
        session.add(Coordinator(course_id=course.id, person_id=person_id, position=position))
    session.flush()


def get_course(session: Session, course_id: str) -> Course:
    """Raises NotFound."""
    found = session.get(Course, course_id)
    if found is None:
        raise NotFound
    return found


def get_course_for(session: Session, actor: Actor, course_id: str) -> Course:
    """The course, if the actor may see it: fetched and permitted in one. Raises NotFound, Denied."""
    course = get_course(session, course_id)
    seen = session.scalar(sa.select(Course.id).where(Course.id == course_id, _visible(actor)))
    if seen is None:
        raise Denied
    return course


def query(
    session: Session,
    actor: Actor,
    *,
    search: str = "",
    stage: str = "",
    year: int | None = None,
    page: int = 1,
    size: int = 50,
) -> Found:
    """Courses the actor may see, newest first; the search forgives look-alike letters (A57)."""
    wanted = [_visible(actor), *(Course.search.contains(word, autoescape=True) for word in fold(search[:200]).split())]
    if stage:
        wanted.append(Course.stage == stage)
    if year is not None:
        wanted.append(Course.year == year)
    total = session.scalar(sa.select(sa.func.count()).select_from(Course).where(*wanted)) or 0
    rows = session.scalars(
        sa.select(Course).where(*wanted).order_by(Course.number.desc()).limit(size).offset((page - 1) * size)
    )
    return Found(tuple(rows), total)


def _visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Those who take part in a course: its people, its initiator's, those of the bodies asked (X-7: least access)."""
    if actor.holds(*EVERYWHERE):
        return sa.true()
    own = actor.organisations("chair", "member", "representative", "national_secretariat")
    asked = (
        sa.select(Agreement.course_id)
        .join(AskedBody, AskedBody.agreement_id == Agreement.id)
        .where(AskedBody.confirmed, AskedBody.body_id.in_(own))
    )
    coordinated = sa.select(Coordinator.course_id).where(Coordinator.person_id == actor.person_id)
    subjects = actor.subjects("creator", "coordinator", "executor")
    return sa.or_(
        Course.registered_by == actor.person_id,
        Course.counterpart_id == actor.person_id,
        Course.representative_id == actor.person_id,
        Course.initiator_id.in_(own),
        Course.id.in_(subjects),
        Course.id.in_(asked),
        Course.id.in_(coordinated),
    )
