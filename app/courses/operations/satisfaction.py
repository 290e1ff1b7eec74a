"""Operations of the diagram `satisfaction`: figures of the quarter, conclusions, the confirmation (section 11)."""

from app import clock
from app.courses import register, settings, submitted
from app.courses.documents import making
from app.courses.register import get_course
from app.courses.surveys import analyses, questionnaires
from app.courses.surveys.models import SurveyAnalysis
from app.engine import Json
from app.identity import appointments
from app.identity.calendars import add_workdays
from app.identity.places import default_place
from app.workflow.operations import Context, Operation

ANALYSIS, CONFIRMATION = "satisfaction_analysis", "satisfaction_confirmation"


def _freeze(context: Context, course: str) -> Json:
    """`wanted`: there is something to analyse; `coordinated`: somebody is coordinator today; `due`: by when."""
    session = context.session
    found = get_course(session, course)
    title = register.title(found)
    context.about(found.id, title.into("ru"), title.into("en"))
    made = None
    if questionnaires.is_open(found):
        made = analyses.freeze(session, found, context.instance_id, context.actor)
    return _state(context, course, made.id if made else None)


def _state(context: Context, course: str, analysis: str | None) -> Json:
    coordinated = bool(appointments.holders(context.session, "coordinator", None, course))
    return {"wanted": analysis is not None, "id": analysis, "coordinated": coordinated, "due": _due(context)}


def _due(context: Context) -> str:
    place = default_place(context.session)
    today = clock.today(place.zone)
    days = settings.number(context.session, "satisfaction_workdays", today)
    return add_workdays(context.session, place.country, today, days).isoformat()


def _analyse(context: Context, analysis: str) -> Json:
    """`exclude`: who analysed does not confirm as well, where another administrator can."""
    session, found = context.session, analyses.get(context.session, analysis)
    sent = submitted.latest(session, context.instance_id, ANALYSIS)
    by = sent.by if sent else context.actor
    analyses.conclude(session, found, submitted.text(sent, "conclusions"), submitted.text(sent, "measures"), by)
    others = [one.id for one in appointments.holders(session, "administrator") if one.id != by]
    return {"exclude": [by] if others else [], "due": _due(context)}


def _return(context: Context, analysis: str) -> Json:
    sent = submitted.latest(context.session, context.instance_id, CONFIRMATION)
    by = sent.by if sent else context.actor
    found = analyses.get(context.session, analysis)
    analyses.give_back(context.session, found, submitted.text(sent, "remarks"), by)
    return _state(context, found.course_id, found.id)


def _confirm(context: Context, analysis: str) -> Json:
    sent = submitted.latest(context.session, context.instance_id, CONFIRMATION)
    found: SurveyAnalysis = analyses.get(context.session, analysis)
    course = get_course(context.session, found.course_id)
    analyses.confirm(context.session, found, course, sent.by if sent else context.actor)
    return None


def _archive(context: Context, analysis: str) -> Json:
    """The quarterly report, ru and en, into the archive."""
    making.wanted(context.session, making.ANALYSIS, analysis, context.instance_id, context.key)
    return {"wanted": 1}


_ABOUT = {"analysis": True}
OPERATIONS = (
    Operation("satisfaction.freeze", _freeze, {"course": True}, immediate=True),
    Operation("satisfaction.analyse", _analyse, _ABOUT, immediate=True),
    Operation("satisfaction.return", _return, _ABOUT, immediate=True),
    Operation("satisfaction.confirm", _confirm, _ABOUT, immediate=True, result=False),
    Operation("documents.analysis", _archive, _ABOUT),
)
