"""Starting a procedure by its form."""

from typing import Any

from flask import Blueprint, flash, jsonify, render_template, request
from werkzeug import Response

from app.errors import Invalid
from app.forms import Draft
from app.i18n import gettext
from app.web import desk
from app.web.access import current_actor, database, writing
from app.web.desk import Desk
from app.web.redirects import see
from app.web.transactions import undoing
from app.workflow import starts
from app.workflow.models import Instance
from app.workflow.starts import Startable

blueprint = Blueprint("procedures", __name__, url_prefix="/procedures")

Answer = str | Response | tuple[str, int]


@blueprint.get("")
def listed() -> str:
    return render_template("procedures.html", startables=starts.listed(database(), current_actor()))


@blueprint.get("/<process>")
def show(process: str) -> Answer:
    startable = starts.get_start_for(database(), current_actor(), process)
    return _page(startable, desk.of_start(database(), current_actor(), startable))


@blueprint.post("/<process>")
def submit(process: str) -> Answer:
    with writing() as session:
        startable = starts.get_start_for(session, current_actor(), process)
        laid, draft = _read(startable)
        if draft.pressed or draft.faults or "_save" in request.form:
            desk.keep(session, current_actor(), laid)
            view = laid.view(errors=draft.faults, draft=draft) if laid else None
            return _page(startable, laid, 422 if draft.faults else 200, view=view)
        try:
            with undoing(session, draft):
                instance = _begin(process, laid)
        except Invalid as problem:
            desk.keep(session, current_actor(), laid)
            return _page(startable, laid, 422, view=laid.view(errors=problem.fields) if laid else None, problem=problem)
    flash(gettext("Begun: %(procedure)s.", procedure=str(startable.process.name)), "done")
    return see("instances.show", instance_id=instance.id)


@blueprint.post("/<process>/draft")
def keep_draft(process: str) -> Answer:
    with writing() as session:
        laid, _draft = _read(starts.get_start_for(session, current_actor(), process))
        desk.keep(session, current_actor(), laid)
    return jsonify(said=gettext("Draft saved"))


def _read(startable: Startable) -> tuple[Desk | None, Draft]:
    return desk.read(database(), current_actor(), desk.of_start(database(), current_actor(), startable))


def _begin(process: str, laid: Desk | None) -> Instance:
    values, context = (laid.values, laid.context) if laid else ({}, None)
    return starts.submit(database(), current_actor(), process, values, nonce=desk.posted_nonce(), context=context)


def _page(startable: Startable, laid: Desk | None, status: int = 200, **more: Any) -> tuple[str, int]:
    shown: dict[str, Any] = {
        "startable": startable,
        "view": laid.view() if laid else None,
        "saved_at": laid.saved_at if laid else None,
        "nonce_value": desk.nonce(),
        "problem": None,
    }
    return render_template("procedure.html", **(shown | more)), status
