"""Whole files of the draft, for every editor: read, save without overwriting, who is at work, and the check."""

from typing import Any

from flask import Blueprint, jsonify, request
from flask import Response as Answer
from werkzeug import Response

from app.engine.mending import FIXES
from app.errors import N_, Invalid, NotFound
from app.i18n import format_datetime, gettext
from app.identity import people
from app.web.access import current_actor, database, open_to, writing
from app.web.downloads import closed
from app.web.numbers import whole
from app.web.studio.standing import ANALYST, draft
from app.workflow.studio import catalogue, checking, drafts, endings, presence
from app.workflow.studio.drafts import Overtaken, Saved

blueprint = Blueprint("studio_files", __name__, url_prefix="/studio")

EMPTY = N_("There is nothing to save: send the content of the file.")


@blueprint.get("/files/<path:path>")
@open_to(ANALYST)
def read(path: str) -> Response:
    """The bytes; the ETag is the revision to be given back when saving."""
    found = drafts.read(database(), draft(), path)
    answer = Answer(found.data or b"", mimetype="text/plain")
    answer.headers["ETag"] = f'"{found.revision}"'
    return closed(answer)


@blueprint.post("/files/<path:path>")
@open_to(ANALYST)
def save(path: str) -> Answer | tuple[Answer, int]:
    """JSON for editors. 409 where somebody saved since: theirs stands, what was sent is kept in the history."""
    sent, note = request.form.get("content"), request.form.get("note", "").strip()[:500]
    revision = whole(request.form.get("revision"), 0)
    if sent is None:
        raise Invalid(EMPTY)
    with writing() as session:
        data = endings.kept(_present(path), sent)
        put = drafts.save(session, draft(), path, data, revision, current_actor().person_id, note=note)
        told = told_of(put)
    return (jsonify(told), 409) if isinstance(put, Overtaken) else jsonify(told)


def told_of(put: Saved | Overtaken) -> dict[str, Any]:
    """What an editor is told about its save."""
    if isinstance(put, Overtaken):
        return _overtaken(put)
    return {"revision": put.revision, "at": put.at.isoformat(), "said": gettext("Saved")}


def _present(path: str) -> bytes:
    """What the file has now, whose ends of lines are kept: forms of browsers send CR LF."""
    try:
        return drafts.read(database(), draft(), path).data or b""
    except NotFound:
        return b""


@blueprint.post("/presence/<path:path>")
@open_to(ANALYST)
def touch(path: str) -> Answer:
    """An editor has the file open, or (`left`) has closed it; who else has, and at which revision it stands."""
    me = current_actor().person_id
    with writing() as session:
        found = drafts.read(session, draft(), path)
        (presence.leave if request.form.get("left") else presence.touch)(session, draft(), path, me)
        others = [one for one in presence.at_work(session, draft()).get(path, ()) if one != me]
        names = people.names(session, others)
    return jsonify(revision=found.revision, others=[str(names[one]) for one in others if one in names])


@blueprint.get("/findings")
@open_to(ANALYST)
def findings() -> Answer:
    found = checking.check(drafts.files(database(), draft()))
    return jsonify(findings=[one.told() | {"fix": one.rule in FIXES} for one in found])


@blueprint.get("/catalogue")
@open_to(ANALYST)
def offered() -> Answer:
    return jsonify(catalogue.offered(drafts.files(database(), draft())))


def _overtaken(put: Overtaken) -> dict[str, Any]:
    theirs, me = put.theirs, current_actor()
    names = people.names(database(), [theirs.by] if theirs.by else [])
    who = str(names.get(str(theirs.by), "–"))
    said = gettext(
        "%(who)s saved this file at %(when)s. Nothing of yours is lost: it is kept in the history as set aside.",
        who=who,
        when=format_datetime(theirs.at, me.zone) if theirs.at else "–",
    )
    at = theirs.at.isoformat() if theirs.at else None
    return {"said": said, "by": who, "at": at, "revision": theirs.revision, "aside": put.aside}
