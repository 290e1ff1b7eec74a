"""The reports on views: activity (views and people of each module) and participation (in a period, by kind) (9.2).

Both count what the platform's log holds, as the platform's own reports do: every view of a module. People are counted
once each; all guests together are one, because the platform knows one guest account only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.courses.models import Course
from app.courses.monitoring import keeping
from app.courses.monitoring.models import COURSE_PAGE, CourseModule, ViewDay, ViewerDay
from app.errors import N_, Invalid, Problem
from app.i18n import _

ALL = ""
ORDER = N_("The last day lies before the first one.")


@dataclass(frozen=True, slots=True)
class Line:
    """A module. `at_least`: of the earlier days only counts are kept, so that there may have been more people."""

    cmid: int
    name: str
    kind: str
    views: int
    people: int
    gone: bool = False
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """`lines` in the order of the course; `first`, `last`: the period, None where the log decides."""

    lines: tuple[Line, ...]
    page_views: int
    """Views of the course's own page, which is no module."""
    people: int
    """People who looked at any module, each once."""
    first: date | None = None
    last: date | None = None
    role: str = ALL

    @property
    def views(self) -> int:
        return sum(line.views for line in self.lines)


def roles(course: Course) -> tuple[str, ...]:
    """Kinds of people that may be asked for: guests enter open courses only (9.2, A19)."""
    return ("student", "guest") if course.access == "open" else ("student",)


def activity(session: Session, course: Course) -> Report:
    """All that the imported log holds, whoever it was."""
    return _report(session, course, None, None, ALL)


def participation(session: Session, course: Course, first: date, last: date, role: str) -> Report:
    """One day is a period. Raises Invalid where it ends before it begins, or for a kind that cannot be asked for."""
    if last < first:
        raise Invalid(ORDER, {"last": Problem(ORDER)})
    if role not in roles(course):
        message = N_("Guests enter courses of open access only.")
        raise Invalid(message, {"role": Problem(message)})
    return _report(session, course, first, last, role)


def _report(session: Session, course: Course, first: date | None, last: date | None, role: str) -> Report:
    views = _views(session, course.id, first, last, role)
    people = _people(session, course.id, first, last, role)
    most = _most_on_a_day(session, course.id, first, last, role) if _is_thinned(session, course.id, first) else {}
    lines = []
    for module in modules(session, course.id, [cmid for cmid in views if cmid != COURSE_PAGE]):
        known, least = people.get(module.cmid, 0), most.get(module.cmid, 0)
        shown = Line(module.cmid, module.name, module.kind, views.get(module.cmid, 0), max(known, least), module.gone)
        lines.append(_marked(shown) if most else shown)
    everybody = _everybody(session, course.id, first, last, role)
    return Report(tuple(lines), views.get(COURSE_PAGE, 0), everybody, first, last, role)


def _marked(line: Line) -> Line:
    return Line(line.cmid, line.name, line.kind, line.views, line.people, line.gone, at_least=True)


def modules(session: Session, course_id: str, viewed: Sequence[int] = ()) -> list[CourseModule]:
    """In the order of the course; modules that were viewed and that nobody has read from the platform come last.

    One that only a report on completion has told (its number is below nought) cannot be found in the log.
    """
    query = sa.select(CourseModule).where(CourseModule.course_id == course_id, CourseModule.cmid > COURSE_PAGE)
    known = list(session.scalars(query.order_by(CourseModule.gone, CourseModule.position, CourseModule.cmid)))
    shown = [one for one in known if not one.gone or one.cmid in viewed]
    missing = sorted(set(viewed) - {one.cmid for one in known})
    nameless = [
        CourseModule(course_id=course_id, cmid=cmid, position=0, kind="", name=_("Module %(cmid)s", cmid=cmid))
        for cmid in missing
    ]
    return [*shown, *nameless]


def _days(
    table: type[ViewDay] | type[ViewerDay], course_id: str, first: date | None, last: date | None, role: str
) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = [table.course_id == course_id]
    if first is not None:
        wanted.append(table.day >= first)
    if last is not None:
        wanted.append(table.day <= last)
    if role:
        wanted.append(table.kind == role)
    return wanted


def _views(session: Session, course_id: str, first: date | None, last: date | None, role: str) -> dict[int, int]:
    query = sa.select(ViewDay.cmid, sa.func.sum(ViewDay.views))
    rows = session.execute(query.where(*_days(ViewDay, course_id, first, last, role)).group_by(ViewDay.cmid))
    return {cmid: int(views) for cmid, views in rows}


def _people(session: Session, course_id: str, first: date | None, last: date | None, role: str) -> dict[int, int]:
    """By module. On one day the counts tell it; over several days a person is the same one."""
    if first is not None and first == last:
        query = sa.select(ViewDay.cmid, sa.func.sum(ViewDay.people))
        rows = session.execute(query.where(*_days(ViewDay, course_id, first, last, role)).group_by(ViewDay.cmid))
        return {cmid: int(people) for cmid, people in rows}
    once = sa.select(ViewerDay.cmid, ViewerDay.viewer).where(*_days(ViewerDay, course_id, first, last, role))
    each = once.distinct().subquery()
    rows = session.execute(sa.select(each.c.cmid, sa.func.count()).group_by(each.c.cmid))
    return {cmid: int(people) for cmid, people in rows}


def _most_on_a_day(
    session: Session, course_id: str, first: date | None, last: date | None, role: str
) -> dict[int, int]:
    """Where only counts are left, there were at least as many people as on the fullest day."""
    by_day = sa.select(ViewDay.cmid, sa.func.sum(ViewDay.people).label("people"))
    by_day = by_day.where(*_days(ViewDay, course_id, first, last, role)).group_by(ViewDay.cmid, ViewDay.day)
    each = by_day.subquery()
    rows = session.execute(sa.select(each.c.cmid, sa.func.max(each.c.people)).group_by(each.c.cmid))
    return {cmid: int(people) for cmid, people in rows}


def _is_thinned(session: Session, course_id: str, first: date | None) -> bool:
    """Whether the period has days of which only counts are left."""
    since = keeping.details_since(session)
    if first is not None and first >= since:
        return False
    wanted = [ViewDay.course_id == course_id, ViewDay.day < since, *([ViewDay.day >= first] if first else [])]
    return session.scalar(sa.select(ViewDay.cmid).where(*wanted).limit(1)) is not None


def _everybody(session: Session, course_id: str, first: date | None, last: date | None, role: str) -> int:
    wanted = [*_days(ViewerDay, course_id, first, last, role), ViewerDay.cmid != COURSE_PAGE]
    once = sa.select(ViewerDay.viewer).where(*wanted).distinct().subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(once)) or 0


def by_week(session: Session, course_id: str, first: date, last: date, role: str = ALL) -> list[tuple[date, int]]:
    """Views of modules by the Monday of each week, for a line; weeks without any are there with nought."""
    rows = session.execute(
        sa.select(ViewDay.day, sa.func.sum(ViewDay.views))
        .where(*_days(ViewDay, course_id, first, last, role), ViewDay.cmid != COURSE_PAGE)
        .group_by(ViewDay.day)
    )
    monday = first - timedelta(days=first.weekday())
    weeks: dict[date, int] = {}
    while monday <= last:
        weeks[monday] = 0
        monday += timedelta(days=7)
    for day, views in rows:
        weeks[day - timedelta(days=day.weekday())] += int(views)
    return list(weeks.items())
