"""Operations on the platform. Each stands being repeated; each has a way by hand (error `by_hand`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.connectors.moodle import BY_HAND, SYSTEM, NewCourse, PlatformCourse, Refused
from app.courses import descriptions
from app.courses.models import Course
from app.courses.platform import by_hand, connection, looking, marks, setting_up, upkeep
from app.courses.platform.checks import Look, keep
from app.courses.register import get_course
from app.engine import Json
from app.errors import PermanentFailure
from app.i18n import Text
from app.workflow import jobs
from app.workflow.operations import Context, Given, Operation, Outside

READ_BACK = "moodle.read_back"
AT_A_TIME = 2
"""Calls to the platform at a time, on all machines together."""


@dataclass(frozen=True, slots=True)
class Target:
    """A course as the platform shall know it."""

    new: NewCourse
    platform_id: int | None


def _target(context: Context, course: str) -> Target:
    connection.demand()
    found = get_course(context.session, course)
    return Target(marks.new_course(context.session, found), found.platform_id)


# --- creating ------------------------------------------------------------------------------------------------------


def _create(target: Target, _key: str) -> PlatformCourse:
    client = connection.demand()
    try:
        return client.create(target.new)
    except Refused as refusal:
        raise by_hand.where_a_person_can_help(refusal) from None


def _keep_created(context: Context, course: str, answer: PlatformCourse) -> Json:
    marks.created(context.session, get_course(context.session, course), answer.id, answer.url, context.actor)
    return {"id": answer.id, "url": answer.url}


def _confirm_created(context: Context, course: str) -> Json:
    found = get_course(context.session, course)
    said = by_hand.created(context.session, context.instance_id)
    marks.created(context.session, found, said.platform_id, said.url, said.by, said.evidence)
    look_again(context, course, "create")
    return {"id": said.platform_id, "url": said.url}


def _answered_created(context: Context, course: str, answer: Mapping[str, Any]) -> Json:
    url = str(answer.get("url") or "")
    ident = by_hand.number_in(url)
    found = get_course(context.session, course)
    marks.created(context.session, found, ident, url, context.actor, {"answered": context.instance_id})
    look_again(context, course, "create")
    return {"id": ident, "url": url}


# --- describing ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Description:
    wanted: looking.Wanted
    html: str


def _description(context: Context, course: str) -> Description:
    connection.demand()
    found = get_course(context.session, course)
    marks.demand_id(found)
    return Description(looking.wanted(found), descriptions.compose(context.session, found))


def _describe(request: Description, _key: str) -> str | None:
    """None where the platform has no such course any more: the look that follows says so, and what to do."""
    client = connection.demand()
    there = looking.look(client, request.wanted).course
    if there is None:
        return None
    looking.demand_ours(there, request.wanted.idnumber)
    return client.describe(there.id, request.html).summary


def _keep_described(context: Context, course: str, answer: str | None) -> Json:
    if answer is not None:
        marks.described(context.session, get_course(context.session, course), answer, context.actor)
    return {}


# --- looking -------------------------------------------------------------------------------------------------------


def _wanted(context: Context, course: str) -> looking.Wanted:
    return looking.wanted(get_course(context.session, course))


def _look(request: looking.Wanted, _key: str) -> looking.Seen | str:
    client = connection.client()
    if client is None:
        return connection.NO_TOKEN
    try:
        return looking.look(client, request)
    except Refused as refusal:
        if refusal.code != BY_HAND:
            raise
        return str(refusal)


def _keep_look(context: Context, course: str, answer: looking.Seen | str) -> Json:
    session, found = context.session, get_course(context.session, course)
    if isinstance(answer, str):
        left = setting_up.judge(session, found, None, readable=False)
        return _kept(context, found, Look(by_hand=True), {"reason": answer}, left)
    there = answer.course
    if there is not None and there.idnumber == found.id:  # restored or made anew there, so its number is another one
        marks.created(session, found, there.id, there.url, context.actor)
    left = setting_up.judge(session, found, there, readable=True)
    return _kept(context, found, looking.judge(session, found, answer), answer.details, left)


def _kept(
    context: Context, course: Course, look: Look, details: Mapping[str, Any], left: setting_up.Settings
) -> dict[str, Json]:
    state = {setting_up.STATES: {**setting_up.wanted(course), **left.told()}}
    return {**keep(context.session, course.id, look, {**details, **state}, context.instance_id), **left.told()}


def _answered_look(context: Context, course: str, answer: Json) -> Json:  # noqa: ARG001 - only a look finds facts
    """Nobody says here what stands on the platform: that is what the step by hand is for."""
    found = get_course(context.session, course)
    left = setting_up.judge(context.session, found, None, readable=False)
    return _kept(context, found, Look(by_hand=True), {"reason": "answered by hand", "by": context.actor}, left)


# --- publishing ----------------------------------------------------------------------------------------------------


def _publication(context: Context, course: str) -> Target:
    found = get_course(context.session, course)
    marks.demand_approval(context.session, found)
    connection.demand()
    marks.demand_id(found)
    return Target(marks.new_course(context.session, found), found.platform_id)


def _publish(target: Target, _key: str) -> PlatformCourse:
    return looking.publish(connection.demand(), target.new, target.platform_id or 0)


def _keep_published(context: Context, course: str, answer: PlatformCourse) -> Json:
    marks.published(context.session, get_course(context.session, course), context.actor, {"id": answer.id})
    return {"visible": True}


def _confirm_published(context: Context, course: str) -> Json:
    found = get_course(context.session, course)
    marks.demand_approval(context.session, found)
    said = by_hand.published(context.session, context.instance_id)
    marks.published(context.session, found, said.by, said.evidence)
    look_again(context, course, "publish")
    return {"visible": True}


def _answered_published(context: Context, course: str, answer: Json) -> Json:  # noqa: ARG001 - there is one answer
    """A person's word opens nothing that the form of Appendix 2 has not opened (R5.1-e)."""
    found = get_course(context.session, course)
    marks.demand_approval(context.session, found)
    marks.published(context.session, found, context.actor, {"answered": context.instance_id})
    look_again(context, course, "publish")
    return {"visible": True}


