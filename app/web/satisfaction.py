"""Satisfaction of learners on pages: of one course by quarter, of all; the way to the questionnaire (11, 6.9)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug import Response

from app.courses import charts, register, settings
from app.courses.documents import kept, making
from app.courses.documents.kept import Kept
from app.courses.models import Course
from app.courses.surveys import analyses, drawn, figures, quarters, questionnaires, readers, shown, tables
from app.courses.surveys.figures import Figures, Told
from app.courses.surveys.models import SurveyAnalysis
from app.courses.surveys.quarters import Quarter
from app.courses.surveys.tables import Row
from app.i18n import Text, gettext
from app.identity.actors import Actor
from app.identity.places import default_place
from app.web.access import current_actor, database, open_to
from app.web.course_pages import frame_of
from app.web.downloads import closed, send_text
from app.web.numbers import whole
from app.web.questionnaires import way_of

blueprint = Blueprint("satisfaction", __name__)

SIZE = 50
LATELY = 8
"""Quarters that the list and the charts show."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Period:
    """What the page shows: one quarter, or all of them together."""

    chosen: Quarter | None
    all: tuple[tuple[Quarter, Figures], ...]

    @property
    def found(self) -> Figures:
        if self.chosen is None:
            return figures.together(one for _, one in self.all)
        return dict(self.all).get(self.chosen, figures.EMPTY)

    @property
    def days(self) -> tuple[date, date]:
        first, last = (self.chosen, self.chosen) if self.chosen else (self.all[0][0], self.all[-1][0])
        return first.first_day, last.last_day

    @property
    def value(self) -> str:
        return f"{self.chosen.year}-{self.chosen.number}" if self.chosen else ""


@dataclass(frozen=True, slots=True)
class Analysed:
    """An analysis with its documents."""

    analysis: SurveyAnalysis
    period: str
    documents: Kept | None


@dataclass(frozen=True, slots=True)
class Line:
    """A course in the list."""

    course: Course
    title: Text
    answers: int
    counted: str
    mean: str
    trend: Markup
    latest: Analysed | None


@dataclass(frozen=True, slots=True)
class Summary:
    """On the page of a course: the way to the questionnaire for everybody, what came of it for its readers."""

    counted: str
    mean: str
    trend: Markup | None


def summary(session: Session, actor: Actor, course: Course) -> Summary | None:
    """None before there is a questionnaire."""
    if not questionnaires.known_link(session, course.id):
        return None
    if course.published_at is None or not readers.may_read(session, actor, course):
        return Summary("", "", None)
    line = next(_lines(session, [course]))
    return Summary(line.counted, line.mean, line.trend)


@blueprint.get("/courses/<course_id>/satisfaction")
@open_to(*readers.ROLES)
def show(course_id: str) -> str:
    session = database()
    course = readers.get_course_for(session, current_actor(), course_id)
    period = _period(session, course)
    least = settings.number(session, "survey_least", settings.today(session))
    told = figures.told(session, course.id, *period.days, least)
    return render_template(
        "course_satisfaction.html",
        frame=frame_of(session, current_actor(), course.id),
        way=way_of(session, course),
        period=period,
        told=told,
        few=shown.too_few(least) if period.found.answers < least else "",
        found=drawn.draw(period.found),
        lately=_drawn(period.all[-LATELY:]),
        by_quarter=[(str(one), found.answers, drawn.mean(found.overall)) for one, found in period.all],
        analyses=[_analysed(session, one) for one in analyses.of_course(session, course.id)],
        questionnaire=kept.of_source(session, making.QUESTIONNAIRE, course.id),
    )


def _drawn(lately: drawn.Quarterly) -> dict[str, Markup] | None:
    """Through time; of a single quarter there is nothing to draw."""
    return {"answers": drawn.answers(lately), "means": drawn.means(lately)} if len(lately) > 1 else None


def _period(session: Session, course: Course) -> Period:
    """From the quarter of the publication, or of the first answer, to the present one."""
    today = settings.today(session)
    zone = ZoneInfo(default_place(session).zone)
    begun = [course.published_at.astimezone(zone).date()] if course.published_at else []
    earliest = figures.first_day(session, course.id)
    first = min([*begun, *([earliest] if earliest else []), today])
    found = tuple(figures.of_course(session, course.id, quarters.of(first).first_day, quarters.of(today).last_day))
    year, _, number = request.args.get("quarter", "").partition("-")
    asked = Quarter(whole(year, 0), whole(number, 0))
    return Period(asked if asked in dict(found) else None, found)


