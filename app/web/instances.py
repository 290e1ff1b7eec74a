"""A running procedure: its diagram and the same as an outline."""

from flask import Blueprint, flash, render_template, request
from sqlalchemy.orm import Session
from werkzeug import Response

from app.courses import register
from app.errors import Denied, NotFound
from app.i18n import Text, current_locale, gettext
from app.identity.actors import Actor
from app.web import diagrams, history, progress
from app.web.access import current_actor, database, may_open, open_to, writing
from app.web.redirects import see
from app.workflow import incidents, instances, releases
from app.workflow.models import Instance, Release, Subject

blueprint = Blueprint("instances", __name__, url_prefix="/instances")

KEEPERS = ("operator", "administrator")
"""Who may stop a procedure as a whole."""
EVERYWHERE = ("operator", "auditor", "analyst", "administrator", "secretariat")


@blueprint.get("/<instance_id>")
def show(instance_id: str) -> str:
    session, actor = database(), current_actor()
    instance = get_instance_for(session, actor, instance_id)
    specification = releases.specification(session, instance.release_id)
    subject = session.get(Subject, instance.subject) if instance.subject else None
    events = progress.events_of(session, instance)
    names = history.names_of(session, events)
    charts = progress.charts(instance, specification, events, names)
    return render_template(
        "instance.html",
        instance=instance,
        release=session.get_one(Release, instance.release_id),
        process=specification.processes[instance.process],
        about=Text(subject.title_ru, subject.title_en) if subject else None,
        charts=charts,
        chart=_chosen(charts, request.args.get("diagram", "")),
        statuses=progress.STATUSES,
        incidents=incidents.listed(session, instance_id=instance.id),
        may_stop=may_open("instances.suspend"),
        may_read_letters=may_open("letters.listed"),
        history=history.told(session, events[:200], names, [instance]),
    )


def _chosen(charts: list[progress.Chart], wanted: str) -> progress.Chart:
    """The diagram asked for; the instance's own where none is, or one that it has not called."""
    return next((one for one in charts if one.process.id == wanted), charts[0])


@blueprint.get("/<instance_id>/diagrams/<process>")
def diagram(instance_id: str, process: str) -> Response:
    """The release's own diagram, names in the reader's language, without anything that makes it run."""
    session = database()
    instance = get_instance_for(session, current_actor(), instance_id)
    loaded = releases.load(session, instance.release_id)
    found = loaded.specification.processes.get(process)
    if found is None:
        raise NotFound
    return Response(diagrams.in_language(loaded.files[found.file], current_locale()), mimetype="application/xml")


@blueprint.post("/<instance_id>/suspend")
@open_to(*KEEPERS)
def suspend(instance_id: str) -> Response:
    """Nothing of it goes on until it is resumed; the reason is kept."""
    with writing() as session:
        get_instance_for(session, current_actor(), instance_id)
        instances.suspend(session, instance_id, current_actor().person_id, _reason())
    flash(gettext("The procedure is suspended. Its deadlines run on: stop their clocks where that is meant."), "done")
    return see("instances.show", instance_id=instance_id)


@blueprint.post("/<instance_id>/resume")
@open_to(*KEEPERS)
def resume(instance_id: str) -> Response:
    with writing() as session:
        get_instance_for(session, current_actor(), instance_id)
        instances.resume(session, instance_id, current_actor().person_id, _reason())
    flash(gettext("The procedure goes on. What came due meanwhile happens now."), "done")
    return see("instances.show", instance_id=instance_id)


def _reason() -> str:
    return request.form.get("reason", "").strip()[:2000]


def get_instance_for(session: Session, actor: Actor, instance_id: str) -> Instance:
    """The instance, for who keeps an eye on all, who began it, or who may see the course it is about."""
    instance = session.get(Instance, instance_id)
    if instance is None:
        raise NotFound
    if instance.started_by == actor.person_id or actor.holds(*EVERYWHERE):
        return instance
    if instance.subject is None:
        raise Denied(kind="instance", id=instance_id)
    register.get_course_for(session, actor, instance.subject)
    return instance
