"""The reports of a course as tables, for a workbook or a file of comma-separated values (9.2)."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.courses.models import Course
from app.courses.monitoring import completion
from app.courses.monitoring.completion import ATTEMPT_STATES, STATES
from app.courses.monitoring.views import Report
from app.courses.portal import harmless
from app.courses.workbooks import Cell, Sheet
from app.errors import N_
from app.i18n import _, current_locale

NOT_SUPPLIED = N_("not supplied")
ROLES = {"": N_("Everybody"), "student": N_("Students"), "guest": N_("Guests")}


def of_views(report: Report) -> Sheet:
    """Activity or participation: a row a module, the sum last."""
    rows: list[Sequence[Cell]] = [(line.name, line.views, line.people) for line in report.lines]
    rows.append((_("All modules"), report.views, report.people))
    name = _(ROLES[report.role])
    if report.first is not None and report.last is not None:
        name = f"{name} {report.first.isoformat()} {report.last.isoformat()}"
    return Sheet(name, (_("Module"), _("Views"), _("Participants")), rows, total=True)


def of_completion(session: Session, course: Course, zone: str) -> list[Sheet]:
    """Participants by modules, and every attempt; the rows are read while they are written."""
    modules = completion.tracked(session, course.id)
    heads = [_("Participant")]
    for module in modules:
        heads += [module.name, f"{module.name} – {_('when')}"]
    attempts = (
        _("Participant"), _("Module"), _("Attempt"), _("State"), _("Begun"), _("Finished"), _("Duration, seconds"),
        _("Result"), _("Of"),
    )  # fmt: skip
    return [
        Sheet(_("Completion"), heads, _completed(session, course, [one.cmid for one in modules], zone)),
        Sheet(_("Every attempt"), attempts, _attempts(session, course, zone)),
    ]


def _completed(session: Session, course: Course, cmids: list[int], zone: str) -> Iterator[Sequence[Cell]]:
    for row in completion.everybody(session, course):
        cells: list[Cell] = [row.learner.name]
        for cmid in cmids:
            state = row.states.get(cmid)
            cells += [_(STATES[state.state]) if state else _(NOT_SUPPLIED), _local(state.at if state else None, zone)]
        yield cells


def _attempts(session: Session, course: Course, zone: str) -> Iterator[Sequence[Cell]]:
    for learner, module, one in completion.every_attempt(session, course):
        yield (
            learner, module, one.number, _(ATTEMPT_STATES.get(one.state, one.state)), _local(one.started, zone),
            _local(one.finished, zone), _supplied(one.seconds), _supplied(one.grade), _supplied(one.highest),
        )  # fmt: skip


def _local(at: datetime | None, zone: str) -> Cell:
    return at.astimezone(ZoneInfo(zone)) if at else None


def _supplied(value: float | None) -> Cell:
    return _(NOT_SUPPLIED) if value is None else value


def as_csv(sheet: Sheet) -> Iterator[str]:
    """Line by line, with a byte order mark, so that spreadsheets read the Cyrillic; no cell is a formula (S62)."""
    yield "\ufeff"
    yield _line(sheet.heads)
    for row in sheet.rows:
        yield _line([_written(cell) for cell in row])


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([harmless(cell) for cell in cells])
    return out.getvalue()


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, float):
        text = f"{cell:g}"
        return text.replace(".", ",") if current_locale() == "ru" else text
    return str(cell)
