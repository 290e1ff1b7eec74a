"""Operations of the diagram `agreement`: whom to ask, what is outdated, the package."""

from collections.abc import Sequence

from app.courses import agreements, executors, packages, register, submitted
from app.engine import Json
from app.workflow.operations import Context, Operation


def _open(context: Context, course: str) -> Json:
    found = register.get_course(context.session, course)
    made = agreements.open_agreement(context.session, found, context.instance_id, context.actor)
    return {"id": made.id, "initiator": found.initiator_kind, "organisation": found.initiator_id}


def _bodies(context: Context, agreement: str, groups: Sequence[str]) -> Json:
    _empty_lists(context, agreement)
    return dict(agreements.choose(context.session, agreement, groups, context.actor))


def _empty_lists(context: Context, agreement: str) -> None:
    """A table from which every row was taken has nothing to write to its place: it is emptied here."""
    session = context.session
    sent = submitted.latest(session, context.instance_id, "agreement_confirmation")
    if sent is None:
        return
    course = register.get_course(session, agreements.get_agreement(session, agreement).course_id)
    if not submitted.rows(sent, "bodies"):
        agreements.propose(session, course, [], sent.by)
    if not submitted.rows(sent, "exceptions"):
        executors.allow_only(session, course, {}, sent.by)


def _outdated(context: Context, agreement: str) -> Json:
    return dict(agreements.outdated(context.session, agreement))


def _reopen(context: Context, agreement: str, again: Sequence[dict[str, str]]) -> Json:
    """Writes down for every outdated body whether it is asked again or its sheet stands, with the grounds."""
    sent = submitted.latest(context.session, context.instance_id, "agreement_ask_again")
    bodies = [row["body"] for row in again]
    reason = submitted.text(sent, "reason")
    return dict(agreements.ask_again(context.session, agreement, bodies, reason, context.actor))


def _freeze(context: Context, agreement: str) -> Json:
    session = context.session
    passage = agreements.get_agreement(session, agreement)
    confirmed = submitted.latest(session, context.instance_id, "agreement_chair")
    if confirmed is not None and passage.reason and passage.chair_id is None:
        agreements.confirm_by_chair(session, passage, confirmed.by, submitted.text(confirmed, "statement"))
    final = submitted.latest(session, context.instance_id, "agreement_final")
    return packages.freeze(session, agreement, final.by if final else context.actor).id


def _hand_over(context: Context, agreement: str) -> Json:
    received = submitted.latest(context.session, context.instance_id, "agreement_receipt")
    creator, by = submitted.text(received, "creator"), received.by if received else context.actor
    return packages.hand_over(context.session, agreement, creator, by).handed_to


OPERATIONS = (
    Operation("agreement.open", _open, {"course": True}, immediate=True),
    Operation("agreement.bodies", _bodies, {"agreement": True, "groups": True}, immediate=True),
    Operation("agreement.outdated", _outdated, {"agreement": True}, immediate=True),
    Operation("agreement.reopen", _reopen, {"agreement": True, "again": True}, immediate=True),
    Operation("agreement.freeze", _freeze, {"agreement": True}, immediate=True),
    Operation("agreement.hand_over", _hand_over, {"agreement": True}, immediate=True),
)
