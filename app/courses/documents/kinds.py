"""The kinds of documents: of which template each is made, and of what data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from app.courses import codes, printed
from app.courses.actualisation import printed as decisions
from app.courses.approvals import printed as approvals
from app.courses.certificates import printed as certificates
from app.courses.certificates.models import Certificate
from app.courses.documents import facts
from app.courses.models import Course
from app.courses.register import get_course
from app.courses.surveys import analyses
from app.courses.surveys import printed as surveys
from app.engine import Json
from app.i18n import Text

Kind = Literal[
    "agreement_sheet",
    "approval_form",
    "questionnaire",
    "satisfaction_analysis",
    "annulment_decision",
    "certificate",
]
SHEET: Kind = "agreement_sheet"
FORM: Kind = "approval_form"
QUESTIONNAIRE: Kind = "questionnaire"
ANALYSIS: Kind = "satisfaction_analysis"
DECISION: Kind = "annulment_decision"
CERTIFICATE: Kind = "certificate"

Titled = tuple[str, dict[str, Json]]


def _nothing(_session: Session, _source: str) -> dict[str, bytes]:
    return {}


@dataclass(frozen=True, slots=True)
class MadeOf:
    """`source` is the id of the thing that is printed."""

    folder: str
    template: str
    facts: Callable[[Session, str], Titled]
    """Title of the PDF and what the template speaks of, in the current language."""
    named: Callable[[Session, str], tuple[Course, str, Text]]
    """The course, the number, and the title with a place for the number."""
    drawings: Callable[[Session, str], Mapping[str, bytes]] = _nothing
    """Assets that are drawn for this document, in the current language."""


def _sheet(session: Session, source: str) -> Titled:
    sheet = printed.sheet(session, source)
    return str(facts.SHEET).format(number=sheet.number), {"sheet": facts.of_sheet(session, sheet)}


def _sheet_named(session: Session, source: str) -> tuple[Course, str, Text]:
    sheet = printed.sheet(session, source)
    return get_course(session, sheet.course_id), sheet.number, facts.SHEET


def _form(session: Session, source: str) -> Titled:
    form = approvals.form(session, source)
    return str(facts.FORM).format(number=form.number), {"form": facts.of_form(session, form)}


def _form_named(session: Session, source: str) -> tuple[Course, str, Text]:
    form = approvals.form(session, source)
    return get_course(session, form.course_id), form.number, facts.FORM


def _questionnaire(session: Session, source: str) -> Titled:
    course = get_course(session, source)
    title = str(surveys.QUESTIONNAIRE).format(number=course.number)
    return title, {"questionnaire": surveys.of_questionnaire(session, course)}


def _questionnaire_named(session: Session, source: str) -> tuple[Course, str, Text]:
    course = get_course(session, source)
    return course, course.number, surveys.QUESTIONNAIRE


def _code(session: Session, source: str) -> Mapping[str, bytes]:
    return surveys.code_of(session, get_course(session, source))


def _analysis(session: Session, source: str) -> Titled:
    analysis = analyses.get(session, source)
    return str(surveys.REPORT).format(number=analysis.number), {"analysis": surveys.of_analysis(session, analysis)}


def _analysis_named(session: Session, source: str) -> tuple[Course, str, Text]:
    analysis = analyses.get(session, source)
    return get_course(session, analysis.course_id), analysis.number, surveys.REPORT


def _charts(session: Session, source: str) -> Mapping[str, bytes]:
    return surveys.charts_of(analyses.get(session, source))


def _decision(session: Session, source: str) -> Titled:
    decision = decisions.decision(session, source)
    return str(decisions.TITLE).format(number=decision.number), {"decision": decisions.facts(session, decision)}


def _decision_named(session: Session, source: str) -> tuple[Course, str, Text]:
    decision = decisions.decision(session, source)
    return get_course(session, decision.course_id), decision.number, decisions.TITLE


def _certificate(session: Session, source: str) -> Titled:
    one = session.get_one(Certificate, source)
    return str(certificates.TITLE).format(number=one.number), {"certificate": certificates.facts(one)}


def _certificate_named(session: Session, source: str) -> tuple[Course, str, Text]:
    one = session.get_one(Certificate, source)
    return get_course(session, one.course_id), one.number, certificates.TITLE


def _verifying(session: Session, source: str) -> Mapping[str, bytes]:
    address = certificates.link(session.get_one(Certificate, source))
    return {certificates.CODE_FILE: codes.draw(address, svgclass=None, scale=4)}


MADE_OF: Mapping[Kind, MadeOf] = {
    SHEET: MadeOf("agreement", "appendix_1", _sheet, _sheet_named),
    FORM: MadeOf("expert_review", "appendix_2", _form, _form_named),
    QUESTIONNAIRE: MadeOf("satisfaction", "appendix_3", _questionnaire, _questionnaire_named, _code),
    ANALYSIS: MadeOf("satisfaction", "quarterly_report", _analysis, _analysis_named, _charts),
    DECISION: MadeOf("actualisation", "annulment", _decision, _decision_named),
    CERTIFICATE: MadeOf("certificates", "certificate", _certificate, _certificate_named, _verifying),
}
