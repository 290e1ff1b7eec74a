"""What the forms of the yearly report show (9.3)."""

from sqlalchemy.orm import Session

from app.courses.letters import delivery
from app.courses.monitoring import annual, annual_printed
from app.courses.monitoring.models import AnnualReport
from app.engine import Json
from app.i18n import Text, _, current_locale, format_date


def _planned(report: AnnualReport) -> str:
    place = Text(report.meeting_ru, report.meeting_en).into(current_locale())
    return ", ".join(part for part in (format_date(report.meeting_on), place) if part)


def _move(session: Session, report_id: str) -> dict[str, Json]:
    return {"planned": _planned(annual.get(session, report_id))}


def _words(session: Session, report_id: str) -> dict[str, Json]:
    report = annual.get(session, report_id)
    sums = report.figures.get("sums", {})
    figures = [
        _("Period: %(period)s", period=annual_printed.period(report)),
        _("Published courses: %(count)s", count=sums.get("courses", 0)),
        _("Views of modules: %(count)s", count=sums.get("views", 0)),
        _("Learners: %(count)s", count=sums.get("learners", 0)),
        _("Have completed every module: %(count)s", count=sums.get("completed", 0)),
    ]
    page = f"{delivery.address()}/reports/annual/{report.id}"
    return {"planned": _planned(report), "summary": "\n".join(figures), "report_page": page}


FORMS = {annual.MOVE: _move, annual.WORDS: _words}
