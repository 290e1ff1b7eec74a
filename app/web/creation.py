"""A course being created, on its page: description, poll, checks, thread, files, decisions of the administrator."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, request
from sqlalchemy.orm import Session
from werkzeug import Response

from app.courses import descriptions, register
from app.courses.creation import decisions, polls, preparations, questions, shown, submissions, workspace
from app.courses.creation.models import Preparation, Question, Waiver, WorkingFile
from app.courses.models import Course
from app.errors import N_, Denied, Invalid, NotFound, Problem
from app.files.models import File
from app.i18n import Text, gettext
from app.identity.actors import Actor
from app.identity.models import Person
from app.web import uploads
from app.web.access import current_actor, database, writing
from app.web.downloads import send
from app.web.redirects import see

blueprint = Blueprint("creation", __name__, url_prefix="/courses")

ACCESS = {"open": N_("open access"), "restricted": N_("restricted access")}
FORMATS = {"h5p": "h5p", "ppt": "PowerPoint", "pdf": "Adobe PDF"}
LANGUAGES = {"ru": N_("Russian"), "en": N_("English"), "ru_en": N_("Russian and English")}
CONTENT = {
    "text": N_("text"),
    "illustrations": N_("illustrations"),
    "links": N_("web links"),
    "audio": N_("audio"),
    "video": N_("video"),
    "other": N_("other content"),
    "tests": N_("tests"),
    "tasks": N_("tasks"),
    "interactive": N_("interactive elements"),
}
WAIVERS = {"description_length": N_("a description of another length than three to five sentences")}


@dataclass(frozen=True, slots=True)
class Check:
    """An item of clauses 6.5 and 6.7 as the creator answered it."""

    item: Text
    answer: str
    comment: str


@dataclass(frozen=True, slots=True)
class Creation:
    """What the page shows to this reader; what they may not see is empty."""

    takes_part: bool
    shares: bool
    decides: bool
    """The administrator's part: poll, waivers, withdrawal."""
    descriptions: tuple[tuple[str, str, str], ...] = ()
    """Language, description, aim."""
    blockers: tuple[str, ...] = ()
    poll: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    preparation: Preparation | None = None
    thread: tuple[tuple[Question, list[Question]], ...] = ()
    advice: tuple[str, ...] = ()
    files: tuple[WorkingFile, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    people: Mapping[str, Person] = field(default_factory=dict)
    may_withdraw: bool = False


def view(session: Session, actor: Actor, course: Course) -> Creation:
    part = workspace.takes_part(session, actor, course)
    decides = actor.holds("administrator")
    kept = session.get(Preparation, course.id) if part else None
    thread = questions.thread(session, course.id) if part else []
    files = workspace.files(session, course.id) if part else []
    waivers = decisions.waivers(session, course.id) if part else []
    begun = polls.current(session, course.id) is not None or kept is not None
    found = {
        "descriptions": tuple(_descriptions(course)),
        "blockers": tuple(submissions.blockers(session, course)) if part and begun and _unfinished(course) else (),
        "poll": tuple(polls.told(session, course.id)) if decides else (),
        "checks": tuple(_checks(kept)) if kept else (),
        "preparation": kept,
        "advice": tuple(shown.advised(session, course)) if part and _unfinished(course) else (),
        "thread": tuple(thread),
        "files": tuple(files),
        "waivers": tuple(waivers),
        "people": _people(session, course, thread, files, waivers),
        "may_withdraw": decides and course.stage not in decisions.FINAL,
    }
    return Creation(part, part and workspace.may_share(actor, course), decides, **found)  # type: ignore[arg-type]  # by name


def _unfinished(course: Course) -> bool:
    return course.stage in submissions.BEFORE


def _descriptions(course: Course) -> list[tuple[str, str, str]]:
    texts = {"ru": (course.description_ru, course.aim_ru), "en": (course.description_en, course.aim_en)}
    return [(one, *texts[one]) for one in descriptions.languages(course) if any(texts[one])]


def _checks(kept: Preparation) -> list[Check]:
    items = preparations.SELF_CHECK | preparations.STYLE
    given = kept.self_check | kept.style_check
    return [Check(items[name], row["answer"], row["comment"]) for name, row in given.items() if name in items]


def _people(session: Session, course: Course, thread: Any, files: Any, waivers: Any) -> dict[str, Person]:
    wanted = {course.representative_id, course.counterpart_id}
    wanted |= {row.author_id for asked, answers in thread for row in (asked, *answers)}
    wanted |= {row.added_by for row in files} | {row.granted_by for row in waivers}
    found = session.scalars(sa.select(Person).where(Person.id.in_([one for one in wanted if one])))
    return {person.id: person for person in found}


@blueprint.get("/<course_id>/image")
def image(course_id: str) -> Response:
    """The splash image (6.6), for those who see the course."""
    session = database()
    course = register.get_course_for(session, current_actor(), course_id)
    found = session.get(File, course.splash_id) if course.splash_id else None
    if found is None:
        raise NotFound
    return send(found)


@blueprint.get("/<course_id>/shared/<file_id>")
def shared(course_id: str, file_id: str) -> Response:
    session, actor = database(), current_actor()
    course = register.get_course_for(session, actor, course_id)
    return send(workspace.get_file_for(session, actor, course, file_id))


@blueprint.post("/<course_id>/questions")
def ask(course_id: str) -> Response:
    """A question, or with `answers_to` an answer."""
    actor = current_actor()
    with writing() as session:
        course = register.get_course_for(session, actor, course_id)
        questions.write(session, actor, course, request.form.get("text", ""), request.form.get("answers_to", ""))
    flash(gettext("Your message is in the thread; those concerned get a letter."), "done")
    return see("courses.show", course_id=course_id, _anchor="thread")


@blueprint.post("/<course_id>/shared")
def share(course_id: str) -> Response:
    actor = current_actor()
    with writing() as session:
        course = register.get_course_for(session, actor, course_id)
        if not workspace.may_share(actor, course):
            raise Denied(kind="course", id=course.id)
        for file in _taken(session, actor):
            workspace.share(session, actor, course, file, request.form.get("note", ""))
    flash(gettext("The file is shared."), "done")
    return see("course_parts.materials", course_id=course_id, _anchor="shared")


def _taken(session: Session, actor: Actor) -> list[File]:
    """What came with the request. Raises the first fault, or Invalid where nothing came."""
    found = uploads.take(session, actor.person_id).get("file", [])
    if not found:
        message = N_("Attach a file.")
        raise Invalid(message, {"file": Problem(message)})
    for one in found:
        if isinstance(one, Problem):
            raise one
    return [one for one in found if isinstance(one, File)]


@blueprint.post("/<course_id>/waivers")
def waive(course_id: str) -> Response:
    actor = current_actor()
    with writing() as session:
        course = register.get_course_for(session, actor, course_id)
        decisions.waive(session, actor, course, request.form.get("requirement", ""), request.form.get("reason", ""))
    flash(gettext("Allowed, with the reason kept."), "done")
    return see("courses.show", course_id=course_id)


@blueprint.post("/<course_id>/access")
def change_access(course_id: str) -> Response:
    actor = current_actor()
    with writing() as session:
        course = register.get_course_for(session, actor, course_id)
        access, reason = request.form.get("access", ""), request.form.get("reason", "")
        decisions.change_access(session, actor, course, access, reason)
    flash(gettext("The access was changed."), "done")
    return see("courses.show", course_id=course_id)


@blueprint.post("/<course_id>/withdraw")
def withdraw(course_id: str) -> Response:
    actor = current_actor()
    with writing() as session:
        course = register.get_course_for(session, actor, course_id)
        decisions.withdraw(session, actor, course, request.form.get("reason", ""))
    flash(gettext("The course is withdrawn; everybody concerned gets a letter."), "done")
    return see("courses.show", course_id=course_id)
