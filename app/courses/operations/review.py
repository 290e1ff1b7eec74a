"""Operations of the diagram `expert_review`: who may decide, what a person saw, the form of Appendix 2 (section 8)."""

from app import clock
from app.audit.kinds import Kind
from app.courses import descriptions, executors, settings, submitted
from app.courses.approvals import deciding
from app.courses.approvals.deciding import JUDGED, Decision
from app.courses.platform.checks import Look, keep
from app.courses.record import record
from app.courses.register import get_course
from app.courses.stages import reach
from app.engine import Json
from app.errors import N_, Conflict
from app.identity import appointments
from app.identity.calendars import add_workdays
from app.identity.places import default_place
from app.workflow.models import Submission
from app.workflow.operations import Context, Operation

FORM, EXCEPTION, BY_HAND = "approval_form", "review_exception", "moodle_by_hand_inspect"


def _open(context: Context, course: str) -> Json:
    """Who may not decide (A14), whether anybody is left (A13), by when, and whether learners have it already."""
    session = context.session
    found = get_course(session, course)
    excluded = executors.excluded(session, found)
    free = [one.id for one in appointments.holders(session, "administrator") if one.id not in excluded]
    reach(found, "submitted")
    session.flush()
    place = default_place(session)
    today = clock.today(place.zone)
    due = add_workdays(session, place.country, today, settings.number(session, "review_workdays", today))
    record(session, found.id, Kind.REVIEW_OPENED, context.actor, {"excluded": excluded, "free": bool(free)})
    renewed = found.published_at is not None
    return {"exclude": list(excluded), "free": bool(free), "due": due.isoformat(), "renewed": renewed}


def _allow(context: Context, course: str) -> Json:
    """An administrator may decide on their own work, with the Secretariat's reason; other exceptions stay."""
    session = context.session
    sent = _sent(context, EXCEPTION)
    if sent.values.get("act") == "exception":
        found = get_course(session, course)
        reasons = executors.allowed(session, found) | {submitted.text(sent, "person"): submitted.text(sent, "reason")}
        executors.allow_only(session, found, reasons, sent.by)
    return None


def _inspected(context: Context, course: str) -> Json:
    """What a person saw on the platform; the words they copied are compared as those that the program reads."""
    session = context.session
    found, sent = get_course(session, course), _sent(context, BY_HAND)
    seen = sent.values.get("seen") == "yes"
    words = descriptions.inspect(submitted.text(sent, "platform_text"), session, found)
    look = Look(
        checked=True,
        by_hand=True,
        found=seen,
        in_category=seen,
        hidden=seen and sent.values.get("hidden") == "yes",
        coordinators=words.coordinators,
        copyright=words.copyright,
        description=words.description,
    )
    details = {"submission": sent.id, "by": sent.by, "pictures": submitted.files(sent, "picture")}
    record(session, found.id, Kind.PLATFORM_CHECKED_BY_HAND, sent.by, {"submission": sent.id, "found": seen})
    return keep(session, found.id, look, {**details, "id": found.platform_id}, context.instance_id)


def _record(context: Context, course: str) -> Json:
    sent = _sent(context, FORM)
    decision = Decision(
        **{name: _yes(sent, name) for name in ("description", "content", "copyright", "may_place", "needs_rework")},
        items={name: _yes(sent, name) for names in JUDGED.values() for name in names},
        remarks=submitted.text(sent, "remarks"),
        repeat_agreement=_yes(sent, "repeat_agreement"),
    )
    form = deciding.decide(context.session, get_course(context.session, course), decision, context.instance_id, sent.by)
    return {
        "id": form.id,
        "number": form.number,
        "may_place": form.may_place,
        "repeat_agreement": form.repeat_agreement,
    }


def _yes(sent: Submission, name: str) -> bool:
    return sent.values.get(name) == "yes"


def _sent(context: Context, form: str) -> Submission:
    found = submitted.latest(context.session, context.instance_id, form)
    if found is None:
        raise Conflict(N_("The form of this step has not been sent yet."))
    return found


OPERATIONS = (
    Operation("review.open", _open, {"course": True}, immediate=True),
    Operation("review.allow", _allow, {"course": True}, immediate=True, result=False),
    Operation("review.inspected", _inspected, {"course": True}, immediate=True),
    Operation("review.record", _record, {"course": True}, immediate=True),
)
