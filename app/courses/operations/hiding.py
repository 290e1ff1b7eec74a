"""Operations that take an annulled course out of what learners see on the platform (13.5); nothing is ever deleted."""

from app.connectors.moodle import PlatformCourse
from app.courses.actualisation import deciding
from app.courses.operations import moodle
from app.courses.operations.moodle import COURSE
from app.courses.platform import by_hand, connection, looking
from app.courses.register import get_course
from app.engine import Json
from app.i18n import Text
from app.workflow.operations import Context, Given, Operation

HIDDEN = {
    "hidden": Given(
        Text("Курс на платформе скрыт от обучающихся", "Learners do not see the course on the platform any more"),
        {"const": True, "type": "boolean"},
    )
}


def _wanted(context: Context, course: str) -> looking.Wanted:
    """Only with TC 4's decision: no role and no answer by hand takes its place."""
    found = get_course(context.session, course)
    deciding.demand_annulment(context.session, found)
    connection.demand()
    return looking.wanted(found)


def _hide(request: looking.Wanted, _key: str) -> PlatformCourse:
    return looking.hide(connection.demand(), request)


def _keep_hidden(context: Context, course: str, answer: PlatformCourse) -> Json:
    deciding.hidden(context.session, get_course(context.session, course), context.actor, {"id": answer.id})
    return {"hidden": True}


def _confirm_hidden(context: Context, course: str) -> Json:
    found = get_course(context.session, course)
    said = by_hand.hidden(context.session, context.instance_id)
    deciding.hidden(context.session, found, said.by, dict(said.evidence))
    moodle.look_again(context, course, "hide")
    return {"hidden": True}


def _answered_hidden(context: Context, course: str, answer: Json) -> Json:  # noqa: ARG001 - there is one answer
    found = get_course(context.session, course)
    deciding.hidden(context.session, found, context.actor, {"answered": context.instance_id})
    moodle.look_again(context, course, "hide")
    return {"hidden": True}


OPERATIONS = (
    moodle.outside("moodle.hide", _keep_hidden, _wanted, _hide, gives=HIDDEN, answered=_answered_hidden),
    Operation("moodle.confirm_hidden", _confirm_hidden, COURSE, immediate=True),
)
