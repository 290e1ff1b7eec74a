"""TC 4 decides on a course that somebody holds to be obsolete; nothing and nobody else annuls one (13.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses import header, settings
from app.courses.actualisation import calendar, checking
from app.courses.actualisation.models import ACTS, Annulment, BodyDecision, TopicalityCheck
from app.courses.models import Course
from app.courses.record import record
from app.courses.stages import is_open_to_learners
from app.db import lock_table
from app.errors import N_, Conflict, Invalid, NotFound, PermanentFailure, Problem
from app.identity.models import Person
from app.workflow import events, instances, releases
from app.workflow.models import Instance

NOT_ANNULLED = "not_annulled"
NO_DECISION = "TC 4 has taken no decision to annul the course (13.5)"
ENDED_WITH_THE_COURSE = (
    "creation", "agreement", "expert_review", "announcement", "access", "monitoring", "certificates",
)  # fmt: skip
"""Folders of procedures that serve a published course. What was issued stays valid (A46); reports on the time before
go on."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the form of TC 4 says."""

    act: str
    decided_on: date
    meeting: str
    reason: str
    minutes: str | None = None


def decide(session: Session, check: TopicalityCheck, decision: Decision, by: str) -> BodyDecision:
    """Keep the decision; one to annul takes effect at once. Raises Invalid, Conflict."""
    course = session.get_one(Course, check.course_id)
    _check(session, course, check, decision)
    made = _made(session, course, check, decision, by)
    session.add(made)
    session.flush()
    body = {"decision": made.id, "number": made.number, "act": made.act, "on": made.decided_on.isoformat()}
    record(session, course.id, Kind.DECISION_TAKEN, by, body, {"reason": made.reason, "meeting": made.meeting})
    if made.act == "annul":
        _annul(session, course, made, by)
    return made


def _check(session: Session, course: Course, check: TopicalityCheck, decision: Decision) -> None:
    problems: dict[str, Problem] = {}
    if decision.act not in ACTS:
        problems["act"] = Problem(N_("Choose what TC 4 has decided."))
    if decision.decided_on > settings.today(session):
        problems["decided_on"] = Problem(N_("A decision is recorded after it has been taken: this day is yet to come."))
    if not decision.meeting.strip():
        problems["meeting"] = Problem(N_("Name the meeting, or say that TC 4 voted by correspondence."))
    if not decision.reason.strip():
        problems["reason"] = Problem(N_("Give a reason: it is kept with the evidence."))
    if problems:
        raise Invalid(N_("Some answers need another look."), problems)
    if not is_open_to_learners(course) or check.closed_at is not None or checking.missing(session, check.id):
        raise Conflict(N_("TC 4 decides on a published course after all three conclusions of its check (13.2, 13.5)."))


def _made(
    session: Session, course: Course, check: TopicalityCheck, decision: Decision, by: str
) -> BodyDecision:  # fmt: skip
    lock_table(session, BodyDecision)
    counted = sa.select(sa.func.count()).select_from(BodyDecision).where(BodyDecision.course_id == course.id)
    position = (session.scalar(counted) or 0) + 1
    return BodyDecision(
        number=f"{course.number}/D{position}",
        course_id=course.id,
        position=position,
        check_id=check.id,
        act=decision.act,
        decided_on=decision.decided_on,
        meeting=decision.meeting.strip(),
        reason=decision.reason.strip(),
        minutes_id=decision.minutes,
        header=_header(session, course, check, by),
        recommendation=settings.recommendation(session, settings.today(session)),
        recorded_by=by,
    )


def _header(session: Session, course: Course, check: TopicalityCheck, by: str) -> dict[str, Any]:
    return {
        "title_ru": course.title_ru,
        "title_en": course.title_en,
        "published": course.published_at.isoformat() if course.published_at else "",
        "platform_id": course.platform_id,
        "platform_url": course.platform_url,
        "signer": header.person(session, session.get_one(Person, by)),
        "conclusions": [
            {"part": one.part, "outcome": one.outcome, "grounds": one.grounds, "at": one.concluded_at.isoformat()}
            | {name: one.person.get(name, "") for name in ("name_ru", "name_en", "organisation_ru", "organisation_en")}
            for one in checking.conclusions(session, check.id)
        ],
    }


