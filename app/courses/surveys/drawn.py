"""The figures as charts, in the reader's language; the numbers stand in the table beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.courses.charts import Point, Stack, over_time, stacked
from app.courses.surveys.figures import Counts, Figures
from app.courses.surveys.models import CRITERIA, MARKS
from app.courses.surveys.quarters import Quarter
from app.i18n import Text, _, current_locale, ngettext

CRITERION_NAMES: Mapping[str, Text] = {
    "practical": Text(
        "Актуальность и практическая полезность курса", "Topicality and practical usefulness of the course"
    ),
    "theoretical": Text("Теоретическая полезность", "Theoretical usefulness"),
    "quality": Text("Качество материала", "Quality of the material"),
    "design": Text("Оформление материала", "Presentation of the material"),
}
MARK_NAMES: Mapping[str, Text] = {
    "excellent": Text("Отлично", "Excellent"),
    "good": Text("Хорошо", "Good"),
    "satisfactory": Text("Удовлетворительно", "Satisfactory"),
    "unsatisfactory": Text("Неудовлетворительно", "Unsatisfactory"),
}
"""As Appendix 3 has them."""
Quarterly = Sequence[tuple[Quarter, Figures]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Figures as pages show them: the chart, and the table that says the same."""

    counted: str
    chart: Markup
    marks: tuple[str, ...]
    rows: tuple[tuple[str, Counts, str], ...]
    """Criterion, counts from excellent to unsatisfactory, mean."""
    overall: str
    empty: bool


def draw(found: Figures) -> Drawn:
    """In the current language."""
    rows = [(str(CRITERION_NAMES[name]), found.marks[name], mean(found.mean(name))) for name in CRITERIA]
    marks = tuple(str(MARK_NAMES[mark]) for mark in MARKS)
    return Drawn(counted(found), distribution(found), marks, tuple(rows), mean(found.overall), not found.answers)


def distribution(found: Figures) -> Markup:
    """The four marks of each criterion."""
    rows = [Stack(str(CRITERION_NAMES[name]), found.marks[name], mean(found.mean(name))) for name in CRITERIA]
    told = _("From left to right: from excellent to unsatisfactory; at the right the mean from 4 to 1.")
    return stacked(_("Distribution of the marks"), [str(MARK_NAMES[mark]) for mark in MARKS], rows, description=told)


def answers(found: Quarterly) -> Markup:
    """How many there were in each quarter."""
    points = [Point(quarter.short, one.answers, str(one.answers)) for quarter, one in found]
    return over_time(_("Answers by quarter"), points)


def means(found: Quarterly) -> Markup:
    """The mean of all marks in each quarter; a quarter without answers has none."""
    points = [Point(quarter.short, one.overall, mean(one.overall)) for quarter, one in found]
    return over_time(_("Mean of all marks by quarter"), points, shape="line", highest=4)


def mean(value: float | None) -> str:
    """With one decimal, as the language writes it."""
    if value is None:
        return "—"
    written = f"{value:.1f}"
    return written.replace(".", ",") if current_locale() == "ru" else written


def counted(found: Figures) -> str:
    """How many answers, in words: none is said as well (11.2)."""
    if not found.answers:
        return _("No answers were received.")
    return ngettext("%(num)s answer", "%(num)s answers", found.answers)


def in_words(found: Figures) -> str:
    """A line a criterion, for forms and letters."""
    return "\n".join(f"{CRITERION_NAMES[name]}: {_line(found, name)}" for name in CRITERIA)


def _line(found: Figures, criterion: str) -> str:
    counts = zip(MARKS, found.marks[criterion], strict=True)
    told = ", ".join(f"{str(MARK_NAMES[mark]).lower()} – {count}" for mark, count in counts)
    average = found.mean(criterion)
    return told if average is None else "; ".join((told, _("mean %(mean)s", mean=mean(average))))
