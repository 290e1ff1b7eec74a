"""Operations of the diagrams in `creation`: from the entry in the list to the submission (6.2–6.10)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.audit.kinds import Kind
from app.courses import materials, packages, register, settings, submitted
from app.courses.creation import coordination, intake, polls, preparations, submissions
from app.courses.planning import topics
from app.courses.record import record
from app.engine import Json
from app.workflow.models import Submission
from app.workflow.operations import Context, Operation

COURSE = {"course": True}


def _enter(context: Context, values: Mapping[str, Json]) -> Json:
    """Of the form `course_entry`: enters the course without materials and creator, says what the instance is about."""
    course = register.enter(context.session, values, context.actor)
    if values.get("topic"):
        topics.promote(context.session, str(values["topic"]), course.id, context.actor)
    title = register.title(course)
    context.about(course.id, title.into("ru"), title.into("en"))
    return {"course": course.id}


def _open(context: Context, course: str) -> Json:
    """Whom to ask for the materials and when to remind."""
    found = register.get_course(context.session, course)
    today = context.now.date()
    return {
        "organisation": found.initiator_id,
        "remind_before": settings.number(context.session, "remind_before", today),
        "remind_every": settings.number(context.session, "remind_every", today),
    }


def _receive(context: Context, course: str) -> Json:
    found, sent = register.get_course(context.session, course), _sent(context, "creation_materials")
    intake.receive(context.session, found, sent.values, sent.by)
    return {}


def _open_poll(context: Context, course: str, ends_on: str | None = None) -> Json:
    """Person -> person of everybody who is asked."""
    found = register.get_course(context.session, course)
    last_day = date.fromisoformat(ends_on) if ends_on else None
    poll = polls.open_poll(context.session, found, last_day, context.actor)
    return {person.id: person.id for person, _given in polls.answers(context.session, poll)}


def _close_poll(context: Context, course: str) -> Json:
    ended = submitted.latest(context.session, context.instance_id, "creator_poll_end")
    return polls.close(context.session, course, context.actor, submitted.text(ended, "reason"))


def _assign(context: Context, course: str) -> Json:
    """The creator's id, or None: ask again, or nobody can take the course."""
    found, sent = register.get_course(context.session, course), _sent(context, "creator_choice")
    decision = submitted.text(sent, "decision")
    person = submitted.text(sent, "volunteer" if decision == "agreed" else "another")
    chosen = polls.choose(context.session, found, decision, person, submitted.text(sent, "reason"), sent.by)
    if chosen is not None:
        packages.pass_on(context.session, found, sent.by)
    return chosen


def _organise(context: Context, course: str) -> Json:
    found, sent = register.get_course(context.session, course), _sent(context, "creation_organisation")
    preparations.organise(context.session, found, sent.values, sent.by)
    return {}


def _name_coordinators(context: Context, course: str) -> Json:
    """`others`: somebody else than the creator is named, so that the administrator has to agree (A15)."""
    found, sent = register.get_course(context.session, course), _sent(context, "creation_coordinators")
    people = [row["person"] for row in submitted.rows(sent, "coordinators")]
    return {"others": coordination.name(context.session, found, people, sent.by)}


def _appoint_coordinators(context: Context, course: str) -> Json:
    coordination.appoint(context.session, register.get_course(context.session, course), context.actor)
    return {}


def _begin(context: Context, course: str) -> Json:
    preparations.begin(context.session, register.get_course(context.session, course), context.actor)
    return {}


def _prepare(context: Context, course: str) -> Json:
    found, sent = register.get_course(context.session, course), _sent(context, "creation_preparation")
    preparations.prepare(context.session, found, sent.values, sent.by)
    return {}


def _submit(context: Context, course: str) -> Json:
    submissions.submit(context.session, register.get_course(context.session, course), context.actor)
    return {}


def _rework(context: Context, course: str) -> Json:
    """What the creator has done after an expert review; a new version of the materials where some are attached."""
    session, sent = context.session, _sent(context, "creation_rework")
    found, files = register.get_course(session, course), submitted.files(sent, "materials")
    if files:
        materials.add(session, found, files, submitted.text(sent, "note"), sent.by)
    record(
        session, course, Kind.COURSE_REWORKED, sent.by, {"files": len(files)}, {"done": submitted.text(sent, "done")}
    )
    return {}


def _sent(context: Context, form: str) -> Submission:
    found = submitted.latest(context.session, context.instance_id, form)
    if found is None:
        raise LookupError(f"nobody has sent {form}")
    return found


def _immediate(name: str, run: Any, params: Mapping[str, bool] = COURSE) -> Operation:
    return Operation(name, run, params, immediate=True)


OPERATIONS = (
    _immediate("courses.enter", _enter, {"values": True}),
    _immediate("creation.open", _open),
    _immediate("creation.receive", _receive),
    _immediate("poll.open", _open_poll, {"course": True, "ends_on": False}),
    _immediate("poll.close", _close_poll),
    _immediate("creation.assign", _assign),
    _immediate("creation.organise", _organise),
    _immediate("creation.name_coordinators", _name_coordinators),
    _immediate("creation.appoint_coordinators", _appoint_coordinators),
    _immediate("creation.begin", _begin),
    _immediate("creation.prepare", _prepare),
    _immediate("creation.submit", _submit),
    _immediate("creation.rework", _rework),
)
