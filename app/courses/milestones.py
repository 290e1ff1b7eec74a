"""The line of a course's life for the head of its pages: what is behind it, where it stands, what comes."""

from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.courses import agreements, sheets
from app.courses.actualisation import calendar
from app.courses.announcements.models import Invitation
from app.courses.models import Agreement, Course
from app.errors import N_

State = Literal["passed", "present", "ahead", "over"]
PREPARING = ("handed_over", "preparation", "rework")
PREPARED = ("submitted", "approved")


@dataclass(frozen=True, slots=True)
class Milestone:
    """A part of the way. `label` is an English msgid; `note` a count or a year, for people to read."""

    label: str
    state: State
    note: str = ""


def of_course(session: Session, course: Course) -> tuple[Milestone, ...]:
    """In the order of the recommendation; agreement and creation may go side by side (6.4, A10)."""
    agreement = agreements.current(session, course.id)
    way = (
        Milestone(N_("Plan"), "present" if course.stage == "registered" else "passed"),
        Milestone(N_("Creation"), _creation(course)),
        Milestone(N_("Agreement"), _agreement(agreement), _counted(session, agreement)),
        Milestone(N_("Expert review"), _review(course)),
        Milestone(N_("Publication"), _publication(course)),
        Milestone(N_("Announcement"), _announcement(session, course)),
        Milestone(N_("Monitoring"), _monitoring(session, course)),
    )
    if course.stage == "withdrawn":
        return (*(one for one in way if one.state == "passed"), Milestone(N_("Withdrawn"), "over"))
    return (*way, *_topicality(session, course))


def _topicality(session: Session, course: Course) -> tuple[Milestone, ...]:
    """The next check with its year; of an annulled course, when that was."""
    if course.annulled_at is not None:
        return (Milestone(N_("Annulled"), "over", str(course.annulled_at.year)),)
    if course.check_due is None:
        return ()
    running = calendar.find_open(session, course.id) is not None
    return (Milestone(N_("Check"), "present" if running else "ahead", str(course.check_due.year)),)


def _creation(course: Course) -> State:
    if course.stage in PREPARED or course.published_at:
        return "passed"
    return "present" if course.stage in PREPARING else "ahead"


def _agreement(agreement: Agreement | None) -> State:
    if agreement is None or agreement.state == "cancelled":
        return "ahead"
    return "present" if agreement.state == "open" else "passed"


def _counted(session: Session, agreement: Agreement | None) -> str:
    """Sheets agreed of those asked, while the agreement goes on."""
    if agreement is None or agreement.state != "open":
        return ""
    found = sheets.of_agreement(session, agreement.id)
    return f"{sum(1 for one in found if one.state == 'agreed')}/{len(found)}" if found else ""


def _review(course: Course) -> State:
    if course.approved_at:
        return "passed"
    return "present" if course.stage == "submitted" else "ahead"


def _publication(course: Course) -> State:
    if course.published_at:
        return "passed"
    return "present" if course.approved_at else "ahead"


def _announcement(session: Session, course: Course) -> State:
    if not course.published_at:
        return "ahead"
    return "passed" if _invited(session, course) else "present"


def _monitoring(session: Session, course: Course) -> State:
    if course.annulled_at is not None:
        return "passed"
    return "present" if course.published_at and _invited(session, course) else "ahead"


def _invited(session: Session, course: Course) -> bool:
    query = sa.select(Invitation.id).where(Invitation.course_id == course.id).limit(1)
    return session.scalar(query) is not None
