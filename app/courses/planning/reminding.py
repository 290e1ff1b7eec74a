"""What the owners of a survey do while it runs: move its deadline for everybody, remind those who have not answered."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses import settings
from app.courses.letters import Wanted, send
from app.courses.letters.recipients import Addressee
from app.courses.planning import campaigns
from app.courses.planning.campaigns import Recipient
from app.courses.planning.models import SurveyCampaign, SurveyRecipient
from app.errors import N_, Conflict, Denied, Invalid, NotFound, Problem
from app.i18n import as_locale
from app.identity.actors import Actor
from app.identity.calendars import end_of_day
from app.identity.models import Organisation, Person
from app.identity.places import default_place
from app.workflow import deadlines, releases
from app.workflow.models import Instance, Task

OWNERS = ("tc4_secretariat", "administrator", "secretariat")
"""The three that organise the survey together (6.1)."""
READERS = (*OWNERS, "auditor")
REQUEST, REMINDER = "survey_request", "survey_reminder"


def get_for(session: Session, actor: Actor, campaign_id: str) -> SurveyCampaign:
    """Raises NotFound, Denied."""
    if not actor.holds(*READERS):
        raise Denied
    return campaigns.get(session, campaign_id)


def _running(session: Session, actor: Actor, campaign_id: str) -> tuple[SurveyCampaign, Instance]:
    if not actor.holds(*OWNERS):
        raise Denied
    found = campaigns.get(session, campaign_id)
    instance = session.get(Instance, found.instance_id) if found.instance_id else None
    if instance is None:
        raise NotFound
    session.refresh(found, with_for_update=True)
    if found.closed_at is not None:
        raise Conflict(N_("The survey is closed."))
    return found, instance


def open_tasks(session: Session, campaign: SurveyCampaign) -> list[Task]:
    """Those that wait for an answer or for the closing."""
    query = sa.select(Task).where(Task.instance_id == campaign.instance_id, Task.closed_at.is_(None))
    return list(session.scalars(query.order_by(Task.id)))


def extend(session: Session, actor: Actor, campaign_id: str, until: date, reason: str) -> None:
    """Another last day for every answer that is still awaited. Raises Invalid, Conflict, Denied, NotFound."""
    campaign, _instance = _running(session, actor, campaign_id)
    problems: dict[str, Problem] = {}
    if not reason.strip():
        problems["reason"] = Problem(N_("Give a reason: it is kept with the deadline."))
    if until <= clock.today(default_place(session).zone):
        problems["until"] = Problem(N_("The new deadline has already passed."))
    if problems:
        raise Invalid(N_("Some answers need another look."), problems)
    for task in open_tasks(session, campaign):
        for one in deadlines.of_task(session, task.id):
            if one.name == deadlines.OWN and one.stopped_at is None:
                deadlines.extend(session, one.id, until, actor.person_id, reason)
    before, campaign.deadline = campaign.deadline, until
    session.flush()
    body = {"from": before.isoformat(), "until": until.isoformat()}
    campaigns.record(session, campaign, Kind.SURVEY_EXTENDED, actor.person_id, body, {"reason": reason})


def remind(session: Session, actor: Actor, campaign_id: str) -> int:
    """A letter to everybody who has not answered; once a day at most. Returns how many letters."""
    campaign, instance = _running(session, actor, campaign_id)
    waiting = [one for one in campaigns.recipients(session, campaign) if one.answer is None]
    today = clock.today(default_place(session).zone)
    made = 0
    for one in waiting:
        to = _people(session, one.row, one.organisation)
        made += _write(session, campaign, instance, REMINDER, f"{one.organisation.id}:{today}", to)
    campaigns.record(session, campaign, Kind.SURVEY_REMINDED, actor.person_id, {"letters": made})
    return made


def is_late(session: Session, campaign: SurveyCampaign, one: Recipient) -> bool:
    """Whether the answer came after the deadline as it stands, or has not come and the deadline is over."""
    over = end_of_day(campaign.deadline, default_place(session).zone)
    at = one.answer.at if one.answer else campaign.closed_at or clock.now()
    return one.row.way in campaigns.ASKED and at > over


def write_to_addresses(session: Session, campaign: SurveyCampaign) -> int:
    """The survey to recipients that are reached at an address of their own; returns how many letters."""
    instance = session.get_one(Instance, campaign.instance_id)
    made = 0
    for row, one in campaigns.rows(session, campaign):
        if row.way == "address":
            made += _write(session, campaign, instance, REQUEST, one.id, _people(session, row, one))
    return made


def _people(session: Session, row: SurveyRecipient, one: Organisation) -> list[Person | Addressee]:
    if row.way == "task":
        return list(campaigns.holders(session, one))
    if row.way != "address":
        return []
    locale = as_locale(settings.read(session, "invitation_language", settings.today(session))) or "ru"
    return [Addressee(one.id, one.name, row.email, locale)]


def _write(
    session: Session,
    campaign: SurveyCampaign,
    instance: Instance,
    template: str,
    cause: str,
    to: list[Person | Addressee],
) -> int:
    folder = releases.specification(session, instance.release_id).processes[instance.process].folder
    return len(send(session, Wanted(template, f"{template}:{campaign.id}:{cause}", to, instance, folder)))
