"""Monitoring of a course on pages (section 9): three reports, one participant, the import of the log; all courses."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, flash, render_template, request
from sqlalchemy.orm import Session
from werkzeug import Response

from app import clock
from app.courses import register, workbooks
from app.courses.models import Course
from app.courses.monitoring import (
    by_hand,
    completion,
    figures,
    overview,
    permitted,
    reading,
    tables,
    views,
)
from app.courses.monitoring.models import MonitoredCourse
from app.courses.platform import connection
from app.courses.workbooks import Sheet
from app.errors import N_, Invalid, NotFound, Problem
from app.files.sniff import WORKBOOK
from app.i18n import current_locale, gettext
from app.web import monitoring_charts
from app.web.access import current_actor, database, open_to, writing
from app.web.course_pages import Frame, frame_of
from app.web.downloads import closed
from app.web.numbers import day, whole
from app.web.redirects import see

blueprint = Blueprint("monitoring", __name__)

ORDERS = {
    "number": N_("newest first"),
    "views": N_("most viewed first"),
    "learners": N_("most learners first"),
    "read": N_("longest unread first"),
}
MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is true of the figures: when they were read, whether that is going on, whether the platform answered."""

    known: MonitoredCourse
    by_hand: bool
    """No access to the platform is configured."""
    brought: bool = False
    """The learners' figures are those of reports that somebody brought."""

    @property
    def going_on(self) -> bool:
        return bool(self.known.reading)

    @property
    def unanswered(self) -> bool:
        """Asked since the figures were read, and no answer has come: these are the last ones."""
        asked_at, read_at = self.known.asked_at, self.known.read_at
        if asked_at is None or self.going_on or self.known.trouble or self.by_hand:
            return False
        return read_at is None or asked_at > read_at

    @property
    def done(self) -> int:
        return self.known.to_read - self.known.left


def course_of(session: Session, course_id: str) -> tuple[Frame, Standing]:
    """Fetched and permitted: for the administrator and this course's coordinators only. Raises NotFound, Denied."""
    permitted.get_course_for(session, current_actor(), course_id)
    frame = frame_of(session, current_actor(), course_id)
    if frame.course.published_at is None:
        raise NotFound
    known = session.get(MonitoredCourse, course_id) or MonitoredCourse(
        course_id=course_id,
        reading="",
        trouble="",
        to_read=0,
        left=0,
        learners=0,
        completed=0,
        past=0,
        views=0,
        people=0,
    )
    brought_by = bool(by_hand.holding(session, course_id).every)
    return frame, Standing(known, connection.client() is None, brought_by)


@blueprint.get("/monitoring")
@open_to("administrator", "coordinator")
def listed() -> str:
    """Every published course that the reader monitors."""
    page = max(whole(request.args.get("page"), 1), 1)
    search, order = request.args.get("q", "")[:200], request.args.get("sort", "")
    order = order if order in ORDERS else "number"
    found = overview.look(database(), current_actor(), search, order, page)
    return render_template(
        "monitoring.html",
        found=found,
        search=search,
        order=order,
        orders=ORDERS,
        page=page,
        more=page * overview.SIZE < found.total,
        everywhere=current_actor().holds(permitted.EVERYWHERE),
        titles={course.id: register.title(course) for course, _known in found.rows},
    )


@blueprint.get("/courses/<course_id>/monitoring")
def show(course_id: str) -> str:
    """The activity report: views and people of each module."""
    session = database()
    frame, standing = course_of(session, course_id)
    report = views.activity(session, frame.course)
    weeks = _weeks(session, frame.course, standing.known)
    return render_template(
        "monitoring_activity.html", frame=frame, standing=standing, report=report,
        chart=monitoring_charts.of_views(report), weeks=weeks, weeks_chart=monitoring_charts.of_weeks(weeks),
    )  # fmt: skip


def _weeks(session: Session, course: Course, known: MonitoredCourse) -> list[tuple[date, int]]:
    """The last year of the log at most."""
    if known.first_day is None or known.last_day is None:
        return []
    first = max(known.first_day, known.last_day - timedelta(weeks=52))
    return views.by_week(session, course.id, first, known.last_day)


@blueprint.get("/courses/<course_id>/monitoring/participation")
def participation(course_id: str) -> tuple[str, int]:
    """Views and people of each module in a period, of students or – in open courses – of guests."""
    session = database()
    frame, standing = course_of(session, course_id)
    typed = _typed(standing.known)
    report: views.Report | None = None
    errors: dict[str, Problem] = {}
    try:
        report = _participation(session, frame.course, typed)
    except Invalid as problem:
        errors = dict(problem.fields) if problem.fields else {"": problem}
    text = render_template(
        "monitoring_participation.html", frame=frame, standing=standing, report=report, typed=typed, errors=errors,
        roles={role: tables.ROLES[role] for role in views.roles(frame.course)},
        chart=monitoring_charts.of_views(report) if report else "",
    )  # fmt: skip
    return text, 422 if errors else 200


