"""One true sentence about a course, for its page and every list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.courses import agreements, due_dates, sheets
from app.courses.actualisation import calendar, checking
from app.courses.models import Course
from app.errors import N_
from app.i18n import _, format_day
from app.identity.models import Organisation
from app.identity.places import default_place
from app.workflow.models import Task

STAGES = {
    "registered": N_("Registered; the agreement has not begun."),
    "agreement": N_("Being agreed."),
    "agreed": N_("Agreed; the package waits for the administrator."),
    "handed_over": N_("Agreed; the materials have been handed over to the creator."),
    "preparation": N_("Being prepared by the creator."),
    "submitted": N_("Submitted for approval."),
    "rework": N_("Sent back to the creator by the expert review."),
    "approved": N_("Approved; not published yet."),
    "published": N_("Published on the platform."),
    "withdrawn": N_("Withdrawn."),
    "annulled": N_("Annulled by decision of TC 4."),
}

WAITED_FOR = {
    "administrator": N_("Waiting for the administrator: %(what)s."),
    "executor": N_("Waiting for the executor: %(what)s."),
    "chair": N_("Waiting for the chair: %(what)s."),
    "creator": N_("Waiting for the creator: %(what)s."),
    "member": N_("Waiting for the appointed member: %(what)s."),
    "coordinator": N_("Waiting for the coordinator: %(what)s."),
    "secretariat": N_("Waiting for the Secretariat: %(what)s."),
    "tc4_secretariat": N_("Waiting for the TC 4 Secretariat: %(what)s."),
}

ACTS = {
    "propose": N_("to propose the bodies to be asked"),
    "confirm": N_("to confirm the list of bodies"),
    "chair_confirms": N_("to confirm the content"),
    "ask_again": N_("to decide who is asked again"),
    "confirm_final": N_("to confirm the final materials"),
    "receive": N_("to receive the package"),
    "name_chair": N_("to name a chair of %(body)s"),
    "send": N_("to send the sheet to %(body)s"),
    "rework": N_("to rework the materials for %(body)s"),
    "follow": N_("to follow the rework"),
    "invite": N_("to send the invitations to training"),
    "answer": N_("to deal with invitations that did not arrive"),
    "place": N_("to place the list of courses on the portal"),
    "request": N_("to request the materials and announce the poll"),
    "upload": N_("to provide the course materials"),
    "choose": N_("to appoint the course creator"),
    "find_creator": N_("to find a course creator"),
    "organise": N_("to agree the organisational questions"),
    "name_coordinators": N_("to name the coordinators"),
    "consent": N_("to agree to the coordinators"),
    "create_by_hand": N_("to create the course on the platform by hand"),
    "prepare": N_("to prepare the course"),
    "describe_by_hand": N_("to enter the description on the platform by hand"),
    "submit": N_("to submit the course for approval"),
    "creation.rework": N_("to rework the course after the expert review"),
    "allow": N_("to decide who does the expert review"),
    "inspect_by_hand": N_("to check the course on the platform by hand"),
    "examine": N_("to do the expert review"),
    "publish_by_hand": N_("to open the course on the platform by hand"),
    "actualisation.decide": N_("to record the decision of TC 4 on the course"),
    "revise": N_("to prepare the changes of the course"),
    "waive": N_("to decide whether the agreement is repeated"),
    "actualisation.prepare": N_("to prepare the new version on the platform"),
    "replace": N_("to open the new version to learners"),
    "actualisation.place": N_("to bring the list on the portal up to date"),
    "tell_learners": N_("to tell the learners of the annulment"),
    "hide_by_hand": N_("to hide the course on the platform by hand"),
    "remove_from_portal": N_("to take the course from the list on the portal"),
}
"""Element of the diagram, where need be with its process -> what is awaited; an element that an analyst has added is
told by its stage."""

POLLED = N_("Course creators are asked who can take the course.")
LATER = ("follow", "submit")
"""What a creator can only do once others have done their part is told last."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """A body that considers its sheet."""

    code: str
    due: date
    late: bool


def sentence(session: Session, course: Course) -> str:
    """«Ждем ТК 1.6: ответ до 19 ноября», in the current language."""
    considered = awaited(session, course)
    if considered:
        return _answers(considered, clock.today(default_place(session).zone))
    checked = _checked(session, course)
    if checked:
        return checked
    query = sa.select(Task).where(Task.subject == course.id, Task.closed_at.is_(None))
    found = list(session.scalars(query.order_by(Task.opened_at, Task.id)))
    for task in sorted(found, key=lambda one: one.element in LATER):
        act = ACTS.get(f"{task.process}.{task.element}") or ACTS.get(task.element)
        if act is not None and task.role in WAITED_FOR:
            return _(WAITED_FOR[task.role], what=_(act, body=_code(session, task.organisation)))
    return _(POLLED) if any(task.element == "volunteer" for task in found) else _(STAGES[course.stage])


def _checked(session: Session, course: Course) -> str:
    """Whose conclusions the check of a published course still waits for (13.2); nothing where none is missing."""
    check = calendar.find_open(session, course.id) if course.published_at is not None else None
    waiting = checking.missing(session, check.id) if check is not None else ()
    if check is None or not waiting:
        return ""
    names, today = ", ".join(str(checking.NAMES[part]) for part in waiting), clock.today(default_place(session).zone)
    told = N_("The topicality is being checked until %(date)s; no conclusion yet: %(who)s.")
    late = N_("The check of the topicality was due by %(date)s; no conclusion yet: %(who)s.")
    return _(late if check.due < today else told, date=format_day(check.due, today), who=names)


def awaited(session: Session, course: Course) -> list[Awaited]:
    """Bodies that consider the course now, by date."""
    agreement = agreements.current(session, course.id)
    if agreement is None or agreement.state != "open":
        return []
    found = []
    for sheet in sheets.of_agreement(session, agreement.id):
        last = sheets.last_round(session, sheet.id)
        if sheet.state == "open" and last is not None and last.decided_at is None:
            due, late = due_dates.current(session, sheet, last), due_dates.is_over(session, sheet, last)
            found.append(Awaited(_code(session, sheet.body_id), due, late))
    return sorted(found, key=lambda one: (one.due, one.code))


def _answers(considered: Sequence[Awaited], today: date) -> str:
    late = [one for one in considered if one.late]
    told = late or considered
    bodies, first = ", ".join(one.code for one in told), told[0]
    if late:
        return _(
            "Waiting for %(bodies)s: the answer was due by %(date)s.", bodies=bodies, date=format_day(first.due, today)
        )
    return _("Waiting for %(bodies)s: answer by %(date)s.", bodies=bodies, date=format_day(first.due, today))


def _code(session: Session, organisation_id: str | None) -> str:
    found = session.get(Organisation, organisation_id) if organisation_id else None
    return str(found.code) if found else ""
