"""What stands beside a task's form: the clause, the course, its materials, the earlier rounds, who is next, history."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.courses import materials, printed, recommendation, register, sheets, status
from app.courses.actualisation import renewing
from app.courses.actualisation.models import Edition
from app.courses.approvals import criteria
from app.courses.approvals.criteria import Findings
from app.courses.materials import Differences
from app.courses.models import Course, MaterialFile, MaterialVersion
from app.courses.printed import PrintedSheet
from app.courses.surveys import analyses, drawn, shown
from app.courses.surveys.drawn import Drawn
from app.engine import Element
from app.errors import NotFound
from app.i18n import Text
from app.identity.actors import Actor
from app.identity.roles import ROLES
from app.web import history, outline
from app.web.due import Due, describe
from app.workflow import deadlines, past_diagrams
from app.workflow.models import Deadline
from app.workflow.tasks import Opened

REVIEW = "approval_form"


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the materials with its files, and what it changed."""

    version: MaterialVersion
    files: tuple[MaterialFile, ...]
    changes: Differences | None


@dataclass(frozen=True, slots=True)
class Next:
    name: Text
    role: Text | None


@dataclass(frozen=True, slots=True)
class Beside:
    clause: str
    due: Due
    deadlines: tuple[Deadline, ...]
    upcoming: tuple[Next, ...]
    history: tuple[history.Line, ...]
    course: Course | None = None
    sentence: str = ""
    versions: tuple[Version, ...] = ()
    sheet: PrintedSheet | None = None
    wordings: tuple[tuple[str, Text], ...] = ()
    analysis: Drawn | None = None
    """The frozen figures, beside the forms of their analysis (11.2)."""
    edition: Edition | None = None
    """The new version of a published course that this procedure is about (13.3)."""
    findings: Findings | None = None
    """What the program has found by itself, beside the form of the expert review (8.1)."""


def of_task(session: Session, actor: Actor, opened: Opened) -> Beside:
    task, instance = opened.task, opened.instance
    specification = past_diagrams.loaded_for(session, instance, task).specification
    process = specification.processes[task.process]
    lines = history.lines(session, [("instance", instance.id)], [instance], limit=12)
    course = _course(session, actor, task.subject)
    return Beside(
        clause=opened.element.clause or "",
        due=describe(task.due, actor.zone),
        deadlines=tuple(deadlines.of_task(session, task.id)),
        wordings=recommendation.wordings(opened.element.clause or ""),
        upcoming=tuple(_next(one) for one in outline.upcoming(process, task.element)),
        history=tuple(lines),
        course=course,
        sentence=status.sentence(session, course) if course else "",
        versions=versions(session, course.id) if course else (),
        sheet=_sheet(session, actor, course, task.organisation) if course else None,
        analysis=_analysis(session, opened),
        edition=renewing.in_the_making(session, course.id) if course else None,
        findings=criteria.findings(session, course) if course and opened.element.form == REVIEW else None,
    )


def _analysis(session: Session, opened: Opened) -> Drawn | None:
    found = analyses.of_instance(session, opened.instance.id) if opened.element.form in shown.FORMS else None
    return drawn.draw(analyses.whole(found)) if found else None


def versions(session: Session, course_id: str) -> tuple[Version, ...]:
    """All versions, newest first; the newest says what changed against the one before."""
    found = materials.versions(session, course_id)
    before = [*found[1:], None] if found else []
    return tuple(
        Version(
            one,
            tuple(materials.files_of(session, one.id)),
            materials.differences(session, older, one) if older is not None and index == 0 else None,
        )
        for index, (one, older) in enumerate(zip(found, before, strict=True))
    )


def _next(element: Element) -> Next:
    return Next(element.name, ROLES.get(element.role or ""))


def _course(session: Session, actor: Actor, subject: str | None) -> Course | None:
    """The course, where the task is about one and the person may see it."""
    try:
        return register.get_course_for(session, actor, subject) if subject else None
    except NotFound:
        return None


def _sheet(session: Session, actor: Actor, course: Course, body: str | None) -> PrintedSheet | None:
    """The sheet of the body that the task is for, where it has rounds already."""
    for sheet in reversed(sheets.of_course_for(session, actor, course.id)):
        if sheet.body_id == body:
            return printed.sheet(session, sheet.id)
    return None
