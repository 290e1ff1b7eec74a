"""A draft or release as one archive, an archive into the draft, and what the program's folders hold that is new."""

import io
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, flash, render_template, request, send_file
from werkzeug import Response

from app.errors import N_, Conflict, Invalid, NotFound
from app.i18n import gettext
from app.web.access import current_actor, database, open_to, writing
from app.web.downloads import closed
from app.web.redirects import see
from app.web.studio.standing import ANALYST, draft, side
from app.workflow import releases
from app.workflow.studio import comparison, drafts, listing, packing, titles, uploads

blueprint = Blueprint("studio_archive", __name__, url_prefix="/studio/archive")

Answer = str | Response | tuple[str, int]
FOLDERS = Path(__file__).parents[3]
"""Where processes/ and forms/ stand; another place is named by the extension "folders" of the application."""
NOTHING = N_("Choose an archive first.")


@blueprint.get("")
@open_to(ANALYST)
def overview() -> Answer:
    return _page()


@blueprint.get("/<state>.zip")
@open_to(ANALYST)
def packed(state: str) -> Response:
    """`draft`, `base` or the number of a release."""
    content = packing.pack(side(state).files)
    called = f"coomet-courses-{'release-' if state.isdigit() else ''}{state}.zip"
    answer = send_file(io.BytesIO(content), "application/zip", as_attachment=True, download_name=called, etag=False)
    return closed(answer)


@blueprint.post("")
@open_to(ANALYST)
def send() -> Answer:
    """Looked through and kept for the preview; nothing of the draft is changed yet."""
    part = request.files.get("archive")
    try:
        if part is None or not part.filename:
            raise Invalid(NOTHING)
        data = part.stream.read(packing.LARGEST + 1)
        packing.unpack(data)
        with writing() as session:
            draft()
            kept = uploads.keep(session, data, part.filename, current_actor().person_id)
    except (Conflict, Invalid) as problem:
        database().rollback()
        return _page(problem)
    return see("studio_archive.preview", upload_id=kept)


@blueprint.get("/uploads/<upload_id>")
@open_to(ANALYST)
def preview(upload_id: str) -> Answer:
    kept = uploads.get(database(), upload_id, current_actor().person_id)
    coming = packing.unpack(kept.data)
    present = drafts.files(database(), draft())
    changed = packing.changes(present, coming.files)
    replaced = {path: data for path, data in present.items() if path in coming.files or path not in changed}
    return render_template(
        "studio/archive_preview.html",
        upload=kept,
        coming=coming,
        changed=changed,
        changes=comparison.compare(replaced, {**replaced, **coming.files}),
        title_of=lambda path: titles.of(path, coming.files if path in coming.files else present),
    )


@blueprint.post("/uploads/<upload_id>")
@open_to(ANALYST)
def take(upload_id: str) -> Response:
    """Into the draft, with the removals only where they are asked for."""
    with writing() as session:
        kept = uploads.get(session, upload_id, current_actor().person_id)
        coming = packing.unpack(kept.data)
        changed = packing.changes(drafts.files(session, draft()), coming.files)
        also = {"removed"} if "exact" in request.form else set()
        wanted = {path: coming.files.get(path) for path, how in changed.items() if how in {"added", "changed"} | also}
        note = gettext("from the archive %(name)s", name=kept.name)
        count = drafts.save_all(session, draft(), wanted, current_actor().person_id, "imported", note)
        uploads.forget(session, kept)
    flash(gettext("Files taken into the draft: %(count)s.", count=count), "done")
    return see("studio.overview")


@blueprint.post("/folders")
@open_to(ANALYST)
def take_folders() -> Response:
    """The chosen files of the folders into the draft."""
    wanted = set(request.form.getlist("path"))
    with writing() as session:
        drafts.open_draft(session, current_actor().person_id)
        offered, here = releases.offer(session, _folders()), releases.read_folders(_folders())
        if offered is None:
            raise NotFound
        chosen = {one.path: here.get(one.path) for one in offered.changes if one.path in wanted}
        me, note = current_actor().person_id, gettext("from the folders of the program")
        count = drafts.save_all(session, draft(), chosen, me, "imported", note)
    flash(gettext("Files taken into the draft: %(count)s.", count=count), "done")
    return see("studio.overview")


def _folders() -> Path:
    found: Path = current_app.extensions.get("folders", FOLDERS)
    return found


def _page(problem: Any = None) -> Answer:
    session = database()
    here = releases.read_folders(_folders())
    page = render_template(
        "studio/archive.html",
        problem=problem,
        draft=drafts.find(session),
        newest=releases.current(session),
        known=listing.releases_of(session, 0, 50),
        offered=releases.offer(session, _folders()),
        title_of=lambda path: titles.of(path, here),
        most=packing.LARGEST >> 20,
    )
    return page, problem.status if problem else 200
