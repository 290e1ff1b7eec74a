"""The yearly surveys (6.1): how far each has come, the answers, and what its three owners may do while it runs."""

from datetime import date

from flask import Blueprint, flash, render_template, request
from werkzeug import Response

from app import forms
from app.courses.planning import campaigns, proposals, reminding
from app.courses.planning.models import SurveyCampaign
from app.errors import N_, Conflict, Invalid, NotFound, Problem
from app.i18n import current_locale, gettext, ngettext
from app.identity.people import by_ids
from app.web.access import current_actor, database, open_to, writing
from app.web.numbers import day
from app.web.redirects import see
from app.workflow import releases

blueprint = Blueprint("surveys", __name__, url_prefix="/surveys")

WAYS = {
    "task": N_("asked by a task"),
    "address": N_("asked by a letter to its own address"),
    "other": N_("asked otherwise"),
    "left_out": N_("not asked"),
    "none": N_("nobody to write to"),
}
DECISIONS = {"entered": N_("entered in the list"), "backlog": N_("kept for later"), "declined": N_("declined")}


@blueprint.get("")
@open_to(*reminding.READERS)
def listed() -> str:
    session = database()
    found = [(one, campaigns.recipients(session, one)) for one in campaigns.listed(session)]
    may_begin = current_actor().holds(*reminding.OWNERS)
    return render_template("surveys.html", found=found, title_of=campaigns.title, may_begin=may_begin)


@blueprint.get("/<campaign_id>")
@open_to(*reminding.READERS)
def show(campaign_id: str) -> str:
    return _page(campaign_id, {}, {})


def _page(campaign_id: str, typed: dict[str, str], errors: dict[str, Problem]) -> str:
    session, actor = database(), current_actor()
    campaign = reminding.get_for(session, actor, campaign_id)
    found = campaigns.recipients(session, campaign)
    decisions = proposals.of_campaign(session, campaign)
    return render_template(
        "campaign.html",
        campaign=campaign,
        title=campaigns.title(campaign),
        recipients=found,
        asked=[one for one in found if one.row.way in campaigns.ASKED],
        answered=[one for one in found if one.answer],
        decisions={one.organisation.id: [row for row in decisions if row.organisation_id == one.organisation.id]
                   for one in found},
        opener=by_ids(session, [campaign.opened_by]).get(campaign.opened_by),
        ways=WAYS,
        decision_names=DECISIONS,
        late=lambda one: reminding.is_late(session, campaign, one),
        owner=actor.holds(*reminding.OWNERS) and campaign.closed_at is None,
        typed={"until": campaign.deadline.isoformat(), "reason": "", **typed},
        errors=errors,
    )  # fmt: skip


@blueprint.post("/<campaign_id>/extend")
@open_to(*reminding.OWNERS)
def extend(campaign_id: str) -> Response | tuple[str, int]:
    """Another last day for every answer that is still awaited."""
    typed = {name: request.form.get(name, "").strip()[:2000] for name in ("until", "reason")}
    try:
        with writing() as session:
            reminding.extend(session, current_actor(), campaign_id, _until(typed["until"]), typed["reason"])
    except (Invalid, Conflict) as problem:
        database().rollback()
        fields = problem.fields if isinstance(problem, Invalid) else {}
        errors: dict[str, Problem] = dict(fields) or {"": problem}
        return _page(campaign_id, typed, errors), problem.status
    flash(gettext("The deadline was extended for everybody who has not answered."), "done")
    return see("surveys.show", campaign_id=campaign_id)


def _until(text: str) -> date:
    try:
        return day(text)
    except Invalid as problem:
        raise Invalid(problem.message, {"until": problem}) from None


@blueprint.post("/<campaign_id>/remind")
@open_to(*reminding.OWNERS)
def remind(campaign_id: str) -> Response:
    with writing() as session:
        made = reminding.remind(session, current_actor(), campaign_id)
    said = ngettext("%(num)s reminder goes out.", "%(num)s reminders go out.", made)
    flash(said if made else gettext("Everybody has been reminded today already."), "done" if made else "info")
    return see("surveys.show", campaign_id=campaign_id)


@blueprint.get("/<campaign_id>/answers/<organisation_id>")
@open_to(*reminding.READERS)
def answer(campaign_id: str, organisation_id: str) -> str:
    """An answer with the questions that were asked then, whatever the form asks today."""
    session = database()
    campaign = reminding.get_for(session, current_actor(), campaign_id)
    one = _recipient(campaign, organisation_id)
    sent = one.answer
    if sent is None:
        raise NotFound
    form = releases.load(session, sent.release_id).forms.get(sent.form)
    return render_template(
        "survey_answer.html",
        campaign=campaign,
        title=campaigns.title(campaign),
        one=one,
        sent=forms.present(form, sent.values, current_locale()) if form else [],
        who=by_ids(session, [sent.by]).get(sent.by),
        decisions=[row for row in proposals.of_campaign(session, campaign) if row.organisation_id == organisation_id],
        decision_names=DECISIONS,
        late=reminding.is_late(session, campaign, one),
    )


def _recipient(campaign: SurveyCampaign, organisation_id: str) -> campaigns.Recipient:
    found = [one for one in campaigns.recipients(database(), campaign) if one.organisation.id == organisation_id]
    if not found:
        raise NotFound
    return found[0]
