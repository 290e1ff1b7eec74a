"""The studio's front page: the draft, its procedures and files, who is at work on what, and what the check finds."""

from flask import Blueprint, flash, render_template, request
from flask.blueprints import BlueprintSetupState
from werkzeug import Response

from app.errors import NotFound
from app.i18n import gettext
from app.web.access import current_actor, database, open_to, writing
from app.web.redirects import see
from app.web.studio import joining
from app.web.studio.shelves import shelves
from app.web.studio.standing import ANALYST, called
from app.workflow import releases
from app.workflow.models import Release
from app.workflow.models_studio import StudioDraft
from app.workflow.studio import drafts, listing, publishing

blueprint = Blueprint("studio", __name__, url_prefix="/studio")


@blueprint.record
def _share(state: BlueprintSetupState) -> None:
    """What the frame of every page of the studio needs."""
    state.app.jinja_env.globals.update(studio_tabs=joining.tabs, editor_of=joining.editor_of)


@blueprint.get("")
@open_to(ANALYST)
def overview() -> str:
    session = database()
    draft, newest = drafts.find(session), releases.current(session)
    if draft is None:
        discarded = [one for one in listing.drafts_of(session, 0, 10) if one.release_id is None]
        people = called([one.closed_by for one in discarded])
        return render_template("studio/closed.html", newest=newest, discarded=discarded, names=people)
    search, only = request.args.get("q", "").strip()[:100], request.args.get("only", "")
    every, found = shelves(draft, search, only)
    return render_template(
        "studio/overview.html",
        draft=draft,
        newest=newest,
        base=session.get_one(Release, draft.base_release_id),
        every=every,
        found=found,
        search=search,
        only=only,
        asked=publishing.waiting(session),
        names=called([draft.opened_by]),
    )


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
