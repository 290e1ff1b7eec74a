"""Import of a diagram or table from another tool: shown with what would become of it, then taken into the draft."""

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, flash, render_template, request
from werkzeug import Response

from app.engine import Finding, layouts
from app.engine import strangers as arrivals
from app.engine.strangers import Arrival
from app.engine.xml import MAX_BYTES
from app.errors import N_, Conflict, Invalid, Problem
from app.i18n import gettext
from app.web.access import current_actor, database, open_to, writing
from app.web.redirects import see
from app.web.studio.standing import ANALYST, draft
from app.workflow.studio import drafts, strangers
from app.workflow.studio.drafts import Overtaken
from app.workflow.studio.strangers import Proposal

blueprint = Blueprint("studio_import", __name__, url_prefix="/studio/import")

MOST_SHOWN = 200
"""Findings of one severity on the page; the rest is counted."""
LONGEST_PACKED = 1_500_000
"""Signs of the file as the form carries it from page to page."""
NO_FILE = N_("Choose a BPMN or DMN file.")
SPOILT = N_("The file did not come back whole from the page. Choose it once more.")
TOO_LARGE = N_("The file is too large to be imported: at most 2 MB of ordinary text.")
FATES = {
    "runs": N_(
        "Is not run here, so the process would go otherwise than meant: set the same in the editor, then remove it."
    ),
    "asked": N_("Has no effect here: give the lane a role and the step a form and a deadline, then remove it."),
    "unknown": N_("Is not known here and not run; it stays in the file as it is."),
    "inert": N_("Changes nothing here and stays in the file as it is."),
}


@dataclass
class Desk:
    """What is on the page: what was typed, what came and what would become of it."""

    folder: str = ""
    name: str = ""
    filename: str = ""
    packed: str = ""
    replace: bool = False
    arrival: Arrival | None = None
    proposal: Proposal | None = None
    findings: tuple[Finding, ...] = ()
    errors: dict[str, Problem] = field(default_factory=dict)

    def of(self, severity: str) -> list[Finding]:
        return [one for one in self.findings if one.severity == severity]


@blueprint.get("")
@open_to(ANALYST)
def show() -> str | Response:
    """Without a draft there is nothing to import into: the studio's front page opens one."""
    return see("studio.overview") if drafts.find(database()) is None else _page(Desk())


@blueprint.post("")
@open_to(ANALYST)
def look() -> str | Response | tuple[str, int]:
    """Nothing is saved before the page has told what would become of it and the person says `take`."""
    folder, name, filename = (request.form.get(one, "").strip()[:200] for one in ("folder", "name", "filename"))
    desk = Desk(folder, name, filename, replace="replace" in request.form)
    try:
        data = _sent(desk)
        if request.form.get("do") == "draw":
            data = layouts.lay_out(data, desk.filename) or data
        _receive(desk, data)
        if desk.arrival is not None and request.form.get("do") == "take":
            return _take(desk, desk.arrival)
    except (Invalid, Conflict) as problem:
        database().rollback()
        desk.errors |= dict(problem.fields if isinstance(problem, Invalid) else {}) or {"": problem}
        return _page(desk), problem.status
    return (_page(desk), 422) if desk.arrival is None else _page(desk)


def _sent(desk: Desk) -> bytes:
    """The file that was chosen, or the one that the page has carried along."""
    part = request.files.get("file")
    if part is not None and part.filename:
        desk.filename = part.filename.rpartition("/")[2].rpartition("\\")[2][:200]
        desk.folder = desk.name = ""
        with part.stream as stream:
            return stream.read(MAX_BYTES + 1)
    packed = request.form.get("packed", "")
    if not packed:
        raise Invalid(NO_FILE, {"file": Problem(NO_FILE)})
    try:
        return zlib.decompressobj().decompress(base64.b64decode(packed, validate=True), MAX_BYTES + 1)
    except (ValueError, zlib.error) as spoilt:
        raise Invalid(SPOILT, {"file": Problem(SPOILT)}) from spoilt


def _receive(desk: Desk, data: bytes) -> None:
    """Put on the desk what the file is; Invalid where it cannot be placed as typed."""
    desk.arrival, found = arrivals.receive(data, desk.filename)
    desk.findings = tuple(found)
    if desk.arrival is None:
        return
    desk.packed = base64.b64encode(zlib.compress(desk.arrival.content, 9)).decode()
    if len(desk.packed) > LONGEST_PACKED:
        desk.arrival = None
        raise Invalid(TOO_LARGE, {"file": Problem(TOO_LARGE)})
    desk.name = desk.name or strangers.suggest(desk.arrival, desk.filename)
    desk.folder = desk.folder or desk.name
    path = strangers.place(desk.folder, desk.name, desk.arrival)
    desk.proposal = strangers.propose(database(), draft(), desk.arrival, path)
    desk.findings = desk.proposal.findings


def _take(desk: Desk, arrival: Arrival) -> Response:
    if desk.proposal is None:
        raise Invalid(SPOILT)
    note = gettext("Imported from %(file)s", file=desk.filename or "–")
    with writing() as session:
        done = strangers.take(
            session, draft(), arrival, desk.proposal, current_actor().person_id, replace=desk.replace, note=note
        )
    if isinstance(done, Overtaken):
        told = gettext("Somebody saved %(path)s in between: theirs stands, the import is kept in its history.",
                       path=desk.proposal.path)  # fmt: skip
        flash(told, "late")
    else:
        flash(gettext("%(path)s is in the draft.", path=desk.proposal.path), "done")
    editor = "studio_diagrams.show" if arrival.kind == "bpmn" else "studio_decisions.show"
    return see(editor, path=desk.proposal.path)


def _page(desk: Desk) -> str:
    procedures = strangers.folders(iter(drafts.files(database(), draft())))
    fates: Mapping[str, str] = FATES
    return render_template("studio/import.html", desk=desk, procedures=procedures, fates=fates, most=MOST_SHOWN)
