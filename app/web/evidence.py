"""Evidence for those who watch: checkpoints, copies outside, exports; and of one event the proof that it is sealed."""

from typing import cast

from flask import Blueprint, flash, render_template, request, send_file
from sqlalchemy.orm import Session
from werkzeug import Response

from app.audit import history, proofs
from app.audit.evidence import Event
from app.courses import register
from app.courses.evidence import exporting, requests, standing
from app.courses.evidence.exporting import ScopeKind
from app.errors import N_, Denied, Invalid, NotFound
from app.i18n import gettext
from app.identity.actors import Actor
from app.web import history as words
from app.web.access import current_actor, database, open_to, writing
from app.web.downloads import closed, send_text
from app.web.instances import get_instance_for
from app.web.redirects import see
from app.workflow.models import Instance

blueprint = Blueprint("evidence", __name__, url_prefix="/evidence")
SCOPES: dict[str, str] = {
    "all": N_("everything"),
    "course": N_("one course"),
    "instance": N_("one procedure"),
}


@blueprint.get("")
@open_to(*requests.READERS)
def overview() -> str:
    session, actor = database(), current_actor()
    exports = [(one, requests.progress(one), requests.file_of(one)) for one in requests.listed(session, actor)]
    return render_template(
        "evidence.html",
        standing=standing.look(session, actor),
        exports=exports,
        scopes=SCOPES,
        opens=actor.holds(*requests.OPENERS),
        wanted=request.args.get("id", "")[:60],
    )


@blueprint.get("/checkpoint")
@open_to(*requests.READERS)
def checkpoint() -> Response:
    """The newest one, to be kept where the program does not reach."""
    found = standing.newest(database(), current_actor())
    if found is None:
        raise NotFound
    return send_text(f"{found.line}\n", f"checkpoint-{found.size:012}.json", "application/json")


@blueprint.post("/exports")
@open_to(*requests.READERS)
def ask() -> Response:
    kind = request.form.get("scope", "")
    ident = request.form.get("id", "").strip()[:60]
    if kind not in SCOPES:
        raise Invalid(N_("Say what the export is to hold."))
    if kind != "all" and not ident:
        raise Invalid(N_("Give the course's number or the procedure's id: one export holds one of them."))
    with writing() as session:
        scope = exporting.find(session, cast(ScopeKind, kind), ident or None)
        requests.ask(session, current_actor(), scope, personal="personal" in request.form)
    flash(gettext("The export is being written. It appears below."), "done")
    return see("evidence.overview")


@blueprint.get("/exports/<export_id>")
@open_to(*requests.READERS)
def download(export_id: str) -> Response:
    return _file(export_id, personal=False)


@blueprint.get("/exports/<export_id>/personal")
@open_to(*requests.OPENERS)
def download_personal(export_id: str) -> Response:
    """What opens the commitments, apart from the export."""
    return _file(export_id, personal=True)


def _file(export_id: str, *, personal: bool) -> Response:
    row = requests.get_export_for(database(), current_actor(), export_id)
    path = requests.file_of(row, personal=personal)
    if path is None:
        raise NotFound
    name = f"evidence-{row.asked_at:%Y-%m-%d}-{row.id[-6:]}{'.personal.jsonl' if personal else '.zip'}"
    return closed(send_file(path.absolute(), as_attachment=True, download_name=name, etag=False, max_age=0))


@blueprint.get("/events/<int:event_id>")
def event(event_id: int) -> str:
    session, actor = database(), current_actor()
    found = _event_for(session, actor, event_id)
    proof = proofs.inclusion(session, found.seq)
    instance = session.get(Instance, found.stream_id) if found.stream_kind == "instance" else None
    told = words.told(session, [found], words.names_of(session, [found]), [instance] if instance else [])
    course = found.stream_id.removeprefix("course-") if found.stream_kind == "register" else None
    line = told[0] if told else None
    return render_template(
        "evidence_event.html", event=found, proof=proof, told=line, instance=instance, course=course
    )


def _event_for(session: Session, actor: Actor, seq: int) -> Event:
    """For whoever may see the history in which it stands. Raises NotFound, Denied."""
    found = history.get(session, seq)
    if found is None:
        raise NotFound
    if found.stream_kind == "instance":
        get_instance_for(session, actor, found.stream_id)
    elif found.stream_kind == "register" and found.stream_id.startswith("course-"):
        register.get_course_for(session, actor, found.stream_id.removeprefix("course-"))
    elif not actor.holds(*requests.READERS):
        raise Denied
    return found
