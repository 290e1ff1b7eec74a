"""The studio's front page: the draft, its procedures and files, who is at work on what, and what the check finds."""

from dataclasses import dataclass

from flask import Blueprint, flash, render_template
from werkzeug import Response

from app import engine
from app.errors import NotFound
from app.i18n import gettext
from app.identity import people
from app.web.access import current_actor, database, open_to, writing
from app.web.redirects import see
from app.web.studio.standing import ANALYST
from app.workflow import releases
from app.workflow.models_studio import StudioDraft
from app.workflow.studio import checking, drafts, presence

blueprint = Blueprint("studio", __name__, url_prefix="/studio")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the draft in the list: how it differs from the base, who has it open, what the check finds in it."""

    path: str
    change: str
    """added, changed, removed or nothing."""
    at_work: tuple[str, ...]
    findings: tuple[engine.Finding, ...]


@blueprint.get("")
@open_to(ANALYST)
def overview() -> str:
    session = database()
    draft, newest = drafts.find(session), releases.current(session)
    if draft is None:
        return render_template("studio/closed.html", newest=newest)
    entries = _entries(draft)
    folders: dict[str, list[Entry]] = {}
    for entry in entries:
        folders.setdefault("/".join(entry.path.split("/")[:-1][:2]), []).append(entry)
    return render_template("studio/overview.html", draft=draft, newest=newest, folders=folders, entries=entries)


@blueprint.post("/draft")
@open_to(ANALYST)
def begin() -> Response:
    """Open a draft from the newest release; one that is open already is shown."""
    with writing() as session:
        drafts.open_draft(session, current_actor().person_id)
    return see("studio.overview")


@blueprint.post("/draft/<draft_id>/discard")
@open_to(ANALYST)
def discard(draft_id: str) -> Response:
    with writing() as session:
        draft = session.get(StudioDraft, draft_id)
        if draft is None:
            raise NotFound
        drafts.discard(session, draft, current_actor().person_id)
    flash(gettext("The draft is discarded. Running and new courses keep the release in force."), "done")
    return see("studio.overview")


def _entries(draft: StudioDraft) -> list[Entry]:
    session = database()
    base, touched = releases.export(session, draft.base_release_id), drafts.touched(session, draft)
    whole = drafts.files(session, draft)
    found = checking.check(whole)
    working = presence.at_work(session, draft)
    names = people.names(session, {one for ids in working.values() for one in ids})
    return [
        Entry(
            path,
            _change(base.get(path), touched[path].data if path in touched else base.get(path)),
            tuple(str(names[one]) for one in working.get(path, ()) if one in names),
            tuple(one for one in found if one.file == path),
        )
        for path in sorted({*base, *whole})
    ]


def _change(before: bytes | None, after: bytes | None) -> str:
    if before == after:
        return ""
    return "added" if before is None else "removed" if after is None else "changed"
