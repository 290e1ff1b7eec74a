"""Operations of the diagrams in `planning`: the yearly survey (6.1) and the list on request (6.2)."""

from collections.abc import Mapping
from typing import Any

from app.courses import submitted
from app.courses.planning import campaigns, copies, proposals, reminding, requests
from app.engine import Json
from app.errors import PermanentFailure
from app.workflow.models import Submission
from app.workflow.operations import Context, Operation

CAMPAIGN, REQUEST = {"campaign": True}, {"request": True}


def _open(context: Context, values: Mapping[str, Json]) -> Json:
    """Of the form `survey_campaign`: the survey, its deadline and how many recipients nobody can write to."""
    found = campaigns.begin(context.session, values, context.instance_id, context.actor)
    title = campaigns.title(found)
    context.about(found.id, title.ru, title.en)
    return {
        "campaign": found.id,
        "answer_by": found.deadline.isoformat(),
        "unreached": len(campaigns.unreached(context.session, found)),
    }


def _contacts(context: Context, campaign: str) -> Json:
    sent = _sent(context, "survey_contacts")
    found = campaigns.get(context.session, campaign)
    campaigns.settle(context.session, found, submitted.rows(sent, "unreached"), sent.by)
    return None


def _ask(context: Context, campaign: str) -> Json:
    """Whom to ask by tasks; recipients with an address of their own get a letter."""
    found = campaigns.get(context.session, campaign)
    reminding.write_to_addresses(context.session, found)
    asked: dict[str, Json] = {name: dict(ids) for name, ids in campaigns.asked(context.session, found).items()}
    return {**asked, "any": any(asked.values())}


def _close(context: Context, campaign: str) -> Json:
    """Whose answers hold something to decide on."""
    found = campaigns.get(context.session, campaign)
    return {one: one for one in campaigns.close(context.session, found, context.actor)}


def _read(context: Context, campaign: str, recipient: str) -> Json:
    answer = campaigns.answers(context.session, campaigns.get(context.session, campaign)).get(recipient)
    return {"materials": len(campaigns.materials(answer)), "topics": len(campaigns.wishes(answer))}


def _materials(context: Context, campaign: str, recipient: str) -> Json:
    """Ids of the courses that entered the list."""
    sent = _sent(context, "survey_materials", recipient)
    found = campaigns.get(context.session, campaign)
    rows = submitted.rows(sent, "materials")
    return list(proposals.decide_materials(context.session, found, recipient, rows, sent.by))


def _topics(context: Context, campaign: str, recipient: str) -> Json:
    sent = _sent(context, "survey_topics", recipient)
    found = campaigns.get(context.session, campaign)
    return proposals.decide_topics(context.session, found, recipient, submitted.rows(sent, "topics"), sent.by)


def _sent(context: Context, form: str, organisation: str | None = None) -> Submission:
    found = submitted.latest(context.session, context.instance_id, form, organisation=organisation)
    if found is None:
        raise LookupError(f"nobody has sent {form}")
    return found


def _asked(context: Context, request: str) -> Json:
    found = requests.get(context.session, request)
    title = requests.title(found)
    context.about(found.id, title.ru, title.en)
    return {"person": found.asked_by, "automatic": requests.is_automatic(context.session)}


def _release(context: Context, request: str, automatic: bool) -> Json:
    """The asker may have the list as it stands now; its PDF is made meanwhile."""
    session = context.session
    found = requests.get(session, request)
    sent = submitted.latest(session, context.instance_id, "register_request")
    by = context.actor if automatic or sent is None else sent.by
    requests.release(session, found, by, automatic=automatic)
    if found.decided_at is None:
        raise PermanentFailure("the request was refused before", "refused")
    copies.wanted(session, found.year, found.decided_at, found.id)
    return None


def _refuse(context: Context, request: str) -> Json:
    sent = _sent(context, "register_request")
    found = requests.get(context.session, request)
    requests.refuse(context.session, found, submitted.text(sent, "reason"), sent.by)
    return None


def _immediate(name: str, run: Any, params: Mapping[str, bool] = CAMPAIGN, *, result: bool = True) -> Operation:
    return Operation(name, run, params, immediate=True, result=result)


OPERATIONS = (
    _immediate("survey.open", _open, {"values": True}),
    _immediate("survey.contacts", _contacts, result=False),
    _immediate("survey.ask", _ask),
    _immediate("survey.close", _close),
    _immediate("survey.read", _read, {"campaign": True, "recipient": True}),
    _immediate("survey.materials", _materials, {"campaign": True, "recipient": True}),
    _immediate("survey.topics", _topics, {"campaign": True, "recipient": True}),
    _immediate("register.asked", _asked, REQUEST),
    _immediate("register.release", _release, {"request": True, "automatic": True}, result=False),
    _immediate("register.refuse", _refuse, REQUEST, result=False),
    copies.PRINT,
)
