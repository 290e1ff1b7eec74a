"""Operations of the diagram `announcement`: invitations to the NMIs and the list on the portal (section 12)."""

from app import clock
from app.audit.kinds import Kind
from app.courses import register, settings, submitted
from app.courses.announcements import inviting, log
from app.courses.announcements.inviting import How
from app.courses.record import record
from app.courses.register import get_course
from app.engine import Json
from app.errors import PermanentFailure
from app.identity.calendars import add_workdays
from app.identity.places import default_place
from app.workflow.models import Instance, Submission
from app.workflow.operations import Context, Operation

INVITATIONS, UNDELIVERED, PLACED = "announcement_invitations", "announcement_undelivered", "portal_placed"


def _open(context: Context, course: str) -> Json:
    session = context.session
    found = get_course(session, course)
    if found.published_at is None:
        raise PermanentFailure("the course is not published, and nobody is invited to it", "not_published")
    title = register.title(found)
    context.about(found.id, title.into("ru"), title.into("en"))
    place = default_place(session)
    today = clock.today(place.zone)
    due = add_workdays(session, place.country, today, settings.number(session, "announce_workdays", today))
    return {"due": due.isoformat()}


def _invite(context: Context, course: str) -> Json:
    sent = submitted.latest(context.session, context.instance_id, INVITATIONS)
    by = sent.by if sent else context.actor
    found = get_course(context.session, course)
    return {"letters": inviting.invite(context.session, found, _instance(context), _how(sent), by)}


def _how(sent: Submission | None) -> How:
    return {"ru": submitted.text(sent, "how_to_apply_ru"), "en": submitted.text(sent, "how_to_apply_en")}


def _check(context: Context, course: str) -> Json:
    return dict(log.count(log.entries(context.session, course)))


def _answer(context: Context, course: str) -> Json:
    session = context.session
    sent = submitted.latest(session, context.instance_id, UNDELIVERED)
    how = _how(submitted.latest(session, context.instance_id, INVITATIONS))
    rows, by = submitted.rows(sent, "undelivered"), sent.by if sent else context.actor
    return {"letters": inviting.answer(session, get_course(session, course), _instance(context), rows, how, by)}


def _placed(context: Context, course: str) -> Json:
    """The Secretariat has confirmed that the list on the portal holds the course (12.2)."""
    sent = submitted.latest(context.session, context.instance_id, PLACED)
    body = {"link": submitted.text(sent, "placed_link"), "note": submitted.text(sent, "note")}
    record(context.session, course, Kind.PORTAL_PLACED, sent.by if sent else context.actor, body)
    return None


def _instance(context: Context) -> Instance:
    return context.session.get_one(Instance, context.instance_id)


OPERATIONS = (
    Operation("announcement.open", _open, {"course": True}, immediate=True),
    Operation("announcement.invite", _invite, {"course": True}, immediate=True),
    Operation("announcement.check", _check, {"course": True}, immediate=True),
    Operation("announcement.answer", _answer, {"course": True}, immediate=True),
    Operation("portal.placed", _placed, {"course": True}, immediate=True, result=False),
)
