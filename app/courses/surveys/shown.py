"""What the forms of the diagram `satisfaction` show: the frozen figures, and what was written about them (11.2)."""

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from app.courses.models import Course
from app.courses.surveys import analyses, drawn, figures, quarters
from app.courses.surveys.models import SurveyAnalysis
from app.engine import Json
from app.i18n import _, format_date, ngettext
from app.identity.models import Person

Values = dict[str, Json]


def _figures(session: Session, analysis: SurveyAnalysis) -> Values:
    found = analyses.whole(analysis)
    return {
        "period": quarters.period(analysis.first_day, analysis.last_day),
        "answered": drawn.counted(found),
        "figures": drawn.in_words(found),
        "participation": _participation(analysis),
        "suggestions": suggestions(session, analysis),
    }


def _participation(analysis: SurveyAnalysis) -> str:
    if analyses.hides(analysis):
        return too_few(analysis.least)
    return dates(analysis) or _("No dates were given.")


def dates(analysis: SurveyAnalysis) -> str:
    """From the earliest to the latest, or nothing."""
    given = [one for one in (analysis.participated_from, analysis.participated_to) if one]
    return " – ".join(format_date(one) for one in given)


def suggestions(session: Session, analysis: SurveyAnalysis) -> str:
    """Of those few who may read them; a line each, in an order that tells nothing."""
    if analyses.hides(analysis):
        return too_few(analysis.least)
    found = figures.told(session, analysis.course_id, analysis.first_day, analysis.last_day, analysis.least)
    return "\n".join(f"• {one}" for one in found.comments) or _("There are no suggestions or comments.")


def too_few(least: int) -> str:
    return ngettext(
        "Not shown: there are fewer than %(num)s answer, and somebody might be recognised.",
        "Not shown: there are fewer than %(num)s answers, and somebody might be recognised.",
        least,
    )


def _analysis(session: Session, course: Course) -> Values:
    found = analyses.latest(session, course.id)
    if found is None:
        return {}
    begun = {"conclusions": found.conclusions or None, "measures": found.measures or None}
    return {**_figures(session, found), **begun, "returned": found.remarks}


def _confirmation(session: Session, course: Course) -> Values:
    found = analyses.latest(session, course.id)
    if found is None:
        return {}
    analyst = session.get(Person, found.analysed_by) if found.analysed_by else None
    written = {"conclusions": found.conclusions, "measures": found.measures}
    return {**_figures(session, found), **written, "analyst": str(analyst.name) if analyst else ""}


FORMS: Mapping[str, Callable[[Session, Course], Values]] = {
    "satisfaction_analysis": _analysis,
    "satisfaction_confirmation": _confirmation,
}
