"""The figures as tables: on pages beside the charts, as CSV, as a workbook (S62: no cell is ever calculated)."""

import csv
import io
from collections.abc import Iterable, Sequence

from app import clock
from app.courses import portal, register
from app.courses.models import Course
from app.courses.surveys.drawn import CRITERION_NAMES, MARK_NAMES
from app.courses.surveys.figures import Figures
from app.courses.surveys.models import CRITERIA, MARKS
from app.courses.surveys.quarters import Quarter
from app.courses.workbooks import Cell, Sheet, make
from app.i18n import _

Quarterly = Sequence[tuple[Quarter, Figures]]
Row = tuple[Course, Quarter, Figures]


def heads() -> list[str]:
    """Of a table with a line a course and quarter."""
    marks = [f"{CRITERION_NAMES[name]}: {MARK_NAMES[mark]}" for name in CRITERIA for mark in MARKS]
    means = [_("%(criterion)s: mean", criterion=str(CRITERION_NAMES[name])) for name in CRITERIA]
    return [_("Number"), _("Course"), _("Year"), _("Quarter"), _("Answers"), *marks, *means, _("All criteria: mean")]


def cells(course: Course, quarter: Quarter, found: Figures) -> list[Cell]:
    counts: list[Cell] = [count for name in CRITERIA for count in found.marks[name]]
    means: list[Cell] = [_rounded(found.mean(name)) for name in CRITERIA]
    title = str(register.title(course))
    return [course.number, title, quarter.year, quarter.number, found.answers, *counts, *means, _rounded(found.overall)]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def as_csv(rows: Iterable[Row]) -> str:
    """With a byte order mark, so that spreadsheets read the Cyrillic."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([portal.harmless(head) for head in heads()])
    for row in rows:
        writer.writerow(["" if cell is None else portal.harmless(str(cell)) for cell in cells(*row)])
    return "\ufeff" + out.getvalue()


def as_workbook(rows: Iterable[Row], comments: Sequence[str] = ()) -> bytes:
    """The same; suggestions on a sheet of their own, for those few who may read them."""
    sheets = [Sheet(_("Satisfaction"), heads(), (cells(*row) for row in rows))]
    if comments:
        sheets.append(Sheet(_("Suggestions"), [_("Suggestions and comments")], ([one] for one in comments)))
    return make(sheets, title=_("Satisfaction of learners"), at=clock.now())