def _annul(session: Session, course: Course, decision: BodyDecision, by: str) -> None:
    """The course leaves the lists from now on (13.5); its open procedures end in the same step, as the diagram says."""
    course.stage, course.annulled_at = "annulled", clock.now()
    session.add(Annulment(course_id=course.id, decision_id=decision.id, annulled_at=course.annulled_at))
    session.flush()
    for one in events.planned(session, course.id):
        if one.name == "course.published":
            events.withdraw(session, one.key, by=by)
    calendar.plan(session, course, by)
    body = {"decision": decision.id, "number": decision.number, "check": decision.check_id}
    record(session, course.id, Kind.COURSE_ANNULLED, by, body, {"reason": decision.reason})


def end_procedures(session: Session, decision: BodyDecision, by: str) -> int:
    """What would go on with the annulled course is cancelled with its tasks and drafts; returns how many procedures.

    A learner whose request for a certificate waits is told by the end of its procedure.
    """
    check = session.get_one(TopicalityCheck, decision.check_id)
    found = _running(session, check.course_id, check.instance_id)
    for instance_id in found:
        instances.cancel(session, instance_id, by, decision.reason)
    return len(found)


def _running(session: Session, course_id: str, own: str | None) -> list[str]:
    query = sa.select(Instance).where(Instance.subject == course_id, Instance.status.in_(("running", "suspended")))
    return [
        one.id
        for one in session.scalars(query)
        if one.id != own
        and releases.specification(session, one.release_id).processes[one.process].folder in ENDED_WITH_THE_COURSE
    ]


def demand_annulment(session: Session, course: Course) -> Annulment:
    """Nothing takes a course from the platform's list without TC 4's decision. Raises PermanentFailure."""
    found = session.get(Annulment, course.id)
    if found is None or course.stage != "annulled":
        raise PermanentFailure(NO_DECISION, NOT_ANNULLED)
    return found


def told(session: Session, course: Course, note: str, by: str, evidence: dict[str, Any]) -> None:
    """The administrator has put the notice up on the platform, before the course is hidden there (A46)."""
    found = demand_annulment(session, course)
    if found.told_at is None:
        found.told_at, found.told_by, found.told_note = clock.now(), by, note
        session.flush()
        record(session, course.id, Kind.LEARNERS_TOLD, by, evidence, {"reason": note} if note else None)


def hidden(session: Session, course: Course, by: str, evidence: dict[str, Any]) -> None:
    """Learners do not see the course any more; its data stay on the platform."""
    found = demand_annulment(session, course)
    if found.hidden_at is None:
        found.hidden_at = clock.now()
        session.flush()
        record(session, course.id, Kind.PLATFORM_HIDDEN, by, {"step": "hide", **evidence})


def removed(session: Session, course: Course, by: str, evidence: dict[str, Any]) -> None:
    """The Secretariat confirms that the list on the portal no longer has the course."""
    found = demand_annulment(session, course)
    if found.portal_at is None:
        found.portal_at = clock.now()
        session.flush()
        record(session, course.id, Kind.PORTAL_REMOVED, by, evidence)


def of_course(session: Session, course_id: str) -> Sequence[BodyDecision]:
    """All decisions on the course, the newest first."""
    query = sa.select(BodyDecision).where(BodyDecision.course_id == course_id)
    return session.scalars(query.order_by(BodyDecision.position.desc())).all()


def get_decision(session: Session, decision_id: str) -> BodyDecision:
    """Raises NotFound."""
    found = session.get(BodyDecision, decision_id)
    if found is None:
        raise NotFound
    return found
