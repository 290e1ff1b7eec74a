"""Operations of the diagrams `monitoring` and `annual_report`: figures, the log of a course, the report to TC 4 (9)."""

from collections.abc import Mapping
from datetime import timedelta

from app import clock
from app.courses import register, settings
from app.courses.monitoring import (
    annual,
    annual_documents,
    asked,
    by_hand,
    imports,
    planning,
    reading,
    receiving,
    report_imports,
    taking_back,
)
from app.courses.register import get_course
from app.engine import Json
from app.identity.calendars import add_workdays, moment
from app.identity.places import default_place
from app.workflow.models import Instance
from app.workflow.moments import MORNING
from app.workflow.operations import Context, Operation


def _open(context: Context, course: str) -> Json:
    """Whether the course is still monitored; by when its log is asked for, and until when: before the next time."""
    session, found = context.session, get_course(context.session, course)
    title = register.title(found)
    context.about(found.id, title.into("ru"), title.into("en"))
    place = default_place(session)
    today = clock.today(place.zone)
    due = add_workdays(session, place.country, today, settings.number(session, "monitoring_workdays", today))
    last = today + timedelta(days=settings.number(session, "monitoring_days", today) - 1)
    active = found.stage == "published"
    if active:
        planning.keep_pace(session, found)
    else:
        planning.end(session, found.id)
    return {"active": active, "due": due.isoformat(), "until": moment(last, MORNING, place.zone).isoformat()}


def _check(context: Context, course: str) -> Json:  # noqa: ARG001 - the instance knows its course
    return {"state": asked.standing(context.session, context.session.get_one(Instance, context.instance_id))}


def _plan(context: Context, values: Mapping[str, Json]) -> Json:
    """Of the start form: the day of the meeting is set."""
    report = annual.plan(context.session, values, context.actor)
    title = annual.title(report)
    context.about(report.id, title.into("ru"), title.into("en"))
    return {"report": annual.dates(context.session, report)}


def _move(context: Context, report: str) -> Json:
    """What TC 4's secretariat decided about the day: another one, or no meeting."""
    session = context.session
    found = annual.moved(session, report, context.instance_id)
    title = annual.title(found)
    context.about(found.id, title.into("ru"), title.into("en"))
    return annual.dates(session, found)


def _prepare(context: Context, report: str) -> Json:
    return annual.prepare(context.session, report)


def _close(context: Context, report: str) -> Json:
    """The administrator's words are kept, the documents are made by a job that nobody waits for."""
    annual.close(context.session, report, context.instance_id)
    annual_documents.wanted(context.session, report, context.instance_id, context.key)
    return {}


def _send(context: Context, report: str) -> Json:
    instance = context.session.get_one(Instance, context.instance_id)
    return {"letters": annual.send(context.session, report, instance, context.key)}


COURSE, REPORT = {"course": True}, {"report": True}

OPERATIONS = (
    *reading.OPERATIONS,
    *receiving.OPERATIONS,
    *imports.OPERATIONS,
    *report_imports.OPERATIONS,
    *by_hand.OPERATIONS,
    *taking_back.OPERATIONS,
    Operation("monitoring.open", _open, COURSE, immediate=True),
    Operation("monitoring.check_log", _check, COURSE, immediate=True),
    Operation("annual_report.plan", _plan, {"values": True}, immediate=True),
    Operation("annual_report.move", _move, REPORT, immediate=True),
    Operation("annual_report.prepare", _prepare, REPORT),
    Operation("annual_report.close", _close, REPORT, immediate=True),
    Operation("annual_report.send", _send, REPORT),
    annual_documents.MAKE,
)
