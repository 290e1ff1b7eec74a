"""The frame of every page of a course: one true sentence, the line of its life, and its tabs (R1-a).

A part of a course that has a page of its own joins by one line of `TABS`: its view asks `frame_of` for the frame and
renders a template that extends `course_frame.html` and fills the block `tab`. A tab is shown to whoever may open the
page; `shown` leaves it out where this course has nothing of the kind for this reader.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import request, url_for
from sqlalchemy.orm import Session

from app.courses import milestones, register, status
from app.courses.milestones import Milestone
from app.courses.models import Course
from app.courses.monitoring import permitted
from app.courses.stages import NAMES as STAGE_NAMES
from app.errors import N_
from app.i18n import Text
from app.identity.actors import Actor
from app.web.access import may_open

REACHED = ("agreed", "handed_over", "approved", "published")
"""Stages in which something has been achieved."""


def _everybody(_actor: Actor, _course: Course) -> bool:
    return True


def _judged(actor: Actor, course: Course) -> bool:
    """Learners judge a course once it is published; their answers are for two roles (11.2)."""
    mine = actor.holds("administrator") or course.id in actor.subjects("coordinator")
    return mine and course.published_at is not None


def _is_monitored(actor: Actor, course: Course) -> bool:
    return course.published_at is not None and permitted.is_open_to(actor, course)


@dataclass(frozen=True, slots=True)
class Tab:
    """`label`: English msgid. `endpoint`: a view whose address has the course's id and nothing else."""

    label: str
    endpoint: str
    shown: Callable[[Actor, Course], bool] = _everybody


TABS = (
    Tab(N_("Overview"), "courses.show"),
    Tab(N_("Materials"), "course_parts.materials"),
    Tab(N_("Agreement sheets"), "course_parts.agreement_sheets"),
    Tab(N_("Documents"), "course_parts.documents"),
    Tab(N_("People"), "course_parts.persons"),
    Tab(N_("Satisfaction"), "satisfaction.show", _judged),
    Tab(N_("Monitoring"), "monitoring.show", _is_monitored),
    Tab(N_("History"), "course_parts.life"),
)
"""In the order in which they stand. History stays the last one."""


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    href: str
    here: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What the head of each page of a course shows."""

    course: Course
    title: Text
    sentence: str
    stage: str
    """English msgid."""
    state: str
    """Kind of mark beside the stage: others, rework, done."""
    milestones: tuple[Milestone, ...]
    tabs: tuple[Link, ...]

    @property
    def tab(self) -> str:
        """Label of the tab that is open."""
        return next((one.label for one in self.tabs if one.here), "")


def frame_of(session: Session, actor: Actor, course_id: str) -> Frame:
    """The course, if the actor may see it, with its frame. Raises NotFound, Denied."""
    course = register.get_course_for(session, actor, course_id)
    state = "rework" if course.stage == "rework" else "done" if course.stage in REACHED else "others"
    tabs = (
        Link(one.label, url_for(one.endpoint, course_id=course.id), one.endpoint == request.endpoint)
        for one in TABS
        if may_open(one.endpoint) and one.shown(actor, course)
    )
    return Frame(
        course=course,
        title=register.title(course),
        sentence=status.sentence(session, course),
        stage=STAGE_NAMES[course.stage],
        state=state,
        milestones=milestones.of_course(session, course),
        tabs=tuple(tabs),
    )
