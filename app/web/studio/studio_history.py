"""What the files of drafts were before, by whom and why; and how to have it back."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, render_template, request
from werkzeug import Response

from app.errors import NotFound
from app.i18n import gettext
from app.web.access import current_actor, database, open_to, writing
from app.web.downloads import closed
from app.web.numbers import whole
from app.web.redirects import see
from app.web.studio.standing import ANALYST, called
from app.workflow import releases
from app.workflow.models import Release
from app.workflow.models_studio import StudioDraft, StudioVersion
from app.workflow.studio import comparison, drafts, history, listing, titles
from app.workflow.studio.drafts import Overtaken

blueprint = Blueprint("studio_history", __name__, url_prefix="/studio/history")

PAGE = 25


@blueprint.get("")
@open_to(ANALYST)
def listed() -> str:
    """`draft`: another than the open one; `path`: of one file only."""
    session = database()
    opened, page = _draft(request.args.get("draft", "")), max(1, whole(request.args.get("page"), 1))
    path, offset = request.args.get("path", ""), (page - 1) * PAGE
    found: list[StudioVersion] = []
    if opened is not None:
        arguments = (session, opened)
        listing_of = history.of_file(*arguments, path, offset, PAGE + 1) if path else None
        found = history.of_draft(*arguments, offset, PAGE + 1) if listing_of is None else listing_of
    known = listing.drafts_of(session, 0, 50)
    people = [one.by for one in found] + [person for one in known for person in (one.opened_by, one.closed_by)]
    return render_template(
        "studio/history.html",
        draft=opened,
        path=path,
        found=found[:PAGE],
        more=len(found) > PAGE,
        page=page,
        names=called(people),
        files=drafts.files(session, opened) if opened else {},
        title_of=titles.of,
        drafts=known,
        counts=listing.counts(session, [one.id for one in known]),
        numbers=_numbers(known),
        is_open=drafts.find(session) is not None,
        release=drafts.RELEASE,
    )


@blueprint.get("/versions/<version_id>")
@open_to(ANALYST)
def show(version_id: str) -> str:
    """One version: what it changed, or, where it was set aside, what taking it would change."""
    session = database()
    version = _version(version_id)
    opened = session.get_one(StudioDraft, version.draft_id)
    around = drafts.files(session, opened)
    before = around.get(version.path) if version.how == "aside" else _before(opened, version)
    changes = comparison.compare(_with(around, version.path, before), _with(around, version.path, version.data))
    present = drafts.read(session, opened, version.path)
    return render_template(
        "studio/version.html",
        version=version,
        draft=opened,
        changes=changes,
        title=titles.of(version.path, around),
        text=(version.data or b"").decode("utf-8", "replace"),
        names=called([version.by]),
        present=present,
        same=present.data == version.data,
        release=drafts.RELEASE,
    )


@blueprint.get("/versions/<version_id>/content")
@open_to(ANALYST)
def content(version_id: str) -> Response:
    """As it is, to be kept."""
    version = _version(version_id)
    answer = Response(version.data or b"", mimetype="text/plain")
    answer.headers.set("Content-Disposition", "attachment", filename=version.path.rpartition("/")[2])
    return closed(answer)


@blueprint.post("/versions/<version_id>/restore")
@open_to(ANALYST)
def restore(version_id: str) -> Response:
    """Into the open draft, in the place of the revision that the person saw."""
    note, seen = request.form.get("note", "").strip()[:500], whole(request.form.get("revision"), 0)
    with writing() as session:
        version = _version(version_id)
        put = drafts.save(
            session, drafts.current(session), version.path, version.data, seen, current_actor().person_id,
            how="restored", note=note,
        )  # fmt: skip
    if isinstance(put, Overtaken):
        flash(gettext("Somebody has saved this file since you looked at it. Compare with it, then restore."), "warn")
        return see("studio_history.show", version_id=version_id)
    flash(gettext("Restored. What stood there before stays in the history."), "done")
    return see("studio_history.listed", path=version.path)


@blueprint.post("/drafts/<draft_id>/reopen")
@open_to(ANALYST)
def reopen(draft_id: str) -> Response:
    with writing() as session:
        found = session.get(StudioDraft, draft_id)
        if found is None:
            raise NotFound
        drafts.reopen(session, found, current_actor().person_id)
    flash(gettext("The draft is taken up again."), "done")
    return see("studio.overview")


def _draft(draft_id: str) -> StudioDraft | None:
    """The one that is asked for, or the open one, or the last one."""
    session = database()
    if draft_id:
        found = session.get(StudioDraft, draft_id)
        if found is None:
            raise NotFound
        return found
    return drafts.find(session) or next(iter(listing.drafts_of(session, 0, 1)), None)


def _version(version_id: str) -> StudioVersion:
    found = database().get(StudioVersion, version_id)
    if found is None:
        raise NotFound
    return found


def _before(opened: StudioDraft, version: StudioVersion) -> bytes | None:
    """What stood there when it was saved."""
    known = history.before(database(), version)
    return known.data if known else releases.file_of(database(), opened.base_release_id, version.path)


def _with(files: Mapping[str, bytes], path: str, data: bytes | None) -> dict[str, bytes]:
    rest = {name: content for name, content in files.items() if name != path}
    return rest if data is None else rest | {path: data}


def _numbers(known: list[StudioDraft]) -> dict[str, Any]:
    wanted = {one for draft in known for one in (draft.base_release_id, draft.release_id) if one}
    return {one: database().get_one(Release, one).number for one in wanted}
