"""The administrator's report to an annual meeting of TC 4 (9.3, 11.3, A30): every published course, since the last one.

The figures are frozen when the report is prepared, so that the page, the PDF and the workbook tell the same.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit import evidence
from app.audit.kinds import Kind
from app.courses import settings, submitted
from app.courses.letters import delivery
from app.courses.letters.recipients import About, find
from app.courses.letters.sending import Wanted
from app.courses.letters.sending import send as send_letters
from app.courses.models import Course
from app.courses.monitoring import satisfaction
from app.courses.monitoring.models import COURSE_PAGE, AnnualReport, MonitoredCourse, ViewDay, ViewerDay
from app.db import lock_table
from app.engine import Json
from app.errors import N_, Conflict, Invalid, NotFound, Problem
from app.i18n import Text, format_date, use_locale
from app.identity.actors import Actor
from app.identity.calendars import add_workdays, moment
from app.identity.models import Person
from app.identity.places import default_place
from app.workflow import releases
from app.workflow.models import Instance
from app.workflow.moments import MORNING

LETTER = "annual_report"
READERS = ("administrator", "tc4_secretariat", "secretariat", "auditor")
"""Beside the chair of TC 4, to whom the report goes."""
MOVE, WORDS = "annual_meeting_move", "annual_report_words"
PAST = N_("The meeting must lie ahead.")
RUNNING = N_("The report to the meeting of %(day)s is under way already. Change that meeting instead.")


def title(report: AnnualReport) -> Text:
    def said(locale: str, words: str) -> str:
        with use_locale("en" if locale == "en" else "ru"):
            return words.format(day=format_date(report.meeting_on))

    return Text(said("ru", "Отчет к заседанию ТК 4 ({day})"), said("en", "Report to the meeting of TC 4 ({day})"))


def plan(session: Session, values: Mapping[str, Json], by: str) -> AnnualReport:
    """A meeting is set. Raises Invalid for a day that is over, Conflict while another report is under way."""
    lock_table(session, AnnualReport)
    running = session.scalars(sa.select(AnnualReport).where(AnnualReport.state.in_(("planned", "prepared")))).first()
    if running is not None:
        raise Conflict(RUNNING, day=f"{running.meeting_on:%d.%m.%Y}")
    day = _day(session, values.get("meeting_on"))
    report = AnnualReport(
        number=_number(session, day),
        meeting_on=day,
        meeting_ru=str(values.get("meeting_ru") or ""),
        meeting_en=str(values.get("meeting_en") or ""),
        set_by=by,
    )
    session.add(report)
    session.flush()
    _record(session, report, Kind.MEETING_SET, by)
    return report


def _day(session: Session, given: Json) -> date:
    day = date.fromisoformat(str(given))
    if day <= settings.today(session):
        raise Invalid(PAST, {"meeting_on": Problem(PAST)})
    return day


def _number(session: Session, day: date) -> str:
    counted = sa.select(sa.func.count()).select_from(AnnualReport)
    taken = session.scalar(counted.where(AnnualReport.number.startswith(f"TC4-{day.year}-"))) or 0
    return f"TC4-{day.year}-{taken + 1}"


def _record(session: Session, report: AnnualReport, kind: Kind, by: str) -> None:
    body = {"report": report.id, "number": report.number, "meeting": report.meeting_on.isoformat()}
    evidence.record(session, "register", f"report-{report.id}", kind, by, body)


def dates(session: Session, report: AnnualReport) -> dict[str, Json]:
    """What the diagram must know: when to begin, and by when the report is to be ready – the working day before."""
    place = default_place(session)
    lead = settings.number(session, "annual_report_workdays", settings.today(session))
    begin = add_workdays(session, place.country, report.meeting_on, -lead)
    return {
        "id": report.id,
        "prepare_at": moment(begin, MORNING, place.zone).isoformat(),
        "due": add_workdays(session, place.country, report.meeting_on, -1).isoformat(),
        "cancelled": report.state == "withdrawn",
    }


def moved(session: Session, report_id: str, instance_id: str | None) -> AnnualReport:
    """Another day, or no meeting, as was sent last."""
    report = get(session, report_id)
    sent = submitted.latest(session, instance_id, MOVE)
    values: Mapping[str, Json] = sent.values if sent else {}
    if values.get("act") == "cancel":
        report.state = "withdrawn"
    else:
        report.meeting_on = _day(session, values.get("meeting_on"))
        report.meeting_ru = submitted.text(sent, "meeting_ru") or report.meeting_ru
        report.meeting_en = submitted.text(sent, "meeting_en") or report.meeting_en
    session.flush()
    _record(session, report, Kind.MEETING_SET, sent.by if sent else "system:monitoring")
    return report


def get(session: Session, report_id: str) -> AnnualReport:
    """Raises NotFound."""
    found = session.get(AnnualReport, report_id)
    if found is None:
        raise NotFound
    return found


def get_for(session: Session, actor: Actor, report_id: str) -> AnnualReport:
    """The report, for those who make it and those to whom it goes. Raises NotFound."""
    if not may_read(actor):
        raise NotFound
    return get(session, report_id)


def may_read(actor: Actor) -> bool:
    return actor.holds(*READERS) or "tc-4" in actor.organisations("chair")


def all_reports(session: Session) -> list[AnnualReport]:
    """The newest meeting first."""
    return list(session.scalars(sa.select(AnnualReport).order_by(AnnualReport.meeting_on.desc(), AnnualReport.number)))


# --- figures ---------------------------------------------------------------------------------------------------------


def prepare(session: Session, report_id: str) -> Json:
    """Count everything since the last meeting, and freeze it. Again: anew."""
    report = get(session, report_id)
    report.since, report.until = _period(session, report)
    report.figures = figures(session, report.since, report.until)
    report.state, report.prepared_at = "prepared", clock.now()
    session.flush()
    _record(session, report, Kind.ANNUAL_REPORT_PREPARED, "system:monitoring")
    return {"courses": len(report.figures["courses"])}


def _period(session: Session, report: AnnualReport) -> tuple[date | None, date]:
    """From the day after the figures of the report before to today: no day is told twice and none is left out."""
    others = (AnnualReport.state == "sent", AnnualReport.id != report.id)
    last = session.scalar(sa.select(sa.func.max(AnnualReport.until)).where(*others))
    return (last + timedelta(days=1) if last else None), settings.today(session)


def figures(session: Session, since: date | None, until: date) -> dict[str, Any]:
    """Every course published by the last day, oldest first, with what is known of it."""
    known = MonitoredCourse.course_id == Course.id
    query = sa.select(Course, MonitoredCourse).outerjoin(MonitoredCourse, known).where(Course.published_at.is_not(None))
    views, people = _views(session, since, until), _people(session, since, until)
    rows = []
    for course, monitored in session.execute(query.order_by(Course.number)):
        if _was_published(course, since, until):
            rows.append(_row(course, monitored, views.get(course.id, 0), people.get(course.id, 0)))
    first = since or _first(rows, until)
    told = satisfaction.by_course(session, [row["id"] for row in rows], first, until)
    concluded = satisfaction.analyses_by_course(session, first, until)
    for row in rows:
        row["quarters"] = [one.as_json() for one in told.get(row["id"], [])]
        row["analyses"] = concluded.get(row["id"], [])
    sums = {name: sum(row[name] for row in rows) for name in ("views", "learners", "completed")}
    return {"courses": rows, "sums": {**sums, "courses": len(rows)}, "counted_at": clock.now().isoformat()}


def _was_published(course: Course, since: date | None, until: date) -> bool:
    """On some day of the period: one annulled before it was told of in the report before."""
    if course.published_at is None or course.published_at.date() > until:
        return False
    return since is None or course.annulled_at is None or course.annulled_at.date() >= since


def _first(rows: list[dict[str, Any]], until: date) -> date:
    return min((date.fromisoformat(row["published"]) for row in rows), default=until)


def _row(course: Course, known: MonitoredCourse | None, views: int, people: int) -> dict[str, Any]:
    """`read` and `log_until` are empty where the platform has told nothing, and nobody has brought a log."""
    return {
        "id": course.id,
        "number": course.number,
        "title": {"ru": course.title_ru, "en": course.title_en},
        "published": course.published_at.date().isoformat() if course.published_at else "",
        "access": course.access,
        "stage": course.stage,
        "views": views,
        "people": people,
        "learners": known.learners if known else 0,
        "completed": known.completed if known else 0,
        "read": known.read_at.isoformat() if known and known.read_at else "",
        "log_until": known.last_day.isoformat() if known and known.last_day else "",
    }


def _within(table: type[ViewDay] | type[ViewerDay], since: date | None, until: date) -> list[sa.ColumnElement[bool]]:
    return [table.cmid != COURSE_PAGE, table.day <= until, *([table.day >= since] if since else [])]


def _views(session: Session, since: date | None, until: date) -> dict[str, int]:
    query = sa.select(ViewDay.course_id, sa.func.sum(ViewDay.views)).where(*_within(ViewDay, since, until))
    return {course: int(views) for course, views in session.execute(query.group_by(ViewDay.course_id))}


def _people(session: Session, since: date | None, until: date) -> dict[str, int]:
    within = _within(ViewerDay, since, until)
    once = sa.select(ViewerDay.course_id, ViewerDay.viewer).where(*within).distinct().subquery()
    query = sa.select(once.c.course_id, sa.func.count()).group_by(once.c.course_id)
    return {course: int(people) for course, people in session.execute(query)}


# --- sending ---------------------------------------------------------------------------------------------------------


def close(session: Session, report_id: str, instance_id: str | None) -> AnnualReport:
    """Keep the administrator's text; from now on nothing of the report changes."""
    report = get(session, report_id)
    sent = submitted.latest(session, instance_id, WORDS)
    report.words_ru, report.words_en = submitted.text(sent, "words_ru"), submitted.text(sent, "words_en")
    report.state, report.sent_at, report.sent_by = "sent", clock.now(), sent.by if sent else "system:monitoring"
    session.flush()
    _record(session, report, Kind.ANNUAL_REPORT_SENT, report.sent_by)
    return report


def send(session: Session, report_id: str, instance: Instance, key: str) -> int:
    """To TC 4: its chair and its secretariat, each in their language. Returns how many letters."""
    report = get(session, report_id)
    folder = releases.specification(session, instance.release_id).processes[instance.process].folder
    people: list[Person] = find(session, ["tc4"], About(None))
    wanted = Wanted(LETTER, key, people, instance, folder, more=lambda: {"report": facts(report)})
    return len(send_letters(session, wanted))


def facts(report: AnnualReport) -> dict[str, Json]:
    """What a letter may say of it, in the current language."""
    return {
        "number": report.number,
        "meeting": format_date(report.meeting_on),
        "courses": report.figures.get("sums", {}).get("courses", 0),
        "link": f"{delivery.address()}/reports/annual/{report.id}",
    }
