"""Operations of the diagram `sheet`: one body's agreement sheet and its rounds."""

from datetime import date

from sqlalchemy.orm import Session

from app import clock
from app.courses import executors, people, rounds, settings, sheets, submitted
from app.courses.models import Sheet
from app.courses.register import get_course
from app.courses.rounds import Verdict
from app.engine import Json
from app.workflow.models import Submission
from app.workflow.operations import Context, Operation


def _open(context: Context, agreement: str, body: str) -> Json:
    found = sheets.open_sheet(context.session, agreement, body, context.actor)
    return {"id": found.id, "chair": bool(people.chairs(context.session, body))}


def _send(context: Context, sheet: str, answer_by: str) -> Json:
    found = sheets.get_sheet(context.session, sheet)
    sent = _submission(context, found, "sheet_send")
    _begin(context, found, sent, answer_by)
    return _review(context.session, found)


def _begin(context: Context, found: Sheet, sent: Submission | None, answer_by: str) -> None:
    by = sent.by if sent else context.actor
    rounds.send(context.session, found, date.fromisoformat(answer_by), submitted.text(sent, "message"), by)


def _review(session: Session, found: Sheet) -> Json:
    """What the round needs in task data: who may not decide, when to remind, whom a rework concerns (A14, A54)."""
    course = get_course(session, found.course_id)
    today = clock.now().date()
    return {
        "exclude": list(executors.excluded(session, course)),
        "remind_before": settings.number(session, "remind_before", today),
        "remind_every": settings.number(session, "remind_every", today),
        "creator": course.creator_id,
    }


def _appoint(context: Context, sheet: str, member: str) -> Json:
    found = sheets.get_sheet(context.session, sheet)
    return rounds.appoint(context.session, found, member, context.actor).due.isoformat()


def _take_back(context: Context, sheet: str) -> Json:
    found = sheets.get_sheet(context.session, sheet)
    sent = _submission(context, found, "sheet_verdict_member")
    reason = submitted.text(sent, "reason")
    return rounds.take_back(context.session, found, context.actor, reason).due.isoformat()


def _record(context: Context, sheet: str) -> Json:
    found = sheets.get_sheet(context.session, sheet)
    sent = _submission(context, found, "sheet_verdict", "sheet_verdict_member")
    answers = sent.values if sent else {}
    reworked = answers.get("reworked")
    verdict = Verdict(
        conforms=answers.get("conforms") == "yes",
        comments=submitted.text(sent, "comments"),
        reworked=None if reworked is None else reworked == "yes",
    )
    decided = rounds.decide(context.session, found, verdict, sent.by if sent else context.actor)
    return {"round": decided.number, "conforms": bool(decided.conforms)}


def _rework(context: Context, sheet: str, answer_by: str) -> Json:
    """New version, answers, and at once the next round."""
    found = sheets.get_sheet(context.session, sheet)
    sent = _submission(context, found, "sheet_rework")
    by = sent.by if sent else context.actor
    answers = [row.get("answer") or "" for row in submitted.rows(sent, "answers")]
    materials, note = submitted.files(sent, "materials"), submitted.text(sent, "note")
    rounds.rework(context.session, found, answers, materials, note, by)
    _begin(context, found, sent, answer_by)
    return _review(context.session, found)


def _submission(context: Context, found: Sheet, *forms: str) -> Submission | None:
    return submitted.latest(context.session, context.instance_id, *forms, organisation=found.body_id)


OPERATIONS = (
    Operation("sheet.open", _open, {"agreement": True, "body": True}, immediate=True),
    Operation("sheet.send", _send, {"sheet": True, "answer_by": True}, immediate=True),
    Operation("sheet.appoint", _appoint, {"sheet": True, "member": True}, immediate=True),
    Operation("sheet.take_back", _take_back, {"sheet": True}, immediate=True),
    Operation("sheet.record", _record, {"sheet": True}, immediate=True),
    Operation("sheet.rework", _rework, {"sheet": True, "answer_by": True}, immediate=True),
)
