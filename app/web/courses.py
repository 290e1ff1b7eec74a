"""Courses: the register as far as the reader may see it, a course's page, its agreement sheets and files."""

import sqlalchemy as sa
from flask import Blueprint, render_template, request
from werkzeug import Response

from app.connectors.documents import available
from app.courses import agreements, printed, register, sheets, status
from app.courses.documents import kept, making
from app.courses.models import STAGES, MaterialFile, MaterialVersion
from app.courses.monitoring import overview, permitted
from app.courses.printed import PrintedSheet
from app.courses.stages import NAMES as STAGE_NAMES
from app.errors import NotFound
from app.files.models import File
from app.identity.models import Organisation
from app.web import actualisation, approvals, creation, history, satisfaction
from app.web.access import current_actor, database, may_open
from app.web.course_pages import frame_of
from app.web.course_parts import procedures_of, streams_of
from app.web.downloads import send
from app.web.numbers import whole

blueprint = Blueprint("courses", __name__, url_prefix="/courses")

LATELY = 6
"""Events on the overview; the history has them all."""
SIZE = 50


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
    """The overview: what the course is, where it stands, what happened lately."""
    session, actor = database(), current_actor()
    frame = frame_of(session, actor, course_id)
    course = frame.course
    instances = procedures_of(session, course.id)
    streams = streams_of(course.id, instances)
    return render_template(
        "course.html",
        frame=frame,
        made=creation.view(session, actor, course),
        content_names=creation.CONTENT,
        language_names=creation.LANGUAGES,
        format_names=creation.FORMATS,
        access_names=creation.ACCESS,
        waiver_names=creation.WAIVERS,
        sheets=[printed.sheet(session, sheet.id) for sheet in sheets.of_course_for(session, actor, course.id)],
        initiator=session.get(Organisation, course.initiator_id),
        agreement=agreements.current(session, course.id),
        approval=approvals.of_course(session, actor, course),
        survey=satisfaction.summary(session, actor, course),
        instances=instances,
        topicality=actualisation.of_course(session, actor, course),
        may_read_letters=may_open("letters.listed"),
        monitored=overview.glance(session, course),
        may_monitor=permitted.is_open_to(actor, course),
        history=history.lines(session, streams, [one for one, _ in instances], limit=LATELY),
    )


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
