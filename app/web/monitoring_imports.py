"""Bringing files of the platform on a course's monitoring: its log, its reports, and taking an import back (9.2)."""

from collections.abc import Callable

from flask import Blueprint, flash, render_template, request
from sqlalchemy.orm import Session
from werkzeug import Response
from werkzeug.datastructures import FileStorage

from app.courses.models import Course
from app.courses.monitoring import asked, brought, imports, module_names, report_imports, taking_back
from app.courses.monitoring.models import LogImport
from app.errors import N_, Conflict, Invalid, Problem, TooLarge
from app.i18n import gettext
from app.web.access import current_actor, database, writing
from app.web.monitoring import course_of
from app.web.redirects import see
from app.web.zones import ZONES

blueprint = Blueprint("monitoring_imports", __name__)

REPORTS = {
    "log": N_("log"),
    "progress": N_("completion of activities"),
    "completion": N_("completion of the course"),
    "overview": N_("grades of a quiz"),
    "responses": N_("answers of a quiz"),
}
NO_FILE = N_("Choose the file that you downloaded from the platform.")
Take = Callable[[Session, Course, FileStorage, str], LogImport]


@blueprint.get("/courses/<course_id>/monitoring/log")
def log(course_id: str) -> str:
    """What has been imported, how far an import is, and the forms for the next one."""
    return _page(course_id, {}, {}, "log")


def _page(course_id: str, typed: dict[str, str], errors: dict[str, Problem], form: str) -> str:
    """`form`: the one that was sent, which shows what is wrong with it."""
    session = database()
    frame, standing = course_of(session, course_id)
    found = brought.of_course(session, course_id)
    names = {one.cmid: one.name for one in module_names.known(session, course_id)}
    return render_template(
        "monitoring_log.html", frame=frame, standing=standing, errors={form: errors}, zones=ZONES,
        typed={"zone": current_actor().zone, "order": "day", **typed}, found=found, share=brought.share,
        reports=REPORTS, module_names=names, may=taking_back.is_possible, address=asked.log_address(frame.course),
        tests=module_names.tests(session, course_id), by_hand=report_imports.is_open(session, course_id),
        addresses=asked.report_addresses(frame.course),
    )  # fmt: skip


@blueprint.post("/courses/<course_id>/monitoring/log")
def bring(course_id: str) -> Response | tuple[str, int]:
    """Take in a log export; it is counted by the worker."""
    typed = {name: request.form.get(name, "").strip()[:60] for name in ("zone", "order")}

    def take(session: Session, course: Course, part: FileStorage, name: str) -> LogImport:
        by, day_first = current_actor().person_id, typed["order"] != "month"
        return imports.take(session, course, part.stream, name, typed["zone"], by, day_first=day_first)

    return _bring(course_id, typed, "log", take)


@blueprint.post("/courses/<course_id>/monitoring/reports")
def bring_report(course_id: str) -> Response | tuple[str, int]:
    """Take in a report on completion or a quiz; it is read by the worker."""
    typed = {name: request.form.get(name, "").strip()[:60] for name in ("zone", "cmid", "changed")}

    def take(session: Session, course: Course, part: FileStorage, name: str) -> LogImport:
        chosen = [one.cmid for one in module_names.tests(session, course_id) if str(one.cmid) == typed["cmid"]]
        by, cmid, changed = current_actor().person_id, next(iter(chosen), None), bool(typed["changed"])
        return report_imports.take(session, course, part.stream, name, typed["zone"], by, cmid=cmid, changed=changed)

    return _bring(course_id, typed, "report", take)


def _bring(course_id: str, typed: dict[str, str], form: str, take: Take) -> Response | tuple[str, int]:
    try:
        with writing() as session:
            frame, _standing = course_of(session, course_id)
            part = request.files.get("file")
            if part is None or not part.filename:
                raise Invalid(NO_FILE, {"file": Problem(NO_FILE)})
            take(session, frame.course, part, part.filename)
    except (Invalid, Conflict, TooLarge) as problem:
        database().rollback()
        named = problem.fields if isinstance(problem, Invalid) else {}
        return _page(course_id, typed, dict(named) or {"file": problem}, form), problem.status
    flash(gettext("The file was taken in and is being counted."), "done")
    return see("monitoring_imports.log", course_id=course_id)


# --- taking back -------------------------------------------------------------------------------------------------


@blueprint.get("/courses/<course_id>/monitoring/imports/<import_id>")
def show(course_id: str, import_id: str) -> str:
    """One import, and the question whether it is to be taken back."""
    session = database()
    frame, standing = course_of(session, course_id)
    one = taking_back.get_import(session, frame.course, import_id)
    names = {module.cmid: module.name for module in module_names.known(session, course_id)}
    return render_template(
        "monitoring_import.html", frame=frame, standing=standing, one=one, reports=REPORTS, module_names=names,
        may=taking_back.is_possible(one), kept_days=taking_back.WITHIN.days,
    )  # fmt: skip


@blueprint.post("/courses/<course_id>/monitoring/imports/<import_id>/take-back")
def take_back(course_id: str, import_id: str) -> Response:
    """What the import brought counts no longer."""
    try:
        with writing() as session:
            frame, _standing = course_of(session, course_id)
            taking_back.take_back(session, frame.course, import_id, current_actor().person_id)
    except Conflict as problem:
        database().rollback()
        flash(gettext(problem.message, **problem.params), "late")
        return see("monitoring_imports.show", course_id=course_id, import_id=import_id)
    flash(gettext("The import is being taken back. The figures are those without it in a moment."), "done")
    return see("monitoring_imports.log", course_id=course_id)
