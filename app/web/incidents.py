"""Incidents: what stands still until a person has looked."""

from flask import Blueprint, flash, render_template, request
from werkzeug import Response

from app.errors import N_, Invalid
from app.i18n import gettext
from app.web.access import current_actor, database, open_to, writing
from app.web.redirects import see
from app.workflow import incidents, repairs
from app.workflow.models import Incident, Instance, Subject

blueprint = Blueprint("incidents", __name__, url_prefix="/incidents")

READERS = ("operator", "administrator")
KINDS = {
    "engine": N_("A step failed"),
    "job": N_("An operation failed"),
    "letter": N_("A letter came back"),
    "state": N_("What is stored is damaged"),
    "timer": N_("A time cannot be computed"),
    "system": N_("An outside system refuses access"),
}
ENDS = {"retried": N_("tried again"), "answered": N_("answered by hand"), "cancelled": N_("cancelled")}


@blueprint.get("")
@open_to(*READERS)
def listed() -> str:
    closed = request.args.get("view") == "closed"
    found = incidents.listed(database(), closed=closed)
    by_hand = set() if closed else repairs.answerable_among(database(), found)
    return render_template(
        "incidents.html", incidents=found, closed=closed, kinds=KINDS, ends=ENDS, about=_about(found), by_hand=by_hand
    )


def _about(found: list[Incident]) -> dict[str, Subject]:
    """What the instance of each incident is about, by instance."""
    subjects = {}
    for instance_id in {one.instance_id for one in found if one.instance_id}:
        instance = database().get(Instance, instance_id)
        subject = database().get(Subject, instance.subject) if instance and instance.subject else None
        if subject is not None:
            subjects[instance_id] = subject
    return subjects


@blueprint.post("/<incident_id>/retry")
@open_to(*READERS)
def retry(incident_id: str) -> Response:
    with writing() as session:
        repairs.retry(session, incident_id, current_actor().person_id)
    flash(gettext("Tried again. If it fails once more, it comes back here."), "done")
    return see("incidents.listed")


@blueprint.post("/<incident_id>/cancel")
@open_to(*READERS)
def cancel(incident_id: str) -> Response:
    with writing() as session:
        repairs.cancel(session, incident_id, current_actor().person_id, _reason())
    flash(gettext("The procedure was cancelled."), "done")
    return see("incidents.listed")


def _reason() -> str:
    given = request.form.get("reason", "").strip()[:2000]
    if not given:
        raise Invalid(N_("Give a reason: it is kept in the evidence."))
    return given
