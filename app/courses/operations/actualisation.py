"""Operations of the diagram `actualisation`: the check, TC 4's decision, a new version, annulment (section 13)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.courses import people, register, submitted
from app.courses.actualisation import checking, deciding, renewing
from app.courses.actualisation.deciding import Decision
from app.courses.actualisation.models import BodyDecision
from app.courses.documents import making
from app.courses.letters.recipients import TC4
from app.courses.register import get_course
from app.engine import Json
from app.errors import PermanentFailure
from app.workflow.models import Submission
from app.workflow.operations import Context, Operation

COURSE, CHECK, EDITION = {"course": True}, {"check": True}, {"edition": True}
CONCLUSION, DECISION, REVISION = "actualisation_conclusion", "tc4_decision", "actualisation_revision"
WAIVER, REPLACED = "actualisation_waiver", "actualisation_replacement"
TOLD, REMOVED = "annulment_learners", "annulment_portal"


def _open(context: Context, course: str) -> Json:
    """`needed`: False for a course that is no longer published, or that another check is at."""
    session = context.session
    found = get_course(session, course)
    title = register.title(found)
    context.about(found.id, title.into("ru"), title.into("en"))
    check = checking.open_check(session, found, str(context.instance_id), context.actor)
    if check is None:
        return {"needed": False, "id": None, "due": None}
    return {"needed": True, "id": check.id, "due": checking.answer_by(session, check).isoformat()}


def _conclude(context: Context, check: str, part: str) -> Json:
    """What the one who has just sent the form concludes."""
    sent = _sent(context, CONCLUSION)
    outcome, grounds = submitted.text(sent, "outcome"), submitted.text(sent, "grounds")
    found = checking.get_check(context.session, check)
    return checking.conclude(context.session, found, part, outcome, grounds, sent.by).outcome


def _close(context: Context, check: str, result: str) -> Json:
    checking.close(context.session, checking.get_check(context.session, check), result, context.actor)
    return None


def _decide(context: Context, check: str) -> Json:
    session, sent = context.session, _sent(context, DECISION)
    minutes = submitted.files(sent, "minutes")
    decision = Decision(
        act=submitted.text(sent, "act"),
        decided_on=date.fromisoformat(submitted.text(sent, "decided_on")),
        meeting=submitted.text(sent, "meeting"),
        reason=submitted.text(sent, "reason"),
        minutes=minutes[0] if minutes else None,
    )
    made = deciding.decide(session, checking.get_check(session, check), decision, sent.by)
    return {"id": made.id, "number": made.number, "act": made.act}


def _has_chair(context: Context) -> Json:
    """Whether anybody may record TC 4's decision today: its chair, or somebody in the chair's place."""
    return bool(people.chairs(context.session, TC4))


def _end_procedures(context: Context, decision: str) -> Json:
    """In the name of whoever has recorded the decision."""
    found = context.session.get_one(BodyDecision, decision)
    deciding.end_procedures(context.session, found, found.recorded_by)
    return None


def _document(context: Context, decision: str) -> Json:
    """The decision, ru and en, into the archive."""
    making.wanted(context.session, making.DECISION, decision, context.instance_id, context.key)
    return None


# --- a new version --------------------------------------------------------------------------------------------------


def _propose(context: Context, course: str, check: str) -> Json:
    """`agreement`: whether section 7 is gone through; `editorial`: whether somebody may let it be."""
    session, sent = context.session, _sent(context, REVISION)
    files = submitted.files(sent, "materials")
    found = checking.get_check(session, check)
    edition = renewing.propose(session, get_course(session, course), found, sent.values, files, sent.by)
    return {
        "id": edition.id,
        "number": edition.number,
        "agreement": renewing.needs_agreement(session, edition),
        "editorial": renewing.may_be_waived(session, edition),
    }


def _waive(context: Context, edition: str) -> Json:
    """Whether the administrator lets section 7 be for these changes."""
    sent = _sent(context, WAIVER)
    allowed = sent.values.get("allow") == "yes"
    found = renewing.get_edition(context.session, edition)
    renewing.waive(context.session, found, allowed=allowed, reason=submitted.text(sent, "reason"), by=sent.by)
    return allowed


def _submit(context: Context, edition: str) -> Json:
    renewing.submit(context.session, renewing.get_edition(context.session, edition), context.actor)
    return None


def _enact(context: Context, edition: str) -> Json:
    renewing.enact(context.session, renewing.get_edition(context.session, edition), context.actor)
    return None


def _put_in_force(context: Context, edition: str) -> Json:
    sent = _sent(context, REPLACED)
    found = renewing.get_edition(context.session, edition)
    renewing.put_in_force(context.session, found, sent.by, _evidence(sent))
    return None


# --- annulment ------------------------------------------------------------------------------------------------------


def _told(context: Context, course: str) -> Json:
    sent = _sent(context, TOLD)
    found = get_course(context.session, course)
    deciding.told(context.session, found, submitted.text(sent, "note"), sent.by, _evidence(sent))
    return None


def _removed(context: Context, course: str) -> Json:
    sent = _sent(context, REMOVED)
    evidence = {"link": submitted.text(sent, "placed_link"), "note": submitted.text(sent, "note")}
    deciding.removed(context.session, get_course(context.session, course), sent.by, evidence)
    return None


def _evidence(sent: Submission) -> dict[str, Any]:
    return {"submission": sent.id, "pictures": submitted.files(sent, "picture")}


def _sent(context: Context, form: str) -> Submission:
    found = submitted.latest(context.session, context.instance_id, form)
    if found is None:
        raise PermanentFailure(f"nobody has sent {form}", "not_sent")
    return found


def _immediate(name: str, run: Any, params: Mapping[str, bool], *, result: bool = False) -> Operation:
    return Operation(name, run, params, immediate=True, result=result)


OPERATIONS = (
    _immediate("check.open", _open, COURSE, result=True),
    _immediate("check.conclude", _conclude, {"check": True, "part": True}, result=True),
    _immediate("check.close", _close, {"check": True, "result": True}),
    _immediate("tc4.decide", _decide, CHECK, result=True),
    _immediate("tc4.has_chair", _has_chair, {}, result=True),
    _immediate("annulment.end_procedures", _end_procedures, {"decision": True}),
    _immediate("documents.decision", _document, {"decision": True}),
    _immediate("edition.propose", _propose, {"course": True, "check": True}, result=True),
    _immediate("edition.waive", _waive, EDITION, result=True),
    _immediate("edition.submit", _submit, EDITION),
    _immediate("edition.enact", _enact, EDITION),
    _immediate("edition.put_in_force", _put_in_force, EDITION),
    _immediate("annulment.told", _told, COURSE),
    _immediate("annulment.removed", _removed, COURSE),
)
