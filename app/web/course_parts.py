"""The pages of a course beside its overview: materials, agreement sheets, documents, people, history."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from app.audit.evidence import Stream
from app.courses import agreements, people, printed, sheets
from app.courses.approvals import kept as approval_forms
from app.courses.approvals import printed as printed_forms
from app.courses.documents import kept
from app.courses.models import Course
from app.courses.planning import proposals
from app.courses.record import stream_of
from app.errors import N_
from app.i18n import Text
from app.identity.models import Organisation, Person
from app.web import actualisation, beside, creation, history
from app.web.access import current_actor, database
from app.web.course_pages import frame_of
from app.web.numbers import whole
from app.workflow import releases
from app.workflow.models import Instance

blueprint = Blueprint("course_parts", __name__, url_prefix="/courses/<course_id>")

LINES = 500
"""Events of the history on one page: the whole life of an ordinary course (R1-a)."""


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody with a part in the course. `part`: English msgid; nobody named yet: no name."""

    part: str
    name: Text | None
    organisation: Text
    contact: str


@blueprint.get("/materials")
def materials(course_id: str) -> str:
    """Every version with its files, the checks of the files, working files of those who prepare the course."""
    session, actor = database(), current_actor()
    frame = frame_of(session, actor, course_id)
    return render_template(
        "course_materials.html",
        frame=frame,
        versions=beside.versions(session, frame.course.id),
        made=creation.view(session, actor, frame.course),
    )


@blueprint.get("/sheets")
def agreement_sheets(course_id: str) -> str:
    """Of all passages through section 7, the newest first: old sheets are kept (A44)."""
    session, actor = database(), current_actor()
    frame = frame_of(session, actor, course_id)
    found = [printed.sheet(session, sheet.id) for sheet in sheets.of_course_for(session, actor, frame.course.id)]
    agreement = agreements.current(session, frame.course.id)
    return render_template("course_sheets.html", frame=frame, sheets=found, agreement=agreement)


@blueprint.get("/documents")
def documents(course_id: str) -> str:
    """Forms for approval, and every document of the course that the archive keeps and the reader may have."""
    session, actor = database(), current_actor()
    frame = frame_of(session, actor, course_id)
    forms = [printed_forms.form(session, one.id) for one in approval_forms.of_course(session, frame.course.id)]
    found = kept.of_course_for(session, actor, frame.course.id)
    return render_template("course_documents.html", frame=frame, documents=found, forms=forms)


@blueprint.get("/people")
def persons(course_id: str) -> str:
    """Everybody who has a part in the course, with the contacts that the forms print."""
    session, actor = database(), current_actor()
    frame = frame_of(session, actor, course_id)
    named = tuple(_named(session, frame.course))
    return render_template(
        "course_people.html", frame=frame, people=named, made=creation.view(session, actor, frame.course)
    )


def _named(session: Session, course: Course) -> Iterator[Named]:
    initiator = session.get(Organisation, course.initiator_id)
    yield Named(
        N_("Initiator"), initiator.name if initiator else None, Text("", ""), initiator.email if initiator else ""
    )
    yield _one(session, N_("Creator"), course.creator_id)
    found = people.coordinators(session, course)
    for one in found:
        yield _one(session, N_("Coordinator"), one.id)
    if not found:
        yield _one(session, N_("Coordinator"), None)
    yield _one(session, N_("Executor"), course.executor_id)
    for part, person_id in (
        (N_("Responsible for the content"), course.representative_id),
        (N_("Counterpart"), course.counterpart_id),
    ):
        if person_id:
            yield _one(session, part, person_id)


def _one(session: Session, part: str, person_id: str | None) -> Named:
    person = session.get(Person, person_id) if person_id else None
    if person is None:
        return Named(part, None, Text("", ""), "")
    return Named(part, person.name, people.organisation_of(session, person), people.contact(person))


@blueprint.get("/history")
def life(course_id: str) -> str:
    """The whole life of the course: every procedure it went through, and every event, page by page (R1-a)."""
    session, actor = database(), current_actor()
    frame = frame_of(session, actor, course_id)
    found = procedures_of(session, frame.course.id)
    before = whole(request.args.get("before"), 0)
    page = history.page(session, streams_of(frame.course.id, found), [one for one, _ in found], before or None, LINES)
    return render_template(
        "course_history.html",
        frame=frame,
        instances=found,
        topicality=actualisation.of_course(session, actor, frame.course),
        lines=page.lines,
        origin=None if page.before else proposals.origin(session, frame.course.id),
        earlier=page.before,
        first=bool(before),
    )


def procedures_of(session: Session, course_id: str) -> list[tuple[Instance, Text]]:
    """The instances about a course with the names of their procedures, oldest first."""
    query = sa.select(Instance).where(Instance.subject == course_id).order_by(Instance.id)
    return [
        (one, releases.specification(session, one.release_id).processes[one.process].name)
        for one in session.scalars(query)
    ]


def streams_of(course_id: str, found: list[tuple[Instance, Text]]) -> list[Stream]:
    """Where the evidence about a course stands: its own stream and those of its procedures."""
    return [("register", stream_of(course_id)), *(("instance", one.id) for one, _ in found)]