# --- image and enrolment -------------------------------------------------------------------------------------------


def _confirm_set_up(context: Context, course: str) -> Json:
    """Kept as a look of a person; the diagram has the program look again where it can."""
    session, found = context.session, get_course(context.session, course)
    said = by_hand.set_up(session, context.instance_id)
    facts = {**setting_up.wanted(found), "differs": said.differs}
    keep(session, course, Look(by_hand=True), {setting_up.KEPT: facts, **said.evidence}, context.instance_id)
    marks.set_up(session, found, said.by, {**facts, **said.evidence})
    return {}


# --- reading back what was done by hand ------------------------------------------------------------------------------


def look_again(context: Context, course: str, step: str) -> None:
    jobs.enqueue(context.session, READ_BACK, {"course": course, "step": step}, key=f"{context.key}-read-back")


def _said(context: Context, course: str, step: str) -> tuple[looking.Wanted, str]:
    return looking.wanted(get_course(context.session, course)), step


def _compare(request: tuple[looking.Wanted, str], key: str) -> looking.Seen | str:
    """Where the platform shows otherwise than was said, an incident says so (R6.6-b, R8.2-c)."""
    wanted, step = request
    seen = _look(wanted, key)
    if isinstance(seen, looking.Seen):
        looking.demand_as_said(seen, step)
    return seen


def _keep_comparison(context: Context, course: str, step: str, answer: looking.Seen | str) -> Json:
    return {"step": step, "seen": _keep_look(context, course, answer)}


# --- what the platform offers -----------------------------------------------------------------------------------------


def _site(_request: None, _key: str) -> Json:
    """Its release goes into the receipt; what is missing there becomes an incident before a course needs it."""
    client = connection.client()
    if client is None:
        return None
    site = client.site()
    if site.missing():
        names = ", ".join(site.missing())
        message = f"the service of our account lacks {names}: until it has them, these steps are done by hand"
        raise PermanentFailure(message, "functions_missing")
    if client.access.category and not client.category_is_shown(site):
        message = f"the category {client.access.category} is not shown to our account: check MOODLE_CATEGORY"
        raise PermanentFailure(message, "no_category")
    return {"release": site.release, "account": site.account}


COURSE = {"course": True}


CREATED = {
    "id": Given(Text("Номер курса на платформе", "Number of the course on the platform"), {"type": "integer"}),
    "url": Given(Text("Адрес курса на платформе", "Address of the course on the platform"), {"type": "string"}),
}

LOOKED = {
    "by_hand": Given(
        Text("Сверить вручную следующим шагом", "Compare by hand in the next step"), {"const": True, "type": "boolean"}
    )
}
VISIBLE = {
    "visible": Given(
        Text("Курс на платформе виден обучающимся", "Learners see the course on the platform"),
        {"const": True, "type": "boolean"},
    )
}


def outside(name: str, run: Any, prepare: Any, act: Any, **more: Any) -> Operation:
    return Operation(name, run, COURSE, outside=Outside(prepare, act), system=SYSTEM, at_a_time=AT_A_TIME, **more)


OPERATIONS = (
    outside("moodle.create_course", _keep_created, _target, _create, gives=CREATED, answered=_answered_created),
    outside("moodle.describe", _keep_described, _description, _describe),
    outside("moodle.inspect", _keep_look, _wanted, _look, gives=LOOKED, answered=_answered_look),
    outside("moodle.publish", _keep_published, _publication, _publish, gives=VISIBLE, answered=_answered_published),
    Operation(
        READ_BACK,
        _keep_comparison,
        {**COURSE, "step": True},
        outside=Outside(_said, _compare),
        system=SYSTEM,
        at_a_time=AT_A_TIME,
    ),
    Operation(
        upkeep.ASKING,
        lambda _context, answer: answer,
        outside=Outside(lambda _context: None, _site),
        system=SYSTEM,
        at_a_time=AT_A_TIME,
    ),
    Operation("moodle.confirm_created", _confirm_created, COURSE, immediate=True),
    Operation("moodle.confirm_published", _confirm_published, COURSE, immediate=True),
    Operation("moodle.confirm_set_up", _confirm_set_up, COURSE, immediate=True, result=False),
)
