"""What the administrator decides about a course beside its tasks: waivers, the access, its withdrawal (6.6, A7)."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses import people
from app.courses.creation import intake, notices, polls
from app.courses.creation.models import Waiver
from app.courses.models import ACCESS, Agreement, AskedBody, Course, Sheet
from app.courses.record import record
from app.courses.stages import ENDED
from app.errors import N_, Conflict, Denied, Invalid, Problem
from app.identity import appointments
from app.identity.actors import Actor
from app.identity.models import Person
from app.workflow import events, instances
from app.workflow.models import Instance

WAIVABLE = (intake.LENGTH,)
FINAL = ("published", *ENDED)


def waive(session: Session, actor: Actor, course: Course, requirement: str, reason: str) -> None:
    """Let a requirement be, with a reason (R6.6-a). Raises Denied, Invalid."""
    _demand_administrator(actor, course)
    if requirement not in WAIVABLE:
        raise Invalid(N_("This requirement cannot be waived."))
    made = Waiver(course_id=course.id, requirement=requirement, reason=_reason(reason), granted_by=actor.person_id)
    session.add(made)
    session.flush()
    record(
        session, course.id, Kind.WAIVER_GRANTED, actor.person_id, {"requirement": requirement}, {"reason": made.reason}
    )


def waivers(session: Session, course_id: str) -> list[Waiver]:
    query = sa.select(Waiver).where(Waiver.course_id == course_id)
    return list(session.scalars(query.order_by(Waiver.granted_at, Waiver.id)))


def change_access(session: Session, actor: Actor, course: Course, access: str, reason: str) -> None:
    """Another access than advised, with a reason (R6.6-d). Raises Denied, Invalid."""
    _demand_administrator(actor, course)
    if access not in ACCESS:
        message = N_("Choose open or restricted access.")
        raise Invalid(message, {"access": Problem(message)})
    if course.stage in FINAL:
        raise Conflict(N_("This course is published or withdrawn already: its access is changed no more."))
    given, before = _reason(reason), course.access
    course.access = access
    session.flush()
    record(session, course.id, Kind.COURSE_CHANGED, actor.person_id, {"access": [before, access]}, {"reason": given})


def withdraw(session: Session, actor: Actor, course: Course, reason: str) -> None:
    """End the work on a course that is not published (A7): its procedures are cancelled, its people are told."""
    _demand_administrator(actor, course)
    given = _reason(reason)
    if course.stage in FINAL:
        raise Conflict(
            N_("This course is published or withdrawn already; a published course is annulled by TC 4 (13.5).")
        )
    concerned = _concerned(session, course)
    running = sa.select(Instance.id).where(Instance.subject == course.id, Instance.status.in_(("running", "suspended")))
    for instance_id in session.scalars(running).all():
        instances.cancel(session, instance_id, actor.person_id, given)
    polls.close(session, course.id, actor.person_id)
    for one in events.planned(session, course.id):
        events.withdraw(session, one.key, by=actor.person_id)
    course.stage = "withdrawn"
    session.flush()
    record(session, course.id, Kind.COURSE_WITHDRAWN, actor.person_id, {}, {"reason": given})
    others = [one for one in concerned if one.id != actor.person_id]
    key = f"withdrawn:{course.id}"
    notices.tell(session, course, "course_withdrawn", key, others, lambda: {"withdrawal": {"reason": given}})


def _concerned(session: Session, course: Course) -> list[Person]:
    """Everybody who works on the course, the chairs of the bodies asked, the Secretariat."""
    ids = [course.creator_id, course.executor_id, course.counterpart_id, course.representative_id]
    found = list(session.scalars(sa.select(Person).where(Person.id.in_([one for one in ids if one]))))
    found += people.coordinators(session, course)
    bodies = sa.select(AskedBody.body_id).join(Agreement, Agreement.id == AskedBody.agreement_id)
    asked = bodies.where(Agreement.course_id == course.id, Agreement.state == "open", AskedBody.confirmed)
    for body_id in session.scalars(asked):
        found += people.chairs(session, body_id)
    return [*found, *appointments.holders(session, "secretariat")]


def close_agreements(session: Session, instance: Instance, how: str) -> None:
    """An instance was cancelled: nobody considers its sheets any more. Called in the step that ends it."""
    if how != instances.CANCELLED:
        return
    passages = select_open(instance.id)
    for passage in session.scalars(passages).all():
        passage.state, passage.ended_at = "cancelled", clock.now()
        sheets = sa.select(Sheet).where(Sheet.agreement_id == passage.id, Sheet.state == "open")
        for sheet in session.scalars(sheets).all():
            sheet.state, sheet.closed_at = "cancelled", clock.now()
        record(session, passage.course_id, Kind.AGREEMENT_CANCELLED, "system:courses", {"agreement": passage.id})
    session.flush()


def select_open(instance_id: str) -> sa.Select[Agreement]:
    return sa.select(Agreement).where(Agreement.instance_id == instance_id, Agreement.state.in_(("open", "agreed")))


def _demand_administrator(actor: Actor, course: Course) -> None:
    if not actor.holds("administrator"):
        raise Denied(kind="course", id=course.id)


def _reason(text: str) -> str:
    found = text.strip()[:2000]
    if not found:
        message = N_("Give a reason: it is kept with the evidence.")
        raise Invalid(message, {"reason": Problem(message)})
    return found
