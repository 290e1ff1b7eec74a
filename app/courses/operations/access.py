"""Operations of the diagram `access`: the key by single letters, or enrolment by list (4.6)."""

from app import clock
from app.connectors.moodle import SYSTEM
from app.courses import register, settings, submitted
from app.courses.access import enrolling, granting, keys
from app.courses.access.enrolling import Enrolled, Wanted
from app.courses.operations.moodle import AT_A_TIME
from app.courses.register import get_course
from app.engine import Json
from app.identity.calendars import add_workdays
from app.identity.places import default_place
from app.workflow.models import Instance
from app.workflow.operations import Context, Operation, Outside

SETTLE, BY_HAND = "access_settle", "access_by_hand"


def due(context: Context, name: str) -> str:
    """The day so many working days from today, by the setting."""
    place = default_place(context.session)
    today = clock.today(place.zone)
    days = settings.number(context.session, name, today)
    return add_workdays(context.session, place.country, today, days).isoformat()


def _open(context: Context, course: str, list: str) -> Json:
    title = register.title(get_course(context.session, course))
    context.about(course, title.into("ru"), title.into("en"))
    return {"due": due(context, "enrol_workdays"), "way": granting.get(context.session, list).way}


def _mail(context: Context, list: str) -> Json:
    instance = context.session.get_one(Instance, context.instance_id)
    return keys.mail(context.session, granting.get(context.session, list), instance)


def _forget(context: Context, list: str) -> Json:
    return keys.forget(context.session, granting.get(context.session, list))


def _wanted(context: Context, course: str, list: str) -> Wanted:
    found = get_course(context.session, course)
    return enrolling.wanted(context.session, granting.get(context.session, list), found)


def _enrol(request: Wanted, _key: str) -> Enrolled | str:
    return enrolling.act(request)


def _keep(context: Context, course: str, list: str, answer: Enrolled | str) -> Json:  # noqa: ARG001
    return enrolling.keep(context.session, granting.get(context.session, list), answer)


def _settle(context: Context, list: str) -> Json:
    sent = submitted.latest(context.session, context.instance_id, SETTLE)
    rows, by = submitted.rows(sent, "accounts"), sent.by if sent else context.actor
    return enrolling.settle(context.session, granting.get(context.session, list), rows, by)


def _confirm(context: Context, list: str) -> Json:
    sent = submitted.latest(context.session, context.instance_id, BY_HAND)
    unknown = submitted.text(sent, "unknown").splitlines()
    made, by = granting.get(context.session, list), sent.by if sent else context.actor
    return enrolling.confirm_by_hand(context.session, made, unknown, by)


LISTED = {"list": True}

OPERATIONS = (
    Operation("access.open", _open, {"course": True, **LISTED}, immediate=True),
    Operation("access.mail_key", _mail, LISTED, immediate=True),
    Operation("access.forget_key", _forget, LISTED, immediate=True),
    Operation(
        "access.enrol",
        _keep,
        {"course": True, **LISTED},
        outside=Outside(_wanted, _enrol),
        system=SYSTEM,
        at_a_time=AT_A_TIME,
    ),
    Operation("access.settle", _settle, LISTED, immediate=True),
    Operation("access.confirm_by_hand", _confirm, LISTED, immediate=True),
)