def _typed(known: MonitoredCourse) -> dict[str, str]:
    """The last month of the log, unless another period was asked for."""
    last = known.last_day or clock.today(current_actor().zone)
    given = {"first": (last - MONTH).isoformat(), "last": last.isoformat(), "role": "student"}
    return {name: request.args.get(name, value).strip()[:40] for name, value in given.items()}


def _participation(session: Session, course: Course, typed: dict[str, str]) -> views.Report:
    days = {}
    for name in ("first", "last"):
        try:
            days[name] = day(typed[name])
        except Invalid as problem:
            raise Invalid(problem.message, {name: problem}) from None
    return views.participation(session, course, days["first"], days["last"], typed["role"])


@blueprint.get("/courses/<course_id>/monitoring/completion")
def completed(course_id: str) -> str:
    """Participants by modules; nobody else sees it than the administrator and the course's coordinators (9.2)."""
    session = database()
    frame, standing = course_of(session, course_id)
    page, search = max(whole(request.args.get("page"), 1), 1), request.args.get("q", "")[:200]
    found = completion.summary(session, frame.course, search, page)
    return render_template(
        "monitoring_completion.html", frame=frame, standing=standing, found=found, search=search, page=page,
        more=page * completion.SIZE < found.total, states=completion.STATES,
        chart=monitoring_charts.of_completion(found, standing.known.learners),
    )  # fmt: skip


@blueprint.get("/courses/<course_id>/monitoring/learners/<int:user_id>")
def learner(course_id: str, user_id: int) -> str:
    """Attempts, results of answers, moments and durations of one participant."""
    session = database()
    frame, standing = course_of(session, course_id)
    found, details = completion.of_learner(session, frame.course, user_id)
    return render_template(
        "monitoring_learner.html", frame=frame, standing=standing, learner=found, details=details,
        states=completion.STATES, attempt_states=completion.ATTEMPT_STATES, answer_states=completion.ANSWER_STATES,
    )  # fmt: skip


@blueprint.post("/courses/<course_id>/monitoring/read")
def read(course_id: str) -> Response:
    """The figures are read from the platform now."""
    with writing() as session:
        frame, _standing = course_of(session, course_id)
        known = figures.of_course(session, frame.course.id)
        if not known.reading:
            reading.wanted(session, frame.course.id)
    flash(gettext("The figures are being read from the platform. Open this page again in a minute."), "done")
    return see("monitoring.show", course_id=course_id)


# --- files -----------------------------------------------------------------------------------------------------


def _activity_sheets(session: Session, frame: Frame, _standing: Standing) -> list[Sheet]:
    return [tables.of_views(views.activity(session, frame.course))]


def _participation_sheets(session: Session, frame: Frame, standing: Standing) -> list[Sheet]:
    return [tables.of_views(_participation(session, frame.course, _typed(standing.known)))]


def _completion_sheets(session: Session, frame: Frame, _standing: Standing) -> list[Sheet]:
    return tables.of_completion(session, frame.course, current_actor().zone)


_SHEETS: dict[str, Callable[[Session, Frame, Standing], list[Sheet]]] = {
    "activity": _activity_sheets,
    "participation": _participation_sheets,
    "completion": _completion_sheets,
    "attempts": lambda session, frame, standing: _completion_sheets(session, frame, standing)[1:],
}


@blueprint.get("/courses/<course_id>/monitoring/files/<report>.<kind>")
def file(course_id: str, report: str, kind: str) -> Response:
    """A report as a table to be taken away."""
    session = database()
    frame, standing = course_of(session, course_id)
    if report not in _SHEETS or kind not in ("csv", "xlsx"):
        raise NotFound
    sheets = _SHEETS[report](session, frame, standing)
    stem = f"{report}-{frame.course.number}-{clock.today(current_actor().zone).isoformat()}.{current_locale()}"
    if kind == "csv":
        answer = Response("".join(tables.as_csv(sheets[0])).encode(), mimetype="text/csv")
    else:
        out = io.BytesIO()
        workbooks.write(out, sheets, title=str(frame.title), at=clock.now())
        answer = Response(out.getvalue(), mimetype=WORKBOOK)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{stem}.{kind}")
    return closed(answer)