def _analysed(session: Session, one: SurveyAnalysis) -> Analysed:
    period = quarters.period(one.first_day, one.last_day)
    return Analysed(one, period, kept.of_source(session, making.ANALYSIS, one.id))


@blueprint.get("/courses/<course_id>/satisfaction.csv")
@open_to(*readers.ROLES)
def as_csv(course_id: str) -> Response:
    course = readers.get_course_for(database(), current_actor(), course_id)
    rows = [(course, quarter, one) for quarter, one in _period(database(), course).all]
    return send_text(tables.as_csv(rows), f"satisfaction-{course.number}.csv", "text/csv")


@blueprint.get("/courses/<course_id>/satisfaction.xlsx")
@open_to(*readers.ROLES)
def as_workbook(course_id: str) -> Response:
    session = database()
    course = readers.get_course_for(session, current_actor(), course_id)
    period = _period(session, course)
    told = _told(session, course, period)
    rows = [(course, quarter, one) for quarter, one in period.all]
    return _workbook(tables.as_workbook(rows, told.comments), f"satisfaction-{course.number}.xlsx")


def _told(session: Session, course: Course, period: Period) -> Told:
    least = settings.number(session, "survey_least", settings.today(session))
    return figures.told(session, course.id, *period.days, least)


def _workbook(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype=XLSX)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return closed(answer)


@blueprint.get("/satisfaction")
@open_to(*readers.ROLES)
def listed() -> str:
    """Every course the reader may judge by; the figures of the last two years in one statement."""
    session = database()
    page, search = max(whole(request.args.get("page"), 1), 1), request.args.get("q", "")[:200]
    found, total = readers.query(session, current_actor(), search, page, SIZE)
    return render_template(
        "satisfaction.html",
        lines=list(_lines(session, found)),
        search=search,
        page=page,
        more=page * SIZE < total,
        quarters=LATELY,
        years=[_lately(session)[1].year, _lately(session)[1].year - 1],
    )


def _lines(session: Session, found: list[Course]) -> Iterator[Line]:
    first, last = _lately(session)
    known = figures.by_quarter(session, first.first_day, last.last_day, [course.id for course in found])
    newest = analyses.newest_of(session, [course.id for course in found])
    for course in found:
        mine = [
            known.get(course.id, {}).get(one, figures.EMPTY) for one in quarters.between(first.first_day, last.last_day)
        ]
        whole_period = figures.together(mine)
        name = gettext("Mean of all marks, the last %(count)s quarters", count=LATELY)
        trend = charts.sparkline(name, [one.overall for one in mine])
        latest = newest.get(course.id)
        yield Line(
            course,
            register.title(course),
            whole_period.answers,
            drawn.counted(whole_period),
            drawn.mean(whole_period.overall),
            trend,
            Analysed(latest, quarters.period(latest.first_day, latest.last_day), None) if latest else None,
        )


def _lately(session: Session) -> tuple[Quarter, Quarter]:
    last = first = quarters.of(settings.today(session))
    for _ in range(LATELY - 1):
        first = first.previous
    return first, last


@blueprint.get("/satisfaction.csv")
@open_to(*readers.ROLES)
def all_as_csv() -> Response:
    year = _year()
    return send_text(tables.as_csv(_everything(year)), f"satisfaction-{year}.csv", "text/csv")


@blueprint.get("/satisfaction.xlsx")
@open_to(*readers.ROLES)
def all_as_workbook() -> Response:
    """Without suggestions: those are read course by course."""
    year = _year()
    return _workbook(tables.as_workbook(_everything(year)), f"satisfaction-{year}.xlsx")


def _year() -> int:
    """The year asked for, by default the present one."""
    present = settings.today(database()).year
    return min(max(whole(request.args.get("year"), present), 2000), present)


def _everything(year: int) -> list[Row]:
    """A line a course and quarter of that year that has answers."""
    session = database()
    courses, _ = readers.query(session, current_actor(), "", 1, 100_000)
    known = figures.by_quarter(session, date(year, 1, 1), date(year, 12, 31))
    return [(course, quarter, one) for course in courses for quarter, one in sorted(known.get(course.id, {}).items())]
