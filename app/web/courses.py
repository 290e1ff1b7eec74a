"""Courses: the register as far as the reader may see it, a course's page, its agreement sheets and files."""

from dataclasses import dataclass

import sqlalchemy as sa
from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from werkzeug import Response

from app.connectors.documents import available
from app.courses import agreements, people, printed, register, sheets, status
from app.courses.documents import kept, making
from app.courses.models import STAGES, Course, MaterialFile, MaterialVersion
from app.courses.printed import PrintedSheet
from app.courses.record import stream_of
from app.errors import N_, NotFound
from app.files.models import File
from app.i18n import Text
from app.identity.models import Organisation, Person
from app.web import approvals, beside, creation, history
from app.web.access import current_actor, database, may_open
from app.web.downloads import send
from app.web.numbers import whole
from app.workflow import releases
from app.workflow.models import Instance

blueprint = Blueprint("courses", __name__, url_prefix="/courses")

STAGE_NAMES = {
    "registered": N_("Registered"),
    "agreement": N_("Agreement"),
    "agreed": N_("Agreed"),
    "handed_over": N_("Handed over to the creator"),
    "preparation": N_("Preparation"),
    "submitted": N_("Expert review"),
    "rework": N_("Rework"),
    "approved": N_("Approved"),
    "published": N_("Published"),
    "withdrawn": N_("Withdrawn"),
}
WAY = ("registered", "agreement", "agreed", "preparation", "submitted", "published")
ON_THE_WAY = {"handed_over": "agreed", "rework": "preparation", "approved": "submitted"}
"""Stages that are a turn of another one."""
SIZE = 50


@dataclass(frozen=True, slots=True)
class Names:
    """The people and organisations of a course, by id."""

    people: dict[str, Person]
    organisations: dict[str, Organisation]
    coordinators: list[Person]


@blueprint.get("")
def listed() -> str:
    page = max(whole(request.args.get("page"), 1), 1)
    stage = request.args.get("stage", "")
    search = request.args.get("q", "")[:200]
    known = stage if stage in STAGES else ""
    found = register.query(database(), current_actor(), search=search, stage=known, page=page, size=SIZE)
    sentences = {course.id: status.sentence(database(), course) for course in found.courses}
    return render_template(
        "courses.html",
        found=found,
        sentences=sentences,
        stages=STAGE_NAMES,
        stage=known,
        search=search,
        page=page,
        more=page * SIZE < found.total,
    )


@blueprint.get("/<course_id>")
def show(course_id: str) -> str:
    session, actor = database(), current_actor()
    course = register.get_course_for(session, actor, course_id)
    instances = list(session.scalars(sa.select(Instance).where(Instance.subject == course.id).order_by(Instance.id)))
    streams = [("register", stream_of(course.id)), *(("instance", one.id) for one in instances)]
    return render_template(
        "course.html",
        course=course,
        title=register.title(course),
        sentence=status.sentence(session, course),
        stages=STAGE_NAMES,
        way=WAY,
        reached=ON_THE_WAY.get(course.stage, course.stage),
        made=creation.view(session, actor, course),
        content_names=creation.CONTENT,
        language_names=creation.LANGUAGES,
        format_names=creation.FORMATS,
        access_names=creation.ACCESS,
        waiver_names=creation.WAIVERS,
        versions=beside.versions(session, course.id),
        sheets=[printed.sheet(session, sheet.id) for sheet in sheets.of_course_for(session, actor, course.id)],
        documents=kept.of_course_for(session, actor, course.id),
        names=_names(session, course),
        agreement=agreements.current(session, course.id),
        approval=approvals.of_course(session, actor, course),
        instances=instances,
        may_read_letters=may_open("letters.listed"),
        procedure_names={one.id: _procedure(session, one) for one in instances},
        history=history.lines(session, streams, instances, limit=60),  # type: ignore[arg-type]  # literal kinds above
    )


def _names(session: Session, course: Course) -> Names:
    wanted = {course.creator_id, course.executor_id, course.registered_by} - {None}
    found = session.scalars(sa.select(Person).where(Person.id.in_(wanted)))
    organisations = session.scalars(sa.select(Organisation).where(Organisation.id == course.initiator_id))
    return Names(
        {person.id: person for person in found},
        {one.id: one for one in organisations},
        people.coordinators(session, course),
    )


def _procedure(session: Session, instance: Instance) -> Text:
    return releases.specification(session, instance.release_id).processes[instance.process].name


@blueprint.get("/<course_id>/sheets/<sheet_id>")
def show_sheet(course_id: str, sheet_id: str) -> str:
    """Appendix 1, for the screen and for paper."""
    sheet = _sheet(course_id, sheet_id)
    found = kept.of_source(database(), making.SHEET, sheet.id)
    missing = available() if found is None and sheet.state == "agreed" else None
    return render_template("sheet.html", printed=sheet, kept=found, no_pdf=missing)


def _sheet(course_id: str, sheet_id: str) -> PrintedSheet:
    sheet = sheets.get_sheet_for(database(), current_actor(), sheet_id)
    if sheet.course_id != course_id:
        raise NotFound
    return printed.sheet(database(), sheet.id)


@blueprint.get("/<course_id>/files/<file_id>")
def download(course_id: str, file_id: str) -> Response:
    """A file of any version of the course's materials."""
    session = database()
    course = register.get_course_for(session, current_actor(), course_id)
    query = sa.select(File).join(MaterialFile, MaterialFile.file_id == File.id)
    query = query.join(MaterialVersion, MaterialVersion.id == MaterialFile.version_id)
    found = session.scalars(query.where(MaterialVersion.course_id == course.id, File.id == file_id).limit(1)).first()
    if found is None:
        raise NotFound
    return send(found)
