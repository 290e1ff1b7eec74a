"""What the documents of the survey speak of: the questionnaire of Appendix 3, the quarterly report (11.2)."""

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.courses.documents.facts import Facts, moment
from app.courses.models import Course
from app.courses.surveys import analyses, drawn, quarters, questionnaires, shown
from app.courses.surveys.figures import Figures
from app.courses.surveys.models import CRITERIA, SurveyAnalysis
from app.courses.surveys.quarters import Quarter
from app.engine import Json
from app.i18n import Text, _, current_locale, format_date
from app.identity.places import default_place

REPORT = Text("Анализ удовлетворенности обучающихся № {number}", "Analysis of learners' satisfaction No {number}")
QUESTIONNAIRE = Text("Анкета курса КООМЕТ № {number}", "Questionnaire of COOMET course No {number}")


def of_questionnaire(session: Session, course: Course) -> Facts:
    """Appendix 3, blank, with the way to the same questionnaire on the web."""
    return {
        "title": _either(course.title_ru, course.title_en),
        "number": course.number,
        "link": questionnaires.link(questionnaires.of(session, course).code),
    }


def code_of(session: Session, course: Course) -> dict[str, bytes]:
    """The QR code as an asset of the document."""
    address = questionnaires.link(questionnaires.of(session, course).code)
    return {"code.svg": questionnaires.qr_file(address, address)}


def of_analysis(session: Session, analysis: SurveyAnalysis) -> Facts:
    """The frozen figures and what was concluded; suggestions are for few readers and are not printed (RA3-f)."""
    found, place = analyses.figures_of(analysis), default_place(session)
    whole = analyses.whole(analysis)
    hidden = analyses.hides(analysis)
    at = analysis.confirmed_at
    return {
        "number": analysis.number,
        "title": _either(analysis.header.get("title_ru", ""), analysis.header.get("title_en", "")),
        "period": quarters.period(analysis.first_day, analysis.last_day),
        "from": format_date(analysis.first_day),
        "to": format_date(analysis.last_day),
        "answers": whole.answers,
        "counted": drawn.counted(whole),
        "criteria": _criteria(whole),
        "overall": drawn.mean(whole.overall),
        "quarters": _quarters(found) if len(found) > 1 else [],
        "participation": shown.too_few(analysis.least) if hidden else shown.dates(analysis) or "—",
        "comments": shown.too_few(analysis.least) if hidden else _kept(analysis.comments),
        "conclusions": analysis.conclusions,
        "measures": analysis.measures,
        "coordinator": _person(analysis, "coordinator"),
        "administrator": _person(analysis, "administrator"),
        "analysed": moment(analysis.analysed_at, place.zone) if analysis.analysed_at else "",
        "day": format_date(at.astimezone(ZoneInfo(place.zone)).date()) if at else "",
        "moment": moment(at, place.zone) if at else "",
        "frozen": moment(analysis.frozen_at, place.zone),
        "least": analysis.least,
    }


def charts_of(analysis: SurveyAnalysis) -> dict[str, bytes]:
    """The charts as assets, in the current language."""
    made = {f"marks.{current_locale()}.svg": drawn.distribution(analyses.whole(analysis))}
    found = analyses.figures_of(analysis)
    if len(found) > 1:
        made[f"means.{current_locale()}.svg"] = drawn.means(found)
    return {name: drawing.encode() for name, drawing in made.items()}


def _criteria(found: Figures) -> list[Json]:
    return [
        {
            "name": str(drawn.CRITERION_NAMES[name]),
            "counts": list(found.marks[name]),
            "shares": [_share(count, found.answers) for count in found.marks[name]],
            "mean": drawn.mean(found.mean(name)),
        }
        for name in CRITERIA
    ]


def _quarters(found: list[tuple[Quarter, Figures]]) -> list[Json]:
    return [{"name": str(quarter), "answers": one.answers, "mean": drawn.mean(one.overall)} for quarter, one in found]


def _share(count: int, total: int) -> str:
    return f"{round(100 * count / total)} %" if total else "—"


def _kept(count: int) -> str:
    if not count:
        return _("None.")
    return _("%(count)s, kept for the section administrator and the coordinators of the course.", count=count)


def _person(analysis: SurveyAnalysis, part: str) -> Facts:
    """As on the day of the confirmation."""
    known = analysis.header.get(part) or {}
    locale = current_locale()
    return {
        "name": str(known.get(f"name_{locale}") or known.get("name_ru") or ""),
        "organisation": str(known.get(f"organisation_{locale}") or ""),
    }


def _either(ru: str, en: str) -> str:
    """A course in one language has its title in that one only."""
    return str(Text(ru or en, en or ru))
